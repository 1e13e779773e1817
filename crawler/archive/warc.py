"""WARC/1.1 records as bytes (ISO 28500:2017). Pure: no file, no clock, no chance.

Header values are made safe here and nowhere else: no value can end its line, whatever a server sent; no line is folded.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import blake2b, sha1
from typing import Final, Literal
from urllib.parse import quote

from crawler.digests import sha1_name
from crawler.model import CaptureKey, Millis, SegmentId

Fields = Iterable[tuple[str, str | None]]
"""Names and values in order; those that are None are left out."""

Record = tuple[bytes, ...]
"""Its bytes, in parts: the block is never copied, it may have 16 MB."""

Role = Literal["answer", "request", "metadata"]
"""Which record of an exchange. The answer is a response, a revisit or a resource: one id for whichever it became."""

REQUEST_TYPE: Final = "application/http;msgtype=request"
RESPONSE_TYPE: Final = "application/http;msgtype=response"
FIELDS_TYPE: Final = "application/warc-fields"

SAME_PAYLOAD: Final = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
NOT_MODIFIED: Final = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"

_FEW: Final = 64
"""The records of an exchange say the same address, time and ids: told once, a third less time."""
MOST_FIELD_CHARS: Final = 131_072
"""A longer value of a metadata field is cut. All the heads a server may send fit, in base64."""


_CIPHER: Final = re.compile(
    r"(?:((?:EC)?DHE-(?:RSA|ECDSA))-)?(?:AES(128|256)|(CHACHA20))(?:-(GCM|CCM8?|POLY1305))?(?:-(SHA\d*))?"
)
_UNSAFE: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
# All printable ASCII stays as it is; the rest becomes %XX of its UTF-8.
_URI_SAFE: Final = "".join(chr(c) for c in range(0x21, 0x7F) if chr(c) not in "<>")


def record(kind: str, record_id: str, at: Millis, fields: Fields, block: bytes) -> Record:
    """One record, from its version line to the two empty lines that end it. Type, id, date and length are added."""
    told = _lines([(name, value) for name, value in fields if value is not None])
    head = (
        f"WARC/1.1\r\nWARC-Type: {kind}\r\nWARC-Record-ID: {record_id}\r\nWARC-Date: {date(at)}\r\n{told}"
        f"WARC-Block-Digest: {digest(block)}\r\nContent-Length: {len(block)}\r\n\r\n"
    )
    return (head.encode(), block, b"\r\n\r\n")


def warcinfo(segment: SegmentId, archive_id: str, info: Mapping[str, str], at: Millis) -> Record:
    """The record every segment begins with; `info` says who crawls, with what, and how politely."""
    told = {
        "format": "WARC File Format 1.1",
        "conformsTo": "https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
        **info,
        "archiveId": archive_id,
    }
    fields = (("WARC-Filename", f"{segment}.warc.gz"), ("Content-Type", FIELDS_TYPE))
    return record("warcinfo", warcinfo_id(archive_id, segment), at, fields, block_of(told.items()))


def block_of(fields: Fields) -> bytes:
    """A block of `application/warc-fields`, UTF-8; blanks stand for whatever would break a line."""
    return _lines([(name, value[:MOST_FIELD_CHARS]) for name, value in fields if value]).encode()


def _lines(fields: Sequence[tuple[str, str]]) -> str:
    if "".join([value for _, value in fields]).isprintable():  # nearly always; asked of each it takes twice the time
        return "".join([f"{name}: {value}\r\n" for name, value in fields])
    return "".join([f"{name}: {line(value)}\r\n" for name, value in fields])


def line(value: str) -> str:
    """A value that stays on its line: control characters, line separators and lone surrogates become blanks."""
    # Nothing printable is unsafe, and to ask for that takes a fifth of the time; what isn't (U+00A0) may be safe all the same.
    return value if value.isprintable() or not _UNSAFE.search(value) else _UNSAFE.sub(" ", value).strip()


@lru_cache(_FEW)
def uri(url: str) -> str:
    """An address for WARC-Target-URI: as it is, but percent-encoded where it isn't printable ASCII."""
    return quote(_UNSAFE.sub("", url), safe=_URI_SAFE)


@lru_cache(_FEW)
def address(peer: str | None) -> str | None:
    """An address for WARC-IP-Address, as RFC 5952 writes it; None for what is none. A zone is dropped."""
    try:
        return str(ipaddress.ip_address((peer or "").strip("[]").partition("%")[0]))
    except ValueError:
        return None


def cipher_suite(name: str | None) -> str | None:
    """A suite as IANA's registry names it, from OpenSSL's name; what doesn't look like one stays as it is."""
    found = _CIPHER.fullmatch(name or "")
    if name is None or found is None:
        return name or None
    exchange, bits, stream, mode, digest_ = found.groups()
    cipher = "CHACHA20_POLY1305" if stream else f"AES_{bits}_{(mode or 'CBC').replace('CCM8', 'CCM_8')}"
    ending = "SHA256" if stream else digest_
    return "_".join(filter(None, ("TLS", (exchange or "RSA").replace("-", "_"), "WITH", cipher, ending)))


@lru_cache(_FEW)
def date(at: Millis) -> str:
    """RFC 3339 with milliseconds, UTC."""
    return datetime.fromtimestamp(at / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def digest(data: bytes) -> str:
    """`sha1:` and base32: what every index of web archives is made of."""
    return sha1_name(sha1(data, usedforsecurity=False).digest())


def digest_of(pieces: Iterable[bytes]) -> str:
    """The same of data in pieces."""
    total = sha1(usedforsecurity=False)
    for piece in pieces:
        total.update(piece)
    return sha1_name(total.digest())


def record_id(archive_id: str, key: CaptureKey, role: Role) -> str:
    """The name of a capture's record, the same whenever it is asked for: a revisit names its original without a look-up."""
    return named(f"{archive_id}\0{key.host_id}\0{key.h}\0{key.fetched_at}\0{role}")


def warcinfo_id(archive_id: str, segment: SegmentId) -> str:
    """The name of a segment's first record."""
    return named(f"{archive_id}\0{segment}")


@lru_cache(_FEW)
def named(name: str) -> str:
    """A record's id made from a name: a UUID of version 8 (RFC 9562, 5.8: the bits are ours to choose), from blake2b."""
    bits = bytearray(blake2b(name.encode(), digest_size=16).digest())
    bits[6] = bits[6] & 0x0F | 0x80
    bits[8] = bits[8] & 0x3F | 0x80
    digits = bits.hex()
    return f"<urn:uuid:{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}>"
