"""Where every command ends: an exit code, and for what went wrong one line on stderr that says what, where, and what to do."""

from __future__ import annotations

import errno
import os
import re
import sys
import traceback
from collections.abc import Mapping, Sequence
from contextlib import suppress
from enum import IntEnum
from typing import Final

import click

from crawler.cli.streams import plain
from crawler.showing import safe


class Exit(IntEnum):
    """How a command ended. Stable: scripts rely on it."""

    OK = 0
    """All that was asked for was done."""
    BUG = 1
    """An error of ours that nobody foresaw."""
    USAGE = 2
    """The words on the command line can't be followed; nothing was begun."""
    CONFIG = 3
    """config.yaml can't be used; nothing was begun."""
    LOCAL = 4
    """A file, folder, disk or store of ours failed."""
    NETWORK = 5
    """No target could be reached."""
    REMOTE = 6
    """Reached, but of no use: 4xx, 5xx, robots.txt, an address that isn't permitted, nothing to read in it."""
    PARTIAL = 7
    """Some targets failed, others didn't."""
    LIMIT = 8
    """A limit of time, size or disk ended it."""
    UNHEALTHY = 9
    """It runs, but not as it should; or what was looked at isn't as it was written."""
    GAVE_UP = 10
    """A part of the daemon failed again and again; the log says why."""
    SIGINT = 130
    """Ended by Ctrl-C."""
    SIGPIPE = 141
    """Whoever read our output went away (`| head`)."""
    SIGTERM = 143
    """Ended by SIGTERM, everything in hand put away."""


# By name and not by class: to name the classes would be to import the rooms they live in, and `--help` would wait for them.
_CODES: Final[Mapping[str, Exit]] = {
    "crawler.config.problems.ConfigError": Exit.CONFIG,
    "crawler.ports.faults.LocalError": Exit.LOCAL,
    "crawler.daemon.supervising.GaveUp": Exit.GAVE_UP,
    "click.exceptions.ClickException": Exit.USAGE,
    "builtins.KeyboardInterrupt": Exit.SIGINT,
    "click.exceptions.Abort": Exit.SIGINT,
    "builtins.BrokenPipeError": Exit.SIGPIPE,
    # What the network does is a value in this house; as an exception it is a bug, although Python calls it an OSError.
    "builtins.ConnectionError": Exit.BUG,
    "builtins.TimeoutError": Exit.BUG,
    "socket.gaierror": Exit.BUG,
    "builtins.OSError": Exit.LOCAL,
}
_NUMBER: Final = re.compile(r"is not a valid (integer|float)( range)?\b")
_QUIET: Final = frozenset({Exit.SIGINT, Exit.SIGPIPE})

_ADVICE: Final[Mapping[int | None, str]] = {
    errno.EACCES: "give this user the right to it, or choose another place",
    errno.EPERM: "give this user the right to it, or choose another place",
    errno.EROFS: "choose a place that can be written",
    errno.ENOSPC: "make room on the disk and run it again; nothing acknowledged is lost",
    errno.EDQUOT: "make room within the quota and run it again; nothing acknowledged is lost",
    errno.EMFILE: "raise the limit of open files (ulimit -n), or lower fetch.concurrency",
    errno.EBADF: "stdin or stdout is closed; /dev/null takes what nobody wants",
    errno.ENOENT: "check how it is written",
}


def run(command: click.Command, args: Sequence[str]) -> int:
    """Run a command to its end: its exit code, which is what it returns (None: 0) or what its exception stands for.

    `--debug` may stand anywhere before a `--`; it shows the trace of what went wrong.
    """
    before, rest = _split(args)
    debug = "--debug" in before
    words = [word for word in before if word != "--debug"] + rest
    try:
        return _called(command, ["--debug", *words] if debug else words)
    except click.exceptions.Exit as ended:
        return ended.exit_code
    except BaseException as error:  # noqa: BLE001 - the last line of the process: every end has a code and a sentence
        return _ended(_leaf(error), debug=debug)


def code(error: BaseException) -> Exit:
    """The exit code an exception stands for, by the nearest of its classes that is known."""
    names = (f"{cls.__module__}.{cls.__qualname__}" for cls in type(error).__mro__)
    return next((_CODES[name] for name in names if name in _CODES), Exit.BUG)


def told(error: BaseException) -> list[str]:
    """The lines to be said about an exception; none for one that needs no words."""
    ended = code(error)
    if ended in _QUIET:
        return []
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        return error.format_message().split("\n")
    if isinstance(error, click.ClickException):
        return [f"warraq: {_usage(error)}"]
    if ended is Exit.CONFIG:
        return [safe(line) for line in str(error).split("\n")]
    if ended is Exit.BUG:
        return [f"warraq: bug: {type(error).__name__}: {safe(str(error))}; run again with --debug for the trace"]
    return [f"warraq: {_local(error)}"]


def _split(args: Sequence[str]) -> tuple[list[str], list[str]]:
    end = args.index("--") if "--" in args else len(args)
    return list(args[:end]), list(args[end:])


def _called(command: click.Command, args: list[str]) -> int:
    with command.make_context("warraq", args, color=False if plain(os.environ) else None) as ctx:
        ended = command.invoke(ctx)
        sys.stdout.flush()
    return int(ended) if isinstance(ended, int) else Exit.OK


def _leaf(error: BaseException) -> BaseException:
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error


def _ended(error: BaseException, *, debug: bool) -> int:
    if isinstance(error, SystemExit):
        return error.code if isinstance(error.code, int) else Exit.OK if error.code is None else Exit.BUG
    if debug:
        traceback.print_exception(error)
    ended = code(error)
    with suppress(BrokenPipeError):  # nobody reads it any more, and the code says it too
        for line in told(error):
            click.echo(line, err=True)
    return ended


def _usage(error: click.ClickException) -> str:
    message = _NUMBER.sub("is no number", safe(error.format_message()).rstrip("."))
    path = error.ctx.command_path if isinstance(error, click.UsageError) and error.ctx else "warraq"
    return f"{message[:1].lower()}{message[1:]} ({path} --help shows how)"


def _local(error: BaseException) -> str:
    if not isinstance(error, OSError):
        return safe(_advised(str(error), error.__cause__))
    what = error.strerror or str(error) or type(error).__name__
    place = f"{error.filename}: " if error.filename else ""
    advice = _ADVICE.get(error.errno)
    return safe(f"{place}{what} - {advice}" if advice else f"{place}{what}")


def _advised(said: str, cause: BaseException | None) -> str:
    """With what to do, where that isn't said yet."""
    advice = _ADVICE.get(cause.errno) if isinstance(cause, OSError) and cause.errno != errno.ENOENT else None
    return f"{said} - {advice}" if advice and not (" - " in said or "; " in said) else said
