"""The second knock, for what often passes at once (`setbacks.passing`). All else is for minutes later, in the queue."""

from __future__ import annotations

from msgspec.structs import replace
from tenacity import AsyncRetrying, RetryCallState, retry_if_result, stop_after_attempt, wait_none

from crawler import setbacks
from crawler.model import Exchange, Outcome, Request
from crawler.ports import Clock, Fetcher


class RetryingFetcher:
    """A `Fetcher` that knocks again, as often as `knocks` says in all. The gap between them is the inner one's business."""

    def __init__(self, inner: Fetcher, *, knocks: int, clock: Clock) -> None:
        self._inner = inner
        self._knocks = knocks
        self._clock = clock

    async def fetch(self, request: Request) -> Outcome:
        """As `Fetcher.fetch`; the outcome is the last knock's, its exchanges those of all."""
        outcome = await self._inner.fetch(request)
        # Of a hundred pages one is knocked for twice: the others are spared what tenacity costs (0.1 ms a page).
        if self._knocks == 1 or not setbacks.passing(outcome):
            return outcome
        heard = list(outcome.exchanges)
        await self._clock.sleep(0)  # whoever answered and hangs up has hung up by then
        retrying = AsyncRetrying(
            sleep=self._clock.sleep,
            stop=stop_after_attempt(self._knocks - 1),
            wait=wait_none(),
            retry=retry_if_result(setbacks.passing),
            retry_error_callback=_last_outcome,
        )
        last: Outcome = await retrying(self._knock, request, heard)
        return replace(last, exchanges=tuple(heard))

    async def _knock(self, request: Request, heard: list[Exchange]) -> Outcome:
        outcome = await self._inner.fetch(request)
        heard.extend(outcome.exchanges)
        return outcome


def _last_outcome(state: RetryCallState) -> Outcome:
    if state.outcome is None:
        raise AssertionError("tenacity gave up before the first knock")
    outcome: Outcome = state.outcome.result()
    return outcome
