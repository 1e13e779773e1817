"""What an answer means: the one table from status to outcome. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

from crawler import urls
from crawler.model import (
    Broken,
    BrokenReason,
    Exchange,
    Fetched,
    Outcome,
    Redirected,
    Refused,
    RefusedReason,
    Seconds,
    Unchanged,
    Validators,
    Value,
)
from crawler.urls import UrlError

_PAGES: Final = frozenset({200, 203})
_PERMANENT: Final = frozenset({301, 308})
_REDIRECTS: Final = frozenset({300, 301, 302, 303, 307, 308})
"""305 would have us use a proxy of theirs, and 306 means nothing any more (RFC 9110, sections 15.4.6 and 15.4.7)."""
_REASONS: Final[Mapping[int, RefusedReason]] = {404: "missing", 410: "gone"}
_TRANSIENT: Final = frozenset({408, 425})
# Not implemented, no such version, negotiation in a circle, extension or login wanted: asking again changes none of it.
_NEVER: Final = frozenset({501, 505, 506, 510, 511})

_BROKEN: Final[Mapping[str, BrokenReason]] = {"time": "timeout", "cut": "cut", "framing": "protocol"}

Trouble = Literal["time", "cut", "framing", "unreadable"]
"""A body that isn't whole through no limit of ours: it took too long; it broke off or can't be decoded; it is longer than
its length; it is in a coding we don't know."""


class Answer(Value, frozen=True, kw_only=True):
    """An answer with a head that could be parsed, read as far as it went."""

    exchange: Exchange
    asked: bool
    """The request was conditional."""
    validators: Validators
    location: str | None = None
    retry_after: Seconds | None = None
    trouble: Trouble | None = None
    detail: str = ""
    """Of the trouble."""


def settle(answer: Answer) -> Outcome:
    """The outcome of an answer. Trouble with the body counts only where the body is what was asked for."""
    status = answer.exchange.status
    if status in _PAGES:
        return _page(answer)
    if status == 304:
        return _not_modified(answer)
    if status in _REDIRECTS:
        return _redirect(answer)
    if 400 <= status < 500:
        return _client_error(answer)
    if 500 <= status < 600:
        return _server_error(answer)
    return _unusable(answer, f"status {status}")


def _page(answer: Answer) -> Outcome:
    if answer.trouble == "unreadable":
        return _unusable(answer, answer.detail)
    if answer.trouble is not None:
        return Broken(reason=_BROKEN[answer.trouble], detail=answer.detail, exchanges=(answer.exchange,))
    if answer.exchange.payload_bytes == 0:
        return _unusable(answer, f"status {answer.exchange.status} without a body")
    return Fetched(exchanges=(answer.exchange,), validators=answer.validators)


def _not_modified(answer: Answer) -> Outcome:
    if not answer.asked:
        return _unusable(answer, "status 304, though the request had no condition")
    return Unchanged(exchanges=(answer.exchange,), validators=answer.validators)


def _redirect(answer: Answer) -> Outcome:
    status = answer.exchange.status
    if answer.location is None:
        return _unusable(answer, f"status {status} without a Location, or with several")
    try:
        target = urls.parse(answer.location, answer.exchange.url)
    except UrlError as error:
        return Refused(reason="hops", detail=f"redirected to nowhere: {error}", exchanges=(answer.exchange,))
    if target == answer.exchange.url:
        # Cookies are never sent: what leads back to the same question leads there for ever.
        return Refused(reason="hops", detail="redirected to itself", exchanges=(answer.exchange,))
    return Redirected(exchanges=(answer.exchange,), target=target, permanent=status in _PERMANENT)


def _client_error(answer: Answer) -> Outcome:
    status = answer.exchange.status
    if status == 429:
        return _later(answer)
    if status in _TRANSIENT:
        # Request Timeout and Too Early say themselves that the same request may succeed.
        return Broken(reason="server", detail=f"status {status}", exchanges=(answer.exchange,))
    return Refused(reason=_REASONS.get(status, "forbidden"), detail=f"status {status}", exchanges=(answer.exchange,))


def _server_error(answer: Answer) -> Outcome:
    status = answer.exchange.status
    if status == 503 and answer.retry_after is not None:
        return _later(answer)
    if status in _NEVER:
        return _unusable(answer, f"status {status}")
    return Broken(reason="server", detail=f"status {status}", exchanges=(answer.exchange,))


def _later(answer: Answer) -> Outcome:
    wish = "" if answer.retry_after is None else f", asks for {answer.retry_after:.0f} s"
    detail = f"status {answer.exchange.status}{wish}"
    return Refused(reason="later", detail=detail, exchanges=(answer.exchange,), retry_after=answer.retry_after)


def _unusable(answer: Answer, detail: str) -> Outcome:
    return Refused(reason="unusable", detail=detail, exchanges=(answer.exchange,))
