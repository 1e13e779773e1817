"""Only for `bench/throughput.py`: a clock around the extractor, in the children that read pages.

Each leaves the CPU-seconds it was in the extractor for, as a double, in `extractor-PID` of the folder it began in. Where a file
`plain` lies there, the title and `article p` stand in the extractor's place. (A child's environment is too small to tell it.)
"""

# ruff: noqa: PLC0415 - the other processes of a crawl load this file, too, and shall not load the extractor
import os
import sys

PLAIN = "plain"


def _timed() -> None:
    import mmap
    import struct
    import time

    import crawler.extraction
    from crawler.model import Article

    inner = _plain() if os.path.exists(PLAIN) else crawler.extraction.extract
    with open(f"extractor-{os.getpid()}", "wb+") as file:  # a child may write no file later, but a page of memory it may
        file.truncate(8)
        told = mmap.mmap(file.fileno(), 8)

    def extract(data: bytes, **said: object) -> Article:
        begun = time.thread_time()
        try:
            return inner(data, **said)
        finally:
            struct.pack_into("d", told, 0, struct.unpack_from("d", told)[0] + time.thread_time() - begun)

    crawler.extraction.extract = extract


def _plain():
    from selectolax.lexbor import LexborHTMLParser

    from crawler.model import Article

    def extract(data: bytes, **_told: object) -> Article:
        tree = LexborHTMLParser(data)
        title = tree.css_first("h1")
        text = "\n".join(node.text() for node in tree.css("article p"))
        return Article(title=title.text() if title else None, text=text, kind="article")

    return extract


if any("crawler.parse" in word for word in sys.orig_argv):
    _timed()
