"""What both engines hold to: the rules of queue and catalog that need no table. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Final, Literal, NamedTuple, get_args

from msgspec.structs import replace

from crawler.model import (
    SOURCE_KINDS,
    ArticleRow,
    Capture,
    CaptureKey,
    Context,
    Decision,
    Extracted,
    HostId,
    Job,
    Jump,
    Kind,
    Millis,
    Offer,
    PollRow,
    Receipt,
    Rhythm,
    Settlement,
    SourceId,
    UrlHash,
)
from crawler.ports import StoreError

SegmentWord = Literal["open", "sealing", "sealed", "void"]

ALONE: Final = 3
"""Leases without an outcome after which a job is leased alone: it may be what kills its worker."""
SUSPECT: Final = 10
"""Leases without an outcome after which a job is tried once a day."""
DAY: Final[Millis] = 86_400_000
MAY_PART: Final[Millis] = 5_000
"""By so much a clock may lie behind what it said before, and wasn't set back."""
DELETED: Final = ""
"""Stands where the hash of a version's text does, if its publisher has taken it away."""
POLLS_KEPT: Final = 200
"""Of each source."""
EMPTY: Final = "sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ"
"""The digest of no bytes at all: nothing worth a revisit."""

SEGMENT_STATES: Final[tuple[SegmentWord, ...]] = get_args(SegmentWord)
"""In the order of their numbers, from 1."""

SEGMENT_KNOWN: Final = "segment {}: there is one of this name already"
SEGMENT_CLOSED: Final = "segment {}: sealed, void, or never entered"
SEGMENT_UNSEALED: Final = "segment {}: not sealed, or never entered"
SEGMENT_FOREIGN: Final = "segment {}: not {}'s to write, not open, or longer than told; start again, so that it is repaired"

Address = tuple[HostId, UrlHash]
"""What `seen` holds."""


class QueueKey(NamedTuple):
    """Names a queue row."""

    host_id: HostId
    due_at: Millis
    h: UrlHash


class Placed(NamedTuple):
    """Where offers went."""

    keys: Sequence[QueueKey | None]
    """In the order of the offers; None: passed over."""
    added: int
    """New rows; the others met their own key."""


class Handed(NamedTuple):
    """What a lease makes of a host's due jobs."""

    jobs: Sequence[Job]
    suspects: Sequence[Job]


class Version(NamedTuple):
    """The newest version of an article."""

    n: int
    text_hash: str
    fetched_at: Millis


def offer_key(offer: Offer) -> QueueKey:
    """The row an offer becomes, if nothing stands in its way."""
    return QueueKey(offer.host_id, offer.due_at, offer.h)


def job_key(job: Job) -> QueueKey:
    """The row of a job."""
    return QueueKey(job.host_id, job.due_at, job.h)


def correction(jump: Jump, known: str | None) -> Millis:
    """By how much times must be moved; `known` is the last `corrected`, perhaps of another process that saw the jump first."""
    at, offset = map(int, known.split()) if known else (0, 0)
    return jump.offset - (offset if known and jump.since < at <= jump.at else jump.was)


def ahead_of(by: Millis, now: Millis) -> Millis:
    """Whatever is later than this lies ahead by the clock as it was, or as it is."""
    return min(now, now - by)


def corrected(jump: Jump) -> str:
    """What is remembered of a correction: when by the steady clock, and the offset times go by since."""
    return f"{jump.at} {jump.offset}"


def leased_key(settlement: Settlement) -> QueueKey:
    """The row that goes with a settlement."""
    return QueueKey(settlement.host_id, settlement.due_at, settlement.h)


def source_of(kind: Kind, context: Context) -> SourceId | None:
    """The source whose row this is; None: a page's (also one found in a source)."""
    return context.source if kind in SOURCE_KINDS else None


def admitted(
    offers: Sequence[Offer],
    new: AbstractSet[Address],
    blocked: AbstractSet[Address],
    stale: AbstractSet[int] = frozenset(),
) -> list[int]:
    """Indexes of the offers that get a row: one gated offer an address never seen, and all that aren't gated.

    `new` are the addresses that were not in `seen` before this call, `stale` the offers that speak of a later change than our
    newest capture.
    """
    fresh = set(new)
    passing: list[int] = []
    for index, offer in enumerate(offers):
        address = (offer.host_id, offer.h)
        if address not in blocked and (not offer.gated or address in fresh or index in stale):
            passing.append(index)
        fresh.discard(address)
    return passing


def job_of(offer: Offer, host: str, due_at: Millis) -> Job:
    """The row an offer becomes."""
    return Job(
        host=host,
        host_id=offer.host_id,
        h=offer.h,
        due_at=due_at,
        url=offer.url,
        kind=offer.kind,
        depth=offer.depth,
        tries=offer.tries,
        context=offer.context,
    )


def put_back(settlement: Settlement) -> list[Offer]:
    """What comes in the place of a leased row; `again` is past `seen` whatever it says."""
    back: list[Offer] = []
    if settlement.again is not None:
        back.append(replace(settlement.again, gated=False) if settlement.again.gated else settlement.again)
    if settlement.hop is not None:
        back.append(settlement.hop)
    return back


def handed_out(due: Sequence[Job], most: int) -> Handed:
    """Of a host's first due jobs, in order: those a lease takes, and those that are suspects."""
    if not [job for job in due if job.leases >= ALONE]:
        return Handed(due[:most], ())
    suspects = [job for job in due if job.leases >= SUSPECT]
    jobs = [job for job in due if job.leases < SUSPECT][:most]
    troubled = next((index for index, job in enumerate(jobs) if job.leases >= ALONE), len(jobs))
    return Handed(jobs[: max(troubled, 1)], suspects)


def in_a_day(suspects: Sequence[Job], now: Millis) -> Sequence[Job]:
    """Suspects as they are put off."""
    return [replace(job, due_at=now + DAY) for job in suspects]


def polls_first(due: Sequence[Job], polls: Sequence[Job], most: int, epoch: int) -> Sequence[Job]:
    """A host's first due jobs with the polls of its sources ahead, in half of a lease at most: pages have their turns too.

    Where a lease has room for one job, `epoch` says whose turn it is.
    """
    if not polls:
        return due
    ahead = polls[: most // 2 or epoch % 2]
    keys = {job_key(job) for job in ahead}
    return [*ahead, *(job for job in due if job_key(job) not in keys)] if ahead else due


def jobs_a_lease(urls: int, *, gap: Millis, ttl: Millis) -> int:
    """How many jobs of a host fit under one lease: a gap of a quarter of it leaves room for one."""
    return 1 if gap * 4 >= ttl else urls


def kept_captures(settlement: Settlement) -> list[Capture]:
    """A settlement's captures as they are stored: only the receipt's waits for a parser."""
    waiting = settlement.receipt.capture.key if settlement.receipt else None
    return [_stored(capture, waiting) for capture in settlement.captures]


def _stored(capture: Capture, waiting: CaptureKey | None) -> Capture:
    if capture.key == waiting:
        return replace(capture, extracted=Extracted.WAITING)
    return replace(capture, extracted=Extracted.NOTHING) if capture.extracted is Extracted.WAITING else capture


def receipt_of(settlement: Settlement, capture: Capture) -> Receipt | None:
    """What the outbox gives back for a stored capture."""
    if settlement.receipt is None or capture.extracted is not Extracted.WAITING:
        return None
    return replace(settlement.receipt, capture=capture)


def holds_payload(capture: Capture) -> bool:
    """Whether a later identical payload may refer to it."""
    return capture.digest is not None and capture.digest != EMPTY and capture.revisit_of is None


def shown_by_304(capture: Capture) -> bool:
    """Whether a 304 may speak of its payload, here or where it points to: an error's body is no representation of the page."""
    return capture.digest is not None and capture.digest != EMPTY and 200 <= capture.status < 300


def version_of(row: ArticleRow, known: Version | None) -> int | None:
    """The number of the version a reading becomes; None: it says the same again, or is older than what is known."""
    return next_version(row.text_hash, row.key.fetched_at, known)


def next_version(text_hash: str, fetched_at: Millis, known: Version | None) -> int | None:
    """As `version_of`, for a text by its hash, or `DELETED`: what nobody knows isn't deleted, nor is anything twice."""
    if known is None:
        return 1 if text_hash else None
    if text_hash == known.text_hash or fetched_at < known.fetched_at:
        return None
    return known.n + 1


def state_after(poll: PollRow) -> str | None:
    """The state of a source after a poll; None leaves it: a failure says nothing of it, and a redirect only leads on."""
    if poll.gone or poll.blocked:
        return "gone" if poll.gone else "blocked"
    return None if poll.failed or poll.outcome == "redirected" else "active"


def judged(decisions: Sequence[Decision], news: Mapping[str, int]) -> tuple[list[SourceId], list[SourceId]]:
    """Sources whose word that a page has changed was right, and those whose word was not; `news` are the new versions.

    A page nobody knew says nothing: there was nothing it could have changed from.
    """
    right: list[SourceId] = []
    wrong: list[SourceId] = []
    for one in decisions:
        if one.judges is not None and one.articles:
            versions = [news.get(row.article_id, 0) for row in one.articles]
            if 1 not in versions:
                (right if max(versions) else wrong).append(one.judges)
    return right, wrong


def sealing_state(state: str, sha256: bytes | None) -> int:
    """The number of a state a segment may be moved to.

    Raises:
        StoreError: there is none of this name, or it is `sealed` without a digest.
    """
    numbers = {"sealing": 2, "sealed": 3, "void": 4}
    if state not in numbers or (state == "sealed" and not sha256):
        raise StoreError(f"no segment is moved to {state!r} with sha256 {sha256!r}")
    return numbers[state]


def entries_kept(least: int, known: Rhythm) -> int:
    """How many entries of a source are known: so many that none is forgotten while its document shows it."""
    return max(least, 4 * known.shown)
