"""The behaviours of `tests/hostile` for a daemon: served in a thread, and what its records make of them."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterable, Mapping
from typing import Self

from crawler import urls
from tests.hostile.behaviours import Behaviour
from tests.hostile.server import HostileServer
from tests.hostile.tables import DOCUMENTS, TABLES, TLS

FEEDS: tuple[Behaviour, ...] = tuple(DOCUMENTS["XML"])
PAGES: tuple[Behaviour, ...] = tuple(
    one for table in (*TABLES.values(), DOCUMENTS["traps"], DOCUMENTS["robots"], TLS) for one in table
)


class Hostiles:
    """Serves a table until the `with` ends; `url(behaviour)` is where."""

    def __init__(self, table: Iterable[Behaviour]) -> None:
        self._table = tuple(table)
        self._loop = asyncio.new_event_loop()
        self._server = HostileServer(self._table)
        self._thread = threading.Thread(target=self._loop.run_forever)
        self.url = self._server.url

    def __enter__(self) -> Self:
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._server.__aenter__(), self._loop).result(60)
        return self

    def __exit__(self, *exc: object) -> None:
        asyncio.run_coroutine_threadsafe(self._server.__aexit__(*exc), self._loop).result(60)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def judged(self, records: Iterable[dict]) -> Mapping[str, str]:
        """By name: `stored`, `marked` or `refused`; as far as there is text."""
        named = {urls.host(self.url(one)): one for one in self._table}  # a paper at another address may have the port
        got = {one.name: "refused" for one in self._table}
        for record in records:
            behaviour = named.get(urls.host(record["url"])) if record["url"] else None
            if behaviour is not None and record.get("text"):
                whole = behaviour.mark in record["text"] and record.get("note") is None
                got[behaviour.name] = "stored" if whole else "marked" if record.get("note") else "stored in part"
        return got
