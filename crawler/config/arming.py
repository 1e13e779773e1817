"""Before a crawl begins: whether all secrets that sources refer to can be had."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from crawler.config.find import line_of
from crawler.config.problems import ConfigError, Mistake
from crawler.config.secrets import resolved
from crawler.config.shape import Config, SourceConfig


def check_secrets(config: Config, env: Mapping[str, str]) -> None:
    """Look each secret of the configuration's sources up, once.

    Raises:
        ConfigError: some can't be had or sent; each is told with the line of its source and its place, never by what it is.
    """
    told = [line for source in config.sources for line in _missing(source, config, env)]
    if told:
        raise ConfigError(*told)


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
