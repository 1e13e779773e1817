"""One capture with what was sent and received, and whether that is as it was written. Blocking."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from crawler import messages, urls
from crawler.archive import warc
from crawler.archive.member import Member
from crawler.archive.members import pieces
from crawler.archive.places import Places
from crawler.archive.reading import open_file
from crawler.messages import Body, header, media_type, read_head, read_response
from crawler.model import Capture, Millis, Url
from crawler.ports import ArchiveError
from crawler.replay.pages import MOST_CAPTURES
from crawler.store.rules import Address
from crawler.store.shelf import Shelf, open_shelf

MOST_BODY = 64 << 20


class Evidence(NamedTuple):
    """A capture, read."""

    capture: Capture
    members: tuple[Member, ...]
    faults: tuple[str, ...]
    """What isn't as it was written; none: every checksum and digest was made again, and holds."""
    payload_of: Capture
    """Itself, or what it is a revisit of."""
    body: Body
    sha256: str
    """Of the payload, still content-encoded."""

    @property
    def mime(self) -> str | None:
        """The declared type."""
        return media_type(header(self.body.headers, "content-type"))


class Room:
    """An archive's captures, for who shows them."""

    def __init__(self, root: Path, store: Path) -> None:
        self._places = Places(root)
        self._store = store

    def find(self, url: Url, at: Millis) -> Evidence | None:
        """The capture of an address nearest to a time; None: there is none.

        Raises:
            ArchiveError: its file isn't there.
        """
        with open_shelf(self._store) as shelf:
            capture = shelf.nearest(urls.address(url), at)
            return self._read(capture, shelf) if capture else None

    def captures(self, url: Url) -> Sequence[Capture]:
        """All of an address, oldest first; of very many the newest."""
        with open_shelf(self._store) as shelf:
            return shelf.captures(urls.address(url), MOST_CAPTURES)

    def there(self, found: Sequence[Url]) -> frozenset[Url]:
        """Which of these addresses were captured."""
        by_address: Mapping[Url, Address] = {url: urls.address(url) for url in found}
        with open_shelf(self._store) as shelf:
            known = shelf.there(sorted(set(by_address.values())))
        return frozenset(url for url, where in by_address.items() if where in known)

    def _read(self, capture: Capture, shelf: Shelf) -> Evidence:
        members, faults = self._members(capture)
        original = shelf.capture(capture.revisit_of) if capture.revisit_of else None
        more = self._members(original) if original else ((), ())
        answer = (more[0] or members)[0] if (more[0] or members) else Member(kind="resource", headers=(), block=b"")
        return Evidence(
            capture=capture,
            members=members,
            faults=(*faults, *more[1]),
            payload_of=original or capture,
            body=_body(answer),
            sha256=_sha256(answer),
        )

    def _members(self, capture: Capture) -> tuple[tuple[Member, ...], tuple[str, ...]]:
        path = self._places.names(capture.segment).there()
        if path is None:
            raise ArchiveError(f"{capture.segment}: its file isn't there; mount its disk")
        with open_file(path) as file:
            file.seek(capture.offset)
            found = list(pieces(file, capture.group_length, len))
        members = tuple(piece.member for piece in found if piece.member is not None)
        faults = [piece.fault for piece in found if piece.member is None]
        return members, (*faults, *(fault for member in members for fault in _faults(member)))


def _faults(member: Member) -> Sequence[str]:
    found = []
    if member.get("WARC-Block-Digest") != warc.digest(member.block):
        found.append(f"the {member.kind}'s block digest is wrong")
    said = member.get("WARC-Payload-Digest")
    if said is not None and member.kind == "response" and said != warc.digest_of(messages.entity(member.block)):
        found.append("the payload digest is wrong")
    return found


def _body(answer: Member) -> Body:
    if answer.kind != "resource":
        return read_response(answer.block, MOST_BODY)
    headers = tuple(pair for pair in answer.headers if pair[0].lower() == "content-type")
    return Body(status=200, headers=headers, body=answer.block, whole=True)


def _sha256(answer: Member) -> str:
    total = hashlib.sha256()
    whole = answer.kind != "resource" and read_head(answer.block).whole
    for piece in messages.entity(answer.block) if whole else (answer.block,):
        total.update(piece)
    return total.hexdigest()
