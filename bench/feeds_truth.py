"""What the expectations beside feed documents say of titles, links, ids and dates (a part of `./run bench feeds`)."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import NamedTuple

FIELDS = ("title", "link", "id", "date")
NAMES = {
    "title": "title",
    "link": "link",
    "url": "link",
    "id": "id",
    "guid": "id",
    "published": "date",
    "pubDate": "date",
    "date_published": "date",
    "publishedParsed": "date",
    "published_parsed": "date",
}
LISTS = ("items", "entries", "episodes")
EXPECT = re.compile(rb"Expect:\s*(.*?)\s*(?:-->|\n)", re.DOTALL)


class Claim(NamedTuple):
    """What one expectation says of one field of one item; item -1 is the feed itself."""

    item: int
    field: str
    value: object


def of_comment(data: bytes) -> list[Claim]:
    """Of `Expect:` in the comment above a document: the comparisons of it that speak of our fields."""
    if b"Expect:" not in data[:4000]:
        for charset in ("utf-16", "utf-32", "cp037"):
            decoded = data.decode(charset, "replace").encode("utf-8", "replace")
            if b"Expect:" in decoded[:4000]:
                data = decoded
    found = EXPECT.search(data[:8000])
    try:
        tree = ast.parse(found[1].decode("utf-8", "replace"), mode="eval") if found else None
    except SyntaxError:
        return []
    return [claim for node in ast.walk(tree) if (claim := _compared(node))] if tree else []


def _compared(node: ast.AST) -> Claim | None:
    if not isinstance(node, ast.Compare) or not isinstance(node.ops[0], ast.Eq):
        return None
    try:
        value = ast.literal_eval(node.comparators[0])
    except ValueError:
        return None
    path = ast.unparse(node.left)
    if path == "feed['title']":
        return Claim(-1, "title", value)
    found = re.fullmatch(r"entries\[(\d+)\](?:\['(\w+)'\]|\.(\w+))", path)
    field = NAMES.get(found[2] or found[3]) if found else None
    return Claim(int(found[1]), field, value) if found and field else None


def of_json(text: bytes) -> list[Claim]:
    """Of a file of expectations, whosever; a list of items under one of three names."""
    try:
        fields = json.loads(text)
    except ValueError:
        return []
    if not isinstance(fields, dict):
        return []
    items = next((fields[name] for name in LISTS if isinstance(fields.get(name), list)), [])
    title = fields.get("title")
    named = [Claim(-1, "title", title)] if isinstance(title, str) else []
    return named + [claim for at, item in enumerate(items) if isinstance(item, dict) for claim in _said(at, item)]


def _said(at: int, item: dict[str, object]) -> Iterator[Claim]:
    found: dict[str, object] = {}
    for name, value in item.items():
        field = NAMES.get(name)
        said = value.get("value") if isinstance(value, dict) else value
        if field and isinstance(said, (str, int)) and said != "":
            found.setdefault(field, said)
    yield from (Claim(at, field, value) for field, value in found.items())


def moment(value: object) -> str | None:
    """A date of any form as seconds of UTC, to compare; a day as itself."""
    if isinstance(value, (tuple, list)):
        return datetime(*value[:6], tzinfo=UTC).isoformat() if len(value) >= 6 else None
    if isinstance(value, int):
        return datetime.fromtimestamp(value, UTC).isoformat()
    try:
        read = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return read.replace(tzinfo=read.tzinfo or UTC).astimezone(UTC).isoformat()
