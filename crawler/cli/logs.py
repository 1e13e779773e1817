"""The log: lines for people on a terminal, JSON for machines; always on stderr."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import MutableMapping
from typing import Any, Literal

import structlog

from crawler.cli.streams import plain
from crawler.showing import safe


def set_up(level: str, form: Literal["auto", "text", "json"]) -> None:
    """Say at which level and how to log; `auto` is text on a terminal and JSON otherwise."""
    text = form == "text" or (form == "auto" and sys.stderr.isatty())
    renderer = (
        structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty() and not plain(os.environ))
        if text
        else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _harmless,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        # To what stderr is when something is said: in a process that does several things it may be another by then.
        logger_factory=lambda *_words: structlog.WriteLogger(sys.stderr),
        cache_logger_on_first_use=False,
    )


def _harmless(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Texts in a log come from servers: one line each, and nothing that a terminal obeys. `Any` is structlog's."""
    for name, value in event.items():
        if isinstance(value, str):
            event[name] = safe(value)
    return event
