"""What `warraq demo` shows at its end. A module of its own: rich is loaded by nobody who only crawls."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from urllib.parse import unquote, urlsplit

from rich.console import Console
from rich.table import Table
from rich.text import Text

from crawler.cli.tally import Tally
from crawler.ports import ArticleStatus
from crawler.showing import many, safe


def show(articles: Sequence[ArticleStatus], tally: Tally, folder: Path, seconds: float) -> None:
    """A table on stdout, as wide as its terminal, and below it where it all lies."""
    console = Console(width=None if Console().is_terminal else 140)
    console.print(_table(articles))
    edited = sum(article.version > 1 for article in articles)
    outcomes = " · ".join(f"{count} {name}" for name, count in sorted(tally.outcomes.items()))
    console.print(
        f"{many(len(articles), 'article')}, {edited} edited between the rounds, in {seconds:.1f} s  ({outcomes})",
        highlight=False,
    )
    for path in sorted(folder.glob("*/*/*/*")):
        console.print(f"  {path}", soft_wrap=True, highlight=False)


def _table(articles: Sequence[ArticleStatus]) -> Table:
    table = Table(title="What came in", title_justify="left", header_style="bold")
    table.add_column("title", min_width=40, overflow="fold")
    for name in ("date", "words", "lang", "version"):
        table.add_column(name, justify="right" if name in ("words", "version") else "left")
    table.add_column("page", max_width=32, overflow="ellipsis", no_wrap=True)
    for article in articles:
        table.add_row(
            Text(safe(article.title or "—")),
            Text(safe(article.published or "—")[:10]),
            str(article.words),
            Text(safe(article.language or "—")),
            str(article.version),
            Text(safe(unquote(urlsplit(article.url).path))),
        )
    return table
