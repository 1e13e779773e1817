"""What the rivals keep of a page: a WARC member a record (zlib 6, both digests) and a line of JSON. Standard library only."""

from __future__ import annotations

import base64
import hashlib
import json
import uuid
import zlib
from datetime import UTC, datetime
from pathlib import Path


class Keeper:
    """Two files, appended to."""

    def __init__(self, folder: str) -> None:
        self.warc = Path(folder, "pages.warc.gz").open("wb")  # noqa: SIM115 - until `close`
        self.lines = Path(folder, "pages.jsonl").open("w", encoding="utf-8")  # noqa: SIM115

    def keep(self, url: str, status: int, head: bytes, body: bytes, request: bytes, found: dict[str, object]) -> None:
        """A response, its request, and what was found in it."""
        answer = b"HTTP/1.1 %d OK\r\n%s\r\n" % (status, head) + body
        self._record("response", url, answer, "application/http;msgtype=response", _digest(body))
        self._record("request", url, request, "application/http;msgtype=request", None)
        self.lines.write(json.dumps({"url": url, **found}, ensure_ascii=False) + "\n")

    def _record(self, kind: str, url: str, block: bytes, content_type: str, payload: str | None) -> None:
        now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        head = (
            f"WARC/1.1\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:uuid:{uuid.uuid4()}>\r\nWARC-Date: {now}\r\n"
            f"WARC-Target-URI: {url}\r\nContent-Type: {content_type}\r\nWARC-Block-Digest: {_digest(block)}\r\n"
            + (f"WARC-Payload-Digest: {payload}\r\n" if payload else "")
            + f"Content-Length: {len(block)}\r\n\r\n"
        )
        packer = zlib.compressobj(6, zlib.DEFLATED, 31)
        self.warc.write(packer.compress(head.encode() + block + b"\r\n\r\n") + packer.flush())

    def close(self) -> None:
        """Both files, whole."""
        self.warc.close()
        self.lines.close()


def _digest(data: bytes) -> str:
    return "sha1:" + base64.b32encode(hashlib.sha1(data, usedforsecurity=False).digest()).decode()
