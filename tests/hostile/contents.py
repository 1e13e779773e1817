"""Behaviours: charsets, types, and what is no page though it is called one."""

from __future__ import annotations

import base64
import bz2
import gzip
import io
import json
import lzma
import zipfile
from typing import Final

from tests.hostile.behaviours import MARK, PAGE, PARAGRAPHS, Behaviour, answer, bad, chunked, good, html

BARE: Final = html(head="")


def labelled(charset: str | None, body: bytes, *, mime: str = "text/html") -> bytes:
    """A page with a charset in its head, or none."""
    return answer(body=body, mime=f"{mime}; charset={charset}" if charset else mime)


def arabic(codec: str, head: str = "") -> bytes:
    """The Arabic paragraphs alone, in an old encoding."""
    return html(
        PARAGRAPHS[1],
        PARAGRAPHS[1].replace("اليوم", "أمس"),
        f"قال المجلس إن العمل يبدأ في آذار. {MARK}",
        head=head,
        title="المكتبة القديمة",
    ).encode(codec)


def zipped() -> bytes:
    """A zip with a page in it."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("page.html", PAGE)
    return out.getvalue()


_JPEG: Final = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00" + bytes(range(256)) * 30
_PNG: Final = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256)) * 30
_MP4: Final = b"\x00\x00\x00\x20ftypisom\x00\x00\x02\x00" + bytes(range(256)) * 30
_PDF: Final = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<</Type/Catalog>>\nendobj\n" + bytes(range(256)) * 30
_WOFF: Final = b"wOF2\x00\x01\x00\x00" + bytes(range(256)) * 30
_SCRIPT: Final = "// " + "\n// ".join(PARAGRAPHS) + "\nwindow.start = function () { return 1; };\n"
_STYLE: Final = "/* " + "\n".join(PARAGRAPHS) + " */\nbody { color: #111; }\n" * 20
_TABLE: Final = "date,what,who\n" + f"2026-11-03,{PARAGRAPHS[0]},{MARK}\n" * 20

CHARSETS: Final[tuple[Behaviour, ...]] = (
    good("UTF-8, labelled nowhere", labelled(None, BARE.encode())),
    good("UTF-8, labelled latin-1", labelled("iso-8859-1", BARE.encode())),
    good("UTF-8, labelled windows-1256", labelled("windows-1256", BARE.encode())),
    good("UTF-8, with a charset nobody knows", labelled("x-no-such", BARE.encode())),
    good("UTF-8, with an empty charset", labelled('""', BARE.encode())),
    good("UTF-8, labelled as a codec of Python", labelled("rot13", BARE.encode())),
    good("UTF-8, labelled utf-7", labelled("utf-7", BARE.encode())),
    good("UTF-8 with a mark", labelled("windows-1252", b"\xef\xbb\xbf" + BARE.encode())),
    good("UTF-8 with its label in quotes", labelled('"UTF-8"', BARE.encode())),
    good("UTF-8 with its label in single quotes", labelled("'utf-8'", BARE.encode())),
    good("UTF-8 labelled utf8", labelled("utf8", BARE.encode())),
    good("UTF-8 with one wrong byte", labelled("utf-8", BARE.encode().replace(b"Tuesday", b"Tues\xffday"))),
    good("UTF-8, labelled in a comment only", labelled(None, html(head='<!-- <meta charset="koi8-r"> -->').encode())),
    good("UTF-8, labelled UTF-16 by a meta", labelled(None, html(head='<meta charset="utf-16">').encode())),
    good("windows-1256, labelled", labelled("windows-1256", arabic("cp1256"))),
    good("windows-1256, by its meta", labelled(None, arabic("cp1256", '<meta charset="windows-1256">'))),
    good(
        "windows-1256, by http-equiv",
        labelled(None, arabic("cp1256", '<meta http-equiv="Content-Type" content="text/html; charset=windows-1256">')),
    ),
    good("windows-1256, labelled nowhere", labelled(None, arabic("cp1256"))),
    good("windows-1256, labelled UTF-8", labelled("utf-8", arabic("cp1256"))),
    good("ISO-8859-6, labelled", labelled("iso-8859-6", arabic("iso8859_6"))),
    good("ISO-8859-6, labelled Arabic", labelled("arabic", arabic("iso8859_6"))),
    good("UTF-16 with a mark", labelled(None, BARE.encode("utf-16"))),
    good("UTF-16, big end first, by its mark", labelled(None, b"\xfe\xff" + BARE.encode("utf-16-be"))),
    good("UTF-16, labelled", labelled("utf-16le", BARE.encode("utf-16-le"))),
    good("UTF-16, labelled UTF-8, with a mark", labelled("utf-8", BARE.encode("utf-16"))),
    good("a label far down", labelled(None, arabic("cp1256", f'<script>{"x" * 4000}</script><meta charset="windows-1256">'))),
    good("the charset twice, the second wrong", answer(body=BARE.encode(), mime="text/html; charset=utf-8; charset=koi8-r")),
)

TYPES: Final[tuple[Behaviour, ...]] = (
    good("a page without a type", answer(mime=None)),
    good("a page with an empty type", answer(mime="")),
    good("a page as plain text", answer(mime="text/plain")),
    good("a page as octets", answer(mime="application/octet-stream")),
    good("a page as XHTML", answer(mime="application/xhtml+xml")),
    good("a page as XML", answer(mime="text/xml; charset=utf-8")),
    good("a page as of no such type", answer(mime="x/y-z")),
    good("a page as html alone", answer(mime="html")),
    good("a page as an unknown download", answer(mime="application/force-download")),
    good("a type in capitals", answer(mime="TEXT/HTML;CHARSET=UTF-8")),
    good("a type with junk behind", answer(mime="text/html;;; charset = utf-8 ;x")),
    good("two types in one line", answer(mime="text/html, text/html; charset=utf-8")),
    good("a page without a doctype", answer(body=PAGE.replace(b"<!DOCTYPE html>\n", b""))),
    good("a page behind blank lines and a comment", answer(body=b"\n\n  <!-- built by cms -->\n" + PAGE)),
    good("a page behind a warning of its server", answer(body=b"Warning: Undefined index in page.php on line 7\n" + PAGE)),
    good(
        "plain text", answer(body="\n\n".join(("The old breakwater", *PARAGRAPHS)).encode(), mime="text/plain; charset=utf-8")
    ),
    good("a type without its semicolon", answer(mime="text/html charset=utf-8")),
    good("a type in quotes", answer(mime='"text/html"')),
    good("a page of paragraphs alone", answer(body="".join(f"<p>{text}</p>" for text in PARAGRAPHS).encode())),
    good("a page with nosniff", answer("X-Content-Type-Options: nosniff")),
    bad("a picture as a page", "", answer(body=_JPEG)),
    bad("another picture as a page", "", answer(body=_PNG)),
    bad("a picture as what it is", "", answer(body=_JPEG, mime="image/jpeg")),
    bad("a film as a page", "", answer(body=_MP4)),
    bad("a font as a page", "", answer(body=_WOFF)),
    bad("a PDF as a page", "", answer(body=_PDF)),
    bad("a PDF as what it is", "", answer(body=_PDF, mime="application/pdf")),
    bad("a zip as a page", "", answer(body=zipped())),
    bad("a zip as what it is", "", answer(body=zipped(), mime="application/zip")),
    bad("a zip as plain text", "", answer(body=zipped(), mime="text/plain")),
    bad("zeros as a page", "", answer(body=bytes(5000))),
    bad("noise as a page", "", answer(body=gzip.compress(PAGE * 3)[10:])),
    bad("a script as what it is", "", answer(body=_SCRIPT.encode(), mime="text/javascript")),
    bad("a style sheet as what it is", "", answer(body=_STYLE.encode(), mime="text/css")),
    bad("a table as what it is", "", answer(body=_TABLE.encode(), mime="text/csv")),
    bad(
        "JSON as what it is",
        "",
        answer(body=json.dumps({"text": PARAGRAPHS}, ensure_ascii=False).encode(), mime="application/json"),
    ),
    bad(
        "several parts",
        "",
        answer(body=b"--x\r\nContent-Type: text/html\r\n\r\n" + PAGE + b"\r\n--x--\r\n", mime="multipart/mixed; boundary=x"),
    ),
    bad(
        "events",
        "",
        answer(body="".join(f"data: {paragraph}\n\n" for paragraph in PARAGRAPHS).encode(), mime="text/event-stream"),
    ),
    bad("PostScript as a page", "", answer(body=b"%!PS-Adobe-3.0\n" + b"/Times findfont 12 scalefont (Hello) show\n" * 50)),
    bad("bytes written as letters", "", answer(body=base64.encodebytes(bytes(range(256)) * 40))),
    bad("a rich text", "", answer(body=b"{\\rtf1\\ansi " + PARAGRAPHS[0].encode() + b"}")),
    bad("JSON as a page", "", answer(body=json.dumps({"text": PARAGRAPHS}).encode())),
    bad("a page packed by xz", "", answer(body=lzma.compress(PAGE))),
    bad("a page packed by bzip2", "", answer(body=bz2.compress(PAGE))),
    bad("a page in a tar", "", answer(body=b"page.html".ljust(100, b"\0") + b"0000644\0" * 3 + PAGE)),
    bad("a page in a letter", "", answer(body=b"From: a@b.example\nSubject: x\n\n" + PAGE, mime="message/rfc822")),
    bad("a calendar", "", answer(body=b"BEGIN:VCALENDAR\n" + b"SUMMARY:x\n" * 50, mime="text/calendar")),
    bad("an executable", "", answer(body=b"\x7fELF\x02\x01\x01" + bytes(9) + bytes(range(256)) * 30, mime="text/html")),
    bad(
        "a picture drawn in XML",
        "",
        answer(
            body=f'<svg xmlns="http://www.w3.org/2000/svg"><text>{PARAGRAPHS[0]}</text></svg>'.encode(), mime="image/svg+xml"
        ),
    ),
    bad("chunks of nothing but blanks", "", chunked(b"4\r\n    \r\n0\r\n\r\n")),
)
