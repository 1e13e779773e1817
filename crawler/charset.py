"""Which characters do these bytes mean? One answer for pages, one for XML; each says where it found it. Pure.

The order is the WHATWG's (https://encoding.spec.whatwg.org), with one change: bytes that *are* UTF-8 are read as UTF-8 whatever
their label says, since a longer text in another encoding is never valid UTF-8 by accident. Labels go through the table below
and never through `codecs.lookup`, which also knows rot13, zip and utf-7.
"""

from __future__ import annotations

import re
from codecs import utf_8_decode
from typing import Final, Literal, TypeAlias

from chardetng_py import EncodingDetector
from msgspec.structs import replace

from crawler.model import Article, Value

FoundIn = Literal["bom", "bytes", "header", "meta", "xml", "detector"]
_Label: TypeAlias = tuple[str, FoundIn]
"""An encoding by the WHATWG's name, and who claims it."""

_PRESCAN_BYTES: Final = 16_384
"""How far a declaration is looked for: the WHATWG's 1024 is too short for pages that open with scripts."""

_DETECTOR_BYTES: Final = 65_536
"""What the detector reads (3.6 MB/s), from the first byte that isn't ASCII on."""

# WHATWG name, Python codec, labels besides the name itself.
_ENCODINGS: Final = """
utf-8 utf_8 unicode-1-1-utf-8 unicode11utf8 unicode20utf8 utf8 x-unicode20utf8
utf-16le utf_16_le csunicode iso-10646-ucs-2 ucs-2 unicode unicodefeff utf-16
utf-16be utf_16_be unicodefffe
windows-1256 cp1256 cp1256 x-cp1256
iso-8859-6 iso8859_6 arabic asmo-708 csiso88596e csiso88596i csisolatinarabic ecma-114 iso-8859-6-e iso-8859-6-i iso-ir-127 \
iso8859-6 iso88596 iso_8859-6 iso_8859-6:1987
windows-1255 cp1255 cp1255 x-cp1255
iso-8859-8 iso8859_8 csiso88598e csisolatinhebrew hebrew iso-8859-8-e iso-ir-138 iso8859-8 iso88598 iso_8859-8 \
iso_8859-8:1988 visual csiso88598i iso-8859-8-i logical
windows-1251 cp1251 cp1251 x-cp1251
koi8-r koi8_r cskoi8r koi koi8 koi8_r
koi8-u koi8_u koi8-ru
iso-8859-5 iso8859_5 csisolatincyrillic cyrillic iso-ir-144 iso8859-5 iso88595 iso_8859-5 iso_8859-5:1988
ibm866 cp866 866 cp866 csibm866
x-mac-cyrillic mac_cyrillic x-mac-ukrainian
windows-1253 cp1253 cp1253 x-cp1253
iso-8859-7 iso8859_7 csisolatingreek ecma-118 elot_928 greek greek8 iso-ir-126 iso8859-7 iso88597 iso_8859-7 \
iso_8859-7:1987 sun_eu_greek
gb18030 gb18030 gbk chinese csgb2312 csiso58gb231280 gb2312 gb_2312 gb_2312-80 iso-ir-58 x-gbk
big5 big5hkscs big5-hkscs cn-big5 csbig5 x-x-big5
euc-jp euc_jp cseucpkdfmtjapanese x-euc-jp
iso-2022-jp iso2022_jp csiso2022jp
shift_jis cp932 csshiftjis ms932 ms_kanji shift-jis sjis windows-31j x-sjis
euc-kr cp949 cseuckr csksc56011987 iso-ir-149 korean ks_c_5601-1987 ks_c_5601-1989 ksc5601 ksc_5601 windows-949
windows-1252 cp1252 ansi_x3.4-1968 ascii cp1252 cp819 csisolatin1 ibm819 iso-8859-1 iso-ir-100 iso8859-1 iso88591 \
iso_8859-1 iso_8859-1:1987 l1 latin1 us-ascii x-cp1252
windows-1250 cp1250 cp1250 x-cp1250
iso-8859-2 iso8859_2 csisolatin2 iso-ir-101 iso8859-2 iso88592 iso_8859-2 iso_8859-2:1987 l2 latin2
iso-8859-3 iso8859_3 csisolatin3 iso-ir-109 iso8859-3 iso88593 iso_8859-3 iso_8859-3:1988 l3 latin3
iso-8859-4 iso8859_4 csisolatin4 iso-ir-110 iso8859-4 iso88594 iso_8859-4 iso_8859-4:1988 l4 latin4
iso-8859-10 iso8859_10 csisolatin6 iso-ir-157 iso8859-10 iso885910 l6 latin6
iso-8859-13 iso8859_13 iso8859-13 iso885913
iso-8859-14 iso8859_14 iso8859-14 iso885914
iso-8859-15 iso8859_15 csisolatin9 iso8859-15 iso885915 iso_8859-15 l9
iso-8859-16 iso8859_16
windows-1254 cp1254 csisolatin5 cp1254 iso-8859-9 iso-ir-148 iso8859-9 iso88599 iso_8859-9 iso_8859-9:1989 l5 latin5 x-cp1254
windows-1257 cp1257 cp1257 x-cp1257
windows-1258 cp1258 cp1258 x-cp1258
windows-874 cp874 dos-874 iso-8859-11 iso8859-11 iso885911 tis-620
macintosh mac_roman csmacintosh mac x-mac-roman
"""


def _tables() -> tuple[dict[str, str], dict[str, str]]:
    rows = [line.split() for line in _ENCODINGS.strip().splitlines()]
    names = {label: row[0] for row in rows for label in (row[0], *row[2:])}
    return names, {row[0]: row[1] for row in rows}


_NAMES, _CODECS = _tables()
_BY_CODEC: Final = {codec: name for name, codec in _CODECS.items()}
"""The detector calls windows-874 by Python's name, cp874."""
_BOMS: Final = ((b"\xef\xbb\xbf", "utf-8"), (b"\xfe\xff", "utf-16be"), (b"\xff\xfe", "utf-16le"))
_SHIFTING: Final = frozenset({"utf-16le", "utf-16be", "iso-2022-jp"})
"""Encodings whose bytes may pass as UTF-8 without being it."""

_BY_ALPHABET: Final = """
windows-1256 iso-8859-6 windows-1255 iso-8859-8 windows-1251 koi8-r koi8-u iso-8859-5 ibm866 x-mac-cyrillic windows-1253
iso-8859-7 gb18030 big5 euc-jp shift_jis euc-kr windows-874
"""
_NOT_LATIN: Final = frozenset(_BY_ALPHABET.split())

_PIECE_BYTES: Final = 8_192
"""As much as stays, with its text, in the cache next to a processor: a twelfth faster than four times as much."""
_SAMPLE_BYTES: Final = 4_096  # the tags a page begins with have zeros enough
_ENOUGH_HIGH: Final = 40
"""Bytes that aren't ASCII, for the detector to be about as sure as it gets: a sentence. "“€”" alone passes for Cyrillic."""

_CHARSET: Final = re.compile(r"""charset\s*=\s*["']?\s*([^\s"';,]+)""", re.IGNORECASE)
_XML: Final = re.compile(rb"""\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']\s*([A-Za-z0-9._:-]{1,40})""")
_META: Final = re.compile(rb"<!--.*?(?:-->|\Z)|<meta[\s/]([^>]*)", re.IGNORECASE | re.DOTALL)
_ATTRIBUTE: Final = re.compile(r"""(?<![^\s/"'])([^\s/>="']++)\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s>"']++))""")
_HIGH: Final = re.compile(rb"[\x80-\xff]")
# Three in a row: a word in another alphabet. Of the letters of Czech or French it takes quotation marks to make one.
_HIGH_WORD: Final = re.compile(rb"[\x80-\xff]{3,}")
_NO_TEXT: Final = re.compile("[\x00-\x08\x0e-\x1f\ufffd]")
# ISO-2022-JP goes over to kanji: all its bytes are ASCII.
_ESCAPE: Final = re.compile(rb"\x1b\$[@B]")
_TLD: Final = re.compile(r"[a-z0-9-]{1,63}")


class Decoded(Value, frozen=True, kw_only=True):
    """Text, and why it was read so. Bytes that mean nothing in `charset` are U+FFFD."""

    text: str
    charset: str
    """The WHATWG's name, lower-case; gb2312 and gbk are read as `gb18030`, latin-1 as `windows-1252`."""
    found_in: FoundIn
    sure: float = 1.0
    """0 to 1: 1 where the bytes prove it, or fit what was declared; less where it was detected, or bytes mean nothing."""


def known(label: str) -> str | None:
    """The WHATWG's name for a label, or None for one it doesn't know."""
    return _NAMES.get(label.strip("\t\n\f\r ").lower())


def noted(article: Article, read: Decoded) -> Article:
    """The article, with what its bytes were read as, by what, and how sure that is; what it says of that itself stays."""
    return replace(
        article,
        charset=read.charset,
        found_in={**article.found_in, "charset": article.found_in.get("charset", read.found_in)},
        sure={**article.sure, "charset": read.sure},
    )


def decode(data: bytes, content_type: str | None, *, html: bool = True, tld: str | None = None) -> Decoded:
    """Read a page (`html`: with a look for `<meta>`) or a plain text. Never fails.

    BOM (or the zeros of UTF-16), then bytes that are UTF-8, then the header's label, then the page's own, then a detector, to
    which the host's top-level domain is a hint. A label that the bytes contradict is passed over; so is `latin-1`, what servers
    say of anything, over a text that is plainly in another alphabet.
    """
    if (marked := _marked(data)) is not None:
        return marked
    labels = _page_labels(data, content_type, html=html)
    shifting = labels[0][0] in _SHIFTING if labels else _ESCAPE.search(data) is not None
    as_utf8 = None if shifting else _utf8(data)
    return as_utf8 or _labelled(data, labels, tld)


def _page_labels(data: bytes, content_type: str | None, *, html: bool) -> list[_Label]:
    labels: list[_Label] = []
    if (name := _of_header(content_type)) is not None and _possible(name, data):
        labels.append((name, "header"))
    if html and (name := _of_meta(data)) is not None and _possible(name, data):
        labels.append((name, "meta"))
    return labels


def is_utf8(data: bytes) -> bool:
    """Whether bytes are UTF-8 beyond doubt: nothing in them is broken, or could mean something in UTF-16 or ISO-2022-JP.

    `decode` would say so too, and make the text: of 250 KB, with a sign beyond Latin in them, that costs twice the time.
    """
    if data.startswith(_BOMS[0][0]) or b"\0" in data or b"\x1b" in data:
        return False
    if data.isascii():
        return True
    place = 0
    try:
        while place < len(data):
            piece = data[place : place + _PIECE_BYTES]
            text, taken = utf_8_decode(piece, "strict", place + _PIECE_BYTES >= len(data))
            if b"\xef" in piece and "\ufffd" in text:  # by itself the search for three bytes took longer than all the rest
                return False
            place += taken
    except UnicodeDecodeError:
        return False
    return True


UTF8: Final = Decoded(text="", charset="utf-8", found_in="bytes")
"""What is noted of such bytes."""


def decode_xml(data: bytes, content_type: str | None) -> Decoded:
    """Read XML, a feed or a sitemap. Never fails; the XML declaration stays in the text, whatever it says.

    BOM (or the zeros of UTF-16), then UTF-8 that isn't all ASCII, then the XML declaration if the bytes fit it, then the
    header's label if they fit that, then a detector. A header never beats a declaration that fits.
    """
    if (marked := _marked(data)) is not None:
        return marked
    if not data.isascii() and (as_utf8 := _utf8(data)) is not None:
        return as_utf8
    labels = _xml_labels(data, content_type)
    if data.isascii() and not labels:
        return Decoded(text=data.decode("ascii"), charset="utf-8", found_in="bytes")
    return _labelled(data, labels, None)


def _xml_labels(data: bytes, content_type: str | None) -> list[_Label]:
    labels: list[_Label] = []
    declared = _XML.match(data[:1024])
    name = known(declared[1].decode("ascii")) if declared else None
    if name is not None and not name.startswith("utf-16"):  # an ASCII declaration was read: it can't be UTF-16
        labels.append((name, "xml"))
    if (name := _of_header(content_type)) is not None and _possible(name, data):
        labels.append((name, "header"))
    return labels


def _marked(data: bytes) -> Decoded | None:
    """What the bytes say of themselves: by a BOM, or by the zeros of UTF-16."""
    for bom, name in _BOMS:
        if data.startswith(bom):
            return _lenient(data[len(bom) :], name, "bom")
    by_zeros = utf16(data)
    return _lenient(data, by_zeros, "bytes") if by_zeros else None


def utf16(data: bytes) -> str | None:
    """UTF-16 without a BOM, by its zeros: each blank, digit and sign of markup has one, on the same side (XML 1.0, appendix F).

    A text in Arabic has one in eight, a page one in two. Characters that end in a zero byte, as the Chinese for "one", are few;
    Chinese without a blank or a tag is not told.
    """
    sample = data[:_SAMPLE_BYTES]
    big, little, half = sample[0::2].count(0), sample[1::2].count(0), len(sample) // 2
    if max(big, little) * 12 < half or max(big, little) < 2 or min(big, little) * 2 > max(big, little):
        return None
    name = "utf-16be" if big > little else "utf-16le"
    return None if _NO_TEXT.search(sample[: 2 * half].decode(_CODECS[name], "replace")[:-1]) else name


def _of_header(content_type: str | None) -> str | None:
    found = _CHARSET.search(content_type[:1000]) if content_type else None
    return known(found[1]) if found else None


def _of_meta(data: bytes) -> str | None:
    """The first usable `<meta charset>` or its http-equiv form, outside of comments (HTML, "prescan a byte stream")."""
    for tag in _META.finditer(data[:_PRESCAN_BYTES]):
        if tag[1] is not None and (label := _label_of(tag[1].decode("latin-1"))) and (name := known(label)):
            return "utf-8" if name.startswith("utf-16") else name  # an ASCII tag was read: it can't be UTF-16
    return None


def _label_of(attributes: str) -> str | None:
    pairs = {m[1].lower(): m[2] or m[3] or m[4] or "" for m in _ATTRIBUTE.finditer(attributes)}
    if "charset" in pairs:
        return pairs["charset"]
    if pairs.get("http-equiv", "").lower() != "content-type":
        return None
    found = _CHARSET.search(pairs.get("content", ""))
    return found[1] if found else None


def _possible(name: str, data: bytes) -> bool:
    """UTF-16 has zeros (every blank has one), ISO-2022-JP has escapes; a label without them lies."""
    if name.startswith("utf-16"):
        return b"\0" in data
    return name != "iso-2022-jp" or b"\x1b" in data


def _utf8(data: bytes) -> Decoded | None:
    """UTF-8, if need be with a few broken characters, as a body has that was cut or a program that cuts strings by bytes."""
    try:
        return Decoded(text=data.decode(), charset="utf-8", found_in="bytes")
    except UnicodeDecodeError as e:
        cut = e.reason == "unexpected end of data" and not data[: e.start].isascii()
    read = _lenient(data, "utf-8", "bytes")
    return read if cut or _few(_faults(read.text), read.text) else None


def _labelled(data: bytes, labels: list[_Label], tld: str | None) -> Decoded:
    """The first label that fits, else the first that nearly does, else a detector."""
    labels = _believed(labels, data, tld)
    for name, where in labels:
        if (read := _strict(data, name, where)) is not None:
            return read
    return _nearly(data, labels) or _detected(data, tld)


def _believed(labels: list[_Label], data: bytes, tld: str | None) -> list[_Label]:
    others = [label for label in labels if label[0] != "windows-1252"]
    # As good as any bytes fit windows-1252, so that it would win over everything behind it.
    return others if len(others) < len(labels) and _is_not_latin(data, tld) else labels


def _nearly(data: bytes, labels: list[_Label]) -> Decoded | None:
    for name, where in labels:
        if name == "utf-8":
            continue  # was tried twice, and isn't it
        mended = _lenient(data, name, where)
        if _few(_faults(mended.text) - 1, mended.text):
            return mended
    return None


def _faults(text: str) -> int:
    return text.count("\ufffd")


def _few(faults: int, text: str) -> bool:
    """Whether for each fault there are twenty characters beyond ASCII that mean something."""
    return 20 * faults <= len(text) - len(text.encode("ascii", "ignore")) - _faults(text)


def _strict(data: bytes, name: str, where: FoundIn) -> Decoded | None:
    try:
        return Decoded(text=data.decode(_CODECS[name]), charset=name, found_in=where)
    except UnicodeDecodeError:
        return None


def _is_not_latin(data: bytes, tld: str | None) -> bool:
    """Whether most of what isn't ASCII stands in words of nothing else, and a detector knows their alphabet."""
    data = data[:_DETECTOR_BYTES]
    words = sum(map(len, _HIGH_WORD.findall(data)))
    return words >= _ENOUGH_HIGH and 2 * words > len(_HIGH.findall(data)) and _detected(data, tld).charset in _NOT_LATIN


def _detected(data: bytes, tld: str | None) -> Decoded:
    high = _HIGH.search(data)
    start = max(0, high.start() - 256) if high else 0
    sample = data[start : start + _DETECTOR_BYTES]
    hint = tld.encode() if tld and _TLD.fullmatch(tld) else None  # anything else makes the detector panic
    detector = EncodingDetector()
    detector.feed(sample, last=True)
    guess, likely = detector.guess_assess(tld=hint, allow_utf8=False)
    name = known(guess) or _BY_CODEC.get(guess, "windows-1252")
    sure = 0.8 if likely and len(_HIGH.findall(sample)) >= _ENOUGH_HIGH else 0.5
    return _lenient(data, name, "detector", sure)


def _lenient(data: bytes, name: str, where: FoundIn, sure: float = 1.0) -> Decoded:
    """Read as `name` whatever comes; bytes that mean nothing there cost up to half of the confidence."""
    text = data.decode(_CODECS[name], "replace")
    if faults := _faults(text):
        sure = round(min(sure, 0.9) * (1 - 0.5 * faults / len(text)), 2)
    return Decoded(text=text, charset=name, found_in=where, sure=sure)
