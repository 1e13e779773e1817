"""Somebody who takes webhooks on loopback, refuses some of them, and can die and come back on the same port."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self

SECRET = "s3cr3t-of-the-test"


class Receiver:
    """`refuses(n)` says whether the n-th request, from 0 on, is answered with 500."""

    def __init__(self, refuses: Callable[[int], bool] = lambda n: False) -> None:
        self.refuses = refuses
        self.asked = 0
        self.taken: list[dict] = []
        self.names: list[str] = []
        self.unsigned = 0
        self.port = 0

    def __enter__(self) -> Self:
        self.begin()
        return self

    def __exit__(self, *exc: object) -> None:
        self.die()

    def begin(self) -> None:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                self.send_response(receiver.take(dict(self.headers), body))
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, *words: object) -> None:
                pass

        ThreadingHTTPServer.allow_reuse_address = True
        self._server = ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()

    def die(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def take(self, headers: dict[str, str], body: bytes) -> int:
        number, self.asked = self.asked, self.asked + 1
        if self.refuses(number):
            return 500
        content = b"%s.%s.%s" % (headers["webhook-id"].encode(), headers["webhook-timestamp"].encode(), body)
        digest = hmac.new(SECRET.encode(), content, hashlib.sha256).digest()
        self.unsigned += headers["webhook-signature"] != f"v1,{base64.b64encode(digest).decode()}"
        self.taken.append(json.loads(body))
        self.names.append(headers["webhook-id"])
        return 204

    def articles(self) -> set[str]:
        return {one["record"]["id"] for one in self.taken}
