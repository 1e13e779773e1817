"""Write the same records with fastwarc. Runs in an environment of its own; digests are made here, as it makes no right ones."""

from __future__ import annotations

import base64
import hashlib
import json
import pickle
import sys
import time
from pathlib import Path

from fastwarc.stream_io import GzipWriter
from fastwarc.warc import WarcRecord

MADE_BY_THE_WRITER = {"WARC-Block-Digest", "WARC-Payload-Digest", "Content-Length", "Content-Type"}


def sha1(data: bytes) -> str:
    return "sha1:" + base64.b32encode(hashlib.sha1(data).digest()).decode()


def main() -> None:
    source, folder, level = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
    ready = []
    for kind, headers, block in pickle.loads(source.read_bytes()):
        kept = [(k, v) for k, v in headers if k not in MADE_BY_THE_WRITER]
        body_at = block.find(b"\r\n\r\n") + 4 if kind == "response" else None
        ready.append((kept, dict(headers)["Content-Type"], block, body_at))
    path = folder / f"fastwarc-{time.time_ns()}.warc.gz"
    begun = time.process_time()
    with path.open("wb") as file:
        out = GzipWriter(file, compression_level=level)
        for kept, content_type, block, body_at in ready:
            record = WarcRecord()
            for name, value in kept:
                record.headers.append(name, value)
            record.headers.append("Content-Type", content_type)
            record.headers.append("WARC-Block-Digest", sha1(block))
            if body_at is not None:
                record.headers.append("WARC-Payload-Digest", sha1(block[body_at:]))
            record.set_bytes_content(block)
            record.write(out)
            out.finish()  # else all records become one member
    cpu = time.process_time() - begun
    pages = sum(body_at is not None for *_, body_at in ready)
    print(json.dumps({"cpu_ms": cpu / pages * 1000, "bytes": path.stat().st_size / pages}))
    path.unlink()


if __name__ == "__main__":
    main()
