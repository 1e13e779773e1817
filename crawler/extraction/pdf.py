"""A PDF as an article: its text, and what it says of itself. The only file that needs pypdf: the extra `pdf`. Pure.

Whatever somebody's file does to pypdf is a note; it is read up to a number of pages and of letters.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterator
from datetime import datetime
from io import BytesIO
from itertools import islice
from typing import Final, NamedTuple

import msgspec
from pypdf import PageObject, PdfReader
from pypdf.errors import DependencyError, PyPdfError

from crawler.extraction import language
from crawler.extraction.fingerprint import fingerprint
from crawler.extraction.flowing import paragraphs
from crawler.extraction.visual import is_drawn, logical
from crawler.model import Article

MOST_PAGES: Final = 200
MOST_CHARS: Final = 150_000
"""At 6 us a letter half of what a page may cost; no news document of use is longer."""
_MOST_TITLE: Final = 300

_BROKEN: Final = (
    PyPdfError,
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    OSError,
    RuntimeError,
    struct.error,
    TypeError,
    ValueError,
    zlib.error,
)
"""What pypdf lets through where objects of a file aren't what it takes them for."""

_DATE: Final = re.compile(r"(?:D:)?(\d{4})(\d\d)(\d\d)(?:(\d\d)(\d\d)(\d\d)?)?(?:(Z)|([+-])(\d\d)'?(\d\d)?)?")
# A file's name, the program it was written with, or the name a program gives to what has none, in some languages.
_NO_TITLE: Final = re.compile(
    r"(?:microsoft|powerpoint|untitled|(?:document|dokument|slide|مستند)\s*\d*$|无标题|無題|без имени|sans titre|sin título)"
    r"|.*\.(?:docx?|pptx?|xlsx?|pdf|indd|qxd|tex|dvi|odt|rtf|txt|ai|cdr|pages)$|[\w.-]*[\d_][\w.-]*$|\W*$",
    re.IGNORECASE,
)
_OLDEST: Final = 1993
"""The year of the first PDF."""


class _Pages(NamedTuple):
    texts: list[str]
    broken: int
    left: int
    """Of the document, not looked at."""


def read(data: bytes) -> Article:
    """Read a document; one that can't be read is an article without a text, and `note` says why."""
    try:
        document = PdfReader(BytesIO(data))
        if document.is_encrypted and not document.decrypt(""):
            return _silent("a PDF that is encrypted")
        return _article(document, _pages(document))
    except DependencyError:
        return _silent("a PDF that is encrypted")
    except _BROKEN as error:
        return _silent(f"a PDF that can't be read: {type(error).__name__}: {str(error)[:100]}")


def _silent(note: str) -> Article:
    return Article(kind="other", found_in={"kind": "pdf"}, note=note)


def _pages(document: PdfReader) -> _Pages:
    texts: list[str] = []
    chars = broken = 0
    for page in islice(document.pages, MOST_PAGES):
        if chars >= MOST_CHARS:
            break
        try:
            texts.append(_text(page))
            chars += len(texts[-1])
        except _BROKEN:
            texts.append("")
            broken += 1
    return _Pages(texts, broken, len(document.pages) - len(texts))


def _text(page: PageObject) -> str:
    """The lines of a page. Blocks of lines stay together; but words that are drawn one by one have to be put in order."""
    text = page.extract_text()
    if not is_drawn(text):
        return str(text)
    return "\n".join(logical(" ".join(line.split())) for line in page.extract_text(extraction_mode="layout").splitlines())


def _article(document: PdfReader, pages: _Pages) -> Article:
    text = paragraphs(pages.texts)
    script = language.script(text)
    text = text if script else ""
    spoken, where = language.language(text, script, [(_declared(document), "pdf")]) or (None, "")
    fields = {
        "kind": ("other", "pdf"),
        "title": (_title(document), "pdf"),
        "published": (_date(document, "/CreationDate"), "pdf"),
        "modified": (_date(document, "/ModDate"), "pdf"),
        "text": (text, "pdf"),
        "language": (spoken, where),
        "direction": (language.direction(script, None), "text"),
        "fingerprint": (fingerprint(text), "text"),
    }
    found = {name: (value, place) for name, (value, place) in fields.items() if value}
    return msgspec.convert(
        {
            **{name: value for name, (value, _) in found.items()},
            "found_in": {name: place for name, (_, place) in found.items()},
            "note": _note(pages, has_text=bool(text)),
        },
        Article,
    )


def _note(pages: _Pages, *, has_text: bool) -> str | None:
    told = list(_told(pages)) if has_text else [f"a PDF without a text: {len(pages.texts)} pages, perhaps of pictures"]
    return "; ".join(told) or None


def _told(pages: _Pages) -> Iterator[str]:
    if pages.left:
        yield f"a PDF of {len(pages.texts) + pages.left} pages, of which {len(pages.texts)} were read"
    if pages.broken:
        yield f"{pages.broken} of its pages can't be read"


def _title(document: PdfReader) -> str | None:
    """What it is called by its metadata; but not by a file's name, or a program's."""
    said = document.metadata.title if document.metadata else None
    title = " ".join(said.split()) if isinstance(said, str) else ""
    return None if len(title) > _MOST_TITLE or _NO_TITLE.match(title) else title or None


def _declared(document: PdfReader) -> str | None:
    said = document.root_object.get("/Lang")
    return said if isinstance(said, str) else None


def _date(document: PdfReader, name: str) -> str | None:
    """A date of its metadata (ISO 32000-1, 7.9.4) as RFC 3339; None: it has none that may be true."""
    said = document.metadata.get(name) if document.metadata else None
    found = _DATE.match(said) if isinstance(said, str) else None
    if found is None or int(found[1]) < _OLDEST:
        return None
    day = "-".join(found.group(1, 2, 3))
    clock = "" if found[4] is None else f"T{found[4]}:{found[5]}:{found[6] or '00'}{_zone(found)}"
    try:
        datetime.fromisoformat(day + clock)
    except ValueError:
        return None
    return day + clock


def _zone(found: re.Match[str]) -> str:
    away = f"{found[8]}{found[9]}:{found[10] or '00'}" if found[8] else found[7] or ""
    return "Z" if away[1:] == "00:00" else away
