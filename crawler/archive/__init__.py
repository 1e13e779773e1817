"""The archive: WARC segments on a disk, and what reads them."""
