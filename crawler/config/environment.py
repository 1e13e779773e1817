"""The environment over the file: `WARRAQ_FETCH__TIMEOUT=10s` is `fetch.timeout`, whatever the file says."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from difflib import get_close_matches
from pathlib import Path
from typing import Final

from msgspec import inspect
from msgspec.structs import fields
from yaml.nodes import Node, ScalarNode, SequenceNode

from crawler.config.problems import Mistake
from crawler.config.reading import of_key
from crawler.config.shape import Sections, Strict
from crawler.model import Value

PREFIX: Final = "WARRAQ_"
_TEXT: Final = "tag:yaml.org,2002:str"
_LIST: Final = "tag:yaml.org,2002:seq"
_NULL: Final = "tag:yaml.org,2002:null"
_TRUTH: Final = "tag:yaml.org,2002:bool"
_NUMBER: Final = "tag:yaml.org,2002:int"
_WHOLE: Final = re.compile(r"-?(?:0|[1-9][0-9]{0,18})")
_TRUTHS: Final = {
    word: said for said, words in {"true": "true yes on 1", "false": "false no off 0"}.items() for word in words.split()
}


class Overrides(Value, frozen=True, kw_only=True):
    """What the environment says."""

    values: dict[str, dict[str, object]]
    """Section -> key -> value; every path is absolute."""
    names: dict[str, str]
    """`section.key` -> the variable that says it."""
    problems: tuple[str, ...] = ()


def overrides(env: Mapping[str, str], cwd: Path) -> Overrides:
    """What variables say of keys. An empty one says nothing; paths are relative to `cwd`; lists have commas."""
    known = {name: key for key, name in _names()}
    values: dict[str, dict[str, object]] = {}
    names: dict[str, str] = {}
    problems: list[str] = []
    for name, text in sorted(env.items()):
        if not name.startswith(PREFIX) or not text:
            continue
        if name not in known:
            problems += _stray(name, list(known))
            continue
        section, _, key = known[name].partition(".")
        try:
            values.setdefault(section, {})[key] = _value(section, key, text, cwd)
        except Mistake as mistake:
            problems.append(f"{name}: {mistake}")
        names[known[name]] = name
    return Overrides(values=values, names=names, problems=tuple(problems))


def variable(section: str, key: str) -> str:
    """The variable of a key."""
    return f"{PREFIX}{section}__{key}".upper()


def _names() -> Iterator[tuple[str, str]]:
    for part in fields(Sections):
        for key in fields(part.type):
            yield f"{part.name}.{key.name}", variable(part.name, key.name)


def _stray(name: str, known: list[str]) -> list[str]:
    """What to say to a variable that is none of ours. One that doesn't look like a key may be a secret's."""
    sections = {part.name.upper() for part in fields(Sections)}
    if "__" not in name and name.removeprefix(PREFIX).partition("_")[0] not in sections:
        return []
    near = get_close_matches(name, known, n=1)
    meant = f"did you mean {near[0]}?" if near else "`warraq config show` lists the keys"
    return [f"{name}: no key of the configuration - {meant}"]


def _value(section: str, key: str, text: str, cwd: Path) -> object:
    shape: type[Strict] = next(part.type for part in fields(Sections) if part.name == section)
    kind = next(inspect.type_info(field.type) for field in fields(shape) if field.name == key)
    value = of_key(shape, key, _node(kind, text))
    return cwd / value if isinstance(value, Path) else value


def _node(kind: inspect.Type, text: str) -> Node:
    """The text as a file would have it: what is a text there isn't taken for a number or a truth here."""
    kinds = set(map(type, _kinds(kind)))
    return _list(text) if inspect.VarTupleType in kinds else _scalar(kinds, text)


def _list(text: str) -> SequenceNode:
    words = [word.strip() for word in text.strip("[]").split(",")]
    return SequenceNode(_LIST, [ScalarNode(_TEXT, word) for word in words if word])


def _scalar(kinds: AbstractSet[type[inspect.Type]], text: str) -> ScalarNode:
    if text == "null":
        return ScalarNode(_NULL, text)
    if inspect.BoolType in kinds and text.lower() in _TRUTHS:
        return ScalarNode(_TRUTH, _TRUTHS[text.lower()])
    if inspect.IntType in kinds and _WHOLE.fullmatch(text):
        return ScalarNode(_NUMBER, text)
    return ScalarNode(_TEXT, text)


def _kinds(kind: inspect.Type) -> Iterator[inspect.Type]:
    match kind:
        case inspect.Metadata():
            yield from _kinds(kind.type)
        case inspect.UnionType():
            for one in kind.types:
                yield from _kinds(one)
        case _:
            yield kind
