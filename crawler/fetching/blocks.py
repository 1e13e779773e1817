"""Tells the answers of a site from those of its guard: the cheap look, at headers, and at the bodies of errors."""

from __future__ import annotations

from typing import Final

from crawler import blocking
from crawler.messages import header, read_head, read_response
from crawler.model import Broken, Exchange, Fetched, Outcome, Refused, Request
from crawler.ports import Fetcher

_MOST_HEAD: Final = 16 << 10
_MOST_WIRE: Final = _MOST_HEAD + blocking.LOOKED_AT


class RecognisingFetcher:
    """A `Fetcher` to which a challenge is no page, and a block no mere 403.

    Pages that came with 200 and say nothing in their headers are for whoever reads them: here nothing is parsed.
    """

    def __init__(self, inner: Fetcher) -> None:
        self._inner = inner

    async def fetch(self, request: Request) -> Outcome:
        """As `Fetcher.fetch`; what a guard answered is `blocked`, with the answer as its exchange."""
        outcome = await self._inner.fetch(request)
        match outcome:
            case Fetched() | Refused() | Broken() if outcome.exchanges:
                return _recognised(outcome)
            case _:
                return outcome


def _recognised(outcome: Fetched | Refused | Broken) -> Outcome:
    answer = outcome.exchanges[-1]
    guard = _guard(answer)
    if guard is None:
        return outcome
    return Refused(
        reason="blocked",
        detail=f"blocked: {guard} (status {answer.status})",
        exchanges=outcome.exchanges,
        retry_after=outcome.retry_after if isinstance(outcome, Refused) else None,
    )


def _guard(answer: Exchange) -> str | None:
    if answer.status < 400 and not blocking.may_tell(answer.response[: answer.response.find(b"\n\r\n", 0, _MOST_HEAD)]):
        return None
    start = answer.response[:_MOST_WIRE]
    guard = blocking.by_headers(answer.status, read_head(start).headers)
    if guard is not None or answer.status < 400:
        return guard
    body = read_response(start, blocking.LOOKED_AT).body
    # Azure names itself in a header and says nothing of itself in the page.
    named = b"x-azure-ref" if header(read_head(start).headers, "x-azure-ref") else b""
    return blocking.by_refusal(answer.status, body + named)
