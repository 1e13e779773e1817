"""What is said of single sources, at hand while a crawl runs: their pages come long after them. Pure, but for its memory.

It is filled from the store at the start, and learns from each lease of a source: so a change made beside a running daemon holds
from the source's next poll on.
"""

from __future__ import annotations

from collections.abc import Mapping

from crawler import urls
from crawler.model import Details, Job, Said, Seconds, SourceId

_NOTHING = Details()


class Particulars:
    """Sources of which anything special is said; of all others nothing is remembered."""

    def __init__(self, said: Mapping[SourceId, Said] | None = None) -> None:
        self._said: dict[SourceId, Said] = {}
        self._delays: dict[str, dict[SourceId, Seconds]] = {}
        for source, one in (said or {}).items():
            self._put(source, one)

    def learn(self, job: Job) -> None:
        """What a lease says of the source it is about to ask."""
        poll = job.poll
        if poll is not None:
            self._put(poll.source_id, Said(url=poll.url, details=poll.details))

    def of(self, source: SourceId | None) -> Said | None:
        """What is said of a source; None: nothing."""
        return self._said.get(source) if source is not None else None

    def delay(self, host: str) -> Seconds | None:
        """The gap that is wanted for a host: the longest of its sources; None: the configured one."""
        return max(self._delays.get(host, {}).values(), default=None)

    def _put(self, source: SourceId, said: Said) -> None:
        before = self._said.get(source)
        if before == said:
            return
        if before is not None:
            self._delays.get(urls.host(before.url), {}).pop(source, None)
        if said.details == _NOTHING:  # as nearly all are: of 10,000 sources a few hundred stay in memory
            self._said.pop(source, None)
            return
        self._said[source] = said
        if said.details.delay is not None:
            self._delays.setdefault(urls.host(said.url), {})[source] = said.details.delay
