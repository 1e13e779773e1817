"""Versions of an article read from the archive and compared. Blocking."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import msgspec

from crawler.archive.recorded import RecordReader
from crawler.differing import Difference, Kind, difference, restless
from crawler.model import Anchor, Value
from crawler.ports import ArchiveError
from crawler.steady import steady
from crawler.store.versions import Changed, Version, VersionReader


class Said(Value, frozen=True, kw_only=True):
    """What a version says."""

    title: str | None = None
    text: str = ""
    anchors: tuple[Anchor, ...] = ()


class Told(Value, frozen=True, kw_only=True):
    """A change of an article, and what it was."""

    changed: Changed
    kind: Kind
    """Of what matters most."""
    difference: Difference


_said: Final = msgspec.json.Decoder(Said).decode


def read_all(versions: Sequence[Version], records: RecordReader) -> Mapping[int, Said]:
    """What each version says, by its number, without what its page counts, clocks and links anew at each visit.

    A deletion says nothing; a version whose record can't be read is left out.
    """
    found = {version.n: said for version in versions if (said := _read(version, records)) is not None}
    texts = {n: said.text.split("\n") for n, said in found.items() if said.text}
    for (n, lines), places in zip(texts.items(), restless(list(texts.values())), strict=True):
        if places:
            kept = (line for at, line in enumerate(lines) if at not in places)
            found[n] = Said(title=found[n].title, text="\n".join(kept))
    return found


def compare(old: Said, new: Said) -> Difference:
    """What is another in the newer one."""
    return difference((old.title or "", old.text), (new.title or "", new.text))


def stories(changes: Iterator[Changed], reader: VersionReader, records: RecordReader) -> Iterator[Told]:
    """Each change with what it was; one whose records can't be read, or say the same, is passed over."""
    for changed in changes:
        if changed.version.length == 0:
            yield Told(changed=changed, kind="deleted", difference=Difference(changes=()))
            continue
        said = read_all(reader.versions(changed.article.article_id), records)
        old, new = said.get(changed.before.n), said.get(changed.version.n)
        if old is None or new is None:
            continue
        found = compare(old, new)
        kind = "returned" if changed.returned else found.kind
        if kind is not None:
            yield Told(changed=changed, kind=kind, difference=found)


def _read(version: Version, records: RecordReader) -> Said | None:
    if version.length == 0:
        return Said()
    try:
        line = records.read(version.segment, version.offset, version.length)
        said = _said(line) if isinstance(line, bytes) else None
    except (ArchiveError, msgspec.DecodeError):
        return None
    return None if said is None else Said(title=said.title, text="\n".join(steady(said.text, said.anchors)))
