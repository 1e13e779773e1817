"""How a source is asked, what its answer teaches, and when it is asked again. Pure.

What an answer says in its head (how long it is fresh, where the source moved to) is noted at once; what its body says is added
when it was read.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from msgspec.structs import replace

from crawler import cron, hints, politeness, rhythm, schedule, urls
from crawler.messages import Headers, header, read_head
from crawler.model import (
    Context,
    Discovery,
    Entry,
    Exchange,
    Fetched,
    Hints,
    Job,
    Kind,
    Millis,
    Offer,
    Outcome,
    Poll,
    PollRow,
    Receipt,
    Rhythm,
    Seconds,
    Trouble,
    Unasked,
    Unchanged,
    Url,
    Validators,
)
from crawler.schedule import Due, Tempo
from crawler.sources.trust import is_over
from crawler.terms import Terms

BLOCKED_LEAST: Final[Seconds] = 4 * 3600
"""A guard that wants proof that we are a browser is left alone so long; asking sooner makes it surer of itself."""
HEAVY_BYTES: Final = 5_000_000  # without validators a feed of that size is asked once a day at most
_NONE: Final = Validators()
_FOUND: Final = {
    Kind.FEED: ("feed", "sitemap"),
    Kind.SITEMAP: ("sitemap", "feed"),
    Kind.SECTION: ("section", "feed", "sitemap"),
}


# --- asking ------------------------------------------------------------------------------------------------------------


def validators(job: Job, now: Millis) -> Validators:
    """What to ask "has it changed?" with; nothing where the whole document is wanted.

    So it is at first, where a body was never read to the end, at another address than the one that gave them, where they
    proved wrong, and once a week where a source has said "nothing new" for far longer than usual (RFC 9110, section 13.1).
    """
    poll = job.poll
    if job.context.step is not None:
        return job.context.step.validators
    if poll is None or poll.body_digest is None or poll.rhythm.unsure or job.url != (poll.rhythm.answered or poll.url):
        return _NONE
    return _NONE if rhythm.stuck(poll.rhythm, now) else poll.validators


def recognise(job: Job, outcome: Outcome) -> Outcome:
    """A source whose payload is the one we read last is Unchanged, whatever its status says."""
    poll = job.poll
    if poll is None or poll.body_digest is None or not isinstance(outcome, Fetched):
        return outcome
    if outcome.exchanges[-1].payload_digest != poll.body_digest:
        return outcome
    return Unchanged(exchanges=outcome.exchanges, validators=outcome.validators)


# --- what an answer teaches --------------------------------------------------------------------------------------------


def headed(job: Job, poll: Poll, outcome: Outcome) -> Rhythm:
    """The rhythm with what the head of the answer says: how long it is fresh, whether it can be asked cheaply."""
    if not outcome.exchanges:
        return poll.rhythm
    last = outcome.exchanges[-1]
    known = replace(
        poll.rhythm,
        hints=replace(poll.rhythm.hints, fresh=_fresh(_headers(last))),
        asked_whole=last.fetched_at if asked_whole(last) else poll.rhythm.asked_whole,
    )
    if not isinstance(outcome, Fetched | Unchanged):
        return known
    known = replace(known, answered=None if job.url == poll.url else job.url)
    # A 304 has no length, and says nothing new of what the document costs.
    return known if last.status == 304 else _priced(known, outcome.validators, last.payload_bytes)


def _priced(known: Rhythm, given: Validators, size: int) -> Rhythm:
    """Dear is what comes as a whole each time: nothing was given to ask for changes with, or it lies."""
    dear = known.unsure or (given == _NONE and not known.hints.fresh)
    return replace(known, dear=dear, heavy=dear and size > HEAVY_BYTES)


def asked_whole(exchange: Exchange) -> bool:
    """Whether the request had no condition; the bytes that were sent say so."""
    return b"\r\nif-" not in exchange.request.lower()


def _headers(exchange: Exchange) -> Headers:
    return read_head(exchange.response).headers


def _fresh(said: Headers) -> Seconds:
    names = ("cache-control", "age", "expires", "date")
    cache_control, age, expires, date = (header(said, name) for name in names)
    return hints.fresh_for(cache_control=cache_control, age=age, expires=expires, date=date)


def wish(outcome: Outcome, now: Millis) -> Seconds | None:
    """What a Retry-After asks for, whatever the status it came with; of the host's own wish see `settle.host_verdict`."""
    if not outcome.exchanges:
        return None
    return politeness.retry_after(header(_headers(outcome.exchanges[-1]), "retry-after"), now)


def unchanged(job: Job, poll: Poll, outcome: Unchanged, now: Millis) -> Rhythm:
    """The rhythm after a poll that found what we have."""
    return _settled(job, rhythm.seen(headed(job, poll, outcome), now, new=0), now)


def failed(job: Job, poll: Poll, outcome: Outcome, now: Millis) -> Rhythm:
    """The rhythm after a poll that brought nothing that can be used."""
    return rhythm.failed(headed(job, poll, outcome), now)


def _settled(job: Job, known: Rhythm, now: Millis) -> Rhythm:
    """With where it says it has moved to: the end of a chain of redirects that are all permanent, never from https to http."""
    permanent = job.context.hops and job.context.for_good and not _downgraded(job)
    return rhythm.moved(known, now, job.url if permanent else None)


def _downgraded(job: Job) -> bool:
    return job.poll is not None and job.poll.url.startswith("https:") and not job.url.startswith("https:")


def renewed(poll: Poll, outcome: Unchanged) -> Validators:
    """The validators after an answer without news: a 200's replace both, a 304's what they bring (RFC 9111, section 4.3.4)."""
    said = outcome.validators
    if outcome.exchanges and outcome.exchanges[-1].status != 304:
        return said
    return Validators(etag=said.etag or poll.validators.etag, last_modified=said.last_modified or poll.validators.last_modified)


# --- what a body teaches -----------------------------------------------------------------------------------------------


def read(receipt: Receipt, poll: Poll, found: Discovery, now: Millis) -> Rhythm:
    """The rhythm after a body was read; `poll.rhythm` is what `headed` gave."""
    job, known = receipt.job, poll.rhythm
    new = [entry for entry in found.entries if not entry.changed]
    if known.at:
        after = rhythm.seen(known, now, new=len(new) or _newer(found, known), shown=found.items)
        after = replace(after, unsure=known.unsure or _lied(receipt, poll, new))
    else:
        after = _first(known, new, found, now)
    hinted = replace(found.hints or Hints(), fresh=known.hints.fresh)
    told = max((at for at in found.told if at <= until(now)), default=0)
    return _settled(job, replace(after, hints=hinted, told=max(told, known.told)), now)


def _first(known: Rhythm, new: list[Entry], found: Discovery, now: Millis) -> Rhythm:
    """After the first body of all: its dates tell how often there was news before anybody asked."""
    dates = [at for entry in new if (at := moment(entry.published)) is not None]
    first = rhythm.seeded(dates or [at for at in found.told if at], now, shown=found.items)
    return replace(
        first,
        newest=first.newest or (now if found.items else 0),  # without dates nobody knows; silence is counted from here
        asked_whole=known.asked_whole or now,
        answered=known.answered,
        dear=known.dear,
        heavy=known.heavy,
    )


def _newer(found: Discovery, known: Rhythm) -> int:
    """How many pages of a sitemap are new, as far as it tells: those changed since, else those it has grown by."""
    if known.told and found.told:
        return sum(at > known.told for at in found.told)
    return max(0, found.items - known.shown) if known.shown else 0


def until(now: Millis) -> Millis:
    """The latest `lastmod` that can be true: zones and clocks are out by a day at most."""
    return now + schedule.DAY_MS


def _lied(receipt: Receipt, poll: Poll, new: list[Entry]) -> bool:
    """Whether its validators hid what is new: it was asked whole only because it was silent, and there is news from before."""
    known, at = poll.rhythm, receipt.capture.key.fetched_at
    hidden = known.asked_whole == at and receipt.job.url == (known.answered or poll.url) and poll.body_digest is not None
    if not hidden or poll.validators == _NONE or not rhythm.stuck(replace(known, asked_whole=0), at):
        return False
    dates = [moment(entry.published) for entry in new]
    return any(date is None or date < known.at for date in dates)


def trouble(found: Discovery, kind: Kind) -> Trouble | None:
    """What came in the place of what was asked for; None: that came, or what came killed its parser."""
    if found.blocked is not None:
        return "blocked"
    return None if found.given_up or found.found in _FOUND[kind] else "not_a_feed"


def moment(written: str | None) -> Millis | None:
    """RFC 3339 as ms; without zone it is UTC; a day alone is its beginning."""
    if written is None:
        return None
    try:
        when = datetime.fromisoformat(written)
        return round((when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp() * 1000)
    except (ValueError, OverflowError):
        return None


# --- when again --------------------------------------------------------------------------------------------------------


def due(poll: Poll, known: Rhythm, terms: Terms, *, floor: Seconds | None = None) -> Due:
    """When to ask next, after a poll that left it at `known`; `floor` (a Retry-After) is a lower bound."""
    if known.newest and is_over(poll.url, newest=known.newest, now=terms.now):
        return Due(at=schedule.monthly(terms.now, terms.chance), why="over")
    return schedule.due(known, terms.now, tempo(poll, terms.tempo), retry_after=floor, chance=terms.chance)


def tempo(poll: Poll, shared: Tempo) -> Tempo:
    """How this one is to be asked."""
    if poll.every_ms is None and poll.cron is None and poll.weight == 1:
        return shared
    every = None if poll.every_ms is None else poll.every_ms / 1000
    return replace(shared, every=every, cron=cron.read(poll.cron) if poll.cron else None, weight=poll.weight)


def source_row(job: Job, poll: Poll, due_at: Millis, moved: Url | None = None) -> Offer:
    """The queue row of a source, at its own address, whatever redirects led to; or at the one it `moved` to."""
    url = moved or poll.url
    return Offer(
        host=urls.host(url),
        host_id=urls.host_id(urls.host(url)) if moved else poll.host_id,
        h=urls.url_hash(url) if moved else poll.h,
        url=url,
        kind=job.kind,
        due_at=due_at,
        depth=job.depth,
        context=Context(source=poll.source_id),
        gated=False,
    )


def at_home(poll: Poll, known: Rhythm, now: Millis) -> tuple[Rhythm, Url | None]:
    """A believed move is made: the rhythm without it, and the new address; None: it stays where it is."""
    moved = rhythm.believed(known, now)
    if moved is None or moved == poll.url:
        return known, None
    return replace(known, move=None, answered=None if known.answered == moved else known.answered), moved


# --- its history -------------------------------------------------------------------------------------------------------

Word = tuple[str, bool, str]
"""An outcome in one word, whether it failed, its detail."""


def row(poll: Poll, outcome: Outcome, said: Word, now: Millis) -> PollRow | None:
    """How the poll went; what it taught is added by who knows it. None: the source wasn't asked."""
    if isinstance(outcome, Unasked):
        return None
    name, is_failure, detail = said
    return PollRow(
        source_id=poll.source_id,
        at=now,
        status=outcome.exchanges[-1].status if outcome.exchanges else 0,
        outcome=name,
        failed=is_failure,
        detail=detail,
        gone=name == "gone",
        blocked=name == "blocked",
    )
