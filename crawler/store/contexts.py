"""Contexts as they lie in rows: without what the row says already. Millions may wait, and each has one."""

from __future__ import annotations

from typing import Final

import msgspec
from msgspec.structs import replace

from crawler.model import Context, Url

_NOTHING: Final = Context()
_THE_ADDRESS: Final = "\0"
"""Stands for a guid that is the row's own address; one that begins so gets another in front."""

_decode: Final = msgspec.msgpack.Decoder(Context).decode
_encode: Final = msgspec.msgpack.Encoder().encode


def target(host: str, url: str) -> str:
    """The address without what the host's row says already."""
    prefix = f"https://{host}"
    return url[len(prefix) :] if url.startswith(f"{prefix}/") else url


def address(host: str, target: str) -> Url:
    """The address of a queue row."""
    return Url(f"https://{host}{target}" if target.startswith("/") else target)


def packed(context: Context) -> bytes | None:
    """NULL for an empty one."""
    return None if context == _NOTHING else _encode(context)


def unpacked(column: bytes | None) -> Context:
    """As `packed` made it."""
    return _NOTHING if column is None else _decode(column)


def shortened(context: Context, host: str, url: Url) -> bytes | None:
    """As `packed`, beside the address it belongs to: 26 bytes less for a sitemap's page, 100 for an entry named by its link."""
    if context.via is None and context.guid is None:
        return packed(context)
    via = context.via and Url(target(host, context.via))
    return _encode(replace(context, via=via, guid=_guid_out(context.guid, url)))


def lengthened(column: bytes | None, host: str, url: Url) -> Context:
    """As `shortened` made it, or `packed`."""
    if column is None:
        return _NOTHING
    context = _decode(column)
    if context.via is None and context.guid is None:
        return context
    via = context.via and address(host, context.via)
    return replace(context, via=via, guid=_guid_in(context.guid, url))


def _guid_out(guid: str | None, url: Url) -> str | None:
    if guid is None:
        return None
    return _THE_ADDRESS if guid == url else f"{_THE_ADDRESS}{guid}" if guid.startswith(_THE_ADDRESS) else guid


def _guid_in(guid: str | None, url: Url) -> str | None:
    if guid is None or not guid.startswith(_THE_ADDRESS):
        return guid
    return guid[1:] or url
