"""Nodes -> typed values. Each key is read by itself, so that every mistake is told and not only the first."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Final, TypeVar

from msgspec import inspect
from msgspec.structs import fields, replace
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from crawler.config import secrets, units
from crawler.config.document import Pair, is_null, items, pairs, plain, spot_of
from crawler.config.problems import Mistake, Problem, Spot
from crawler.config.shape import Strict
from crawler.model import Value

_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_UNITS: Final[Mapping[str | None, Callable[[str], str]]] = {
    "header": units.header,
    "network": units.network,
    "listen": units.listen,
    "host": units.host,
    "address": units.address,
    "cron": units.cron,
    "language": units.language,
    "pattern": units.pattern,
    "field": units.field,
    "secret": secrets.reference,
    "proxy": secrets.proxy,
    "webhook": secrets.webhook,
}

Section = TypeVar("Section", bound=Strict)


class Read(Value, frozen=True, kw_only=True):
    """What a mapping gave: the values that could be read, where each key stands, and the mistakes."""

    values: dict[str, object]
    spots: dict[str, Spot]
    problems: tuple[Problem, ...]


def section(shape: type[Section], node: Node | None, name: str) -> tuple[Section, Read]:
    """A section, and how its reading went; a value that couldn't be read has its default."""
    read = mapping(shape, node, name)
    return replace(shape(), **read.values), read


def mapping(shape: type[Strict], node: Node | None, name: str) -> Read:
    """The keys of a mapping, each read as the field of `shape` it is called after."""
    if node is None or is_null(node):
        return Read(values={}, spots={}, problems=())
    if not isinstance(node, MappingNode):
        text = "a section has keys - write `key: value` in lines of their own below it, two spaces in"
        return Read(values={}, spots={}, problems=(Problem(spot=spot_of(node), key=name, text=text),))
    found, wrong = pairs(node)
    types = _types(shape)
    values: dict[str, object] = {}
    problems = [Problem(spot=one.spot, key=dotted(name, one.key), text=one.text) for one in wrong]
    for pair in found:
        try:
            values[pair.key] = _value(_known(pair.key, types), pair.node)
        except Mistake as mistake:
            where = spot_of(pair.node) if pair.key in types else pair.spot
            problems.append(Problem(spot=mistake.spot or where, key=dotted(name, pair.key), text=str(mistake)))
    return Read(values=values, spots={pair.key: pair.spot for pair in found}, problems=tuple(problems))


def of_key(shape: type[Strict], key: str, node: Node) -> object:
    """What a node says as the value of a key.

    Raises:
        Mistake: it can't be taken, or there is no such key.
    """
    return _value(_known(key, _types(shape)), node)


def dotted(section_name: str, key: str) -> str:
    """`section.key`, or the key alone at the top of the file."""
    return f"{section_name}.{key}" if section_name else key


def unknown(word: str, known: Iterable[str]) -> str:
    """What to say to a word that isn't known: the one that was meant, or all there are."""
    words = list(known)
    near = get_close_matches(word, words, n=1)
    return f"unknown key - did you mean {near[0]}?" if near else f"unknown key - there are {', '.join(words)}"


@cache
def _types(shape: type[Strict]) -> Mapping[str, inspect.Type]:
    """Found once a section: of each source anew it took 0.5 ms, and with 10,000 sources five seconds of the start."""
    return {field.name: inspect.type_info(field.type) for field in fields(shape)}


def _known(key: str, types: Mapping[str, inspect.Type]) -> inspect.Type:
    if key not in types:
        raise Mistake(unknown(key, types))
    return types[key]


def _value(kind: inspect.Type, node: Node, unit: str | None = None) -> object:
    match kind:
        case inspect.Metadata():
            return _value(kind.type, node, (kind.extra or {}).get("unit"))
        case inspect.UnionType():
            return _either(kind, node)
        case inspect.VarTupleType():
            return _list(kind, node)
        case inspect.DictType():
            return _table(kind, node)
        case _:
            return _scalar(kind, _only_scalar(node), unit)


def _either(kind: inspect.UnionType, node: Node) -> object:
    """The first alternative that fits; null where it is one. The last one's complaint is the most telling."""
    if kind.includes_none and is_null(node):
        return None
    others = [one for one in kind.types if not isinstance(one, inspect.NoneType)]
    for one in others[:-1]:
        if isinstance(one, inspect.LiteralType) and isinstance(node, ScalarNode) and node.value in one.values:
            return node.value
    return _value(others[-1], node)


def _list(kind: inspect.VarTupleType, node: Node) -> tuple[object, ...]:
    if is_null(node):
        return ()
    if not isinstance(node, SequenceNode):
        raise Mistake("a list is wanted - write it in brackets: [one, two]")
    return tuple(_item(kind.item_type, item) for item in items(node))


def _table(kind: inspect.DictType, node: Node) -> dict[str, object]:
    if is_null(node):
        return {}
    if not isinstance(node, MappingNode):
        raise Mistake("names with a value each are wanted - write them in braces: {name: value}")
    found, wrong = pairs(node)
    if wrong:
        raise Mistake(wrong[0].text, wrong[0].spot)
    return {_key(kind.key_type, pair): _item(kind.value_type, pair.node) for pair in found}


def _key(kind: inspect.Type, pair: Pair) -> str:
    unit = (kind.extra or {}).get("unit") if isinstance(kind, inspect.Metadata) else None
    try:
        return _UNITS[unit](pair.key) if unit in _UNITS else pair.key
    except Mistake as mistake:
        raise Mistake(str(mistake), pair.spot) from None


def _item(kind: inspect.Type, node: Node) -> object:
    try:
        return _value(kind, node)
    except Mistake as mistake:
        raise Mistake(str(mistake), spot_of(node)) from None


def _only_scalar(node: Node) -> ScalarNode:
    if not isinstance(node, ScalarNode):
        raise Mistake("one value is wanted - write it without brackets, behind the colon")
    return node


def _scalar(kind: inspect.Type, node: ScalarNode, unit: str | None) -> object:
    if is_null(node):
        raise Mistake("there is no value - write one, or leave the whole line out")
    match kind:
        case inspect.LiteralType():
            return _choice(kind, node)
        case inspect.BoolType():
            return _truth(node)
        case inspect.FloatType():
            return _span(kind, node)
        case inspect.IntType():
            return _size(kind, node) if unit == "size" else _whole(kind, node)
        case inspect.CustomType():
            return Path(_string(node))
        case inspect.StrType():
            return _line(kind, node, unit)
        case _:
            raise TypeError(f"config.yaml can't hold {kind}")


def _choice(kind: inspect.LiteralType, node: ScalarNode) -> object:
    if node.value in kind.values:
        return node.value
    raise Mistake(f"`{node.value[:80]}` is not known - write one of {', '.join(map(str, kind.values))}")


def _truth(node: ScalarNode) -> bool:
    value = plain(node)
    if isinstance(value, bool):
        return value
    raise Mistake(f"`{node.value[:80]}` is neither true nor false - write one of them, without quotes")


def _span(kind: inspect.FloatType, node: ScalarNode) -> float:
    length = units.seconds(_string(node, bare=True))
    _within(length, kind.ge, kind.le, units.span_text)
    return length


def _size(kind: inspect.IntType, node: ScalarNode) -> int:
    count = units.size(_string(node, bare=True))
    _within(count, kind.ge, kind.le, lambda bound: units.size_text(int(bound)))
    return count


def _whole(kind: inspect.IntType, node: ScalarNode) -> int:
    value = plain(node)
    if isinstance(value, bool) or not isinstance(value, int):
        raise Mistake(f"`{node.value[:80]}` is no whole number - write one from {kind.ge} to {kind.le}, without quotes")
    _within(value, kind.ge, kind.le, lambda bound: f"{bound:.0f}")
    return value


def _within(value: float, least: float | None, most: float | None, told: Callable[[float], str]) -> None:
    if (least is not None and value < least) or (most is not None and value > most):
        bounds = f"from {told(least or 0)} to {told(most or 0)}"
        raise Mistake(f"{told(value)} is out of bounds - anything {bounds} will do")


def _line(kind: inspect.StrType, node: ScalarNode, unit: str | None) -> str:
    text = _string(node)
    if not (kind.min_length or 0) <= len(text) <= (kind.max_length or len(text)):
        raise Mistake(f"{len(text)} characters - write {kind.min_length} to {kind.max_length}")
    return _UNITS[unit](text) if unit in _UNITS else text


def _string(node: ScalarNode, *, bare: bool = False) -> str:
    """The text of a scalar, unless YAML takes it for something else (`no`, 2024-01-01); `bare` lets numbers pass."""
    value = plain(node)
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if not isinstance(value, str) and not (bare and number):
        raise Mistake(f'YAML reads `{node.value[:80]}` as {_taken_for(value)} - put it in quotes: "{node.value[:80]}"')
    if _CONTROL.search(node.value):
        raise Mistake("line breaks and control characters can't stand here - write one plain line")
    text: str = node.value
    return text


def _taken_for(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return "a number" if isinstance(value, int | float) else "a date"
