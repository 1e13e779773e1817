"""Write the same records with warcio. Runs in an environment of its own; heads are parsed before the clock starts."""

from __future__ import annotations

import json
import pickle
import sys
import time
from io import BytesIO
from pathlib import Path

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

PASSED_APART = {"WARC-Type", "WARC-Target-URI", "Content-Type"}
MADE_BY_THE_WRITER = {"WARC-Block-Digest", "WARC-Payload-Digest", "Content-Length", *PASSED_APART}


def parted(kind: str, block: bytes) -> tuple[StatusAndHeaders | None, bytes]:
    """HTTP head and body of a block, as this library wants them."""
    if kind == "metadata":
        return None, block
    head, _, body = block.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    protocol, _, rest = first.partition(" ")
    fields = [tuple(line.split(": ", 1)) for line in lines]
    if kind == "request":
        return StatusAndHeaders(rest, fields, protocol=protocol, is_http_request=True), body
    return StatusAndHeaders(rest, fields, protocol=protocol), body


def main() -> None:
    source, folder = Path(sys.argv[1]), Path(sys.argv[2])
    ready = []
    for kind, headers, block in pickle.loads(source.read_bytes()):
        named = dict(headers)
        ready.append((kind, named, {k: v for k, v in headers if k not in MADE_BY_THE_WRITER}, *parted(kind, block)))
    path = folder / f"warcio-{time.time_ns()}.warc.gz"
    begun = time.process_time()
    with path.open("wb") as out:
        writer = WARCWriter(out, gzip=True, warc_version="1.1")
        for kind, named, kept, http, body in ready:
            record = writer.create_warc_record(
                named["WARC-Target-URI"],
                kind,
                payload=BytesIO(body),
                length=len(body),
                warc_content_type=named["Content-Type"],
                warc_headers_dict=dict(kept),
                http_headers=http,
            )
            writer.write_record(record)
    cpu = time.process_time() - begun
    pages = sum(kind == "response" for kind, *_ in ready)
    print(json.dumps({"cpu_ms": cpu / pages * 1000, "bytes": path.stat().st_size / pages}))
    path.unlink()


if __name__ == "__main__":
    main()
