"""WARCs, their index and their pages in one file that replay programs open: WACZ. Blocking.

Version 1.1.1 (https://specs.webrecorder.net/wacz/1.1.1/): what is a MUST there is in it, and the pages' text too. The same
content gives the same bytes: no time but that of the captures is in it, and every member of the ZIP has one date.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final
from zipfile import ZIP_STORED, ZipFile, ZipInfo

import msgspec

from crawler.archive.files import told
from crawler.archive.handing import Handed
from crawler.model import Value

VERSION: Final = "1.1.1"

_LONG_AGO: Final = (1980, 1, 1, 0, 0, 0)
_STEP: Final = 1 << 20
_READABLE: Final = 0o644 << 16  # the upper half is a file's mode, where a ZIP was made on Unix


class Page(Value, frozen=True, kw_only=True):
    """A line of `pages/pages.jsonl`."""

    id: str
    url: str
    ts: str
    """RFC 3339, UTC: when it was captured."""
    title: str | None = None
    text: str | None = None


class _Header(Value, frozen=True, kw_only=True, omit_defaults=False):
    format: str = "json-pages-1.0"
    id: str = "pages"
    title: str = "All pages"
    hasText: bool = True  # noqa: N815 - the format's own name


class About(Value, frozen=True, kw_only=True):
    """What is said of the whole."""

    title: str
    description: str
    created: str
    software: str
    more: Mapping[str, object]
    """Further keys of `datapackage.json`."""


class _Resource(Value, frozen=True, kw_only=True):
    name: str
    path: str
    hash: str
    bytes: int


class Packing:
    """A WACZ in the making: add WARCs, then end it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._resources: list[_Resource] = []
        self._index: list[str] = []
        with told(path, "write it"):
            self._zip = ZipFile(path, "w", ZIP_STORED, allowZip64=True)

    def add(self, handed: Handed) -> None:
        """Take a WARC in, and its lines of the index."""
        with told(handed.path, "pack it"), handed.path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            file.seek(0)
            name = f"archive/{handed.path.name}"
            with self._zip.open(_member(name), "w", force_zip64=True) as member:
                shutil.copyfileobj(file, member, _STEP)
        self._note(name, digest, handed.path.stat().st_size)
        self._index += handed.lines

    def pages(self, pages: Iterable[Page]) -> None:
        """Write the list of pages, in the order given."""
        digest, size = hashlib.sha256(), 0
        with told(self._path, "write it"), self._zip.open(_member("pages/pages.jsonl"), "w", force_zip64=True) as member:
            for line in ([_Header()], pages):
                for one in line:
                    text = msgspec.json.encode(one) + b"\n"
                    member.write(text)
                    digest.update(text)
                    size += len(text)
        self._note("pages/pages.jsonl", digest.hexdigest(), size)

    def end(self, about: About) -> None:
        """Write index, description and its digest, and close."""
        self._whole("indexes/index.cdxj", "".join(f"{line}\n" for line in sorted(self._index)).encode())
        package = {
            "profile": "data-package",
            "wacz_version": VERSION,
            "title": about.title,
            "description": about.description,
            "created": about.created,
            "modified": about.created,
            "software": about.software,
            "resources": sorted(self._resources, key=lambda one: one.path),
            **about.more,
        }
        text = msgspec.json.format(msgspec.json.encode(package), indent=2)
        self._whole("datapackage.json", text)
        said = {"path": "datapackage.json", "hash": _hash(hashlib.sha256(text).hexdigest())}
        self._whole("datapackage-digest.json", msgspec.json.format(msgspec.json.encode(said), indent=2))
        with told(self._path, "write it"):
            self._zip.close()

    def close(self) -> None:
        """Let the file go, as it is; twice does no harm. What is still to be written may find no room."""
        with told(self._path, "write it"):
            self._zip.close()

    def _whole(self, name: str, content: bytes) -> None:
        with told(self._path, "write it"), self._zip.open(_member(name), "w") as member:
            member.write(content)
        self._note(name, hashlib.sha256(content).hexdigest(), len(content))

    def _note(self, path: str, digest: str, size: int) -> None:
        name = path.rpartition("/")[2]
        self._resources.append(_Resource(name=name, path=path, hash=_hash(digest), bytes=size))


def _member(name: str) -> ZipInfo:
    info = ZipInfo(name, _LONG_AGO)
    info.compress_type = ZIP_STORED  # what is in it is compressed already, and must be readable by its offsets
    info.external_attr = _READABLE
    return info


def _hash(digest: str) -> str:
    return f"sha256:{digest}"
