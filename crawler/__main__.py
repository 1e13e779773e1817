"""`warraq` and `python -m crawler`."""

from __future__ import annotations

import os
import signal
import sys

_CATCHES = signal.getsignal(signal.SIGINT) is signal.default_int_handler  # not where a shell began us in the background
if _CATCHES:
    # While our modules are loaded, 30 to 100 ms, Ctrl-C ends us as it does any program: there is nobody yet to catch it, and
    # the trace of a half-loaded module tells nobody anything.
    signal.signal(signal.SIGINT, signal.SIG_DFL)

from crawler.allocator import collect_seldom, with_stack  # noqa: E402
from crawler.cli import cli, completion, streams  # noqa: E402
from crawler.cli.errors import run  # noqa: E402


def main() -> int:
    """Do what the command line says; the exit code (see docs/exit-codes.md)."""
    if _CATCHES:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    streams.settle()
    collect_seldom()  # a tenth of the time it takes to load the modules of a crawl
    question = completion.asked(os.environ)
    ended = completion.answer(cli, question) if question else with_stack(lambda: run(cli, sys.argv[1:]))
    streams.let_go()
    return ended


if __name__ == "__main__":
    sys.exit(main())
