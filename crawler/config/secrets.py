"""Secrets are never written where others read them, only where they are to be had: `${NAME}`, a variable, or `file:/path`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from crawler.config import units
from crawler.config.problems import Mistake

MOST_BYTES: Final = 16 << 10
"""Of a file with a secret in it."""
PROXIES: Final = ("http", "socks5", "socks5h")

_VARIABLE: Final = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
_SENDABLE: Final = re.compile(r"[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?")
# Headers that are secrets whatever they hold, by a part of their name.
_SECRET_HEADER: Final = re.compile(r"auth|cookie|token|secret|passw|session|api-?key|signature|credential", re.IGNORECASE)


def refers(text: str) -> bool:
    """Whether a text names a place where a secret is."""
    return text.startswith("file:/") or _VARIABLE.search(text) is not None


def is_secret(header: str) -> bool:
    """Whether a header's value is a secret, by its name."""
    return _SECRET_HEADER.search(header) is not None


def reference(text: str) -> str:
    """The place of a secret, as it was written.

    Raises:
        Mistake: it is no place; it may be the secret itself, so it isn't repeated.
    """
    if not refers(text):
        raise Mistake("a secret can't stand here - write ${NAME} and set that variable, or file:/path/to/it")
    return text


def proxy(text: str) -> str:
    """The address of a proxy, or the place where it is to be had.

    Raises:
        Mistake: it is none, or holds a password.
    """
    if text.startswith("file:/") or _VARIABLE.fullmatch(text):
        return text
    if not is_proxy(_VARIABLE.sub("x", text)):
        raise Mistake(f"no proxy - write {PROXIES[0]}://host:port or {PROXIES[1]}://host:port")
    user = text.partition("://")[2].rpartition("@")[0]
    if ":" in user and not refers(user.partition(":")[2]):
        raise Mistake("a password can't stand here - write http://user:${NAME}@host:port and set that variable")
    return text


def is_proxy(text: str) -> bool:
    """Whether this is the address of a proxy we can go through."""
    try:
        parts = urlsplit(text)
        known = parts.scheme in PROXIES and bool(parts.hostname) and parts.port != 0
    except ValueError:  # brackets without end, a port that is none
        return False
    return known and not parts.path.strip("/") and not parts.query


def webhook(text: str) -> str:
    """The address of a webhook, or the place where it or a part of it is to be had.

    Raises:
        Mistake: it is none.
    """
    if not (text.startswith("file:/") or _VARIABLE.fullmatch(text)):
        units.address(_VARIABLE.sub("x", text))
    return text


def resolved(text: str, env: Mapping[str, str]) -> str:
    """The text with what it refers to in its place; one line, fit for a header.

    Raises:
        Mistake: a variable isn't set, a file can't be read, or what is in it can't be sent. It says where, never what.
    """
    if text.startswith("file:/"):
        return _sendable(_read(Path(text.removeprefix("file:"))), text)
    missing = [name for name in _VARIABLE.findall(text) if not env.get(name)]
    if missing:
        raise Mistake(f"the environment has no {missing[0]} - set it, or write file:/path/to/the/secret")
    return _sendable(_VARIABLE.sub(lambda found: env[found[1]].strip(), text), text)


def _read(path: Path) -> str:
    try:
        with path.open("rb") as opened:
            said = opened.read(MOST_BYTES + 1)
    except OSError as error:
        raise Mistake(f"{path}: {error.strerror} - let it be read, or name another file") from None
    if len(said) > MOST_BYTES:
        raise Mistake(f"{path}: more than {MOST_BYTES >> 10} KB - a secret is one line")
    return said.decode("utf-8", "replace").strip()


def _sendable(text: str, place: str) -> str:
    if not _SENDABLE.fullmatch(text):
        raise Mistake(f"what stands in {place} can't be sent in a header - one line of plain ASCII letters will do")
    return text
