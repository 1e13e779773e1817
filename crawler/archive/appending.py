"""What a write appends: the evidence of visits as packed members, each with its receipt. Pure but for the packing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import accumulate
from typing import Final

from crawler.archive import groups
from crawler.archive.groups import Refers, Setting
from crawler.archive.warc import Record
from crawler.model import Capture, Exchange, HostId, Original, PayloadKey, Receipt, UrlHash, Visit

Lay = Callable[[int, int, bytes], None]
"""Takes an answer, with the offset and the length of its member; no bytes: what stood there before is to be forgotten."""

_OK: Final = 200
"""Of nearly all that is read; what isn't, besides robots.txt, is answered otherwise."""
_SMALLER: Final = 2
"""How many times a member must be smaller than its answer: what a server sent packed was only stored, and is read as soon."""

Pack = Callable[[Record], bytes]
"""One record to one gzip member."""


class Appendix:
    """Members to be appended from `size` on, in order, and what points to them."""

    def __init__(
        self,
        setting: Setting,
        size: int,
        pack: Pack,
        originals: Mapping[PayloadKey, Original],
        previous: Mapping[tuple[HostId, UrlHash], Original],
        *,
        lay: Lay | None = None,
    ) -> None:
        """`lay` hears of each answer while it is in the nearest cache."""
        self._setting = setting
        self._pack = pack
        self._originals = dict(originals)
        self._previous = previous
        self._lay = lay
        self.size = size
        """Where the next member begins."""
        self.chunks: list[bytes] = []

    def add(self, visit: Visit) -> tuple[Receipt, ...]:
        """Append the evidence of a visit; a receipt an exchange, in order."""
        return tuple(self._exchange(visit, exchange) for exchange in visit.evidence)

    def _exchange(self, visit: Visit, exchange: Exchange) -> Receipt:
        refers = self._refers(visit, exchange)
        packed = [self._pack(record) for record in groups.records(visit, exchange, self._setting, refers)]
        capture = self._capture(visit, exchange, packed, refers)
        self.chunks += packed
        self.size += capture.group_length
        if refers is None:
            self._remember(capture, exchange)
        if self._lay is not None:
            whole = refers is None and exchange.status == _OK and exchange.request
            is_dear = _SMALLER * capture.length < len(exchange.response)
            self._lay(capture.offset, capture.length, exchange.response if whole and is_dear else b"")
        payload = refers is not None and refers.why == "payload"
        return Receipt(
            capture=capture,
            job=visit.job,
            truncated=exchange.truncated is not None,
            body=refers.original if refers and payload else None,
            rights=visit.rights,
        )

    def _capture(self, visit: Visit, exchange: Exchange, packed: Sequence[bytes], refers: Refers | None) -> Capture:
        *_, group_length = accumulate(map(len, packed))
        return Capture(
            key=groups.key_of(visit, exchange),
            url=exchange.url,
            kind=exchange.kind,
            status=exchange.status,
            mime=exchange.mime,
            digest=exchange.payload_digest,
            segment=self._setting.segment,
            offset=self.size,
            length=len(packed[0]),
            group_length=group_length,
            revisit_of=refers.original.key if refers else None,
        )

    def _refers(self, visit: Visit, exchange: Exchange) -> Refers | None:
        """What is held already. Never for a cut answer, nor where the head doesn't end: those are kept as they came."""
        head = groups.head_size(exchange)
        if exchange.truncated or head is None:
            return None
        if exchange.status == 304:
            before = self._previous.get((visit.job.host_id, groups.key_of(visit, exchange).h))
            return Refers(why="not_modified", original=before) if before and head == len(exchange.response) else None
        if exchange.payload_digest is None:
            return None
        original = self._originals.get(PayloadKey(host_id=visit.job.host_id, digest=exchange.payload_digest))
        return Refers(why="payload", original=original) if original else None

    def _remember(self, capture: Capture, exchange: Exchange) -> None:
        """A payload of this call is the original of the next identical one."""
        if capture.digest is None or exchange.truncated or capture.status >= 300:
            return  # of an error nothing is read: a page with its very bytes, a moment later, would never be
        key = PayloadKey(host_id=capture.key.host_id, digest=capture.digest)
        self._originals[key] = Original.of(capture)
