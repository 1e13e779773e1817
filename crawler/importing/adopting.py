"""A foreign exchange as records of ours: their ids, dates and bytes kept, what we need to find it again added. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from crawler import sources, urls
from crawler.archive import warc
from crawler.archive.member import Member
from crawler.archive.rebuilding import fields, millis
from crawler.importing.foreign import Exchange, target
from crawler.messages import Head, entity, header, media_type, read_head, read_response
from crawler.model import Kind, Millis, SegmentId, Url, Value

_OURS: Final = frozenset(
    {
        "warc-type", "warc-record-id", "warc-date", "warc-target-uri", "warc-warcinfo-id", "warc-concurrent-to",
        "warc-block-digest", "warc-payload-digest", "content-length", "warc-refers-to", "warc-refers-to-target-uri",
        "warc-refers-to-date", "warc-profile", "warc-filename",
    }
)  # fmt: skip
"""What is written anew: the rest of their headers stays as it is."""

_PAGES: Final = frozenset({"html", "text"})
_TYPES: Final = ("text/html", "application/xhtml", "text/plain")
_SNIFFED: Final = 1 << 16
_SUCCESS: Final = range(200, 300)
_MOST_DECODED: Final = 64 << 20
_IDENTICAL: Final = "identical-payload"


class Unusable(Value, frozen=True, kw_only=True):
    """A record that isn't taken in, and why."""

    why: str


class Adopted(Value, frozen=True, kw_only=True):
    """Records of ours, ready to be packed."""

    url: Url
    at: Millis
    digest: str | None
    records: tuple[warc.Record, ...]


class Home(Value, frozen=True, kw_only=True):
    """Where they are going to lie."""

    archive_id: str
    segment: SegmentId
    name: str
    """Of the file they come from."""


def adopt(exchange: Exchange, home: Home, dates: Mapping[str, tuple[str, str]], later: Millis = 0) -> Adopted | Unusable:
    """The records of an exchange.

    `dates` has address and date of each answer by its id; `later` moves the date by some ms, where another exchange of this
    address has it already.
    """
    answer = exchange.answer
    if answer.get("WARC-Segment-Number"):
        return Unusable(why="a part of a record that was cut in pieces")
    try:
        url = _url(target(answer))
        at = millis(answer.get("WARC-Date") or "") + later
    except (urls.UrlError, ValueError) as error:
        return Unusable(why=f"no address or date that can be used: {error}")
    made = _Adopting(exchange, home, url, at)
    refers = made.refers(dates) if answer.kind == "revisit" else ()
    if refers is None:
        return Unusable(why="a revisit that doesn't say of what")
    return made.adopted(refers)


class _Adopting:
    """One exchange, ready to be told in records."""

    def __init__(self, exchange: Exchange, home: Home, url: Url, at: Millis) -> None:
        self._exchange = exchange
        self._home = home
        self._url = url
        self._at = at
        self._answer = exchange.answer
        self._id = _id(self._answer, home)
        self._request_id = _id(exchange.request, home) if exchange.request else None
        self._head = None if self._answer.kind == "resource" else read_head(self._answer.block)

    def refers(self, dates: Mapping[str, tuple[str, str]]) -> tuple[tuple[str, str], ...] | None:
        """What a revisit refers to; None: that isn't known."""
        there = self._answer.get("WARC-Refers-To") or ""
        known = dates.get(there, ("", ""))
        url = (self._answer.get("WARC-Refers-To-Target-URI") or known[0] or target(self._answer)).strip("<>")
        date = self._answer.get("WARC-Refers-To-Date") or known[1]
        try:
            named = (("WARC-Refers-To-Target-URI", warc.uri(_url(url))), ("WARC-Refers-To-Date", warc.date(millis(date))))
        except (urls.UrlError, ValueError):
            return None
        same = _IDENTICAL in (self._answer.get("WARC-Profile") or _IDENTICAL)
        profile = ("WARC-Profile", warc.SAME_PAYLOAD if same else warc.NOT_MODIFIED)
        return (profile, *((("WARC-Refers-To", there),) if there else ()), *named)

    def adopted(self, refers: tuple[tuple[str, str], ...]) -> Adopted:
        digest = self._digest()
        records = [self._record(self._answer, self._id, (*refers, ("WARC-Payload-Digest", digest)), self._request_id)]
        if self._exchange.request is not None and self._request_id is not None:
            records.append(self._record(self._exchange.request, self._request_id, (), self._id))
        return Adopted(url=self._url, at=self._at, digest=digest, records=(*records, self._metadata()))

    def _record(self, member: Member, record_id: str, more: warc.Fields, concurrent: str | None) -> warc.Record:
        theirs = [(name, value) for name, value in member.headers if name.lower() not in _OURS]
        common = (
            ("WARC-Target-URI", warc.uri(self._url)),
            ("WARC-Warcinfo-ID", warc.warcinfo_id(self._home.archive_id, self._home.segment)),
            ("WARC-Concurrent-To", concurrent),
        )
        return warc.record(member.kind, record_id, self._at, (*common, *more, *theirs), member.block)

    def _digest(self) -> str | None:
        if self._answer.kind == "revisit":
            return self._answer.get("WARC-Payload-Digest")
        if self._head is None:
            return warc.digest(self._answer.block)
        return warc.digest_of(entity(self._answer.block)) if self._head.whole else None

    def _metadata(self) -> warc.Record:
        """Theirs where it is one of ours: whoever imports what we exported gets it as it was."""
        given = self._exchange.metadata
        said = fields(given.block) if given is not None else {}
        if given is not None and {"kind", "keyVersion", "status"} <= said.keys():
            return self._record(given, _id(given, self._home), (), self._id)
        block = warc.block_of(self._facts(said))
        record_id = warc.named(f"{self._home.archive_id}\0{self._home.segment}\0{self._id}\0metadata")
        empty = Member(kind="metadata", headers=(("Content-Type", warc.FIELDS_TYPE),), block=block)
        return self._record(empty, record_id, (), self._id)

    def _facts(self, said: Mapping[str, str]) -> warc.Fields:
        status, mime = self._status(), self._mime()
        kind = self._kind(status, mime)
        wanted = kind is not None and status in _SUCCESS
        theirs = target(self._answer)
        return (
            ("via", said.get("via")),
            ("hopsFromSeed", said["hopsFromSeed"] if said.get("hopsFromSeed", "").isdecimal() else None),
            ("kind", (kind or Kind.PAGE).name.lower()),
            ("status", str(status)),
            ("mime", mime),
            ("keyVersion", str(urls.KEY_VERSION)),
            ("outcome", "fetched" if wanted else "kept"),
            ("noOriginal", None if self._head is None or self._head.whole else "1"),
            ("importedFrom", self._home.name),
            ("importedAddress", theirs if theirs != self._url else None),
        )

    def _status(self) -> int:
        return 200 if self._head is None else self._head.status

    def _mime(self) -> str | None:
        declared = self._answer.get("Content-Type") if self._head is None else header(self._head.headers, "content-type")
        return media_type(declared)

    def _kind(self, status: int, mime: str | None) -> Kind | None:
        """What is to be read in it; None: nothing."""
        if urls.path(self._url) == "/robots.txt":
            return Kind.ROBOTS
        if self._answer.kind == "revisit" or status not in _SUCCESS:
            return Kind.PAGE
        sniffed = sources.sniff(_beginning(self._answer, self._head), mime)
        if sniffed == "feed":
            return Kind.FEED
        return Kind.PAGE if sniffed in _PAGES and (mime or "text/html").startswith(_TYPES) else None


def _beginning(answer: Member, head: Head | None) -> bytes:
    body = answer.block if head is None else read_response(answer.block, _MOST_DECODED).body
    return body[:_SNIFFED]


def _url(text: str) -> Url:
    """An address as the store has them: of the web, or a local document's name."""
    return Url(text) if text.startswith("urn:sha256:") else urls.parse(text)


def _id(member: Member, home: Home) -> str:
    """A record's own id; one that has none gets one that is the same each time."""
    given = (member.get("WARC-Record-ID") or "").strip()
    if given.startswith("<") and given.endswith(">"):
        return given
    said = "\0".join((home.archive_id, member.kind, target(member), member.get("WARC-Date") or "", warc.digest(member.block)))
    return warc.named(said)
