"""Short articles in ten languages and more, and what readers would type to find them. All of it made up for these tests."""

from __future__ import annotations

import json
from pathlib import Path

_FOLDER = Path(__file__).parent
ARTICLES: dict[str, tuple[str, str, str]] = {
    said["id"]: (said["language"], said["title"], said["text"])
    for said in map(json.loads, (_FOLDER / "articles.jsonl").read_text("utf-8").splitlines())
}
"""Id -> language, title, text."""
QUERIES: tuple[tuple[str, str], ...] = tuple(
    (query, wanted)
    for query, _, wanted in (line.partition("\t") for line in (_FOLDER / "queries.tsv").read_text("utf-8").splitlines())
)
"""A query, and the id of an article that must be among the first three."""
