"""`warraq verify`: whether the archive is as it was written."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from crawler.archive.case import Counts
from crawler.archive.expected import Listing, Said
from crawler.archive.verify import verify as verified
from crawler.cli.columns import json_line
from crawler.cli.errors import Exit
from crawler.cli.options import config_option, store_path
from crawler.cli.pace import Pace
from crawler.cli.shelves import looked
from crawler.model import Finding
from crawler.showing import many, safe
from crawler.store.ledger import Snapshot, open_ledger


@click.command(epilog="Example: warraq verify --deep && echo all is well")
@click.argument("folder", required=False, type=click.Path(path_type=Path), metavar="[DIR]")
@click.option("--deep", is_flag=True, help="Read every byte and make every digest again.")
@click.option("--no-store", "alone", is_flag=True, help="Look at the archive by itself, as if the store were lost.")
@click.option("--json", "as_json", is_flag=True, help="A JSON object a finding, and one at the end that sums up.")
@config_option
def verify(folder: Path | None, *, deep: bool, alone: bool, as_json: bool, config_path: Path | None) -> int:
    """Compare the archive in DIR (else the configuration's) with its list of sealed files and with the store.

    One line a finding, with file and offset; exit 9 if there is one, else 0. Changes nothing, and may run beside a daemon.
    """
    root, store = store_path(folder, config_path)
    listing = looked(root, store)
    there = store.exists() and not alone
    if not there:
        click.echo(f"{safe(str(store))}: no store is asked; the archive is looked at by itself", err=True)
    total = len({segment for _, segment in listing.files if segment})
    findings = 0
    with Pace("segments") as pace:
        counts = Counts(lambda segments: pace.at(segments, total))
        for finding in _findings(listing, store if there else None, counts, deep=deep):
            findings += finding.what != "note"
            with pace.aside():
                _tell(finding, as_json=as_json)
    _sum_up(counts, findings, deep=deep, as_json=as_json)
    return Exit.UNHEALTHY if findings else Exit.OK


def _findings(listing: Listing, store: Path | None, counts: Counts, *, deep: bool) -> Iterator[Finding]:
    if store is None:
        yield from verified(listing, None, counts, deep=deep)
        return
    with open_ledger(store) as ledger:
        noted = ledger.note()
        yield from noted.lost
        if deep:
            yield from noted.faults()
        yield from verified(listing, _said(noted), counts, deep=deep)


def _said(noted: Snapshot) -> Said:
    return Said(archive_id=noted.archive_id, shelved=noted.shelved, captures=noted.captures(), lines=noted.lines())


def _tell(finding: Finding, *, as_json: bool) -> None:
    if as_json:
        json_line(finding)
    elif finding.what == "note":
        click.echo(f"note: {safe(str(finding))}", err=True)
    else:
        click.echo(safe(str(finding)))


def _sum_up(counts: Counts, findings: int, *, deep: bool, as_json: bool) -> None:
    if as_json:
        seen = {name: getattr(counts, name) for name in ("segments", "records", "lines", "bytes")}
        json_line({"what": "summary", "deep": deep, "findings": findings, **seen})
        return
    told = f"{many(counts.segments, 'segment')}, {many(counts.lines, 'line')} of records"
    every = f", {many(counts.records, 'WARC record')}, every byte of {counts.bytes / 1e6:.1f} MB" if deep else ""
    click.echo(f"{told}{every}: {many(findings, 'finding') if findings else 'no findings'}", err=True)
