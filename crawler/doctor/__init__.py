"""Whether this machine, its folders and its store are fit for a crawl: one question each, and what to do where not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from crawler.config import Config, ConfigError, load
from crawler.config.arming import check_secrets
from crawler.doctor import machine, places
from crawler.doctor.checkup import Checkup
from crawler.showing import many

__all__ = ["Checkup", "checkups"]


def checkups(path: Path | None, env: Mapping[str, str], cwd: Path) -> Iterator[Checkup]:
    """All checks, as they are done. Makes nothing that stays. Never raises for what is found."""
    yield from machine.software()
    try:
        config = load(path, env, cwd)
    except ConfigError as error:
        for problem in error.problems:
            yield Checkup(name="config", state="fail", said=problem, advice="mend it; the checks below are left out till then")
        return
    yield _config(config)
    yield from _secrets(config, env)
    yield from machine.limits(config)
    yield from places.folders(config)
    yield from places.store(config)
    yield from machine.outside(config)


def _config(config: Config) -> Checkup:
    origin = str(config.origin) if config.origin else "defaults, no file"
    said = f"{origin}: {many(len(config.sources), 'source')}"
    if not config.fetch.reachable:
        return Checkup(name="config", state="warn", said=said, advice="set fetch.contact, so that publishers can reach you")
    return Checkup(name="config", said=said)


def _secrets(config: Config, env: Mapping[str, str]) -> Iterator[Checkup]:
    try:
        check_secrets(config, env)
    except ConfigError as error:
        for problem in error.problems:
            yield Checkup(name="secrets", state="fail", said=problem, advice="`warraq run` doesn't start without it")
