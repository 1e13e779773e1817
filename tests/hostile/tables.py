"""All behaviours, by group: what the tests and `./run bench hostile` run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tests.hostile import answers, contents, documents, framing, languages, secure, sizes
from tests.hostile.behaviours import Behaviour

TABLES: Final[Mapping[str, tuple[Behaviour, ...]]] = {
    "framing: odd": framing.ODD,
    "framing: cut": framing.CUT,
    "framing: wrong": framing.WRONG,
    "codings": sizes.CODINGS,
    "sizes and bombs": sizes.SIZES,
    "status": answers.STATUSES,
    "retry": answers.RETRIES,
    "redirects": answers.REDIRECTS,
    "time": answers.TIMES,
    "charset": contents.CHARSETS,
    "charset by language": languages.LANGUAGES,
    "content type": contents.TYPES,
}
DOCUMENTS: Final[Mapping[str, tuple[Behaviour, ...]]] = {
    "XML": documents.XML,
    "traps": documents.TRAPS,
    "robots": documents.ROBOTS,
}
"""What only a crawler knows, not a client that fetches a page."""

TLS: Final = secure.TLS
