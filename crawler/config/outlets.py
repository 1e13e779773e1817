"""`hooks` and `alerts`: who is told of what. Each entry by itself, then what only shows in company (two alike)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, TypeVar

from msgspec.structs import replace
from yaml.nodes import MappingNode, Node, SequenceNode

from crawler.config.document import is_null, items, pairs, spot_of
from crawler.config.problems import Problem, Spot
from crawler.config.reading import Read, mapping, unknown
from crawler.config.shape import AlertEntry, HookEntry

KINDS: Final = ("keyword", "quiet", "failing")

Entry = TypeVar("Entry", bound=HookEntry)


def hooks(node: Node | None) -> tuple[tuple[HookEntry, ...], list[Problem]]:
    """What `hooks` says: all entries that could be read, and what is wrong with the others."""
    if node is None or is_null(node):
        return (), []
    if not isinstance(node, MappingNode):
        text = "says when, then whom - write `on_article:` and, below it, `- command: [./tell.sh]`"
        return (), [Problem(spot=spot_of(node), key="hooks", text=text)]
    found, problems = pairs(node)
    told: tuple[HookEntry, ...] = ()
    for pair in found:
        if pair.key == "on_article":
            told, wrong = _list(HookEntry, pair.node, "hooks.on_article", lambda _: None)
            problems += wrong
        else:
            problems.append(Problem(spot=pair.spot, key=f"hooks.{pair.key}", text=unknown(pair.key, ["on_article"])))
    return told, problems


def alerts(node: Node | None) -> tuple[tuple[AlertEntry, ...], list[Problem]]:
    """What `alerts` says: all entries that could be read, and what is wrong with the others."""
    return _list(AlertEntry, node, "alerts", _of_what)


def _list(
    shape: type[Entry], node: Node | None, name: str, wrong: Callable[[Mapping[str, Spot]], str | None]
) -> tuple[tuple[Entry, ...], list[Problem]]:
    if node is None or is_null(node):
        return (), []
    if not isinstance(node, SequenceNode):
        text = "a list is wanted - write each in lines of its own, the first one beginning with `- webhook: https://…`"
        return (), [Problem(spot=spot_of(node), key=name, text=text)]
    return _entries(shape, node, name, wrong)


def _entries(
    shape: type[Entry], node: SequenceNode, name: str, wrong: Callable[[Mapping[str, Spot]], str | None]
) -> tuple[tuple[Entry, ...], list[Problem]]:
    found: dict[Entry, tuple[int, Entry]] = {}
    problems: list[Problem] = []
    for number, item in enumerate(items(node)):
        key = f"{name}[{number}]"
        read = mapping(shape, item, key)
        if read.problems:
            problems += read.problems
            continue
        entry = replace(shape(), **read.values)
        # How far somebody is is kept by whom they are, and what of: two that differ in the rest would share it.
        whom = replace(entry, timeout=shape().timeout, secret=None, past=True)
        told = [text for text in (_to_whom(read), wrong(read.spots)) if text]
        if not told and whom in found:
            told = [f"the same as {name}[{found[whom][0]}] - take one of them out"]
        problems += [Problem(spot=spot_of(item), key=key, text=text) for text in told]
        if not told:
            found[whom] = (number, entry)
    return tuple(entry for _, entry in found.values()), problems


def _to_whom(read: Read) -> str | None:
    asked = [key for key in ("command", "webhook") if read.values.get(key)]
    if len(asked) != 1:
        return "needs one of command, webhook - write `webhook: https://…` or `command: [./tell.sh]`"
    if "secret" in read.spots and asked == ["command"]:
        return "has a secret, and a command isn't sent one - take it out"
    return None


def _of_what(spots: Mapping[str, Spot]) -> str | None:
    asked = [key for key in KINDS if key in spots]
    if len(asked) == 1:
        return None
    return f"needs one of {', '.join(KINDS)} - write `keyword: …`" if not asked else f"has {' and '.join(asked)} - keep one"
