"""Teach the forests of `crawler.extraction.taught`: which kind a page is of, and which blocks are its text if it is no article.

    python bench/others.py DATA --check     five folds by host: P, R, F1 (shingles of four) by kind; what each is taken for
    python bench/others.py DATA --write     learn from all of it, and write crawler/extraction/taught.py

DATA holds the sets as `<set>/truth.jsonl` and `<set>/<id>.html.gz`; `wcxb` names kinds, of the others all pages are articles.
Needs numpy and lightgbm beside the project's own packages. Of the pages only thresholds and weights go into the tables.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import zlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import mean
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

import lightgbm
import numpy as np
from forest import table
from selectolax.lexbor import LexborHTMLParser

from crawler.charset import decode
from crawler.extraction import blocks, body, head, kinds, metadata, nodes, noscript, others, titles, traits

ARTICLES: Final = ("scrapinghub", "fundus", "zhweb", "arabic", "newspaper", "postlight", "daniel")
SHARE: Final = {"daniel": 4}
"""Every fourth page: they are many, and alike."""
LABELS: Final = {"collection": "listing", "documentation": "other", "service": "other"}
FOLDS: Final = 5
GROW: Final = {
    "objective": "binary",
    "learning_rate": 0.13,
    "lambda_l2": 5,
    "feature_fraction": 0.6,
    "bagging_fraction": 0.8,
    "bagging_freq": 1,
    "max_bin": 63,
    "seed": 4,
    "num_threads": 1,
    "verbose": -1,
}
OF_BLOCKS: Final = {**GROW, "num_leaves": 8, "min_data_in_leaf": 40, "min_sum_hessian_in_leaf": 0, "learning_rate": 0.2}
QUICKLY: Final = {**OF_BLOCKS, "learning_rate": 0.3}
OF_KINDS: Final = {**GROW, "num_leaves": 6, "min_data_in_leaf": 10, "lambda_l2": 2, "learning_rate": 0.12}
BLOCK_TREES, QUICK_TREES, KIND_TREES = 70, 15, 40
WIDE: Final = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
TOKEN: Final = re.compile(f"[{WIDE}]|[^\\W{WIDE}]+")

Shingles = Counter[tuple[str, ...]]


class Sample(NamedTuple):
    """A page with what is to be learned from it."""

    name: str
    host: str
    kind: str
    truth: str
    page: list[float]
    rows: Any
    texts: list[str]
    weights: Any
    kept: Any
    wanted: Any
    plainly: bool


def samples(folder: Path, name: str) -> Iterator[Sample]:
    """The pages of a set."""
    lines = (folder / name / "truth.jsonl").read_text(encoding="utf-8").split("\n")
    for truth in map(json.loads, filter(None, lines[:: SHARE.get(name, 1)])):
        if name != "wcxb" or truth.get("text"):
            yield sample(name, truth, gzip.decompress((folder / name / f"{truth['id']}.html.gz").read_bytes()))


def sample(name: str, truth: dict[str, Any], html: bytes) -> Sample:
    """One page, read as `crawler.extraction.article` reads it."""
    url = truth.get("url")
    text = decode(html, "text/html").text
    tree = LexborHTMLParser(text)
    said = head.read(nodes.find(tree))
    title, summary = titles.headline(said, metadata.sites(said, url).keys), metadata.summary(said)
    page = noscript.uncovered(text, blocks.parse(tree))
    survey = body.surveyed(page, title[0] if title else None, summary[0] if summary else None)
    kept = survey.kept
    numbers = [*kinds.glance(page, kept, said, url), *kinds.row(page, said)]
    kind = truth["kind"] if name == "wcxb" else "article"
    host = urlsplit(url or truth["id"]).netloc.removeprefix("www.") or truth["id"]
    ids = {id(block) for block in body.find(survey).text}
    return Sample(
        name,
        host,
        kind,
        truth.get("text") or "",
        numbers,
        np.array(traits.rows(page, kept) if truth.get("text") else [], dtype=np.float32).reshape(-1, len(traits.COLUMNS)),
        [block.text for block in page.blocks],
        np.array([min(max(block.weight, 3), 300) for block in page.blocks]),
        np.array([id(block) in ids for block in page.blocks], dtype=bool),
        np.array(wanted([block.text for block in page.blocks], truth.get("text") or ""), dtype=bool),
        kinds.plainly(page, kept, said),
    )


def tokens(text: str) -> list[str]:
    """Words; signs of unspaced scripts each."""
    return TOKEN.findall(text)


def shingles(text: str) -> Shingles:
    """Every run of four tokens."""
    found = tokens(text)
    return Counter(tuple(found[n : n + 4]) for n in range(max(1, len(found) - 3)) if found)


def wanted(texts: list[str], truth: str) -> list[bool]:
    """Which blocks stand in the true text: a line of it, or half of their tokens in runs of four that it has too."""
    lines = {" ".join(line.split()).strip("-*• ").lower() for line in truth.splitlines()} - {""}
    known = set(shingles(truth))
    words = [tokens(text) for text in texts]
    flat = [(word, place) for place, found in enumerate(words) for word in found]
    covered: Counter[int] = Counter()
    seen = set()
    for n in range(len(flat) - 3):
        if tuple(word for word, _ in flat[n : n + 4]) in known:
            seen.update(range(n, n + 4))
    covered.update(flat[n][1] for n in seen)
    return [
        text.strip("-*• ").lower() in lines or (bool(found) and covered[place] >= 0.5 * len(found))
        for place, (text, found) in enumerate(zip(texts, words, strict=True))
    ]


def learn_blocks(pages: list[Sample]) -> tuple[lightgbm.Booster, lightgbm.Booster]:
    """The forest that is asked first, and the one for what that leaves in doubt.

    Articles count little: they are read otherwise, but some are mistaken for what they aren't."""
    used = [page for page in pages if len(page.rows)]
    weight = [page.weights / max(300, page.weights.sum()) * _share(page) for page in used]
    rows, wanted = np.concatenate([page.rows for page in used]), np.concatenate([page.wanted for page in used])
    weights = np.concatenate(weight)
    quick = lightgbm.train(QUICKLY, lightgbm.Dataset(rows, wanted, weight=weights), QUICK_TREES)
    return quick, lightgbm.train(OF_BLOCKS, lightgbm.Dataset(rows, wanted, weight=weights), BLOCK_TREES)


def belongs(rows: Any, quick: lightgbm.Booster, choose: lightgbm.Booster) -> Any:
    """Which blocks of a page are its text; as in `crawler.extraction.others`."""
    odds = quick.predict(rows, raw_score=True)
    doubtful = (odds > others.CLEARLY_NOT) & (odds < others.CLEARLY)
    return np.where(doubtful, choose.predict(rows, raw_score=True), odds) > others.LEAST


def _share(page: Sample) -> float:
    return (0.1 if page.name == "wcxb" else 0.05) if page.kind == "article" else 1.0


def learn_kind(pages: list[Sample], name: str, columns: int = len(kinds.COLUMNS)) -> lightgbm.Booster:
    """One kind against all others, by the first columns of a page's numbers."""
    rows = np.array([page.page[:columns] for page in pages])
    truth = [LABELS.get(page.kind, page.kind) == name for page in pages]
    weight = [1.0 if page.name == "wcxb" else 0.5 for page in pages]
    return lightgbm.train(OF_KINDS, lightgbm.Dataset(rows, truth, weight=weight), KIND_TREES)


def check(pages: list[Sample]) -> None:
    """Every page judged by forests that never saw its host."""
    judged: dict[str, list[tuple[str, dict[str, float]]]] = defaultdict(list)
    texts: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for fold in range(FOLDS):
        train = [page for page in pages if zlib.crc32(page.host.encode()) % FOLDS != fold]
        test = [page for page in pages if zlib.crc32(page.host.encode()) % FOLDS == fold]
        forests = {name: learn_kind(train, name) for name in ("article", "listing", "product", "forum")}
        surely, chosen_by = learn_kind(train, "article", len(kinds.GLANCE)), learn_blocks(train)
        for page in test:
            votes = {name: float(forest.predict(np.array([page.page]), raw_score=True)[0]) for name, forest in forests.items()}
            if page.plainly or surely.predict(np.array([page.page[: len(kinds.GLANCE)]]), raw_score=True)[0] > kinds.CERTAIN:
                votes = {"article": 9.0, "listing": -9.0, "product": -9.0, "forum": -9.0}
            judged[page.kind if page.name == "wcxb" else page.name].append((page.host, votes))
            if page.truth:
                reads = votes["article"] > 0
                chosen = page.kept if reads or not len(page.rows) else belongs(page.rows, *chosen_by)
                text = "\n".join(text for text, keep in zip(page.texts, chosen, strict=True) if keep)
                texts[page.kind if page.name == "wcxb" else page.name].append((page.truth, text))
    for kind, found in sorted(judged.items()):
        said = Counter(max(votes, key=lambda name: votes[name]) if max(votes.values()) > 0 else "other" for _, votes in found)
        worst = sorted((round(votes["listing"] - max(0, votes["article"]), 1) for _, votes in found), reverse=True)[:4]
        other = sum(votes["article"] <= 0 for _, votes in found)
        print(f"{kind:14} n={len(found):4} read otherwise {other:4}  highest for a listing {worst}  {dict(said.most_common())}")
    for kind, pairs in [
        *sorted(texts.items()),
        ("wcxb", [pair for kind, found in texts.items() for pair in found if kind not in ARTICLES]),
    ]:
        print(f"{kind:14} P {scores(pairs)[0]:.3f} R {scores(pairs)[1]:.3f} F1 {scores(pairs)[2]:.3f}")


def scores(pairs: list[tuple[str, str]]) -> tuple[float, float, float]:
    """Mean precision and recall over pages, and the F1 of the two."""
    counted = [(shingles(truth), shingles(text)) for truth, text in pairs]
    precision = mean((truth & text).total() / text.total() for truth, text in counted if text.total())
    recall = mean((truth & text).total() / truth.total() for truth, text in counted if truth.total())
    return precision, recall, 2 * precision * recall / (precision + recall)


def write(pages: list[Sample]) -> None:
    """The module with all tables."""
    learners: dict[str, Callable[[], lightgbm.Booster]] = {
        "QUICK": lambda: learn_blocks(pages)[0],
        "BLOCKS": lambda: learn_blocks(pages)[1],
        "SURELY": lambda: learn_kind(pages, "article", len(kinds.GLANCE)),
        **{name.upper(): (lambda name=name: learn_kind(pages, name)) for name in ("article", "listing", "product", "forum")},
    }
    parts = ['"""Forests as `crawler.extraction.forest` reads them. Written by bench/others.py; not to be edited."""\n']
    parts += ["from typing import Final\n"]
    parts += [f'{name}: Final = """\n{table(learn().dump_model())}\n"""\n' for name, learn in learners.items()]
    Path(__file__).parent.parent.joinpath("crawler/extraction/taught.py").write_text("\n".join(parts), encoding="utf-8")


def main() -> None:
    """Read the pages, then check or write."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("data", type=Path)
    ask.add_argument("--check", action="store_true")
    ask.add_argument("--write", action="store_true")
    asked = ask.parse_args()
    pages = list(samples(asked.data, "wcxb"))
    pages += [page for name in ARTICLES for page in samples(asked.data, name)]
    if asked.check:
        check(pages)
    if asked.write:
        write(pages)


if __name__ == "__main__":
    main()
