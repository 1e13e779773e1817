"""robots.txt: files read and matched per CPU-second, beside protego; and what a hostile file costs."""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Callable
from itertools import cycle, islice

from protego import Protego

from crawler.robots import MOST_BYTES, PRODUCT, Rules

AGENTS = "Googlebot Bingbot GPTBot ClaudeBot CCBot PerplexityBot Bytespider Amazonbot AhrefsBot MJ12bot".split()
PARTS = "wp-admin search tag author feed print ajax api login cart archive أخبار новости 新闻 node user rss amp".split()
PATHS = [
    "/",
    "/2026/11/22/a-story",
    "/search?q=x&page=2",
    "/wp-admin/admin-ajax.php",
    "/news/1?print=1",
    "/tag/a/feed",
]
URLS = [f"https://paper.example{path}" for path in PATHS]


def corpus(count: int, seed: int = 9309) -> list[bytes]:
    """Files shaped like those of newspapers: one to a dozen groups, some tens of rules, comments, sitemaps."""
    chance = random.Random(seed)
    return ["\n".join(_file(chance)).encode() for _ in range(count)]


def _file(chance: random.Random) -> list[str]:
    lines = ["# robots.txt of this paper", ""]
    for agents in [["*"], *([agent] for agent in chance.sample(AGENTS, chance.randrange(8))), AGENTS[: chance.randrange(12)]]:
        lines += [f"User-agent: {agent}" for agent in agents]
        lines += [_rule(chance) for _ in range(chance.choice((1, 1, 3, 8, 20, 40 if agents == ["*"] else 2)))]
        lines += ["Crawl-delay: 5"] * (chance.random() < 0.2) + [""]
    return [*lines, *(f"Sitemap: https://paper.example/sitemap-{number}.xml" for number in range(chance.randrange(4)))]


def _rule(chance: random.Random) -> str:
    path = "/" + "/".join(chance.sample(PARTS, chance.randrange(3)))
    end = chance.choice(("", "/", "/*", "*.pdf$", "/?*", "*?print="))
    return f"{chance.choice(('Disallow', 'Disallow', 'Disallow', 'Allow'))}: {path}{end}"


def ours(body: bytes) -> list[bool]:
    """Read by Warraq, and six addresses matched."""
    rules = Rules.parse(body)
    return [rules.allows(url) for url in URLS]


def protegos(body: bytes) -> list[bool]:
    """The same by protego."""
    rules = Protego.parse(body.decode("utf-8-sig", "replace"))
    return [rules.can_fetch(url, PRODUCT) for url in URLS]


HOSTILE = {
    "42,000 rules": b"User-agent: *\n" + b"\n".join(b"Disallow: /%d" % n for n in range(42_000)),
    "the same rule": b"User-agent: *\n" + b"Disallow: /a\n" * 40_000,
    "1,000 stars a rule": b"User-agent: *\n" + (b"Disallow: /" + b"*a" * 1_000 + b"$\n") * 260,
    "60,000 patterns": b"User-agent: *\n" + b"Allow:*a*\n" * 60_000,
    "other patterns": b"User-agent: *\n" + b"".join(b"Allow:*%x*\n" % n for n in range(60_000)),
    "100,000 unknown names": b"".join(b"d%xaw:/\n" % n for n in range(100_000)),
    "60,000 agents": b"".join(b"User-agent:%x\n" % n for n in range(60_000)),
    "one long line": b"User-agent: *\nDisallow: /" + b"%" * 512_000,
    "escapes": b"User-agent: *\nDisallow: /" + b"%41" * 170_000,
    "markup": b"<br " * 130_000,
    "blanks": b" " * 512_000,
    "no line ends": b"Disallow " * 57_000,
    "carriage returns": b"\r" * 512_000,
    "nothing but agents' beginnings": b"usaagent" * 64_000,
}  # fmt: skip


def cpu(work: Callable[[], object]) -> float:
    """CPU-seconds of a piece of work."""
    start = time.process_time()
    work()
    return time.process_time() - start


def main() -> None:
    """Print the table."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--files", type=int, default=2_000)
    files = corpus(400)
    chosen = list(islice(cycle(files), words.parse_args().files))
    same = sum(ours(body) == protegos(body) for body in files)
    mean = sum(map(len, files)) / len(files)
    print(f"{len(files)} files of {mean:.0f} bytes, read and {len(URLS)} addresses matched; {same} alike by both")
    spent = {
        name: cpu(lambda read=read: [read(body) for body in chosen]) for name, read in (("warraq", ours), ("protego", protegos))
    }
    for name, seconds in spent.items():
        print(f"{name:10} {len(chosen) / seconds:8.0f} files/CPU-s")
    print(f"ratio      {spent['protego'] / spent['warraq']:8.1f}")
    print("\nhostile, ms of CPU:")
    for name, body in HOSTILE.items():
        whole = body[:MOST_BYTES]
        print(f"{name:32} {cpu(lambda whole=whole: ours(whole)) * 1000:7.1f}")


if __name__ == "__main__":
    main()
