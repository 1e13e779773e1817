"""Secrets stand in the environment or in a file, and config.yaml says where: `${NAME}`, `file:/run/secrets/x`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from crawler.config.problems import ConfigError, Mistake

_NAME: Final = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
_FILE: Final = "file:"
_MOST: Final = 64 << 10


def is_reference(text: str) -> bool:
    """Whether a text says where a secret is."""
    return _NAME.fullmatch(text) is not None or (text.startswith(_FILE) and len(text) > len(_FILE))


def reference(text: str) -> str:
    """A text that says where a secret is.

    Raises:
        Mistake: it may be the secret itself, so it isn't repeated.
    """
    if not is_reference(text):
        raise Mistake("a secret doesn't stand in the file - write ${NAME} for the environment's, or file:PATH")
    return text


def resolve(written: str, env: Mapping[str, str], base: Path, key: str) -> str:
    """The secret itself, without line end. Paths are relative to `base`; `key` is what an error names.

    Raises:
        ConfigError: there is no such variable or file, or nothing in it.
    """
    name = _NAME.fullmatch(written)
    secret = env.get(name[1], "") if name else _read(base / written.removeprefix(_FILE), key)
    if not secret.strip():
        raise ConfigError(f"{key}: there is nothing in {written} - set it before Warraq is started")
    return secret.strip()


def _read(path: Path, key: str) -> str:
    try:
        with path.open("rb") as file:
            return file.read(_MOST).decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        what = error.strerror if isinstance(error, OSError) else "not UTF-8"
        raise ConfigError(f"{key}: {path}: {what} - name a file that can be read") from None
