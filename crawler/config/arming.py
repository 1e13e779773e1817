"""Before a crawl begins: whether all secrets that sources, hooks and alerts refer to can be had."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from crawler.config.find import line_of
from crawler.config.problems import ConfigError, Mistake
from crawler.config.secrets import resolved
from crawler.config.shape import Config, HookEntry, SourceConfig


def check_secrets(config: Config, env: Mapping[str, str]) -> None:
    """Look each secret of the configuration up, once.

    Raises:
        ConfigError: some can't be had or sent; each is told with the line of its source and its place, never by what it is.
    """
    told = [line for source in config.sources for line in _missing(source, config, env)]
    told += [line for name, entry in outlets(config) for line in _untold(name, entry, config, env)]
    if told:
        raise ConfigError(*told)


def outlets(config: Config) -> list[tuple[str, HookEntry]]:
    """All hooks and alerts, each with the name of its place in the file."""
    hooks = [(f"hooks.on_article[{n}]", hook) for n, hook in enumerate(config.hooks)]
    return [*hooks, *((f"alerts[{n}]", alert) for n, alert in enumerate(config.alerts))]


def _untold(name: str, entry: HookEntry, config: Config, env: Mapping[str, str]) -> Iterator[str]:
    for key, text in (("webhook", entry.webhook), ("secret", entry.secret)):
        try:
            resolved(text or "-", env)
        except Mistake as mistake:
            yield f"{config.origin.name if config.origin else 'config'}: {name}.{key}: {mistake}"


def _missing(source: SourceConfig, config: Config, env: Mapping[str, str]) -> Iterator[str]:
    for key, text in _places(source):
        try:
            resolved(text, env)
        except Mistake as mistake:
            line = line_of(config.origin, source.url) if config.origin is not None else None
            where = f"{config.origin.name if config.origin else 'config'}:{line or 1}"
            yield f"{where}: {source.url}: {key}: {mistake}"


def _places(source: SourceConfig) -> Iterator[tuple[str, str]]:
    entrance = source.details.entrance
    yield from (("headers", value) for _, value in entrance.headers)
    yield from (("cookies", value) for _, value in entrance.cookies)
    if entrance.password is not None:
        yield "password", entrance.password
    if entrance.proxy is not None:
        yield "proxy", entrance.proxy
