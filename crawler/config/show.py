"""The configuration the other way round: as a file again, and as the JSON Schema of such a file."""

from __future__ import annotations

from pathlib import Path
from typing import TypeAlias

import msgspec
import yaml
from msgspec import inspect
from msgspec.structs import fields

from crawler.config.shape import Config, File, Sections, SourceConfig, Strict
from crawler.config.sources import KINDS
from crawler.config.units import size_text, span_text

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"


def as_yaml(config: Config) -> str:
    """What holds, defaults included, as a file that reads back to the same."""
    whole: dict[str, Json] = {field.name: _section(getattr(config, field.name)) for field in fields(Sections)}
    whole["sources"] = [_source(source) for source in config.sources]
    return yaml.dump(whole, Dumper=yaml.CSafeDumper, sort_keys=False, allow_unicode=True, width=1000)


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


def _source(source: SourceConfig) -> dict[str, Json]:
    word = next(word for word, kind in KINDS.items() if kind is source.kind)
    written: dict[str, Json] = {word: source.url}
    if source.name:
        written["name"] = source.name
    if source.every is not None:
        written["every"] = span_text(source.every)
    if source.tags:
        written["tags"] = list(source.tags)
    return written


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
