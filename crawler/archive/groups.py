"""What one exchange becomes: an answer, the request it answers, and what else is known. Pure.

The answer is a `response`; a `revisit` where the payload is kept already or the server said 304; a `resource` for a local
document. All records of an exchange lie together, each a record of its own.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from typing import Final, Literal, assert_never

from crawler import rights, urls
from crawler.archive import warc
from crawler.archive.identifying import identify
from crawler.messages import entity, first_bytes, read_head
from crawler.model import (
    Broken,
    CaptureKey,
    Exchange,
    Fetched,
    Job,
    Kind,
    Original,
    Outcome,
    Redirected,
    Refused,
    SegmentId,
    Unasked,
    Unchanged,
    Value,
    Visit,
)

_HEAD_END: Final = re.compile(rb"\r?\n\r?\n")
# A head is at most 64 KB; further than this nobody looks for its end.
_MOST_HEAD: Final = 1 << 20


class Setting(Value, frozen=True, kw_only=True):
    """Where a group is going to lie."""

    archive_id: str
    segment: SegmentId


class Refers(Value, frozen=True, kw_only=True):
    """What a revisit points to, and why."""

    why: Literal["payload", "not_modified"]
    original: Original


def key_of(visit: Visit, exchange: Exchange) -> CaptureKey:
    """The capture's key: the job's own hash where its address was asked, else the hash of what was (robots.txt)."""
    job = visit.job
    h = job.h if exchange.url == job.url else urls.url_hash(exchange.url)
    return CaptureKey(host_id=job.host_id, h=h, fetched_at=exchange.fetched_at)


def is_local(exchange: Exchange) -> bool:
    """A document that never went over a wire."""
    return not exchange.request and exchange.url.startswith("urn:")


def head_size(exchange: Exchange) -> int | None:
    """Length of an answer's head with its empty line; None where it doesn't end. A local document has no head."""
    if is_local(exchange):
        return 0
    end = _HEAD_END.search(exchange.response, 0, _MOST_HEAD)
    return end.end() if end else None


def records(visit: Visit, exchange: Exchange, setting: Setting, refers: Refers | None) -> tuple[warc.Record, ...]:
    """The records of an exchange in the order they are written: the answer, the request if there was one, the metadata."""
    told = _Told(visit, exchange, setting)
    answer = told.answer() if refers is None else told.revisit(refers)
    request = (told.request(),) if exchange.request else ()
    return (answer, *request, told.metadata())


class _Told:
    """One exchange, ready to be told in records."""

    def __init__(self, visit: Visit, exchange: Exchange, setting: Setting) -> None:
        self._visit = visit
        self._exchange = exchange
        self._setting = setting
        self._key = key_of(visit, exchange)
        self._answer_id, self._request_id = self._id("answer"), self._id("request")
        info = warc.warcinfo_id(setting.archive_id, setting.segment)
        self._common = (("WARC-Target-URI", warc.uri(exchange.url)), ("WARC-Warcinfo-ID", info))

    def answer(self) -> warc.Record:
        exchange = self._exchange
        local = is_local(exchange)
        content_type = (exchange.mime or "application/octet-stream") if local else warc.RESPONSE_TYPE
        fields = (
            *self._common,
            *self._wire(),
            ("WARC-Payload-Digest", exchange.payload_digest or _digest(exchange)),
            ("WARC-Identified-Payload-Type", identify(exchange.response if local else first_bytes(exchange.response))),
            ("WARC-Truncated", exchange.truncated),
            ("Content-Type", content_type),
        )
        return self._record("resource" if local else "response", self._answer_id, fields, exchange.response)

    def revisit(self, refers: Refers) -> warc.Record:
        exchange, original = self._exchange, refers.original
        same = refers.why == "payload"
        fields = (
            *self._common,
            *self._wire(),
            ("WARC-Profile", warc.SAME_PAYLOAD if same else warc.NOT_MODIFIED),
            ("WARC-Refers-To", warc.record_id(self._setting.archive_id, original.key, "answer")),
            ("WARC-Refers-To-Target-URI", warc.uri(original.url)),
            ("WARC-Refers-To-Date", warc.date(original.key.fetched_at)),
            ("WARC-Payload-Digest", exchange.payload_digest if same else original.digest),
            ("Content-Type", None if is_local(exchange) else warc.RESPONSE_TYPE),
        )
        return self._record("revisit", self._answer_id, fields, exchange.response[: head_size(exchange)])

    def request(self) -> warc.Record:
        fields = (
            *self._common,
            ("WARC-IP-Address", warc.address(self._exchange.peer)),
            ("WARC-Concurrent-To", self._answer_id),
            ("Content-Type", warc.REQUEST_TYPE),
        )
        return self._record("request", self._request_id, fields, self._exchange.request)

    def metadata(self) -> warc.Record:
        fields = (*self._common, ("WARC-Concurrent-To", self._answer_id), ("Content-Type", warc.FIELDS_TYPE))
        return self._record("metadata", self._id("metadata"), fields, warc.block_of(_facts(self._visit, self._exchange)))

    def _record(self, kind: str, record_id: str, fields: warc.Fields, block: bytes) -> warc.Record:
        return warc.record(kind, record_id, self._exchange.fetched_at, fields, block)

    def _wire(self) -> tuple[tuple[str, str | None], ...]:
        """Who answered, over what. WARC-Protocol (a line a layer) and WARC-Cipher-Suite are extensions of the community."""
        exchange = self._exchange
        if is_local(exchange):
            return ()
        return (
            ("WARC-IP-Address", warc.address(exchange.peer)),
            *(("WARC-Protocol", protocol) for protocol in exchange.protocol.split()),
            ("WARC-Cipher-Suite", warc.cipher_suite(exchange.cipher)),
            ("WARC-Concurrent-To", self._request_id if exchange.request else None),
        )

    def _id(self, role: warc.Role) -> str:
        return warc.record_id(self._setting.archive_id, self._key, role)


def _digest(exchange: Exchange) -> str | None:
    """Of a payload that was cut or is empty, or whose answer aiohttp couldn't parse: as much of it as the record holds.

    Only for the record: such a payload is nobody's original. None where nothing says what the payload is.
    """
    if is_local(exchange):
        return warc.digest(exchange.response)
    return warc.digest_of(entity(exchange.response)) if read_head(exchange.response).whole else None


def _facts(visit: Visit, exchange: Exchange) -> warc.Fields:
    """Enough to make the catalog's rows again from the archive alone.

    `jobUrl` stands where not the job's own address was asked. `interim` is base64 of the 1xx answers that came before;
    `tlsUnverified` that nobody looked at the certificate; `rebuilt` that the head is not as received; `noOriginal` that no
    later payload may refer to this one; `unparsed` that what came is not an HTTP answer.
    """
    job, context = visit.job, visit.job.context
    return (
        ("via", context.via),
        ("hopsFromSeed", str(context.hops)),
        ("fetchTimeMs", str(round(exchange.took * 1000))),
        ("kind", exchange.kind.name.lower()),
        ("status", str(exchange.status)),
        ("mime", exchange.mime),
        ("keyVersion", str(urls.KEY_VERSION)),
        ("outcome", _outcome(visit.outcome) if exchange is visit.evidence[-1] else None),
        ("jobUrl", job.url if job.url != exchange.url else None),
        *_why(job),
        *_rights(visit.rights, exchange.kind),
        *_doubts(exchange),
        ("interim", base64.b64encode(exchange.interim).decode() or None),
    )


def _rights(said: Mapping[str, str], kind: Kind) -> warc.Fields:
    """What robots.txt said of reuse; in its own record its bytes say it."""
    if not said or kind is Kind.ROBOTS:
        return ()
    return [(name, said.get(key)) for key, name in rights.FIELDS.items()]


def _why(job: Job) -> warc.Fields:
    """What led to it, and what was said of it there."""
    context = job.context
    return (
        ("firstUrl", context.first_url),
        ("source", context.source or (job.poll.source_id if job.poll else None)),
        ("feedGuid", context.guid),
        ("feedPubDate", context.pub_date),
        ("feedTitle", context.title),
        ("depth", str(job.depth) if job.depth else None),
        ("revisit", _yes(context.revisit)),
    )


def _doubts(exchange: Exchange) -> warc.Fields:
    """In what an answer is less than a whole one, as it came, from whom it should be."""
    return (
        ("noOriginal", _yes(exchange.payload_digest is None and exchange.truncated is None and exchange.status != 0)),
        ("unparsed", _yes(exchange.status == 0 and not is_local(exchange))),
        ("tlsUnverified", _yes(exchange.unverified)),
        ("rebuilt", _yes(exchange.rebuilt)),
    )


def _yes(holds: bool) -> str | None:  # noqa: FBT001 - it says nothing else
    return "1" if holds else None


def _outcome(outcome: Outcome) -> str:
    """`fetched`, `unchanged` …, with the reason where there is one."""
    name = type(outcome).__name__.lower()
    match outcome:
        case Refused(reason=reason) | Broken(reason=reason):
            return f"{name} {reason}"
        case Fetched() | Unchanged() | Redirected() | Unasked():
            return name
        case _:
            assert_never(outcome)
