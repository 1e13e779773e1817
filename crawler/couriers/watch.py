"""Telling of sources that went quiet or fail: once for each time it happens, and not again before it was over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import msgspec
import structlog

from crawler.config.units import span_text
from crawler.couriers.courier import Desk
from crawler.couriers.outlets import Outlet
from crawler.model import Millis, Seconds, SourceId, Value
from crawler.outlet import Message
from crawler.records import rfc3339
from crawler.showing import safe_json
from crawler.store.outlet import Alarm, Fares

log = structlog.get_logger()

_EVERY: Final[Seconds] = 60.0
"""Between two looks at all sources."""
_BROKEN: Final = frozenset({"blocked", "gone", "not_a_feed"})
"""States in which a source brings nothing, however few polls failed."""


class Ailing(Value, frozen=True, kw_only=True, omit_defaults=False):
    """A source, as an outlet is told of it."""

    id: SourceId
    name: str
    kind: str
    url: str
    state: str
    last_new: str | None
    """When it last had something new."""
    last_poll: str | None
    outcome: str | None
    """Of that poll."""
    failures: int
    """In a row."""


class Watch:
    """Tells one outlet. `enter` it in the store before."""

    def __init__(self, outlet: Outlet, desk: Desk) -> None:
        self._outlet = outlet
        self._desk = desk

    async def run(self) -> None:
        """Look again and again, for ever.

        Raises:
            StoreError: the store can't be read or written.
        """
        while True:
            await self.look()
            await self._desk.clock.sleep(_EVERY)

    async def look(self) -> None:
        """Tell what has begun since the last look, and what nobody could be told of then."""
        store, now = self._desk.store, self._desk.clock.now()
        ailing = {one.source_id: one for one in await store.fares() if is_ailing(one, self._outlet, now)}
        alarms = await store.alarms(self._outlet.outlet_id)
        await store.end_alarms(self._outlet.outlet_id, [source for source in alarms if source not in ailing])
        await store.raise_alarms(self._outlet.outlet_id, [source for source in ailing if source not in alarms], now)
        await self._tell([ailing[source] for source in sorted(ailing)], alarms, now)

    async def _tell(self, ailing: Sequence[Fares], alarms: Mapping[SourceId, Alarm], now: Millis) -> None:
        for one in ailing:
            alarm = alarms.get(one.source_id)
            if alarm is not None and alarm.told:
                continue
            since = alarm.since if alarm else now
            name = f"{self._outlet.outlet_id}-{one.source_id}-{since}"
            refusal = await self._outlet.taker.tell(Message(name=name, at=now, body=body(one, self._outlet, since)))
            if refusal is not None:
                # The others would be refused, too; all are told at the next look.
                log.warning("outlet_refused", outlet=self._outlet.name, why=refusal.why, source=one.url)
                return
            await self._desk.store.alarm_told(self._outlet.outlet_id, one.source_id)


def is_ailing(one: Fares, outlet: Outlet, now: Millis) -> bool:
    """Whether a source is what an outlet is told of."""
    if outlet.quiet is not None:
        since = one.newest or one.first_at
        return since is not None and now - since > outlet.quiet * 1000
    return one.state in _BROKEN or (outlet.failing is not None and one.failures >= outlet.failing)


def body(one: Fares, outlet: Outlet, since: Millis) -> bytes:
    """The message about a source."""
    why = {"quiet": span_text(outlet.quiet)} if outlet.quiet is not None else {"failing": outlet.failing}
    source = Ailing(
        id=one.source_id,
        name=one.name,
        kind=one.kind.name.lower(),
        url=one.url,
        state=one.state,
        last_new=rfc3339(one.newest) if one.newest else None,
        last_poll=rfc3339(one.last_at) if one.last_at else None,
        outcome=one.outcome,
        failures=one.failures,
    )
    return safe_json(msgspec.json.encode({"alert": why, "at": rfc3339(since), "source": source}))
