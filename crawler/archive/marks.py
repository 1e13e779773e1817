"""Lines of JSON that can tell whether they were changed: the last field, `check`, is a digest of all that stands before it.

`sed 's/,"check":"[0-9a-f]*"}$//' | b2sum -l 64` gives the same, for one line without its line end.
"""

from __future__ import annotations

import re
from hashlib import blake2b
from typing import Final

_MARK: Final = re.compile(rb',"check":"([0-9a-f]{16})"\}\n')
_MARK_LENGTH: Final = len(b',"check":""}\n') + 16


def marked(text: bytes) -> bytes:
    """A line of a JSON object that has fields: with its check, and with its line end."""
    body = text[:-1]
    return b"".join((body, b',"check":"', _digest(body), b'"}\n'))


def holds(line: bytes) -> bool:
    """Whether a line, with its line end, is as it was written."""
    found = _MARK.fullmatch(line, max(0, len(line) - _MARK_LENGTH))
    return found is not None and found[1] == _digest(line[:-_MARK_LENGTH])


def content(line: bytes) -> bytes | None:
    """What a line says, without its check and line end; None: it was changed since it was written."""
    return line[:-_MARK_LENGTH] + b"}" if holds(line) else None


def _digest(body: bytes) -> bytes:
    return blake2b(body, digest_size=8).hexdigest().encode()
