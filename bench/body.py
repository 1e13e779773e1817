"""Teach the forests of `crawler.extraction.body`: which blocks of a page are the article's.

    python bench/body.py DATA --check     three folds by site: P, R, F1 (shingles of four) by set, of pages not learned from
    python bench/body.py DATA --write     learn from all of it, and write crawler/extraction/taught_body.py

DATA holds the sets as `<set>/truth.jsonl` and `<set>/<id>.html.gz`. Needs numpy and lightgbm beside the project's own packages.
Of the pages nothing goes into the tables but thresholds and weights.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import re
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from statistics import mean
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

import lightgbm
import numpy as np
from forest import table
from selectolax.lexbor import LexborHTMLParser

from crawler.charset import decode
from crawler.extraction import blocks, body, boilerplate, head, judging, measures, metadata, nodes, noscript, titles
from crawler.extraction.lines import Line

SETS: Final = {
    "scrapinghub": 1.0,
    "fundus": 1.0,
    "wcxb": 1.0,
    "daniel": 0.4,
    "zhweb": 1.0,
    "arabic": 1.0,
    "trafilatura": 0.5,
    "newspaper": 1.0,
}
"""What is learned from, and what a page of it counts: `daniel` has many alike, `trafilatura` tells of some lines only."""
VARIED: Final = 0.4
"""What a varied page counts beside the real one."""
NAMES: Final = re.compile(rb"""\s(?:class|id|itemprop|role)=(?:"[^"]*"|'[^']*'|[^\s>]*)""")
PARAGRAPH: Final = re.compile(rb"<p[ >](?:(?!<p[ >]).){0,3000}?</p>", re.DOTALL | re.IGNORECASE)
FOLDS: Final = 3
GROW: Final = {
    "objective": "binary",
    "lambda_l2": 5,
    "min_data_in_leaf": 60,
    "feature_fraction": 0.3,
    "bagging_fraction": 0.7,
    "bagging_freq": 1,
    "max_bin": 63,
    "seed": 7,
    "num_threads": 1,
    "verbose": -1,
}
QUICK: Final = {**GROW, "num_leaves": 12, "learning_rate": 0.25}
CLOSE: Final = {**GROW, "num_leaves": 16, "learning_rate": 0.2}
FIRST_TREES, QUICK_TREES, CLOSE_TREES = 10, 30, 60
"""Of the quick forest: those asked of every block, and all."""
WIDE: Final = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
TOKEN: Final = re.compile(f"[{WIDE}]|[^\\W{WIDE}]+")
HEADER: Final = '''"""What `bench/body.py` learned: which blocks are an article's, as trees over the columns of `measures`."""

from __future__ import annotations

from typing import Final
'''


class Sample(NamedTuple):
    """A page with what is to be learned of it: each candidate's numbers, whether it is text (-1: not told), and its weight."""

    of: str
    site: str
    truth: dict[str, Any]
    lines: list[Line]
    known: boilerplate.Known
    rows: Any
    wanted: Any
    weights: Any
    real: bool


def samples(folder: Path, of: str) -> Iterator[Sample]:
    """The pages of a set that have a truth."""
    for text in (folder / of / "truth.jsonl").read_text(encoding="utf-8").strip().split("\n"):
        truth = json.loads(text)
        if (truth.get("text") or truth.get("with")) and (truth.get("kind") or "article") == "article":
            data = gzip.decompress((folder / of / f"{truth['id']}.html.gz").read_bytes())
            yield sample(of, truth, data)
            if truth.get("text"):
                yield sample(of, truth, varied(truth["id"], data), VARIED)


def varied(name: str, data: bytes) -> bytes:
    """The page as it might have been: without names of boxes, or without most of its paragraphs. Little may rest on either."""
    chance = random.Random(name)
    if chance.random() < 0.4:
        return NAMES.sub(b"", data)
    return PARAGRAPH.sub(lambda found: found[0] if chance.random() < 0.4 else b"", data)


def sample(of: str, truth: dict[str, Any], data: bytes, share: float = 1.0) -> Sample:
    """What the extractor sees of a page, beside what people marked in it."""
    url = truth.get("url")
    text = decode(data, "text/html").text
    tree = LexborHTMLParser(text)
    said = head.read(nodes.find(tree))
    keys = metadata.sites(said, url).keys
    title, summary = titles.headline(said, keys), metadata.summary(said)
    page = noscript.uncovered(text, blocks.parse(tree))
    survey = body.surveyed(page, title[0] if title else None, summary[0] if summary else None) if page.blocks else None
    cheap = list(survey.candidates()) if survey else []
    more = survey.closely([n for n, _ in cheap]) if survey else iter(())
    found = [(n, row + rest) for (n, row), rest in zip(cheap, more, strict=True)]
    texts = [block.text for block in page.blocks]
    wanted = aligned(texts, truth["text"]) if truth.get("text") else told(texts, truth)
    chosen = [page.blocks[n] for n, _ in found]
    whole = len(TOKEN.findall(truth.get("text") or "")) or 300
    sizes = np.minimum([len(TOKEN.findall(block.text)) / whole for block in chosen], 0.3)
    return Sample(
        of,
        (urlsplit(url or "").hostname or truth["id"][9:40]),
        truth,
        [Line(block.text, (), block.tag in judging.HEADINGS) for block in chosen],
        boilerplate.Known(title[0] if title else None, (), keys),
        np.array([row for _, row in found], dtype=np.float32).reshape(len(found), len(measures.COLUMNS)),
        np.array([wanted[n] for n, _ in found]),
        (sizes + (0.003 if truth.get("text") else 0.02)) * SETS[of] * share,
        share == 1.0,
    )


def told(texts: list[str], truth: dict[str, Any]) -> list[float]:
    """1 for a block with a segment that belongs, 0 with one that doesn't, -1 for the others."""
    belongs, not_so = ([" ".join(one.split()) for one in truth.get(name) or []] for name in ("with", "without"))
    scores = [(any(one in text for one in belongs), any(one in text for one in not_so)) for text in texts]
    return [float(good) if good != bad else -1.0 for good, bad in scores]


def aligned(texts: list[str], truth: str) -> list[float]:
    """1 for a block whose words stand in the truth, in the same order; short ones only between long ones that do."""
    wanted = TOKEN.findall(truth)
    places: dict[tuple[str, ...], int] = {}
    for n in range(len(wanted) - 3):
        places.setdefault(tuple(wanted[n : n + 4]), n)
    words = [TOKEN.findall(text) for text in texts]
    scores = [0.0] * len(texts)
    bounds = [(-1, 0, 0), *_chain(_anchors(words, places)), (len(texts), len(wanted), len(wanted))]
    for (one, _, end), (other, until, _) in pairwise(bounds):
        if one >= 0:
            scores[one] = 1.0
        at = max(end - 2, 0)
        for n in range(one + 1, other):
            size = len(words[n])
            found = (
                next((p for p in range(at, until + 3 - size) if wanted[p : p + size] == words[n]), None)
                if 0 < size < 8
                else None
            )
            if found is not None:
                scores[n] = 1.0
                at = found + size
    return scores


def _anchors(words: list[list[str]], places: dict[tuple[str, ...], int]) -> Iterator[tuple[int, int, int]]:
    """Long blocks most of whose shingles stand in the truth: number, where they begin there, and end."""
    for n, block in enumerate(words):
        hits = [places[gram] - k for k in range(len(block) - 3) if (gram := tuple(block[k : k + 4])) in places]
        if len(block) >= 8 and 2 * len(hits) > len(block) - 3:
            start = sorted(hits)[len(hits) // 2]
            yield n, start, start + len(block)


def _chain(anchors: Iterator[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """Those that follow each other in the truth, too: the heaviest such chain."""
    best: list[tuple[float, list[tuple[int, int, int]]]] = []
    for anchor in anchors:
        size = anchor[2] - anchor[1]
        before = max(
            (one for one in best[-400:] if (one[1][-1][1] + one[1][-1][2]) / 2 <= anchor[1]),
            default=(0.0, []),
            key=lambda o: o[0],
        )
        best.append((before[0] + size, [*before[1], anchor]))
    return max(best, default=(0.0, []), key=lambda one: one[0])[1]


def grow(of: Sequence[Sample]) -> tuple[Any, Any]:
    """The two forests: one over the cheap numbers, and one over all.

    The second doesn't go on where the first ended: on pages of sites neither had seen that lost .001 to .003 of F1.
    """
    rows, wanted, weights = (
        np.concatenate([getattr(one, name) for one in of if len(one.rows)]) for name in ("rows", "wanted", "weights")
    )
    told_of = wanted >= 0
    rows, wanted, weights = rows[told_of], wanted[told_of], weights[told_of]
    cheap = rows[:, : len(measures.QUICK)]
    quick = lightgbm.train(QUICK, lightgbm.Dataset(cheap, wanted, weight=weights), QUICK_TREES)
    return quick, lightgbm.train(CLOSE, lightgbm.Dataset(rows, wanted, weight=weights), CLOSE_TREES)


def kept(one: Sample, quick: Any, close: Any) -> str:
    """The text a page would give; as in `body`, but for the paragraphs kept for company."""
    if not len(one.rows):
        return ""
    cheap = one.rows[:, : len(measures.QUICK)]
    odds = quick.predict(cheap, raw_score=True, num_iteration=FIRST_TREES)
    odds = np.where((odds > body.CLEARLY_NOT) & (odds < body.AT_ONCE), quick.predict(cheap, raw_score=True), odds)
    doubtful = (odds > body.CLEARLY_NOT) & (odds < body.CLEARLY)
    odds = np.where(doubtful, close.predict(one.rows, raw_score=True), odds)
    lines = [line for line, log_odds in zip(one.lines, odds, strict=True) if log_odds > body.LEAST_ODDS]
    return "\n".join(line.text for line in boilerplate.clean(lines, one.known).lines)


def shares(truth: str, text: str) -> tuple[float, float]:
    """Precision and recall of one page, over shingles of four words."""
    want, got = (Counter(zip(*(TOKEN.findall(one)[n:] for n in range(4)), strict=False)) for one in (truth, text))
    both = sum((want & got).values())
    return both / (sum(got.values()) or 1), both / (sum(want.values()) or 1)


def check(of: list[Sample]) -> None:
    """Print how well pages are read that were not learned from."""
    fold = [zlib.crc32(".".join(one.site.split(".")[-2:]).encode()) % FOLDS for one in of]
    results: defaultdict[str, list[tuple[float, float]]] = defaultdict(list)
    for number in range(FOLDS):
        forests = grow([one for one, at in zip(of, fold, strict=True) if at != number])
        for one, at in zip(of, fold, strict=True):
            if at == number and one.real and one.truth.get("text"):
                results[one.of].append(shares(one.truth["text"], kept(one, *forests)))
    for name, pairs in results.items():
        precision, recall = mean(p for p, _ in pairs), mean(r for _, r in pairs)
        print(f"{name:12} {len(pairs):5} {precision:.3f} {recall:.3f} {2 * precision * recall / (precision + recall):.3f}")


def main() -> None:
    """Read the arguments, then learn."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    of = [one for name in SETS for one in samples(options.data, name)]
    if options.check:
        check(of)
    if options.write:
        quick, close = grow(of)
        parts = {
            "FIRST": quick.dump_model(FIRST_TREES),
            "THEN": quick.dump_model(QUICK_TREES - FIRST_TREES, FIRST_TREES),
            "CLOSE": close.dump_model(),
        }
        text = HEADER + "".join(f'\n{name}: Final = """\\\n{table(part)}\n"""\n' for name, part in parts.items())
        (Path(__file__).parents[1] / "crawler/extraction/taught_body.py").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
