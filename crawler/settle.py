"""What follows at once from an outcome: commit 1. Done, put back, or gone on elsewhere? Pure.

Time and chance come in as arguments. Modelled on `Decider` in lemon24/reader (src/reader/_update/__init__.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

from msgspec.structs import replace

from crawler import following, politeness, polling, revisits, schedule, setbacks, urls
from crawler.model import (
    SOURCE_KINDS,
    Broken,
    Exchange,
    Extracted,
    Failure,
    Fetched,
    Job,
    Kind,
    Millis,
    Offer,
    Outcome,
    Poll,
    Receipt,
    Redirected,
    Refused,
    Rhythm,
    Seconds,
    Settlement,
    Unasked,
    Unchanged,
    Url,
    Validators,
    Value,
    Visit,
)
from crawler.polling import BLOCKED_LEAST
from crawler.terms import Policy, Terms


class HostVerdict(Value, frozen=True, kw_only=True):
    """What one outcome means for all other jobs of its host."""

    stop: bool = False
    """No further request in this lease."""
    pause: Seconds = 0
    """Beyond the gap."""
    fails: int = 0


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
    job, outcome = visit.job, _within_hops(visit.job, visit.outcome, terms.policy)
    plain = Settlement(
        host_id=job.host_id,
        epoch=visit.epoch,
        h=job.h,
        due_at=job.due_at,
        captures=tuple(receipt.capture for receipt in receipts),
        robots=visit.robots,
        poll=polling.row(job.poll, outcome, describe(outcome), terms.now) if job.poll else None,
        polite_at=visit.polite_at,
        delay_ms=visit.delay_ms,
        strain=visit.strain,
        slowed=visit.slowed,
        last=visit.last,
    )
    return revisits.settled(job, outcome, _settled(plain, job, outcome, receipts, terms), terms)


def _settled(plain: Settlement, job: Job, outcome: Outcome, receipts: Sequence[Receipt], terms: Terms) -> Settlement:
    match outcome:
        case Fetched():
            return _to_be_read(plain, job, _answered(receipts[-1], outcome), terms.policy)
        case Unchanged():
            return _unchanged(plain, job, outcome, terms)
        case Redirected():
            return _hop(plain, job, outcome, terms)
        case Refused():
            return _refused(plain, job, outcome, terms)
        case Broken():
            return _tried(plain, job, outcome, terms)
        case Unasked():
            # It was due when it was leased; a clock that was put back since doesn't change that.
            due_at = min(job.due_at, terms.now) if outcome.due_at is None else outcome.due_at
            return replace(plain, again=job.row(due_at))
        case _:
            assert_never(outcome)


def _within_hops(job: Job, outcome: Outcome, policy: Policy) -> Outcome:
    """A redirect too many, or back to where the chain began, leads nowhere: we bring nothing that would end the circle."""
    if not isinstance(outcome, Redirected):
        return outcome
    if outcome.target == job.context.first_url:
        return Refused(reason="hops", detail=f"redirected in a circle, back to {outcome.target}", exchanges=outcome.exchanges)
    if job.context.hops < policy.hops:
        return outcome
    detail = f"more than {policy.hops} redirects, the last to {outcome.target}"
    return Refused(reason="hops", detail=detail, exchanges=outcome.exchanges)


def _to_be_read(plain: Settlement, job: Job, receipt: Receipt, policy: Policy) -> Settlement:
    if not following.leads_on(job.kind, receipt.capture.mime, job.depth):
        return plain
    if job.context.step is not None:
        known = revisits.same_as_read(receipt)
    else:
        known = receipt.body is not None and receipt.body.key.h == receipt.capture.key.h
    # What was tried before may have been a challenge, and the same one again is no page we have read.
    if known and job.poll is None and not job.tries and not policy.oneshot:
        return replace(plain, disproved=job.context.judges)
    waiting = replace(receipt.capture, extracted=Extracted.WAITING)
    return replace(plain, captures=(*plain.captures[:-1], waiting), receipt=replace(receipt, capture=waiting))


def _answered(receipt: Receipt, outcome: Fetched) -> Receipt:
    """The receipt with what the head of the answer says, which nobody looks at when the body is read."""
    job, poll = receipt.job, receipt.job.poll
    if poll is not None:
        job = replace(job, poll=replace(poll, rhythm=polling.headed(job, poll, outcome)))
    return replace(receipt, job=job, validators=outcome.validators)


def _unchanged(plain: Settlement, job: Job, outcome: Unchanged, terms: Terms) -> Settlement:
    poll = job.poll
    if poll is None:
        return plain
    known, moved = polling.at_home(poll, polling.unchanged(job, poll, outcome, terms.now), terms.now)
    due_at = polling.due(poll, known, terms, floor=polling.wish(outcome, terms.now)).at
    plain = _taught(plain, known, validators=polling.renewed(poll, outcome), moved=moved)
    return replace(plain, again=polling.source_row(job, poll, due_at, moved))


def _taught(plain: Settlement, known: Rhythm, *, validators: Validators | None = None, moved: Url | None = None) -> Settlement:
    said = plain.poll
    return plain if said is None else replace(plain, poll=replace(said, rhythm=known, validators=validators, moved=moved))


def _hop(plain: Settlement, job: Job, outcome: Redirected, terms: Terms) -> Settlement:
    hops = job.context.hops + 1
    target = outcome.target
    h = urls.url_hash(target)
    host = urls.host(target)
    for_good = outcome.permanent and (job.context.for_good or not job.context.hops)
    step = job.context.step and replace(job.context.step, validators=Validators())  # they were the old address's
    first_url = job.context.first_url or job.url
    context = replace(job.context, hops=hops, first_url=first_url, for_good=for_good, step=step)
    wait = min(polling.wish(outcome, terms.now) or 0, terms.policy.retry_after_most)
    hop = Offer(
        host=host,
        host_id=urls.host_id(host),
        h=h,
        url=target,
        kind=job.kind,
        due_at=terms.now + round(wait * 1000),
        depth=job.depth,
        context=context,
        # a target with our own dedupe key (a tracking parameter dropped, http to https by the same key) was "seen" by us
        gated=job.kind in (Kind.PAGE, Kind.ASSET) and not context.revisit and h != job.h,
    )
    return replace(plain, hop=hop)


def _refused(plain: Settlement, job: Job, outcome: Refused, terms: Terms) -> Settlement:
    poll = job.poll
    if outcome.reason != "gone" or poll is None:
        return _tried(plain, job, outcome, terms)
    due_at = schedule.monthly(terms.now, terms.chance)
    plain = _taught(plain, polling.failed(job, poll, outcome, terms.now))
    return replace(plain, again=polling.source_row(job, poll, due_at))


def _tried(plain: Settlement, job: Job, outcome: Refused | Broken, terms: Terms) -> Settlement:
    """Once more, later; a source always, a page as long as it can get better."""
    if job.poll is not None:
        return _failed_poll(plain, job, job.poll, outcome, terms)
    tries = terms.policy.tries if outcome.exchanges else terms.policy.silent_tries
    again = next_try(job, outcome.reason, terms, most=tries, floor=_wish(outcome, terms.policy))
    if again is None:
        return replace(plain, failure=failure(job, outcome.reason, outcome.detail, terms.now))
    return replace(plain, again=again)


def _failed_poll(plain: Settlement, job: Job, poll: Poll, outcome: Refused | Broken, terms: Terms) -> Settlement:
    """A source is never given up: it is asked later and later, and as ever after one success."""
    known = polling.failed(job, poll, outcome, terms.now)
    floor = max(polling.wish(outcome, terms.now) or 0, BLOCKED_LEAST if outcome.reason == "blocked" else 0)
    due_at = polling.due(poll, known, terms, floor=floor).at
    return replace(_taught(plain, known), again=polling.source_row(job, poll, due_at))


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
    return replace(job.row(due_at), tries=tries)


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
