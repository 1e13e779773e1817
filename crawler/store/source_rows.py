"""Sources and their polls as columns, and back. The order of the columns is that of the statements in the `.sql` files."""

from __future__ import annotations

from typing import Final

import msgspec

from crawler import urls
from crawler.model import (
    Details,
    Kind,
    Poll,
    PollRow,
    Rhythm,
    Source,
    Trust,
    Validators,
)
from crawler.ports import SourceStatus
from crawler.store.connection import Column, Row

_rhythms: Final = msgspec.msgpack.Decoder(Rhythm)
_UNKNOWN: Final = Rhythm()
_pack: Final = msgspec.msgpack.Encoder().encode


def poll(row: Row) -> Poll:
    """From `polls_of`, without the queue row's key."""
    (
        source_id,
        url,
        host_id,
        h,
        every_ms,
        cron,
        weight,
        parent,
        etag,
        last_modified,
        body_digest,
        packed,
        moved,
        right,
        wrong,
        details,
    ) = row
    return Poll(
        source_id=source_id,
        url=moved or url,
        host_id=urls.host_id(urls.host(moved)) if moved else host_id,
        h=urls.url_hash(moved) if moved else h,
        every_ms=every_ms or None,
        cron=cron,
        weight=weight,
        parent=parent,
        validators=Validators(etag=etag, last_modified=last_modified),
        body_digest=body_digest,
        rhythm=rhythm_in(packed),
        trust=Trust(right=right or 0, wrong=wrong or 0),
        details=details_in(details),
    )


def poll_columns(poll: PollRow) -> tuple[Column, ...]:
    """For `note_poll`, behind the state: what the poll taught; NULL leaves what is there."""
    known, said = poll.rhythm, poll.validators or Validators()
    taught = (None, None) if known is None else (known.failures, rhythm_out(known))
    return (*taught, poll.validators is not None, said.etag, said.last_modified, poll.moved)


def rhythm_out(known: Rhythm) -> bytes:
    """A field at its default takes no room."""
    return _pack(known)


def rhythm_in(packed: bytes | None) -> Rhythm:
    """As `rhythm_out` packed it; NULL: nothing is known."""
    return _UNKNOWN if packed is None else _rhythms.decode(packed)


def source_row(source: Source) -> tuple[Column, ...]:
    """For `put_source`."""
    tags = msgspec.json.encode(source.tags).decode()
    where = (int(source.kind), source.url, source.host_id, source.h)
    asked = (source.every_ms or 0, source.cron, source.weight)
    return (source.source_id, *where, source.name, source.origin, tags, *asked, source.parent, details_out(source.details))


def source(row: Row) -> Source:
    """From the first columns of `sources`."""
    source_id, kind, url, host_id, h, name, origin, tags, every_ms, cron, weight, parent, details = row
    return Source(
        source_id=source_id,
        kind=Kind(kind),
        url=url,
        host_id=host_id,
        h=h,
        name=name,
        origin=origin,
        tags=msgspec.json.decode(tags, type=tuple[str, ...]),
        every_ms=every_ms or None,
        cron=cron,
        weight=weight,
        parent=parent,
        details=details_in(details),
    )


def details_out(details: Details) -> str:
    """What only some sources have, as the store holds it; for those that have nothing, nothing."""
    return "" if details == Details() else msgspec.json.encode(details).decode()


def details_in(said: str) -> Details:
    """The other way round."""
    return msgspec.json.decode(said, type=Details) if said else Details()


def source_status(row: Row, polls: dict[str, int]) -> SourceStatus:
    """From `sources`."""
    *first, state, last_at, outcome, failures, due_at, packed, moved = row
    return SourceStatus(
        source=source(tuple(first)),
        state=state,
        last_at=last_at,
        outcome=outcome,
        failures=failures,
        due_at=due_at,
        polls=polls,
        rhythm=rhythm_in(packed),
        moved=moved,
    )
