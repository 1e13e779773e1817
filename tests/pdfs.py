"""Small PDF documents made by hand: lines in any script, as the programs that print newspapers write them."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence


def pdf(pages: Sequence[Sequence[str]], info: Mapping[str, str] | None = None, *, lang: str = "", packed: bool = True) -> bytes:
    """Each page's lines stand below each other; letters are glyphs of one font, whose ToUnicode map says what they mean.

    Lines are drawn from left to right: who wants a line in Arabic gives it in that order.
    """
    letters = sorted({letter for page in pages for line in page for letter in line})
    code = {letter: number for number, letter in enumerate(letters, start=1)}
    kids = [6 + 2 * number for number in range(len(pages))]
    objects = {
        1: f"<</Type/Catalog/Pages 2 0 R{f'/Lang({lang})' if lang else ''}>>".encode(),
        2: f"<</Type/Pages/Count {len(kids)}/Kids[{' '.join(f'{kid} 0 R' for kid in kids)}]>>".encode(),
        3: b"<</Type/Font/Subtype/Type0/BaseFont/Plain/Encoding/Identity-H/DescendantFonts[4 0 R]/ToUnicode 5 0 R>>",
        4: b"<</Type/Font/Subtype/CIDFontType2/BaseFont/Plain/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>"
        b"/DW 500>>",
        5: _stream(_to_unicode(code), packed=packed),
    }
    for kid, lines in zip(kids, pages, strict=True):
        objects[kid] = (
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F 3 0 R>>>>/Contents {kid + 1} 0 R>>"
        ).encode()
        objects[kid + 1] = _stream(_content(lines, code), packed=packed)
    last = max(objects) + 1
    said = "".join(f"/{name}<feff{value.encode('utf-16-be').hex()}>" for name, value in (info or {}).items())
    objects[last] = f"<<{said}>>".encode()
    return _written(objects, info=last)


def visual(line: str) -> str:
    """A line in Arabic or Hebrew letters alone, from left to right."""
    return line[::-1]


def _content(lines: Sequence[str], code: Mapping[str, int]) -> bytes:
    drawn = "".join(f"<{''.join(f'{code[letter]:04x}' for letter in line)}>Tj 0 -14 Td\n" for line in lines)
    return f"BT /F 10 Tf 50 800 Td\n{drawn}ET".encode()


def _to_unicode(code: Mapping[str, int]) -> bytes:
    rows = "".join(f"<{number:04x}><{letter.encode('utf-16-be').hex()}>\n" for letter, number in code.items())
    head = "/CIDInit/ProcSet findresource begin begincmap 1 begincodespacerange <0000><ffff> endcodespacerange"
    return f"{head}\n{len(code)} beginbfchar\n{rows}endbfchar endcmap end".encode()


def _stream(content: bytes, *, packed: bool) -> bytes:
    body = zlib.compress(content) if packed else content
    return f"<</Length {len(body)}{'/Filter/FlateDecode' if packed else ''}>>stream\n".encode() + body + b"\nendstream"


def _written(objects: Mapping[int, bytes], *, info: int) -> bytes:
    out = bytearray(b"%PDF-1.7\n")
    places = []
    for number, content in sorted(objects.items()):
        places.append(len(out))
        out += f"{number} 0 obj\n".encode() + content + b"\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    start = len(out)
    out += f"xref\n0 {len(places) + 1}\n0000000000 65535 f \n{table}".encode()
    out += f"trailer<</Size {len(places) + 1}/Root 1 0 R/Info {info} 0 R>>\nstartxref\n{start}\n%%EOF".encode()
    return bytes(out)
