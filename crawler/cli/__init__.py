"""Words -> calls. The groups are lazy, so that `--help` is quick."""

from __future__ import annotations

from typing import Final

import click

from crawler.cli.lazy import LazyGroup, Table
from crawler.version import VERSION

COMMANDS: Final[Table] = {
    "demo": ("crawler.cli.demo:demo", "Crawl a small newsroom that comes along, and show what was got."),
    "fetch": ("crawler.cli.fetch:fetch", "Fetch feeds, pages, sitemaps or files, once."),
    "sources": ("crawler.cli.sources:sources", "Add, list, pause or remove what is watched."),
    "discover": ("crawler.cli.discover:discover", "Look for what of a site can be watched."),
    "run": ("crawler.cli.run:run", "Watch the sources of config.yaml, for years."),
    "init": ("crawler.cli.init:init", "Write a config.yaml to start from."),
    "config": ("crawler.cli.config:config", "Check, show or describe the configuration."),
    "tail": ("crawler.cli.tail:tail", "Tell new articles and versions, each once, in order."),
    "search": ("crawler.cli.search:search", "Find articles by what they say, in any script."),
    "show": ("crawler.cli.show:show", "Show an article, its versions, or the answer it was read from."),
    "why": ("crawler.cli.why:why", "Tell what is known of an address, and what will happen to it."),
    "status": ("crawler.cli.status:status", "Tell how it stands, and what to do where it isn't well."),
    "changes": ("crawler.cli.diff:changes", "List articles that changed after they were published."),
    "diff": ("crawler.cli.diff:diff", "Show what changed between two versions of an article."),
    "failures": ("crawler.cli.failures:failures", "List what couldn't be had, and why; and the sources that fail."),
    "retry": ("crawler.cli.retry:retry", "Ask once more for what was given up."),
    "doctor": ("crawler.cli.doctor:doctor", "Check whether this machine is fit for a crawl."),
    "verify": ("crawler.cli.verify:verify", "Tell whether the archive is as it was written."),
    "archive": ("crawler.cli.archive:archive", "List, seal, move or rebuild what is kept."),
    "export": ("crawler.cli.export:export", "Write articles, WARC or WACZ, for other programs."),
    "import": ("crawler.cli.import_:import_", "Take other people's archives in."),
    "replay": ("crawler.cli.replay:replay", "Show the archive as a browser shows it."),
    "reparse": ("crawler.cli.reparse:reparse", "Read what is archived anew, with today's extractor."),
    "systemd": ("crawler.cli.systemd:systemd", "Print a unit that keeps the daemon running."),
    "rule": ("crawler.cli.rule:rule", "Try a site's rule on a page, or have one proposed."),
    "alike": ("crawler.cli.alike:alike", "List articles that say the same."),
    "backup": ("crawler.cli.backup:backup", "Copy the store and the list of sealed files into one file."),
    "restore": ("crawler.cli.backup:restore", "Put a store back from such a file."),
    "completion": ("crawler.cli.completion:completion", "Print what makes Tab complete our words in a shell."),
}
"""Name -> where the command is, and its line in `warraq --help`."""


class _Commands(LazyGroup):
    table = COMMANDS


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(VERSION, prog_name="warraq")
@click.option("--debug", is_flag=True, expose_value=False, help="Show the trace of an error.")
def cli() -> None:
    """Watch feeds and sites, keep every byte as evidence, and a clean record of each article next to it.

    \b
    warraq demo                                      see it work, offline
    warraq fetch https://news.example.com/rss.xml    a feed's articles, once
    warraq init && warraq run                        watch sources, from now on
    """  # noqa: D301 - click's \b, not a backslash
