"""Article text and metadata beside nine other extractors: quality on labelled pages, and documents a CPU-second.

    ./run bench extract --evalx FILE --data DIR [--cache DIR] [--tools a,b] [--again a,b] [--no-speed] [--write]

The measures are those of an evaluation script that is not part of this repository, nor are the pages: `--evalx` names the
script ($EVALX), `--data` the folder with a folder a set ($EVALX_DATA). Each rival runs in an environment of its own under
`--cache`, which also keeps its answers: they don't change, so that a rerun reads only ours. Ends with 1 where a goal is missed.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType

from extract_report import BODY_SETS, SETS, Rows, Scores, Speed, report

HERE = Path(__file__).parent
RIVALS = HERE / "rivals"
BENCHMARKS = HERE.parent / "docs" / "benchmarks.md"
HEADING = "## `./run bench extract`"
TIMED = {
    "mixed": ("scrapinghub,fundus,wcxb", 25, 0, 1 << 40),
    "60 KB": ("scrapinghub,fundus,wcxb,trafilatura", 15, 50_000, 70_000),
}
"""Pages to time: sets, so many of each, and between which sizes."""

DETECTION = "faust-cchardet"
"""Makes trafilatura's reading of undeclared encodings better: F1 of zhweb .906 instead of .722."""
PACKAGES = {
    "trafilatura": ["trafilatura==2.3.1", DETECTION],
    "readability-lxml": ["readability-lxml==0.9.0", "lxml_html_clean"],
    "resiliparse": ["resiliparse==2.0.1"],
    "newspaper4k": ["newspaper4k==0.9.6", "lxml_html_clean", "nltk", "jieba", "tinysegmenter", "pythainlp"],
    "goose3": ["goose3==3.1.22"],
    "jusText": ["justext==3.0.2"],
    "boilerpy3": ["boilerpy3==1.0.7", "trafilatura==2.3.1", DETECTION],
    "htmldate": ["htmldate==1.9.4", DETECTION],
}
TOOLS = [
    "warraq",
    "trafilatura",
    "trafilatura, fast",
    "trafilatura, precision",
    "trafilatura, recall",
    *[name for name in PACKAGES if name != "trafilatura"],
]
SPEED_ONLY = ["trafilatura, text only"]

Page = dict[str, str]


def measures(path: Path, data: Path) -> ModuleType:
    """The evaluation script as a module; it asks the environment where its pages are."""
    os.environ["EVALX_DATA"] = str(data)
    spec = importlib.util.spec_from_file_location("evalx", path)
    if spec is None or spec.loader is None:
        sys.exit(f"{path}: this is no Python file")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def python_of(tool: str, cache: Path) -> Path:
    """The interpreter of a tool's environment, made when first asked for."""
    if tool == "warraq":
        return Path(sys.executable)
    name = tool.partition(",")[0]
    folder = cache / "environments" / name
    if not (folder / "whole").exists():
        uv = shutil.which("uv") or str(HERE.parent / ".uv" / "bin" / "uv")
        subprocess.run([uv, "venv", "-q", "--clear", "--python", sys.executable, folder], check=True)
        wanted = ["selectolax==1.0.2", *PACKAGES[name]]
        subprocess.run([uv, "pip", "install", "-q", "--python", folder / "bin" / "python", *wanted], check=True)
        (folder / "whole").touch()
    return folder / "bin" / "python"


def asked(tool: str, pages: Iterable[Page], cache: Path, *words: str) -> str:
    """What a tool's process says about pages."""
    told = subprocess.run(
        [python_of(tool, cache), RIVALS / "read.py", tool, *words],
        check=True,
        input="".join(json.dumps(page) + "\n" for page in pages),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": str(HERE.parent) if tool == "warraq" else "", "PYTHONWARNINGS": "ignore"},
    )
    return told.stdout


def lines(path: Path) -> list[Rows]:
    """A JSON value a line; not `splitlines`, which also breaks where a text holds U+2028."""
    with path.open(encoding="utf-8", newline="\n") as file:
        return [json.loads(line) for line in file]


def pages_of(data: Path, name: str) -> list[Page]:
    """The pages of a set, in the order of a hash of their names: any beginning of it is a fair sample."""
    truth = sorted(lines(data / name / "truth.jsonl"), key=lambda one: hashlib.md5(one["id"].encode()).hexdigest())
    where = data / name
    return [{"set": name, "id": one["id"], "path": str(where / f"{one['id']}.html.gz"), "url": one.get("url")} for one in truth]


def answers(tool: str, name: str, data: Path, cache: Path, *, again: bool) -> dict[str, Rows]:
    """A tool's answers for a set, by page; those of rivals as kept, unless asked for again."""
    kept = cache / "answers" / tool / f"{name}.jsonl"
    if again or not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        part = kept.with_suffix(".part")
        part.write_text(asked(tool, pages_of(data, name), cache), "utf-8")
        part.replace(kept)
    return {row["id"]: {"text": "", **row} for row in lines(kept)}


def scored(evalx: ModuleType, name: str, found: dict[str, Rows]) -> dict[str, Scores]:
    """Figures of a set, and of its articles alone where it tells kinds apart."""
    pairs = [(truth, found[truth["id"]]) for truth in evalx.pages(name) if truth["id"] in found]
    figures = {name: evalx.score_rows(pairs)}
    if any(truth.get("kind") for truth, _ in pairs):
        figures[f"{name} article"] = evalx.score_rows([pair for pair in pairs if pair[0].get("kind") == "article"])
    return figures


def kept_scores(
    evalx: ModuleType, tool: str, name: str, cache: Path, found: dict[str, Rows], *, again: bool
) -> dict[str, Scores]:
    """As `scored`, but once only for each of a rival's answers: it takes longer than to read the pages."""
    kept = cache / "answers" / tool / f"{name}.scores.json"
    if again or not kept.exists() or kept.stat().st_mtime < kept.with_name(f"{name}.jsonl").stat().st_mtime:
        kept.write_text(json.dumps(scored(evalx, name, found)), "utf-8")
    figures: dict[str, Scores] = json.loads(kept.read_text("utf-8"))
    return figures


def page_scores(evalx: ModuleType, name: str, found: dict[str, Rows]) -> dict[str, float]:
    """F1u of each page of a small set."""
    pairs = [(truth, found[truth["id"]]) for truth in evalx.pages(name) if truth["id"] in found and truth.get("text")]
    return {truth["id"]: evalx.score_rows([(truth, row)])["F1u"] for truth, row in pairs}


def timed(tool: str, data: Path, cache: Path, which: str) -> Speed:
    """CPU of a tool and of the bare parse over the same pages."""
    names, count, least, most = TIMED[which]
    chosen: list[Page] = []
    for name in names.split(","):
        fitting = (page for page in pages_of(data, name) if least <= unpacked(Path(page["path"])) <= most)
        chosen += [page for page, _ in zip(fitting, range(count), strict=False)]
    told: Speed = json.loads(asked(tool, chosen, cache, "--time"))
    return told


def unpacked(path: Path) -> int:
    """Bytes of a page, as gzip's trailer tells (RFC 1952, 2.3.1)."""
    with path.open("rb") as file:
        file.seek(-4, os.SEEK_END)
        return int.from_bytes(file.read(4), "little")


def written(text: str) -> None:
    """Put the section into docs/benchmarks.md, in the place of the old one."""
    before, found, after = BENCHMARKS.read_text("utf-8").partition(HEADING)
    rest = after.partition("\n## ")[2] if found else ""
    tail = f"\n## {rest}" if rest else ""
    BENCHMARKS.write_text(f"{before.rstrip()}\n\n{HEADING}\n\n{text.rstrip()}\n{tail}", "utf-8")


def arguments() -> argparse.Namespace:
    home = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "warraq" / "bench-extract"
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--evalx", type=Path, default=os.environ.get("EVALX"), help="the evaluation script")
    parser.add_argument("--data", type=Path, default=os.environ.get("EVALX_DATA"), help="the folder of the sets")
    parser.add_argument("--cache", type=Path, default=home, help="environments and answers of the rivals")
    parser.add_argument("--tools", default=";".join(TOOLS), help="which, parted by ;")
    parser.add_argument("--sets", default=",".join(SETS))
    parser.add_argument("--again", default="", help="rivals whose answers are to be asked for anew, parted by ;")
    parser.add_argument("--no-speed", action="store_true")
    parser.add_argument("--write", action="store_true", help="put the tables into docs/benchmarks.md")
    given = parser.parse_args()
    if given.evalx is None or given.data is None:
        parser.error("--evalx and --data are needed: neither the measures nor the pages are part of this repository")
    return given


def main() -> None:
    given = arguments()
    evalx = measures(given.evalx.absolute(), given.data.absolute())
    tools, again = given.tools.split(";"), {"warraq", *given.again.split(";")}
    sets = [name for name in given.sets.split(",") if (given.data / name).exists()]
    scores: dict[str, dict[str, Scores]] = {tool: {} for tool in tools}
    arabic: dict[str, dict[str, float]] = {}
    for tool in tools:
        for name in sets:
            if tool == "htmldate" and name in BODY_SETS and name not in ("fundus", "wcxb", "zhweb", "arabic"):
                continue
            found = answers(tool, name, given.data, given.cache, again=tool in again)
            scores[tool] |= kept_scores(evalx, tool, name, given.cache, found, again=tool in again)
            if name == "arabic":
                arabic[tool] = page_scores(evalx, name, found)
        print(f"{tool}: read", file=sys.stderr)
    speeds: dict[str, dict[str, Speed]] = {}
    if not given.no_speed:
        runners = [*tools, *(tool for tool in SPEED_ONLY if "trafilatura" in tools)]
        speeds = {which: {tool: timed(tool, given.data, given.cache, which) for tool in runners} for which in TIMED}
    text, met = report(scores, arabic, speeds, {name: len(pages_of(given.data, name)) for name in sets})
    print(text)
    if given.write:
        written(text)
    sys.exit(0 if met else 1)


if __name__ == "__main__":
    main()
