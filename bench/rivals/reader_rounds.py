"""One round of `reader` over feeds: prints their entries as JSON. STORE ROUND URL ..."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime, timedelta

from reader import make_reader

store, turn, *urls = sys.argv[1:]
reader = make_reader(store)
later = timedelta(hours=2 * int(turn))  # it asks nobody twice within an hour
reader._now = lambda: datetime.now(UTC) + later  # noqa: SLF001 - nor another clock
for url in urls:
    reader.add_feed(url, exist_ok=True)
reader.update_feeds()
told: dict[str, list[list[str | None]]] = {url: [] for url in urls}
for entry in reader.get_entries():
    told[entry.feed_url].append([entry.id, entry.link, entry.title, str(entry.published or "")])
print(json.dumps(told))
