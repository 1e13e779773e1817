"""What follows at once from an outcome: commit 1. Done, put back, or gone on elsewhere? Pure.

Time and chance come in as arguments. Modelled on `Decider` in lemon24/reader (src/reader/_update/__init__.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

from msgspec.structs import replace

from crawler import politeness, schedule, setbacks, urls
from crawler.model import (
    SOURCE_KINDS,
    Broken,
    Context,
    Exchange,
    Extracted,
    Failure,
    Fetched,
    Job,
    Kind,
    Millis,
    Offer,
    Outcome,
    PollRow,
    Receipt,
    Redirected,
    Refused,
    Seconds,
    Settlement,
    Unasked,
    Unchanged,
    Value,
    Visit,
)


class Policy(Value, frozen=True, kw_only=True):
    """What the user wants, as far as decisions need it."""

    tries: int = 5
    """Outcomes a page may have before it is a failure."""
    silent_tries: int = 5
    """The same, for outcomes of a host that gave no answer."""
    patience: Seconds | None = None
    """A page that would be asked again only after this is a failure (the one-shot has somebody waiting)."""
    retry_base: Seconds = 60
    retry_most: Seconds = 86_400
    host_base: Seconds = 2
    """First pause for a host that gave no answer; doubled with each in a row. 0: none (the one-shot doesn't wait)."""
    host_most: Seconds = 3600
    """The longest of these pauses."""
    retry_after_most: Seconds = 86_400
    """A host that asks for more rests so long."""
    hops: int = 10
    oneshot: bool = False
    """Somebody waits for the records of these targets: a page is read again although its bytes are those we had."""
    unchanged_feeds: bool = False
    """Archive the answers of polls that brought nothing, too."""
    limit: int | None = None
    """At most so many pages of one feed, sitemap or section."""


class Terms(Value, frozen=True, kw_only=True):
    """What a decision is made under: the user's policy, the time, and a die already thrown (in [0, 1))."""

    policy: Policy
    now: Millis
    chance: float = 0.5


class HostVerdict(Value, frozen=True, kw_only=True):
    """What one outcome means for all other jobs of its host."""

    stop: bool = False
    """No further request in this lease."""
    pause: Seconds = 0
    """Beyond the gap."""
    fails: int = 0


def recognise(job: Job, outcome: Outcome) -> Outcome:
    """A source whose payload is the one we read last is Unchanged, whatever its status says."""
    poll = job.poll
    if poll is None or poll.body_digest is None or not isinstance(outcome, Fetched):
        return outcome
    if outcome.exchanges[-1].payload_digest != poll.body_digest:
        return outcome
    return Unchanged(exchanges=outcome.exchanges, validators=outcome.validators)


def evidence(job: Job, outcome: Outcome, policy: Policy) -> tuple[Exchange, ...]:
    """What of a visit is archived: every answer; of a poll that brought nothing only what came before it."""
    kept = [exchange for exchange in outcome.exchanges if exchange.response or not exchange.request]
    if isinstance(outcome, Unchanged) and job.kind in SOURCE_KINDS and not policy.unchanged_feeds:
        kept = kept[:-1]
    return tuple(kept)


def host_verdict(outcome: Outcome, fails: int, policy: Policy) -> HostVerdict:
    """A 429 or a block speaks for the whole host, and so does its silence; any other answer ends a row of failures."""
    match outcome:
        case Refused(reason="robots_unreachable"):
            return HostVerdict(stop=True, fails=fails)
        case Unasked() | Refused(reason="robots" | "address"):
            return HostVerdict(fails=fails)
        case Refused() | Broken() if setbacks.TABLE[outcome.reason].rests:
            wish = _wish(outcome, policy)
            pause = politeness.rest(fails + 1, base=policy.host_base, most=policy.host_most) if wish is None else wish
            # It answered: whatever is sent now, at once, is one request too many, also where nobody waits for a pause.
            return HostVerdict(stop=pause > 0 or isinstance(outcome, Refused), pause=pause, fails=fails + 1)
        case Fetched() | Unchanged() | Redirected() | Refused() | Broken():
            return HostVerdict()
        case _:
            assert_never(outcome)


def _wish(outcome: Refused | Broken, policy: Policy) -> Seconds | None:
    """What a Retry-After asks for, as far as we follow it."""
    wish = outcome.retry_after if isinstance(outcome, Refused) else None
    return None if wish is None else min(wish, policy.retry_after_most)


def settle(visit: Visit, receipts: Sequence[Receipt], terms: Terms) -> Settlement:
    """All that commit 1 writes about one visit. `receipts` are those of its evidence, in order."""
    job, outcome = visit.job, visit.outcome
    plain = Settlement(
        host_id=job.host_id,
        epoch=visit.epoch,
        h=job.h,
        due_at=job.due_at,
        captures=tuple(receipt.capture for receipt in receipts),
        robots=visit.robots,
        poll=_poll_row(job, outcome, terms.now),
        polite_at=visit.polite_at,
        delay_ms=visit.delay_ms,
        strain=visit.strain,
        slowed=visit.slowed,
        last=visit.last,
    )
    match outcome:
        case Fetched():
            return _to_be_read(plain, job, replace(receipts[-1], validators=outcome.validators), terms.policy)
        case Unchanged():
            return replace(plain, again=_next_poll(job, terms))
        case Redirected():
            return _hop(plain, job, outcome, terms)
        case Refused():
            return _refused(plain, job, outcome, terms)
        case Broken():
            return _tried(plain, job, outcome, terms)
        case Unasked():
            # It was due when it was leased; a clock that was put back since doesn't change that.
            due_at = min(job.due_at, terms.now) if outcome.due_at is None else outcome.due_at
            return replace(plain, again=replace(_row(job), due_at=due_at))
        case _:
            assert_never(outcome)


def _to_be_read(plain: Settlement, job: Job, receipt: Receipt, policy: Policy) -> Settlement:
    known = receipt.body is not None and receipt.body.key.h == receipt.capture.key.h
    # What was tried before may have been a challenge, and the same one again is no page we have read.
    if known and job.poll is None and not job.tries and not policy.oneshot:
        return plain
    waiting = replace(receipt.capture, extracted=Extracted.WAITING)
    return replace(plain, captures=(*plain.captures[:-1], waiting), receipt=replace(receipt, capture=waiting))


def _hop(plain: Settlement, job: Job, outcome: Redirected, terms: Terms) -> Settlement:
    hops = job.context.hops + 1
    if hops > terms.policy.hops:
        refused = Refused(reason="hops", detail=f"more than {terms.policy.hops} redirects, the last to {outcome.target}")
        return _refused(plain, job, refused, terms)
    target = outcome.target
    h = urls.url_hash(target)
    host = urls.host(target)
    context = replace(job.context, hops=hops, first_url=job.context.first_url or job.url)
    hop = Offer(
        host=host,
        host_id=urls.host_id(host),
        h=h,
        url=target,
        kind=job.kind,
        due_at=terms.now,
        depth=job.depth,
        context=context,
        # a target with our own dedupe key (a tracking parameter dropped, http to https by the same key) was "seen" by us
        gated=job.kind is Kind.PAGE and not context.revisit and h != job.h,
    )
    return replace(plain, hop=hop)


def _refused(plain: Settlement, job: Job, outcome: Refused, terms: Terms) -> Settlement:
    if outcome.reason == "gone" and job.poll is not None:
        return replace(plain, again=_next_poll(job, terms, every_ms=schedule.GONE_EVERY_MS))
    return _tried(plain, job, outcome, terms)


def _tried(plain: Settlement, job: Job, outcome: Refused | Broken, terms: Terms) -> Settlement:
    """Once more, later; a source always, a page as long as it can get better."""
    wish = _wish(outcome, terms.policy)
    if job.poll is not None:
        return replace(plain, again=_next_poll(job, terms, floor=wish, failed=True))
    tries = terms.policy.tries if outcome.exchanges else terms.policy.silent_tries
    again = next_try(job, outcome.reason, terms, most=tries, floor=wish)
    if again is None:
        return replace(plain, failure=failure(job, outcome.reason, outcome.detail, terms.now))
    return replace(plain, again=again)


def next_try(job: Job, reason: str, terms: Terms, *, most: int, floor: Seconds | None = None) -> Offer | None:
    """A page's row after an outcome more; None: it was the last of its `most` tries, can't get better, or not soon enough.

    `floor` is a lower bound of the wait.
    """
    setback, policy, now = setbacks.TABLE[reason], terms.policy, terms.now
    tries = job.tries + 1
    if tries >= min(most, setback.tries or most):
        return None
    wait = max(floor or 0, setback.wait)
    due_at = schedule.next_try(tries, now, base=policy.retry_base, most=policy.retry_most, floor=wait, chance=terms.chance)
    if policy.patience is not None and due_at - now > policy.patience * 1000:
        return None
    return replace(_row(job), due_at=due_at, tries=tries)


def _row(job: Job) -> Offer:
    """The queue row of a job, past `seen`."""
    return Offer(
        host=job.host,
        host_id=job.host_id,
        h=job.h,
        url=job.url,
        kind=job.kind,
        due_at=job.due_at,
        depth=job.depth,
        tries=job.tries,
        context=job.context,
        gated=False,
    )


def _next_poll(
    job: Job, terms: Terms, *, every_ms: Millis | None = None, floor: Seconds | None = None, failed: bool = False
) -> Offer | None:
    """The source's row at its own address, whatever redirects led to; None for a page."""
    poll = job.poll
    if poll is None:
        return None
    failures = poll.failures + 1 if failed else 0
    due_at = schedule.next_poll(every_ms or poll.every_ms, terms.now, floor=floor, failures=failures, chance=terms.chance)
    return source_row(job, due_at)


def source_row(job: Job, due_at: Millis) -> Offer | None:
    """The queue row of the source a job belongs to."""
    poll = job.poll
    if poll is None:
        return None
    return Offer(
        host=urls.host(poll.url),
        host_id=poll.host_id,
        h=poll.h,
        url=poll.url,
        kind=job.kind,
        due_at=due_at,
        context=Context(source=poll.source_id),
        gated=False,
    )


def _poll_row(job: Job, outcome: Outcome, now: Millis) -> PollRow | None:
    if job.poll is None or isinstance(outcome, Unasked):
        return None
    status = outcome.exchanges[-1].status if outcome.exchanges else 0
    name, failed, detail = describe(outcome)
    return PollRow(
        source_id=job.poll.source_id,
        at=now,
        status=status,
        outcome=name,
        failed=failed,
        detail=detail,
        gone=name == "gone",
        blocked=name == "blocked",
    )


def describe(outcome: Outcome) -> tuple[str, bool, str]:
    """An outcome in one word, whether it failed, and its detail."""
    match outcome:
        case Fetched():
            return "fetched", False, ""
        case Unchanged():
            return "unchanged", False, ""
        case Redirected():
            return "redirected", False, outcome.target
        case Refused() | Broken():
            return outcome.reason, True, outcome.detail
        case Unasked():
            return "unasked", False, ""
        case _:
            assert_never(outcome)


def failure(job: Job, reason: str, detail: str, now: Millis) -> Failure:
    """A job that ends here without what it was for."""
    return Failure(
        host_id=job.host_id,
        h=job.h,
        at=now,
        url=job.url,
        kind=job.kind,
        reason=reason,
        detail=detail,
        tries=job.tries + 1,
        context=job.context,
    )
