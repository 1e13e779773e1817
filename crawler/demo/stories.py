"""The newsroom's stories, read from the files beside this one."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Final, Literal
from urllib.parse import quote

import msgspec

from crawler.model import Value

PAGES: Final[Traversable] = files("crawler.demo") / "pages"

Trouble = Literal["", "later", "stumbles", "moved", "private"]
"""What happens to who asks for a story: 429 once, 500 once, a redirect; or robots.txt forbids it."""

# What stands around the body of the given document, in lines: its title, author, section, title and lead-in before it; the
# disclaimer, the source and the short link behind it.
_GIVEN_BEFORE: Final = 5
_GIVEN_AFTER: Final = 4


class Story(Value, frozen=True, kw_only=True):
    """An article of one of the papers; `versions` are its paragraphs, the second ones from the second round on."""

    paper: str
    path: str
    title: str
    author: str
    section: str
    published: str | None = None
    marks: str = "bare"
    """How the page says what it is: `json-ld`, `og`, `bare` (a visible date), or `none` at all."""
    charset: str = "utf-8"
    appears: int = 1
    trouble: Trouble = ""
    listed: frozenset[str] = frozenset({"feed"})
    before: tuple[str, ...] = ()
    versions: tuple[tuple[str, ...], ...]
    after: tuple[str, ...] = ()
    source: str | None = None

    @property
    def lang(self) -> str:
        """The language it is written in."""
        return "ar" if unicodedata.bidirectional(self.title[0]) == "AL" else "en"

    @property
    def link(self) -> str:
        """The path that others link to."""
        return f"/go/{self.path.split('/')[2]}" if self.trouble == "moved" else self.path

    def paragraphs(self, round_: int) -> tuple[str, ...]:
        """What a reader of the page sees as its text in a round (1, 2 …)."""
        return self.versions[min(round_, len(self.versions)) - 1]


def load() -> tuple[Story, ...]:
    """All stories, in a fixed order."""
    named = sorted((PAGES / "stories").iterdir(), key=lambda entry: entry.name)
    return (_given(), *(_story(entry.read_text(encoding="utf-8")) for entry in named))


def _story(text: str) -> Story:
    head, *bodies = text.split("\n---\n")
    words = dict(line.split(": ", 1) for line in head.splitlines())
    lists = {"listed": words["listed"].split(), "versions": [tuple(_lines(body)) for body in bodies]}
    return msgspec.convert({**words, **lists, "path": quote(words["path"])}, Story, strict=False)


def _given() -> Story:
    """The given document, as the page it came from had it: without any date."""
    lines = tuple(_lines((PAGES / "given.txt").read_text(encoding="utf-8")))
    return Story(
        paper="mina",
        path=quote(f"/اخبار/{'-'.join(lines[0].split())}/"),
        title=lines[0],
        author=lines[1],
        section=lines[2],
        marks="none",
        before=lines[3:_GIVEN_BEFORE],
        versions=(lines[_GIVEN_BEFORE:-_GIVEN_AFTER],),
        after=lines[-_GIVEN_AFTER:-2],
        source=lines[-2],
    )


def _lines(text: str) -> Iterator[str]:
    return (line.strip() for line in text.splitlines() if line.strip())
