"""The configuration the other way round: as a file again, and as the JSON Schema of such a file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final, TypeAlias

import msgspec
import yaml
from msgspec import inspect
from msgspec.structs import fields

from crawler.config.shape import Config, File, HookEntry, Sections, SourceConfig, Strict
from crawler.config.sources import KINDS
from crawler.config.units import size_text, span_text
from crawler.model import Details, Seconds

_SECTION: Final = re.compile(r"(\w+):")
_KEY: Final = re.compile(r"  (\w+):")

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"


def as_yaml(config: Config) -> str:
    """What holds, defaults included, as a file that reads back to the same."""
    whole: dict[str, Json] = {field.name: _section(getattr(config, field.name)) for field in fields(Sections)}
    whole["hooks"] = {"on_article": [_outlet(hook) for hook in config.hooks]} if config.hooks else {}
    whole["alerts"] = [_outlet(alert) for alert in config.alerts]
    whole["sources"] = [_source(source) for source in config.sources]
    return yaml.dump(whole, Dumper=yaml.CSafeDumper, sort_keys=False, allow_unicode=True, width=1000)


def with_origins(text: str, origins: Mapping[str, str]) -> str:
    """The same file, each key of a section with where its value comes from behind it (`find.origins`; else: the default)."""
    section, lines = "", []
    for line in text.splitlines():
        top, key = _SECTION.match(line), _KEY.match(line)
        section = top[1] if top else section
        known = key and section in {field.name for field in fields(Sections)}
        lines.append(f"{line}  # {origins.get(f'{section}.{key[1]}', 'default')}" if key and known else line)
    return "\n".join(lines) + "\n"


def schema() -> dict[str, Json]:
    """JSON Schema (2020-12) of config.yaml, for editors that know one."""
    found = msgspec.json.schema(File, schema_hook=_custom)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "config.yaml of Warraq", **_with_units(found)}


def _custom(kind: type) -> dict[str, Json]:
    if kind is not Path:
        raise NotImplementedError(kind)
    return {"type": "string"}


def _section(values: Strict) -> dict[str, Json]:
    return {field.name: _plain(inspect.type_info(field.type), getattr(values, field.name)) for field in fields(values)}


def _plain(kind: inspect.Type, value: object) -> Json:
    match value:
        case bool() | None | str():
            return value
        case float():
            return span_text(value)
        case int():
            return size_text(value) if isinstance(kind, inspect.Metadata) else value
        case tuple():
            return [str(item) for item in value]
        case _:
            return str(value)


def _outlet(entry: HookEntry) -> dict[str, Json]:
    """A hook or an alert; keys at their defaults are left out."""
    fresh = type(entry)()
    changed = [field for field in fields(entry) if getattr(entry, field.name) != getattr(fresh, field.name)]
    return {field.name: _plain(inspect.type_info(field.type), getattr(entry, field.name)) for field in changed}


def _source(source: SourceConfig) -> dict[str, Json]:
    """A source as it is written; keys at their defaults are left out. Of secrets stands here where they are to be had."""
    details = source.details
    word = "site" if details.site else next(word for word, kind in KINDS.items() if kind is source.kind)
    written: dict[str, Json] = {
        "name": source.name,
        "every": _span(source.every),
        "cron": source.cron,
        "tags": list(source.tags),
        "priority": source.priority if source.priority != "normal" else None,
    }
    return {word: source.url, **{key: value for key, value in written.items() if value}, **details_said(details)}


def details_said(details: Details) -> dict[str, Json]:
    """What only some sources have, by the keys of a source; none for what isn't there."""
    scope, entrance = details.scope, details.entrance
    written: dict[str, Json] = {
        "language": details.language,
        "include": list(scope.include),
        "exclude": list(scope.exclude),
        "max_age": _span(scope.max_age),
        "languages": list(scope.languages),
        "assets": details.assets,
        "delay": _span(details.delay),
        "headers": dict(entrance.headers),
        "cookies": dict(entrance.cookies),
        "user": entrance.user,
        "password": entrance.password,
        "user_agent": entrance.user_agent,
        "proxy": entrance.proxy,
    }
    depth: dict[str, Json] = {"depth": scope.depth} if details.site else {}
    return {**{key: value for key, value in written.items() if value}, **depth}


def _span(length: Seconds | None) -> str | None:
    return None if length is None else span_text(length)


def _with_units(node: dict[str, Json]) -> dict[str, Json]:
    """Let every number that has a unit (it comes with examples) be written as text, too."""
    walked = {key: _walk(value) for key, value in node.items()}
    if "examples" in walked and walked.get("type") in ("number", "integer"):
        walked["type"] = [walked["type"], "string"]
    return walked


def _walk(value: Json) -> Json:
    match value:
        case dict():
            return _with_units(value)
        case list():
            return [_walk(item) for item in value]
        case _:
            return value
