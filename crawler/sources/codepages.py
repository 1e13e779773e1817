"""XML in encodings the web's table of labels leaves out: code pages of DOS, Mac and mainframes, UTF-32. Pure.

XML has no table of its own: a declaration may name any charset of IANA's (XML 1.0, section 4.3.3), and expat's makers leave it
to the program. Only those named here are read; Python knows others that are no characters at all (zip, rot13).
"""

from __future__ import annotations

import re
from encodings.aliases import aliases
from typing import Final

from crawler import charset
from crawler.charset import Decoded

_CODECS_NAMES: Final = """
cp037 cp1006 cp1026 cp1125 cp1140 cp273 cp424 cp437 cp500 cp720 cp737 cp775 cp850 cp852 cp855 cp856 cp857 cp858 cp860 cp861
cp862 cp863 cp864 cp865 cp866 cp869 cp874 cp875 cp932 cp949 cp950 cp1250 cp1251 cp1252 cp1253 cp1254 cp1255 cp1256 cp1257
cp1258 big5 euc_jis_2004 euc_jisx0213 euc_kr gb2312 hp_roman8 hz iso2022_jp_1 iso2022_jp_2 iso2022_jp_2004 iso2022_jp_3
iso2022_kr iso8859_9 iso8859_11 johab koi8_t kz1048 mac_arabic mac_croatian mac_cyrillic mac_farsi mac_greek mac_iceland
mac_latin2 mac_roman mac_romanian mac_turkish ptcp154 shift_jis_2004 shift_jisx0213 tis_620 utf_32 utf_32_be utf_32_le
"""
_CODECS: Final = frozenset(_CODECS_NAMES.split())
_MICROSOFT: Final = {
    "ms_ansi": "cp1252",
    "ms_arab": "cp1256",
    "ms_cyrl": "cp1251",
    "ms_ee": "cp1250",
    "ms_greek": "cp1253",
    "ms_hebr": "cp1255",
    "ms_turk": "cp1254",
}
"""Names Java gave to Windows' pages."""

# The first bytes of `<`, `<?xm` or a BOM (XML 1.0, appendix F).
_STARTS: Final = (
    (b"\0\0\xfe\xff", "utf_32_be"),
    (b"\xff\xfe\0\0", "utf_32_le"),
    (b"\0\0\0<", "utf_32_be"),
    (b"<\0\0\0", "utf_32_le"),
)
_MAINFRAME: Final = b"\x4c\x6f\xa7\x94"
_LABEL: Final = re.compile(r"""\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']\s*([A-Za-z0-9._:-]{1,40})""")
_GAPS: Final = re.compile(r"[^a-z0-9]+")


def decoded(data: bytes) -> Decoded | None:
    """A document in one of these encodings, told by its first bytes or its declaration; else None.

    What `charset` knows by its label is left to it, and so is what is UTF-8 whatever it declares.
    """
    codec = _codec(data[:400])
    if codec is None or _is_utf8(data):
        return None
    text = data.decode(codec, "replace").lstrip("\ufeff")
    return Decoded(text=text, charset=codec.replace("_", "-"), found_in="bytes" if codec.startswith("utf") else "xml")


def _is_utf8(data: bytes) -> bool:
    """Several bytes to a character are never UTF-8 by accident; zeros are UTF-32."""
    if data.isascii():
        return False
    try:
        return "\0" not in data.decode()
    except UnicodeDecodeError:
        return False


def _codec(head: bytes) -> str | None:
    for start, codec in _STARTS:
        if head.startswith(start):
            return codec
    if head.startswith(_MAINFRAME):
        return _declared(head.decode("cp037")) or "cp037"
    return _declared(head.decode("latin-1"))


def _declared(head: str) -> str | None:
    found = _LABEL.match(head)
    if found is None or charset.known(found[1]):
        return None
    name = _GAPS.sub("_", found[1].lower())
    codec = _MICROSOFT.get(name) or aliases.get(name) or aliases.get(name.replace("_", "")) or name
    return codec if codec in _CODECS else None
