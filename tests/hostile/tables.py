"""All behaviours, by group: what the tests and `./run bench hostile` run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tests.hostile import answers, contents, framing, secure, sizes
from tests.hostile.behaviours import Behaviour

TABLES: Final[Mapping[str, tuple[Behaviour, ...]]] = {
    "framing: odd": framing.ODD,
    "framing: cut": framing.CUT,
    "framing: wrong": framing.WRONG,
    "codings": sizes.CODINGS,
    "sizes and bombs": sizes.SIZES,
    "status and retry": answers.STATUSES,
    "redirects": answers.REDIRECTS,
    "time": answers.TIMES,
    "charset": contents.CHARSETS,
    "content type": contents.TYPES,
}
TLS: Final = secure.TLS
