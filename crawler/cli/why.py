"""`warraq why URL`: what is known of an address, and what will happen to it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click
import msgspec

from crawler import robots, setbacks
from crawler.cli.columns import json_line
from crawler.cli.options import address_of, config_option, loaded, store_path
from crawler.clock import SystemClock
from crawler.config import Config
from crawler.fetching.guard import Guard
from crawler.model import Extracted, Millis, Url, Value
from crawler.records import rfc3339
from crawler.showing import many, safe
from crawler.store.dossier import Dossier, GivenUp, HostFares, Kept, Known, Queued, Watched, open_dossier
from crawler.store.rules import SUSPECT
from crawler.traps import objection


class Findings(Value, frozen=True, kw_only=True, omit_defaults=False):
    """What is known of an address. Times in ms since 1970."""

    url: Url
    seen: bool
    queued: Queued | None
    host: HostFares | None
    robots: bool | None
    """Whether robots.txt allows it; None: nobody has asked for it yet."""
    robots_at: Millis | None
    taken_down: str | None
    refused: str | None
    """Why it may not be asked, whatever its server says."""
    source: Watched | None
    last: Kept | None
    """What was archived last."""
    given_up: GivenUp | None
    article: Known | None


@click.command(
    epilog="""\b
Examples:
  warraq why https://news.example.com/a-story
  warraq why https://news.example.com/rss.xml --json | jq .last"""
)
@click.argument("address", metavar="URL")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@config_option
def why(*, address: str, as_json: bool, config_path: Path | None) -> None:
    """Tell what is known of an address, and what will happen to it: queued, seen, robots.txt, its host, what came last."""
    url = address_of(address)
    config = loaded(config_path)
    _, store = store_path(None, config_path)
    with open_dossier(store) as dossier:
        found = _found(url, dossier, config)
    now = SystemClock().now()
    verdict = what_happens(found, now)
    if as_json:
        said = msgspec.structs.asdict(found)
        json_line({**said, "verdict": verdict})
        return
    click.echo(safe(url))
    for name, value in _lines(found, now):
        click.echo(f"  {name:10} {safe(value)}")
    click.echo(safe(verdict))


def _found(url: Url, dossier: Dossier, config: Config) -> Findings:
    copy = dossier.robots(url)
    captures = dossier.captures(url, 1)
    return Findings(
        url=url,
        seen=dossier.seen(url),
        queued=dossier.queued(url),
        host=dossier.host(url),
        robots=robots.verdict(copy).allows(url) if copy else None,
        robots_at=copy.fetched_at if copy else None,
        taken_down=dossier.taken_down(url),
        refused=_refused(url, config),
        source=dossier.source(url),
        last=captures[0] if captures else None,
        given_up=dossier.given_up(url),
        article=dossier.article_at(url),
    )


def _refused(url: Url, config: Config) -> str | None:
    refusal = Guard(config.fetch.allow_private).url_refusal(url)
    trap = objection(url, config.frontier.bounds)
    return refusal or (f"{trap}: taken for a trap (frontier in config.yaml)" if trap else None)


def what_happens(found: Findings, now: Millis) -> str:
    """One sentence: what will be done with the address, and what would change that."""
    never = _never(found)
    if never is not None:
        return f"It is not asked: {never}."
    if found.queued is not None and found.queued.leases >= SUSPECT - 1 and found.queued.due_at > now:
        return _of_suspect(found, found.queued, now)
    if found.source is not None:
        return _of_source(found.source, now)
    if found.queued is not None:
        return _of_queued(found.queued, found.host, now)
    return _of_page(found)


def _never(found: Findings) -> str | None:
    if found.taken_down is not None:
        return f"it was taken down ({found.taken_down or 'no reason given'})"
    if found.refused is not None:
        return found.refused
    if found.robots is False:
        return "robots.txt forbids it, or couldn't be read"
    return None


def _of_suspect(found: Findings, queued: Queued, now: Millis) -> str:
    sooner = "retry" if found.source is None else "sources poll"
    return (
        f"It is asked {_when(queued.due_at, now)}, once a day: whenever it was asked for, {SUSPECT} times, crawls were killed "
        f"before they had an answer; `warraq {sooner} {found.url}` has it asked for now."
    )


def _of_source(source: Watched, now: Millis) -> str:
    if source.state == "paused":
        return "It is a source that is paused; `warraq sources resume` or its line in config.yaml wakes it."
    if source.waiting:
        return "It is a source whose last answer waits to be read; it is asked again after that."
    if source.due_at is None:
        return "It is a source without a time to be asked; `warraq run` gives it one."
    return f"It is a source ({source.state}), asked again {_when(source.due_at, now)} by `warraq run`."


def _of_queued(queued: Queued, host: HostFares | None, now: Millis) -> str:
    if host is not None and host.owner is not None:
        return f"It is asked soon: {host.owner} works on {host.host} just now."
    begins = max(queued.due_at, host.polite_at if host else 0)
    tried = f", after {many(queued.tries, 'try')}" if queued.tries else ""
    return f"It is asked {_when(begins, now)}{tried}, while `warraq run` runs."


def _of_page(found: Findings) -> str:
    if found.last is not None and found.last.extracted is Extracted.WAITING:
        return "It is archived and waits to be read; `warraq run` does that."
    failed = found.given_up
    if failed is not None and (found.last is None or failed.at >= found.last.at):
        sort = setbacks.sort_of(failed.reason)
        return f"It was given up ({sort}: {failed.detail or failed.reason}); `warraq retry URL` tries it again."
    if found.last is not None or found.article is not None:
        return "It was fetched, and is asked again when a source says that it changed; `warraq retry URL` does so now."
    if found.seen:
        return "It was offered once and isn't queued; `warraq retry URL` asks for it."
    return "Nothing is known of it: no source has named it yet. `warraq fetch URL` fetches it once."


def _lines(found: Findings, now: Millis) -> Iterator[tuple[str, str]]:
    yield "seen", "yes" if found.seen else "no"
    if found.queued is not None:
        yield "queued", f"as a {found.queued.kind.name.lower()}, due {_when(found.queued.due_at, now)}"
    yield "robots", _robots(found)
    if found.host is not None:
        yield "host", _host(found.host, now)
    if found.source is not None:
        yield "source", _source(found.source)
    yield from _so_far(found)


def _so_far(found: Findings) -> Iterator[tuple[str, str]]:
    """What came of it."""
    if found.last is not None:
        yield "last", _last(found.last)
    if found.given_up is not None:
        yield "given up", _given_up(found.given_up)
    if found.article is not None:
        article = found.article
        gone = ", its publisher took it away" if article.deleted else ""
        yield "article", f"{article.article_id}, version {article.version}{gone}: {article.title or '-'}"


def _robots(found: Findings) -> str:
    if found.robots is None or found.robots_at is None:
        return "not asked yet"
    return f"{'allows' if found.robots else 'forbids'} it (as of {_time(found.robots_at)})"


def _host(host: HostFares, now: Millis) -> str:
    said = [f"{host.host}: {host.pending} queued"]
    if host.owner is not None:
        said.append(f"asked just now by {host.owner}")
    elif host.polite_at > now:
        said.append(f"rests until {_time(host.polite_at)}")
    if host.slow_ms:
        said.append(f"slowed to a request each {host.slow_ms / 1000:g} s")
    if host.fails:
        said.append(f"{many(host.fails, 'failure')} in a row")
    return ", ".join(said)


def _source(source: Watched) -> str:
    last = f", last asked {_time(source.last_at)}: {source.outcome or '-'}" if source.last_at else ""
    return f"{source.name or source.source_id}: {source.state}, {many(source.failures, 'failure')} in a row{last}"


def _last(kept: Kept) -> str:
    what = ", the same as before" if kept.repeats else ""
    return f"{_time(kept.at)}: {kept.status} {kept.mime or ''}{what}, in {kept.segment} at {kept.offset}"


def _given_up(given_up: GivenUp) -> str:
    why_ = given_up.detail or given_up.reason
    return f"{_time(given_up.at)}: {given_up.reason}: {why_} ({many(given_up.tries, 'try')})"


def _when(at: Millis, now: Millis) -> str:
    return "now" if at <= now else f"at {_time(at)}"


def _time(at: Millis) -> str:
    return f"{rfc3339(at)[:19]}Z"
