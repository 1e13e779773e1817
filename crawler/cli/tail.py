"""`warraq tail`: new articles and versions, each once and in order, as far as they have come or for ever."""

from __future__ import annotations

import os
import select
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final

import click
import msgspec

from crawler.archive.recorded import RecordReader
from crawler.cli.errors import Exit
from crawler.cli.options import config_option, store_path
from crawler.cli.output import named
from crawler.export.news import line
from crawler.model import News, Seconds, Value
from crawler.ports import LocalError
from crawler.records import rfc3339
from crawler.showing import safe
from crawler.store.news import NewsReader, open_news

_BATCH: Final = 500
"""Events that are read at once: 3 MB of records, as a rule."""
_PAUSE: Final[Seconds] = 0.3
"""Between two looks for something new."""
_LONGEST: Final = 1 << 28
"""Of a line: what is longer wasn't written by us."""

Give = Callable[[News, bytes], None]


class _Since(click.ParamType[int | None]):
    """The number of an event, or `end`."""

    name = "number"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> int | None:
        """The number; None: what comes from now on."""
        text = str(value)
        if text == "end":
            return None
        if not text.isdecimal() or len(text) > 18:
            self.fail(f"{text[:80]!r} is no number of an event - write the `seq` of the last line you have, or end", param, ctx)
        return int(text)


@click.command(
    epilog="""\b
Examples:
  warraq tail --follow --jsonl | jq -r '[.seq, .record.title] | @tsv'
  warraq tail --since 4711 --jsonl > more.jsonl
  warraq tail --follow -o news.jsonl"""
)
@click.option("--since", type=_Since(), metavar="ID|end", help="Only what is behind this `seq`; end: only what comes.")
@click.option("--follow", "-f", is_flag=True, help="Wait for more, until Ctrl-C.")
@click.option("--jsonl", is_flag=True, help="A JSON object a line (the default for a pipe or file).")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Append to this file, and go on behind its last whole line.",
)
@config_option
def tail(*, since: int | None, follow: bool, jsonl: bool, output: Path | None, config_path: Path | None) -> int:
    """Tell new articles and new versions of articles, each once, in the order in which they were published.

    Every line has a `seq` that is never used again: begin behind the last one you have, and nothing is told twice or left out.
    With -o that is done for you, also after a kill. Without --since: from the first one on.
    """
    given = click.get_current_context().get_parameter_source("since") is not click.core.ParameterSource.DEFAULT
    if output is not None and given:
        raise click.UsageError("--since is read from the file that -o names; take one of them away")
    root, store = store_path(None, config_path)
    with open_news(store) as reader, _opened(output) as (file, last):
        begin = last if output is not None or not given else reader.newest() if since is None else since
        give = _in_words if output is None and not jsonl and sys.stdout.isatty() else _as_lines(file)
        return _tell(_Tail(reader=reader, root=root, give=give, file=file, follow=follow), begin)


class _Tail(Value, frozen=True, kw_only=True):
    reader: NewsReader
    root: Path
    give: Give
    file: BinaryIO
    follow: bool


def _tell(tail: _Tail, seq: int) -> int:
    unread = 0
    while True:
        found = tail.reader.after(seq, _BATCH)
        # Its files are opened anew for each batch: one may be sealed, moved or redacted meanwhile.
        with RecordReader(tail.root) as records:
            unread += sum(not _told(one, records, tail.give) for one in found)
        tail.file.flush()
        if found:
            seq = found[-1].seq
        elif not tail.follow:
            return Exit.UNHEALTHY if unread else Exit.OK
        else:
            _wait(tail.file)


def _told(news: News, records: RecordReader, give: Give) -> bool:
    try:
        record = records.read(news.segment, news.offset, news.length)
    except LocalError as error:
        click.echo(f"warraq: event {news.seq} is passed over: {safe(str(error))}", err=True)
        return False
    if record == "taken down":
        return True
    if record == "changed":
        place = f"{news.offset} in {news.segment}"
        click.echo(f"warraq: event {news.seq} is passed over: the record at {place} isn't as it was written", err=True)
        return False
    give(news, record)
    return True


def _wait(file: BinaryIO) -> None:
    """A while, or until whoever reads our output has gone."""
    poll = select.poll()
    poll.register(file.fileno(), 0)  # an error is told unasked
    if poll.poll(round(_PAUSE * 1000)):
        raise BrokenPipeError


# --- where it goes -----------------------------------------------------------------------------------------------------


def _as_lines(file: BinaryIO) -> Give:
    def give(news: News, record: bytes) -> None:
        file.write(line(news, record))

    return give


class _Headline(Value, frozen=True, kw_only=True):
    url: str
    title: str | None = None


_headline: Final = msgspec.json.Decoder(_Headline).decode


def _in_words(news: News, record: bytes) -> None:
    said = _headline(record)
    what = {"article": "new", "deleted": "gone"}.get(news.event, f"v{news.version}")
    click.echo(f"{news.seq}  {rfc3339(news.at)[:16]}Z  {what:4} {safe(said.title or '-')}  {safe(said.url)}")


@contextmanager
def _opened(output: Path | None) -> Iterator[tuple[BinaryIO, int]]:
    """Where to write, and the number of the last event that stands there."""
    if output is None:
        yield sys.stdout.buffer, 0
        return
    with named(output), output.open("a+b") as file:
        yield file, _last(file, output)
        file.flush()
        os.fsync(file.fileno())


class _Line(Value, frozen=True, kw_only=True):
    seq: int


def _last(file: BinaryIO, path: Path) -> int:
    """The number in the last whole line; what was begun behind it is cut off.

    Raises:
        LocalError: it ends with something else than lines of ours.
    """
    size = file.seek(0, os.SEEK_END)
    end = _line_end(file, size)
    begin = _line_end(file, end - 1) if end else 0
    file.seek(begin)
    written = file.read(end - begin)
    try:
        last = msgspec.json.decode(written, type=_Line).seq if written else 0
    except msgspec.DecodeError:
        raise LocalError(f"{path}: it doesn't end with lines of `warraq tail`; name another file") from None
    file.truncate(end)
    return last


def _line_end(file: BinaryIO, before: int) -> int:
    """Where the last line end before a place ends; 0: there is none."""
    at, step = before, 1 << 16
    while at > max(0, before - _LONGEST):
        begin = max(0, at - step)
        file.seek(begin)
        found = file.read(at - begin).rfind(b"\n")
        if found >= 0:
            return begin + found + 1
        at = begin
    return 0
