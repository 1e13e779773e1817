"""Feeds of `reader`'s that didn't change, polled without a network: prints how many, and the CPU-seconds. FEEDS ROUNDS."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from io import BytesIO

from reader import make_reader
from reader._parser import NotModified, RetrievedFeed

ATOM = (
    b'<feed xmlns="http://www.w3.org/2005/Atom"><id>f</id><title>t</title><updated>2026-11-22T00:00:00Z</updated>'
    b"<entry><id>e</id><title>t</title><updated>2026-11-22T00:00:00Z</updated></entry></feed>"
)


class Publisher:
    """A feed at first, then "not modified" for ever."""

    slow_to_read = False
    first = True

    @contextmanager
    def __call__(self, url: str, *_: object, **__: object) -> Iterator[RetrievedFeed[BytesIO]]:
        if not self.first:
            raise NotModified(url)
        yield RetrievedFeed(BytesIO(ATOM), "application/atom+xml", None)

    def validate_url(self, url: str) -> None:
        """All are."""


def main(feeds: int, rounds: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        reader, publisher = make_reader(os.path.join(folder, "reader.db")), Publisher()
        reader._parser.mount_retriever("http://", publisher)  # noqa: SLF001 - it has no other way in
        for number in range(feeds):
            reader.add_feed(f"http://paper{number}.example/feed")
        reader.update_feeds()
        publisher.first = False
        polled, began = 0, time.process_time()
        for turn in range(1, rounds + 1):
            later = timedelta(hours=3 * turn)
            reader._now = lambda later=later: datetime.now(UTC) + later  # noqa: SLF001 - nor another clock
            polled += len(list(reader.update_feeds_iter()))
        print(polled, time.process_time() - began)


main(int(sys.argv[1]), int(sys.argv[2]))
