"""`warraq rule`: rules for single sites, tried on a page or proposed from one."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path

import click
from selectolax.lexbor import LexborHTMLParser

from crawler import daemon, oneshot, rules, urls, wiring
from crawler.archive.places import Places
from crawler.charset import decode
from crawler.cli import logs, targets
from crawler.cli.errors import Exit
from crawler.cli.fetch import exit_code
from crawler.cli.options import config_option, loaded
from crawler.config import Config
from crawler.config.rules import read_file
from crawler.engine import Told
from crawler.extraction import extract
from crawler.extraction.rules import counts
from crawler.extraction.suggest import suggest as suggested
from crawler.messages import Body, header
from crawler.model import Article, Rule, Span, Url, Value
from crawler.oneshot import Report
from crawler.parse.contents import content
from crawler.pipeline import Read
from crawler.ports import LocalError
from crawler.preflight import objection
from crawler.showing import many, safe
from crawler.store.ledger import open_ledger

_PATIENCE = 120.0  # seconds: a host's robots and gap, then one page
_SHOWN = 100


class Page(Value, frozen=True, kw_only=True):
    """A page at hand."""

    url: Url
    html: str


@click.group()
def rule() -> None:
    """Try a site's rule on a page, or have one proposed."""


@rule.command(epilog="Example: warraq rule test https://paper.example/story --rule rules/paper.yaml")
@click.argument("word", metavar="URL|ID|FILE")
@click.option("--url", "address", help="The address a FILE is from: its host says which rule holds.")
@click.option("--rule", "file", type=click.Path(path_type=Path), help="A rule's file, instead of the configuration's rules.")
@config_option
def test(word: str, *, address: str | None, file: Path | None, config_path: Path | None) -> int:
    """Show what each selector finds in a page, and the article that is read with the rule.

    ID is an article of the catalog; its page is read from the archive. Nothing is kept.
    """
    config = loaded(config_path)
    page = _page(word, address, config)
    found = rules.choose(rules.by_host(read_file(file) if file else config.rules), page.url)
    if found is None:
        click.echo(f"{safe(urls.hostname(page.url))}: no rule is for this host; this is read without one")
    else:
        _tell_counts(page, found)
    article = extract(page.html, url=page.url, rule=found)
    _tell_article(article)
    return Exit.OK if article.text else Exit.REMOTE


@rule.command(epilog="Example: warraq rule suggest https://paper.example/story > rules/paper.yaml")
@click.argument("word", metavar="URL|ID|FILE")
@click.option("--url", "address", help="The address a FILE is from.")
@config_option
def suggest(word: str, *, address: str | None, config_path: Path | None) -> int:
    """Write a rule from what is found in a page without one. Look it over: it knows this page only."""
    page = _page(word, address, loaded(config_path))
    proposed = suggested(page.html, extract(page.html, url=page.url), urls.hostname(page.url) or "paper.example")
    click.echo(f"# From {safe(page.url)}\nhost: {_quoted(proposed.host)}")
    for key, selectors in _selectors(proposed).items():
        if selectors:
            click.echo(f"{key}: [{', '.join(map(_quoted, selectors))}]")
    return Exit.OK if any(_selectors(proposed).values()) else Exit.REMOTE


def _selectors(of: Rule) -> Mapping[str, tuple[str, ...]]:
    return {"title": of.title, "authors": of.authors, "date": of.date, "body": of.body, "drop": of.drop}


def _quoted(text: str) -> str:
    """As YAML writes it in single quotes."""
    return "'" + safe(text).replace("'", "''") + "'"


def _tell_counts(page: Page, found: Rule) -> None:
    click.echo(f"the rule for {safe(found.host)}")
    for key, selector, count in counts(LexborHTMLParser(page.html), found):
        told = many(count, "element") if count else "nothing"
        click.echo(f"  {key:8} {safe(selector)}: {told}")


def _tell_article(article: Article) -> None:
    said = {
        "title": article.title,
        "authors": ", ".join(article.authors),
        "published": article.published,
        "text": f"{many(len(article.paragraphs), 'paragraph')}, {len(article.text)} characters" if article.text else None,
    }
    for name, value in said.items():
        place = article.found_in.get(name)
        click.echo(f"{name:10} {safe(value) if value else '-'}" + (f"  ({place})" if place else ""))
    for paragraph in article.paragraphs:
        click.echo(f"  {safe(paragraph[:_SHOWN])}{'…' if len(paragraph) > _SHOWN else ''}")


# --- where the page comes from -----------------------------------------------------------------------------------------


def _page(word: str, address: str | None, config: Config) -> Page:
    """The page that is meant, as text.

    Raises:
        click.exceptions.Exit: it can't be had, which was said.
        click.UsageError: it is neither an address nor a file nor an article's id; or can't be read as a page.
    """
    if "://" not in word and not Path(word).exists() and word.isalnum() and len(word) == 16:
        return _of_article(word, config)
    found = targets.find([word])
    if found.urls:
        return asyncio.run(_fetched(found.urls[0], config))
    if not found.documents:
        raise click.UsageError(f"{word!r} is a list; name one page")
    body = found.documents[0].body
    return _read(body, None, _url(address) if address else Url("https://paper.example/"))


def _url(word: str) -> Url:
    try:
        return urls.parse(word)
    except urls.UrlError as error:
        raise click.UsageError(str(error)) from None


def _of_article(article_id: str, config: Config) -> Page:
    store = config.store.path or config.archive.dir / "warraq.db"
    with open_ledger(store) as ledger:
        place = ledger.page_of(article_id)
    if place is None:
        raise click.UsageError(f"{article_id}: the catalog has no article of this id")
    url, segment, offset, length = place
    path = Places(config.archive.dir).names(segment).there()
    if path is None:
        raise LocalError(f"{segment}: the segment that holds the page isn't there")
    return _of_body(content(Span(path=str(path), offset=offset, length=length), config.fetch.decoded_max), url)


async def _fetched(url: Url, config: Config) -> Page:
    """Fetch one page as the one-shot does, robots and politeness included; nothing is kept."""
    logs.set_up("warning", config.log.format)
    report = Report(lambda _: None)
    pages: list[Page] = []
    async with wiring.open_oneshot(config, archive=False, limit=1) as shot:

        def told(what: Told) -> None:
            report.told(what)
            if isinstance(what, Read) and not pages:
                span = shot.tools.archive.span(what.receipt)
                pages.append(_of_body(content(span, config.fetch.decoded_max), what.receipt.capture.url))

        crawl = await oneshot.start(shot.tools, wiring.settings(config, "drained"), [url], told)
        ended_by = await daemon.run(crawl, within=_PATIENCE)
    if pages:
        return pages[0]
    if ended_by is not None:
        raise click.exceptions.Exit(128 + ended_by)
    why = report.misses[0].detail if report.misses else f"nothing came within {_PATIENCE:g} s"
    click.echo(f"warraq: {safe(url)}: {safe(why)}", err=True)
    raise click.exceptions.Exit(exit_code(report) if report.misses else Exit.LIMIT)


def _of_body(body: Body, url: Url) -> Page:
    return _read(body.body, header(body.headers, "content-type"), url)


def _read(data: bytes, content_type: str | None, url: Url) -> Page:
    """A page as text; none that would hold the parser up (here it runs in no child that can be killed)."""
    wrong = objection(data)
    if wrong:
        raise click.UsageError(f"{url}: not given to the parser: {wrong}")
    return Page(url=url, html=decode(data, content_type, tld=None).text)
