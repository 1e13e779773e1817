"""Search: the index brought up to what the catalog knows, and a query answered with parts of the texts. Blocking."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import msgspec

from crawler import alike
from crawler.archive.recorded import RecordReader
from crawler.model import SegmentId, Value
from crawler.ports import ArchiveError, StoreError
from crawler.search import query as queries
from crawler.search import snippets
from crawler.search.query import Query
from crawler.search.snippets import Snippet
from crawler.search.terms import VERSION, indexed
from crawler.store.search import Document, Filters, Hit, Index, Unread

_BATCH: Final = 200
"""Articles a transaction: some 100 ms in which nobody else writes."""
_MANY: Final = 5_000
"""Articles after which it is worth making one piece of the index."""


_MOST_COUNTED: Final = 1_000_000
ELSEWHERE: Final = "copy it to where it can be, and set WARRAQ_STORE__PATH to the copy"
"""What to do where a store can't be written: the archive may stay where it is."""


class Text(Value, frozen=True, kw_only=True):
    """What of a record is searched."""

    text: str
    title: str | None = None
    tags: tuple[str, ...] = ()


class Found(Value, frozen=True, kw_only=True):
    """An article that answers a query, and those that say the same."""

    hit: Hit
    snippet: Snippet
    alike: tuple[Hit, ...] = ()
    """Near-copies of it that would have been found, too; best first."""


class Lack(NamedTuple):
    """Articles that a search can't find."""

    waiting: int = 0
    """Not in the index yet, which can't be written."""
    missed: int = 0
    """Their records couldn't be read when it was their turn."""


class Readings(NamedTuple):
    """Articles as the index is to know them."""

    documents: Sequence[Document]
    missed: int
    """How many of those that were wanted can't be read: their disk isn't there, or they aren't as they were written."""


class Answer(Value, frozen=True, kw_only=True):
    """What was found for a query."""

    found: tuple[Found, ...]
    whole: bool = True
    """Each has all that is wanted; False: none has, so these have some of it."""


_text: Final = msgspec.json.Decoder(Text).decode


def catch_up(index: Index, root: Path, tell: Callable[[int], None] = lambda _: None) -> int:
    """Take in what is new in the catalog; how many articles that was. `tell` is called with how many events are left.

    It can be stopped anywhere, and goes on where it was. A record that can't be read is passed over, and counted.

    Raises:
        StoreError: the store can't be read or written.
    """
    taken = 0
    while some := take_in(index, root, _BATCH):
        taken += some
        tell(index.behind(VERSION))
    if taken >= _MANY:
        index.optimize()
    return taken


def ready(index: Index, root: Path, tell: Callable[[int], None] = lambda _: None) -> Lack:
    """As `catch_up`, but where the store can't be written the index stays as it is. What it lacks.

    Raises:
        StoreError: the store can't be read; or it can't be written, and has no index.
    """
    if index.writable:
        try:
            catch_up(index, root, tell)
        except StoreError as error:
            if not error.again:  # else its disk is full, or somebody else writes for long
                raise
        else:
            return Lack(missed=index.missed())
    waiting = len(index.unread(VERSION, _MOST_COUNTED))
    if waiting and not index.read_upto(VERSION):
        raise StoreError(f"{index.path}: there is no index to search, and it can't be written; {ELSEWHERE}")
    return Lack(waiting, index.missed())


def take_in(index: Index, root: Path, most: int) -> int:
    """Take in at most so many articles of what is new in the catalog, in one transaction; how many there were.

    Raises:
        StoreError: the store can't be read or written.
    """
    after, some = unread(index, most)
    if some:
        add(index, documents(some, root), after, some)
    return len(some)


def unread(index: Index, most: int) -> tuple[int, Sequence[Unread]]:
    """How far the index had come, and of what is new in the catalog at most so many."""
    after = index.read_upto(VERSION)  # first: whoever is quicker than we then has it refuse ours
    return after, index.unread(VERSION, most)


def documents(some: Sequence[Unread], root: Path) -> Readings:
    """What the index is to know of them. The store isn't looked at."""
    with RecordReader(root) as records:
        found = [document for one in some if (document := _document(one, records))]
    return Readings(found, len(some) - len(found))


def add(index: Index, found: Readings, after: int, some: Sequence[Unread]) -> None:
    """Enter the documents of what was unread, in one transaction."""
    index.add(found.documents, VERSION, after, some[-1].seq, found.missed)


def _document(one: Unread, records: RecordReader) -> Document | None:
    said = _read(one.segment, one.offset, one.length, records)
    if said is None:
        return None
    return Document(one.seq, indexed(said.text), indexed(f"{said.title or ''}\n{' '.join(said.tags)}"))


def _read(segment: SegmentId, offset: int, length: int, records: RecordReader) -> Text | None:
    """A record's text; None: it is gone (a disk that isn't there, a takedown) or isn't what was written."""
    try:
        line = records.read(segment, offset, length)
        return _text(line) if isinstance(line, bytes) else None
    except (ArchiveError, msgspec.DecodeError):
        return None


def search(index: Index, root: Path, text: str, filters: Filters, limit: int) -> Answer:
    """The best articles for a query, near-copies folded into the best of them.

    Raises:
        QueryError: the query can't be followed.
        StoreError: the store can't be read.
    """
    query = queries.parse(text)
    hits, whole = index.find(queries.expression(query), filters, limit * 3), True
    if not hits and (wider := queries.wider(query)):
        query, whole = wider, False
        hits = index.find(queries.expression(query), filters, limit * 3)
    groups = _grouped(hits)[:limit]
    with RecordReader(root) as records:
        found = tuple(Found(hit=best, snippet=_snippet(best, query, records), alike=tuple(others)) for best, *others in groups)
    return Answer(found=found, whole=whole)


def _snippet(hit: Hit, query: Query, records: RecordReader) -> Snippet:
    said = _read(hit.segment, hit.offset, hit.length, records)
    return snippets.snippet(said.text if said else "", query)


def _grouped(hits: Sequence[Hit]) -> list[list[Hit]]:
    """Each with those behind it that say the same, or call themselves the same article."""
    groups: list[list[Hit]] = []
    for hit in hits:
        group = next((group for group in groups if _same(group[0], hit)), None)
        if group is None:
            groups.append([hit])
        else:
            group.append(hit)
    return groups


def _same(one: Hit, other: Hit) -> bool:
    if one.family == other.family:
        return True
    if one.fingerprint is None or other.fingerprint is None:
        return False
    return alike.distance(one.fingerprint, other.fingerprint) <= alike.NEAR
