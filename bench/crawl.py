"""`warraq run --once` over a local web: every page once, byte-equal, its text equal to the truth; CPU by process.

    ./run bench crawl [--hosts 50] [--pages 200] [--site FILE]

`--site` names another generator with the functions of bench/web.py (addr, path_of, page_html, truth) and its `serve`.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import resource
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from types import ModuleType

from fastwarc.warc import ArchiveIterator, WarcRecordType

HERE = Path(__file__).parent

CONFIG = """\
archive: {{dir: archive}}
politeness: {{delay: 0s, urls_a_lease: {urls}}}
fetch: {{allow_private: ["127.0.0.0/8"], concurrency: {concurrency}}}
log: {{level: warning}}
sources:
{sources}
"""


def load(path: Path) -> ModuleType:
    """The generator as a module."""
    spec = importlib.util.spec_from_file_location("site_under_test", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def wait_for(address: str, port: int) -> None:
    """Until the web is up."""
    for _ in range(1200):
        with socket.socket() as probe:
            if probe.connect_ex((address, port)) == 0:
                return
        time.sleep(0.1)
    raise SystemExit(f"nothing listens on {address}:{port}")


def crawl(folder: Path, web: ModuleType, args: argparse.Namespace) -> tuple[float, float]:
    """One crawl: seconds of wall and of CPU, all its processes counted."""
    sources = "\n".join(f"  - feed: http://{web.addr(host)}:{args.port}/feed.xml" for host in range(args.hosts))
    (folder / "config.yaml").write_text(CONFIG.format(sources=sources, urls=args.urls, concurrency=args.concurrency))
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "crawler", "run", "--once"],
        cwd=folder,
        check=False,
        env={**os.environ, "PYTHONPATH": str(HERE.parent)},
    )
    wall, after = time.monotonic() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        raise SystemExit(f"warraq run --once ended with {done.returncode}")
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def check(folder: Path, web: ModuleType, args: argparse.Namespace) -> dict[str, int]:
    """Compare the archive with the web."""
    wanted = {
        f"http://{web.addr(host)}:{args.port}{web.path_of(args.seed, host, number)}": (host, number)
        for host in range(args.hosts)
        for number in range(args.pages)
    }
    times: Counter[str] = Counter()
    wrong_bytes = wrong_text = 0
    for warc in folder.glob("archive/**/*.warc.gz*"):
        with open(warc, "rb") as stream:
            for record in ArchiveIterator(stream, record_types=WarcRecordType.response, parse_http=True):
                url = record.headers["WARC-Target-URI"]
                if url in wanted:
                    times[url] += 1
                    page = web.page_html(args.seed, *wanted[url], args.pages, args.hosts, args.size)
                    wrong_bytes += record.reader.read() != page
    texts: Counter[str] = Counter()
    for lines in folder.glob("archive/**/*.jsonl"):
        if lines.name == "manifest.jsonl":
            continue
        for line in lines.read_text().splitlines():
            record = json.loads(line)
            texts[record["url"]] += 1
            known = web.truth(args.seed, *wanted[record["url"]])
            wrong_text += (record["text"], record["title"]) != (known["text"], known["title"])
    return {
        "wanted": len(wanted),
        "captured": len(times),
        "captured_twice": sum(count > 1 for count in times.values()),
        "wrong_bytes": wrong_bytes,
        "articles": len(texts),
        "articles_twice": sum(count > 1 for count in texts.values()),
        "wrong_text": wrong_text,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hosts", type=int, default=50)
    parser.add_argument("--pages", type=int, default=200)
    parser.add_argument("--size", type=int, default=60_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--port", type=int, default=8380)
    parser.add_argument("--urls", type=int, default=8, help="URLs a lease")
    parser.add_argument("--concurrency", type=int, default=64)
    parser.add_argument("--site", type=Path, default=HERE / "web.py")
    args = parser.parse_args()
    web = load(args.site)
    site = [
        str(args.site),
        "serve",
        *(f"--{name}={getattr(args, name)}" for name in ("hosts", "pages", "size", "seed", "port")),
    ]
    with (
        subprocess.Popen([sys.executable, *site], stdout=subprocess.DEVNULL) as server,
        tempfile.TemporaryDirectory() as folder,
    ):
        try:
            wait_for(web.addr(args.hosts - 1), args.port)
            wall, cpu = crawl(Path(folder), web, args)
            found = check(Path(folder), web, args)
        finally:
            server.kill()
    pages = found["wanted"]
    print(json.dumps(found))
    print(f"{pages} pages: {wall:.1f} s, {pages / wall:.0f} pages/s, {cpu / pages * 1000:.2f} CPU-seconds a 1,000 pages")
    bad = [name for name in ("captured_twice", "wrong_bytes", "articles_twice", "wrong_text") if found[name]]
    if bad or found["captured"] != pages or found["articles"] != pages:
        raise SystemExit(f"not as it must be: {found}")


if __name__ == "__main__":
    main()
