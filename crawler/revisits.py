"""When an article is looked at again after its publication, and what follows from such a visit. Pure.

A chain of visits lives in the queue alone: each visit puts the next one in its place, in the commit that ends it. So there is
never more than one, it survives whatever the queue survives, and it ends by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from msgspec.structs import replace

from crawler import urls
from crawler.model import (
    ArticleRow,
    Context,
    Decision,
    HostId,
    Job,
    Kind,
    Millis,
    Offer,
    Outcome,
    Receipt,
    Refused,
    Seconds,
    Settlement,
    Step,
    Unchanged,
    Url,
    UrlHash,
    Validators,
)
from crawler.terms import Terms


def counted_from(published: str | None, captured_at: Millis) -> Millis:
    """The moment an article's visits are counted from: its publication; where that is unknown or ahead, its first capture."""
    if published is None:
        return captured_at
    try:
        then = datetime.fromisoformat(published)
    except ValueError:
        return captured_at
    return min(captured_at, round((then if then.tzinfo else then.replace(tzinfo=UTC)).timestamp() * 1000))


def next_step(since: Millis, after: int, steps: Sequence[Seconds], now: Millis) -> tuple[int, Millis] | None:
    """The number (from 1) and time of the first step behind `after` that lies ahead; None: all are past."""
    for number, wait in enumerate(steps[after:], start=after + 1):
        due_at = since + round(wait * 1000)
        if due_at > now:
            return number, due_at
    return None


def settled(job: Job, outcome: Outcome, settlement: Settlement, terms: Terms) -> Settlement:
    """Commit 1: an article that is gone (404, 410) says so; and a visit that ends here is followed by the next one."""
    if job.kind is not Kind.PAGE or not job.context.revisit:
        return settlement
    if _is_gone(outcome) and settlement.captures:
        settlement = replace(settlement, deleted=urls.article_id(_home(job)))
    known = job.context.step
    if known is None or _goes_on(settlement):
        return settlement
    if settlement.deleted is not None:
        # What it said before may come back, byte for byte: that is news then.
        return replace(settlement, failure=None, again=_following(job, terms, None, Validators()))
    said = outcome.validators if isinstance(outcome, Unchanged) else Validators()
    return replace(settlement, again=_following(job, terms, known.digest, _renewed(known.validators, said)))


def _goes_on(settlement: Settlement) -> bool:
    """Whether the visit doesn't end here: its body is read yet, it is tried again, or a redirect is followed."""
    return bool(settlement.receipt or settlement.again or settlement.hop)


def _is_gone(outcome: Outcome) -> bool:
    return isinstance(outcome, Refused) and outcome.reason in ("gone", "missing")


def same_as_read(receipt: Receipt) -> bool:
    """Whether the body that came is the one that was read last; one that was there before that is a change again."""
    step = receipt.job.context.step
    return step is not None and step.digest is not None and step.digest == receipt.capture.digest


def decided(receipt: Receipt, decision: Decision, terms: Terms) -> Decision:
    """Commit 2: an article that was read for the first time is visited again, and so is one that was visited again."""
    job = receipt.job
    if job.kind is not Kind.PAGE or decision.offers:
        return decision
    if job.context.step is not None:
        offer = _following(job, terms, receipt.capture.digest, receipt.validators)
    elif decision.articles and not job.context.revisit:
        offer = _first(receipt, decision.articles[0], terms)
    else:
        offer = None
    return decision if offer is None else replace(decision, offers=(offer,))


def _first(receipt: Receipt, row: ArticleRow, terms: Terms) -> Offer | None:
    since = counted_from(row.published, receipt.capture.key.fetched_at)
    step = Step(number=0, since=since, digest=receipt.capture.digest, validators=receipt.validators)
    return _offer(receipt.job, receipt.capture.url, step, terms)


def _following(job: Job, terms: Terms, digest: str | None, validators: Validators) -> Offer | None:
    step = job.context.step
    if step is None:
        return None
    return _offer(job, _home(job), replace(step, digest=digest, validators=validators), terms)


def _offer(job: Job, url: Url, step: Step, terms: Terms) -> Offer | None:
    found = next_step(step.since, step.number, terms.policy.revisits, terms.now)
    if found is None:
        return None
    number, due_at = found
    # Most have their article's own address, and its row's keys.
    host, host_id, h = (job.host, job.host_id, job.h) if url == job.url else _keys(url)
    context = job.context
    return Offer(
        host=host,
        host_id=host_id,
        h=h,
        url=url,
        kind=Kind.PAGE,
        due_at=due_at,
        depth=job.depth,
        context=Context(
            source=context.source,
            via=context.via,
            guid=context.guid,
            pub_date=context.pub_date,
            title=context.title,
            revisit=True,
            step=replace(step, number=number),
        ),
        gated=False,
    )


def _keys(url: Url) -> tuple[str, HostId, UrlHash]:
    host = urls.host(url)
    return host, urls.host_id(host), urls.url_hash(url)


def _home(job: Job) -> Url:
    """The article's own address, wherever redirects led."""
    return job.context.first_url or job.url


def _renewed(known: Validators, said: Validators) -> Validators:
    return Validators(etag=said.etag or known.etag, last_modified=said.last_modified or known.last_modified)
