"""Rules for single sites: the files of a folder, each a rule or a list of them, every mistake with file, line and key."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from crawler import rules, urls
from crawler.config.document import BadDocument, Pair, compose, is_null, items, pairs, plain, spot_of
from crawler.config.problems import ConfigError, Mistake, Problem, Spot
from crawler.config.reading import unknown
from crawler.model import Rule

MOST_FILES: Final = 2_000
MOST_BYTES: Final = 256 << 10
"""Of a file."""
KEYS: Final = ("host", "title", "body", "authors", "date", "drop")


def read_folder(folder: Path, *, wanted: bool) -> tuple[Rule, ...]:
    """The rules in `*.yaml` of a folder, by the files' names; none where there is no folder and none is `wanted`.

    Raises:
        ConfigError: with every mistake in every file.
    """
    if not folder.is_dir():
        if wanted:
            raise ConfigError(f"{folder}: no such folder - make it, or take extract.rules out of config.yaml")
        return ()
    found: list[tuple[str, Spot, Rule]] = []
    told: list[str] = []
    for file in sorted(folder.glob("*.yaml"))[:MOST_FILES]:
        shown = f"{folder.name}/{file.name}"
        read, problems = _read_file(file)
        found += [(shown, spot, rule) for spot, rule in read]
        told += [problem.told(shown) for problem in sorted(problems)]
    told += _twice(found)
    if told:
        raise ConfigError(*told)
    return tuple(rule for _, _, rule in found)


def read_file(file: Path) -> tuple[Rule, ...]:
    """The rules of one file.

    Raises:
        ConfigError: with every mistake in it.
    """
    read, problems = _read_file(file)
    if problems:
        raise ConfigError(*(problem.told(str(file)) for problem in sorted(problems)))
    return tuple(rule for _, rule in read)


def _read_file(file: Path) -> tuple[list[tuple[Spot, Rule]], list[Problem]]:
    try:
        with file.open("rb") as opened:
            data = opened.read(MOST_BYTES + 1)
    except OSError as error:
        return [], [Problem(spot=Spot(), text=f"{error.strerror} - let it be read, or take it away")]
    if len(data) > MOST_BYTES:
        return [], [Problem(spot=Spot(), text=f"more than {MOST_BYTES >> 10} KB - a rule takes a few lines")]
    try:
        root = compose(data)
    except BadDocument as bad:
        return [], [bad.problem]
    found: list[tuple[Spot, Rule]] = []
    problems: list[Problem] = []
    for node in _each(root):
        rule, wrong = _rule(node)
        problems += wrong
        found += [(spot_of(node), rule)] if rule else []
    return found, problems


def _each(root: Node | None) -> Iterator[Node]:
    if isinstance(root, SequenceNode):
        yield from items(root)
    elif root is not None and not is_null(root):
        yield root


def _rule(node: Node) -> tuple[Rule | None, list[Problem]]:
    if not isinstance(node, MappingNode):
        return None, [
            Problem(spot=spot_of(node), text="a rule has keys - write `host: paper.example` and, below it, `body: .story`")
        ]
    found, problems = pairs(node)
    said: dict[str, tuple[str, ...]] = {}
    for pair in found:
        try:
            said[pair.key] = _value(pair)
        except Mistake as mistake:
            problems.append(Problem(spot=mistake.spot or spot_of(pair.node), key=pair.key, text=str(mistake)))
    if "host" not in [pair.key for pair in found]:
        problems.append(Problem(spot=spot_of(node), key="host", text="is missing - write `host: paper.example`"))
    if problems:
        return None, problems
    if len(said) == 1:
        return None, [Problem(spot=spot_of(node), text=f"says nothing about a page - write one of {', '.join(KEYS[1:])}")]
    (host,) = said.pop("host")
    return Rule(host=host, **said), []


def _value(pair: Pair) -> tuple[str, ...]:
    """What stands behind a key: selectors; of `host` the one host.

    Raises:
        Mistake: the key isn't known, or what stands behind it can't be used.
    """
    if pair.key not in KEYS:
        raise Mistake(unknown(pair.key, KEYS), pair.spot)
    return (_host(pair.node),) if pair.key == "host" else _selectors(pair)


def _host(node: Node) -> str:
    """A host's name, or `*.` and a domain."""
    written = _word(node).lower()
    try:
        name = urls.hostname(urls.parse(f"https://{written.removeprefix('*.')}/"))
    except urls.UrlError:
        name = ""
    if not name or set("/:@?#*") & set(written.removeprefix("*.")):
        raise Mistake(f"`{written[:80]}` is no host - write paper.example, or *.paper.example for all below it")
    return f"*.{name}" if written.startswith("*.") else name


def _selectors(pair: Pair) -> tuple[str, ...]:
    nodes = list(items(pair.node)) if isinstance(pair.node, SequenceNode) else [pair.node]
    if len(nodes) > rules.MOST_SELECTORS:
        raise Mistake(f"{len(nodes)} selectors - at most {rules.MOST_SELECTORS} will do")
    return tuple(_selector(node) for node in nodes)


def _selector(node: Node) -> str:
    written = _word(node)
    wrong = rules.objection(written)
    if wrong:
        raise Mistake(wrong, spot_of(node))
    return written


def _word(node: Node) -> str:
    value = plain(node) if isinstance(node, ScalarNode) else None
    if not isinstance(value, str) or not value.strip():
        raise Mistake(
            "a selector is wanted - write one, or several in brackets; in quotes where it begins with # or *", spot_of(node)
        )
    return value.strip()


def _twice(found: list[tuple[str, Spot, Rule]]) -> Iterator[str]:
    first: dict[str, tuple[str, Spot]] = {}
    for shown, spot, rule in found:
        before = first.setdefault(rule.host, (shown, spot))
        if before != (shown, spot):
            text = f"{rule.host} has a rule in {before[0]}:{before[1].line} - put both into one"
            yield Problem(spot=spot, key="host", text=text).told(shown)
