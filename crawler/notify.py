"""Telling the service manager how we are: sd_notify(3), a datagram of `NAME=value` lines. Without a manager nothing is sent."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Mapping
from typing import Final

from crawler.model import Seconds

_MOST_CHARS: Final = 200  # `systemctl status` shows one line


class Notifier:
    """Sends to the socket that $NOTIFY_SOCKET names; a manager that doesn't listen is no reason to end, so errors are dropped.

    Of our environment both names are taken away: no child of ours may speak for us.
    """

    def __init__(self, env: Mapping[str, str]) -> None:
        self._address = env.get("NOTIFY_SOCKET", "")
        meant = env.get("WATCHDOG_PID", "") in ("", str(os.getpid()))
        usec = env.get("WATCHDOG_USEC", "")
        self.watchdog: Seconds | None = int(usec) / 1e6 if meant and usec.isascii() and usec.isdecimal() and int(usec) else None
        """The manager ends us when it hears no `alive` for so long; None: it doesn't ask."""

    def ready(self, status: str) -> None:
        """We work; after a start, and after the configuration was read again."""
        self._send("READY=1", _status(status))

    def reloading(self) -> None:
        """The configuration is read again; `ready` ends it."""
        self._send("RELOADING=1", f"MONOTONIC_USEC={time.monotonic_ns() // 1000}")

    def stopping(self) -> None:
        """We end, in order."""
        self._send("STOPPING=1", _status("ending what is in flight"))

    def alive(self) -> None:
        """We live: to be said twice as often as `watchdog` asks."""
        self._send("WATCHDOG=1")

    def status(self, text: str) -> None:
        """One line for people."""
        self._send(_status(text))

    def _send(self, *lines: str) -> None:
        if self._address[:1] not in ("/", "@"):
            return
        address = "\0" + self._address[1:] if self._address.startswith("@") else self._address
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
            try:
                sender.sendto("\n".join(lines).encode(), socket.MSG_DONTWAIT, address)
            except OSError:  # full, or gone: the next one comes within the minute
                return


def _status(text: str) -> str:
    return f"STATUS={' '.join(text.split())[:_MOST_CHARS]}"
