"""What a configuration says differently from the one before. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from msgspec.structs import fields

from crawler.config import Config, SourceConfig
from crawler.config.shape import Strict
from crawler.model import Value
from crawler.urls import dedupe_key

_SOURCES: Final = frozenset({"sources"})
_OF_THE_FILE: Final = frozenset({"origin", "digest"})
_FIXED: Final = frozenset({"archive.dir", "store.path"})
"""A daemon is bound to its store: these can't change under it."""


class Changes(Value, frozen=True, kw_only=True):
    """By addresses of sources, and names of settings; values aren't told, some are secret."""

    added: tuple[str, ...] = ()
    paused: tuple[str, ...] = ()
    """Taken out: they aren't asked any more, and what is known of them stays."""
    changed: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()

    @property
    def nothing(self) -> bool:
        """It says the same."""
        return self == Changes()

    @property
    def fixed(self) -> tuple[str, ...]:
        """Settings that can't change while it runs."""
        return tuple(name for name in self.settings if name in _FIXED)


def changes(before: Config, after: Config) -> Changes:
    """What is different."""
    old, new = _by_address(before), _by_address(after)
    return Changes(
        added=tuple(source.url for key, source in new.items() if key not in old),
        paused=tuple(source.url for key, source in old.items() if key not in new),
        changed=tuple(source.url for key, source in new.items() if key in old and old[key] != source),
        settings=tuple(_settings(before, after)),
    )


def _by_address(config: Config) -> dict[str, SourceConfig]:
    return {dedupe_key(source.url): source for source in config.sources}


def _settings(before: Config, after: Config) -> Iterator[str]:
    for section in fields(Config):
        name = section.name
        if name in _SOURCES | _OF_THE_FILE:
            continue
        old, new = getattr(before, name), getattr(after, name)
        if isinstance(old, Strict):
            yield from (f"{name}.{key.name}" for key in fields(old) if getattr(old, key.name) != getattr(new, key.name))
        elif old != new:
            yield name
