"""Reads pages with one extractor, in an environment of its own: `python read.py TOOL [--time]`.

Lines of JSON come on stdin ({"set", "id", "path", "url"}) and go to stdout, one a page. CPU is the process's own, of the call
alone. With `--time` each page is read in turns with a bare Lexbor parse, and only the sums are told: so the ratio holds on a
machine that does other things.
"""

from __future__ import annotations

import gzip
import json
import signal
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from selectolax.lexbor import LexborHTMLParser
from tools import TOOLS, Answer, Tool

PATIENCE = 60
"""Seconds for a page; who takes longer has given no answer."""
WARM_UP = 3
"""Pages that are read before the clock starts."""


def pages() -> Iterator[tuple[dict[str, str], bytes]]:
    for line in sys.stdin:
        page = json.loads(line)
        yield page, gzip.decompress(Path(page["path"]).read_bytes())


def late(*_: object) -> None:
    raise TimeoutError(f"longer than {PATIENCE} s")


def answered(tool: Tool, html: bytes, url: str | None) -> tuple[Answer, str | None]:
    """What a tool says, or how it failed: each library has exceptions of its own, and all of them are its answer."""
    signal.alarm(PATIENCE)
    try:
        return tool(html, url) or {}, None
    except Exception as error:  # noqa: BLE001
        return {}, f"{type(error).__name__}: {str(error)[:120]}"
    finally:
        signal.alarm(0)


def spent(call: Callable[[], object]) -> float:
    begun = time.process_time()
    call()
    return time.process_time() - begun


def read(tool: Tool) -> None:
    for page, html in pages():
        begun = time.process_time()
        answer, error = answered(tool, html, page.get("url"))
        row = {"id": page["id"], "set": page["set"], "err": error, "s": round(time.process_time() - begun, 5), **answer}
        print(json.dumps(row, ensure_ascii=False), flush=True)


def measure(tool: Tool) -> None:
    """CPU seconds of the tool and of the parser alone, over the same pages; in turns they are the first to touch one.

    Each page is read once: several tools keep what they have computed, and a crawler never sees the same page twice.
    """
    everything = list(pages())
    for page, html in everything[:WARM_UP]:
        answered(tool, html, page.get("url"))
    ours, floor = 0.0, 0.0
    for number, (page, html) in enumerate(everything[WARM_UP:]):
        floor += spent(partial(LexborHTMLParser, html)) if number % 2 else 0
        ours += spent(partial(answered, tool, html, page.get("url")))
        floor += 0 if number % 2 else spent(partial(LexborHTMLParser, html))
    print(json.dumps({"pages": len(everything) - WARM_UP, "cpu": ours, "floor": floor}))


def main() -> None:
    signal.signal(signal.SIGALRM, late)
    tool = TOOLS[sys.argv[1]]()
    if "--time" in sys.argv:
        measure(tool)
    else:
        read(tool)


if __name__ == "__main__":
    main()
