"""YAML, safely and with places: text -> nodes that know their line, and nodes -> plain values.

PyYAML alone is not safe enough: its C composer overflows the stack on 1 MB of `[` (a segmentation fault), aliases of aliases
grow without bound, and of two equal keys the last wins silently. So the events are looked at first, then composed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Protocol

import yaml
from yaml.constructor import SafeConstructor
from yaml.events import AliasEvent, CollectionEndEvent, CollectionStartEvent, Event, NodeEvent
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from crawler.config.problems import Mistake, Problem, Spot
from crawler.model import Value

MOST_BYTES: Final = 8 << 20  # 40,000 sources of 200 bytes
MOST_DEPTH: Final = 16  # three are needed, and the composer calls itself for each
MOST_NODES: Final = 1_000_000
"""With every alias written out."""


class _Mark(Protocol):
    """What the C loader's marks and the Python loader's have in common."""

    @property
    def line(self) -> int: ...
    @property
    def column(self) -> int: ...


class BadDocument(Exception):  # noqa: N818 - the document is at fault; ConfigError is what leaves the room
    """The text as a whole can't be read; nothing in it can be told apart."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.text)
        self.problem = problem


class Pair(Value, frozen=True, kw_only=True):
    """A key of a mapping, where it stands, and what stands behind it."""

    key: str
    spot: Spot
    node: Node


def compose(data: bytes) -> Node | None:
    """The root of a YAML document; None if there is nothing in it.

    Raises:
        BadDocument: not UTF-8, not YAML, more than one document, or nested or aliased beyond all reason.
    """
    text = _text(data)
    try:
        _measure(text)
        return yaml.compose(text, Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as error:
        what = error.problem or error.context or "not YAML"
        raise BadDocument(Problem(spot=_spot(error.problem_mark), text=f"{what} - YAML needs it otherwise")) from None
    except yaml.reader.ReaderError as error:
        # The C loader reports no usable position here.
        raise BadDocument(Problem(spot=Spot(), text=f"{error.reason} - take the control character out")) from None


def pairs(node: MappingNode) -> tuple[list[Pair], list[Problem]]:
    """The entries of a mapping in their order, and what is wrong with its keys: two alike, or no plain word."""
    found: dict[str, Pair] = {}
    wrong: list[Problem] = []
    for key, value in node.value:
        spot = spot_of(key)
        if not isinstance(key, ScalarNode):
            wrong.append(Problem(spot=spot, text="a key has to be a word - take the brackets away"))
        elif key.value in found:
            first = found[key.value].spot.line
            wrong.append(Problem(spot=spot, key=key.value, text=f"stands here a second time - the first is in line {first}"))
        else:
            found[key.value] = Pair(key=key.value, spot=spot, node=value)
    return list(found.values()), wrong


def plain(node: ScalarNode) -> object:
    """What YAML makes of a scalar: text, number, truth, null, date.

    Raises:
        Mistake: it looks like one of these and is none (the 31st of February, a tag of Python's).
    """
    try:
        value: object = SafeConstructor().construct_object(node)
    except (yaml.YAMLError, ValueError, KeyError, IndexError):
        raise Mistake(f"YAML can't read `{node.value[:80]}` - write it in quotes") from None
    return value


def items(node: SequenceNode) -> Sequence[Node]:
    """The members of a list."""
    members: list[Node] = node.value
    return members


def is_null(node: Node) -> bool:
    """Whether nothing is said there: a key without a value, `null`, `~`."""
    return isinstance(node, ScalarNode) and node.tag == "tag:yaml.org,2002:null"


def spot_of(node: Node) -> Spot:
    """Where a node begins."""
    return _spot(node.start_mark)


def _spot(mark: _Mark | None) -> Spot:
    return Spot(line=mark.line + 1, column=mark.column + 1) if mark else Spot()


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        column = error.start - data.rfind(b"\n", 0, error.start)
        raise BadDocument(
            Problem(spot=Spot(line=line, column=column), text="not UTF-8 - save the file with this encoding")
        ) from None


def _measure(text: str) -> None:
    """Refuse what would take the composer (or us) beyond all bounds; nothing is built while looking."""
    sizes: dict[str, int] = {}
    begun: list[tuple[str | None, int]] = []
    total = 0
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        if isinstance(event, CollectionEndEvent):
            anchor, before = begun.pop()
            if anchor:
                sizes[anchor] = total - before
        elif isinstance(event, NodeEvent):
            total += 1 + (sizes.get(event.anchor or "", 0) if isinstance(event, AliasEvent) else 0)
            _bound(event, total, len(begun), {anchor for anchor, _ in begun if anchor})
            if isinstance(event, CollectionStartEvent):
                begun.append((event.anchor, total))


def _bound(event: NodeEvent, total: int, depth: int, open_anchors: set[str]) -> None:
    if depth > MOST_DEPTH:
        raise _beyond(event, f"nested more than {MOST_DEPTH} deep - sections and lists need three")
    if isinstance(event, AliasEvent) and event.anchor in open_anchors:
        raise _beyond(event, f"`*{event.anchor}` stands within itself - write out what is meant")
    if total > MOST_NODES:
        raise _beyond(event, f"more than {MOST_NODES:,} values - use fewer, and no aliases of aliases")


def _beyond(event: Event, text: str) -> BadDocument:
    return BadDocument(Problem(spot=_spot(event.start_mark), text=text))
