"""What happens to pages: cut anywhere, changed somewhere, read as another encoding. The same tears for the same page."""

from __future__ import annotations

import random
from collections.abc import Iterator

WRONG = ("utf-16", "shift_jis", "windows-1256")
PIECES = (
    b"<",
    b">",
    b'"',
    b"</div>",
    b"<table><tr><td>",
    b"<!--",
    b"]]>",
    b"<script>",
    b"&#x0;",
    b"\x00",
    b"<p" * 40,
    b"</body>",
    b"<video <b ",
    b"<h2 <!-- ",
    b"<i<b",
)


def cuts(page: bytes, count: int) -> Iterator[bytes]:
    """Beginnings of a page, some of them cut in the middle of a tag or a character."""
    for number in range(count):
        yield page[: len(page) * number // count + number % 3]


def mutations(page: bytes, count: int) -> Iterator[bytes]:
    """The page with a stretch gone, doubled, moved or overwritten."""
    chance = random.Random(len(page))
    for number in range(count):
        start = chance.randrange(len(page) + 1)
        end = min(len(page), start + chance.choice((1, 10, 300, 5_000)))
        stretch = page[start:end]
        replaced = (b"", stretch * 2, stretch[::-1], chance.choice(PIECES))[number % 4]
        yield page[:start] + replaced + page[end:]


def misread(page: bytes) -> Iterator[tuple[bytes, str]]:
    """The page with the name of an encoding that it isn't in."""
    for wrong in WRONG:
        yield page, f"text/html; charset={wrong}"


def torn(page: bytes, *, cut: int, mutated: int) -> Iterator[tuple[bytes, str]]:
    """All of it, each with its content type."""
    yield from ((part, "text/html") for part in cuts(page, cut))
    yield from ((part, "text/html") for part in mutations(page, mutated))
    yield from misread(page)
