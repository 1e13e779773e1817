"""Contexts as they lie in rows: without what the row says already, nor names. Millions may wait, and each has one."""

from __future__ import annotations

from typing import Final, TypeVar

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from crawler.model import Context, SourceId, Step, Url, Validators

T = TypeVar("T")

_NOTHING: Final = Context()
_UNSAID: Final = Validators()
_THE_ADDRESS: Final = "\0"
"""Stands for a guid that is the row's own address; one that begins so gets another in front."""


class _Step(Struct, array_like=True, frozen=True):
    """A `Step` in a row: 80 bytes in place of 110."""

    number: int
    since: int
    digest: str | None = None
    etag: str | None = None
    last_modified: str | None = None


class _Row(Struct, array_like=True, frozen=True):
    """A `Context` in a row, by place: a revisit's names took 64 bytes. What few have stands last, and is cut off."""

    source: SourceId | None = None
    via: str | None = None
    guid: str | None = None
    pub_date: str | None = None
    title: str | None = None
    revisit: bool | None = None
    step: _Step | None = None
    first_url: Url | None = None
    hops: int | None = None
    for_good: bool | None = None
    backfill: bool | None = None
    judges: SourceId | None = None


_decode: Final = msgspec.msgpack.Decoder(_Row).decode
_decode_named: Final = msgspec.msgpack.Decoder(Context).decode
_encode: Final = msgspec.msgpack.Encoder().encode


def target(host: str, url: str) -> str:
    """The address without what the host's row says already: "/path", ":/path" where it has no TLS."""
    if url.startswith(f"https://{host}/"):
        return url[len(host) + 8 :]
    return f":{url[len(host) + 7 :]}" if url.startswith(f"http://{host}/") else url


def address(host: str, target: str) -> Url:
    """The address of a queue row."""
    if target.startswith("/"):
        return Url(f"https://{host}{target}")
    return Url(f"http://{host}{target[1:]}" if target.startswith(":/") else target)


def packed(context: Context) -> bytes | None:
    """By names, as few rows have it; NULL for an empty one."""
    return None if context == _NOTHING else _encode(context)


def unpacked(column: bytes | None) -> Context:
    """As `packed` made it."""
    return _NOTHING if column is None else _decode_named(column)


def shortened(context: Context, host: str, url: Url) -> bytes | None:
    """As it lies in the queue, beside the address it belongs to; NULL for an empty one."""
    if context == _NOTHING:
        return None
    row = [
        context.source,
        None if context.via is None else target(host, context.via),
        None if context.guid is None else _guid_out(context.guid, url),
        *(context.pub_date, context.title, context.revisit or None),
        None if context.step is None else _step_out(context.step),
        *(context.first_url, context.hops or None, context.for_good or None, context.backfill or None, context.judges),
    ]
    return _encode(cut(row))


def lengthened(column: bytes | None, host: str, url: Url) -> Context:
    """As `shortened` made it, now or in an older store."""
    if column is None:
        return _NOTHING
    if not is_array(column):
        return _restored(_decode_named(column), host, url)
    row = _decode(column)
    return Context(
        source=row.source,
        via=None if row.via is None else address(host, row.via),
        guid=None if row.guid is None else _guid_in(row.guid, url),
        pub_date=row.pub_date,
        title=row.title,
        revisit=row.revisit or False,
        step=None if row.step is None else _step_in(row.step),
        first_url=row.first_url,
        hops=row.hops or 0,
        for_good=row.for_good or False,
        backfill=row.backfill or False,
        judges=row.judges,
    )


def source(column: bytes | None) -> SourceId | None:
    """Only the source of what `shortened` made."""
    if column is None:
        return None
    return _decode(column).source if is_array(column) else _decode_named(column).source


def _restored(context: Context, host: str, url: Url) -> Context:
    via = None if context.via is None else address(host, context.via)
    return replace(context, via=via, guid=None if context.guid is None else _guid_in(context.guid, url))


def _step_out(step: Step) -> list[str | int | None]:
    return cut([step.number, step.since, step.digest, step.validators.etag, step.validators.last_modified])


def _step_in(row: _Step) -> Step:
    said = (
        _UNSAID
        if row.etag is None and row.last_modified is None
        else Validators(etag=row.etag, last_modified=row.last_modified)
    )
    return Step(number=row.number, since=row.since, digest=row.digest, validators=said)


def cut(row: list[T]) -> list[T]:
    """A row without the Nones at its end; there is something else."""
    while row[-1] is None:
        row.pop()
    return row


def is_array(column: bytes) -> bool:
    """Whether it is an array of up to 15 things (MessagePack); what older stores hold are maps."""
    return 0x90 <= column[0] <= 0x9F


def _guid_out(guid: str, url: Url) -> str:
    return _THE_ADDRESS if guid == url else f"{_THE_ADDRESS}{guid}" if guid.startswith(_THE_ADDRESS) else guid


def _guid_in(guid: str, url: Url) -> str:
    return guid[1:] or url if guid.startswith(_THE_ADDRESS) else guid
