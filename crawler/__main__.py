"""`warraq` and `python -m crawler`."""

from __future__ import annotations

import os
import sys

from crawler.allocator import collect_seldom, with_stack
from crawler.cli import cli, completion
from crawler.cli.errors import run


def main() -> int:
    """Do what the command line says; the exit code (see docs/exit-codes.md)."""
    collect_seldom()  # a tenth of the time it takes to load the modules of a crawl
    question = completion.asked(os.environ)
    return completion.answer(cli, question) if question else with_stack(lambda: run(cli, sys.argv[1:]))


if __name__ == "__main__":
    sys.exit(main())
