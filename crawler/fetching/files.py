"""Documents that lie here: read within limits, named by what they contain, so that no path leaks."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO, Final

from crawler.digests import sha1_name
from crawler.model import Exchange, Fetched, Outcome, Refused, Request, Url, Value
from crawler.ports import Clock, LocalError

MOST_BYTES: Final = 64 << 20


class DocumentError(LocalError):
    """A document can't be read; says which, and why."""


class Document(Value, frozen=True, kw_only=True):
    """A file's content, as a target."""

    url: Url
    """`urn:sha256:` and the hex digest of the content."""
    body: bytes
    name: str
    """What the user called it; for messages, never stored."""


def read_document(source: Path | BinaryIO, name: str) -> Document:
    """Read a file, or an open stream to its end.

    Raises:
        DocumentError: there is no such file, it is a folder, can't be read, or is longer than `MOST_BYTES`.
    """
    try:
        body = _read(source)
    except FileNotFoundError:
        raise DocumentError(f"{name}: no such file") from None
    except IsADirectoryError:
        raise DocumentError(f"{name}: is a folder; name the files in it") from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else None
        raise DocumentError(f"{name}: can't be read: {reason or error}") from None
    if len(body) > MOST_BYTES:
        raise DocumentError(f"{name}: larger than {MOST_BYTES >> 20} MB, the most for one document")
    return document(body, name)


def document(body: bytes, name: str) -> Document:
    """A document of bytes at hand."""
    return Document(url=Url(f"urn:sha256:{hashlib.sha256(body).hexdigest()}"), body=body, name=name)


def _read(source: Path | BinaryIO) -> bytes:
    if isinstance(source, Path):
        with source.open("rb") as file:
            return file.read(MOST_BYTES + 1)
    return source.read(MOST_BYTES + 1)


class DocumentFetcher:
    """A `Fetcher` of documents at hand, by their `urn:`."""

    def __init__(self, documents: Iterable[Document], clock: Clock) -> None:
        self._documents = {document.url: document for document in documents}
        self._clock = clock

    async def fetch(self, request: Request) -> Outcome:
        """As `Fetcher.fetch`; the exchange has no request, and the content as response."""
        found = self._documents.get(request.url)
        if found is None:
            return Refused(reason="missing", detail="no document of that name was given")
        digest = hashlib.sha1(found.body, usedforsecurity=False).digest()
        exchange = Exchange(
            url=request.url,
            kind=request.kind,
            fetched_at=self._clock.now(),
            took=0.0,
            request=b"",
            response=found.body,
            status=200,
            payload_digest=sha1_name(digest) if found.body else None,
            payload_bytes=len(found.body),
        )
        return Fetched(exchanges=(exchange,))
