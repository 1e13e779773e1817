"""Python and its packages, limits of the process, and the world outside."""

from __future__ import annotations

import os
import platform
import queue
import resource
import socket
import sqlite3
import ssl
import sys
import threading
import time
from collections.abc import Iterator
from datetime import datetime
from importlib import metadata
from typing import Final

from crawler import urls
from crawler.config import Config
from crawler.doctor.checkup import Checkup
from crawler.model import Seconds
from crawler.store.vitals import built_with
from crawler.version import VERSION
from crawler.wiring import children

_PACKAGES: Final = ("aiohttp", "feedparser", "selectolax", "aiosqlite", "tenacity", "msgspec", "fastwarc", "isal")
_SQLITE: Final = (3, 35, 0)
"""RETURNING, and with it most of what the store asks."""
_BESIDE: Final = 128
"""Descriptors a crawl needs beside those of its requests: segments, the store, pipes of children."""
_DNS: Final[Seconds] = 5.0  # a resolver's own first patience (resolv.conf, timeout)
_THIS_VERSION: Final = 1_760_000_000
"""Seconds since 1970; a clock that is behind this hasn't been set since the machine started."""


def software() -> Iterator[Checkup]:
    """What we run on."""
    yield Checkup(
        name="warraq", said=f"{VERSION}, Python {platform.python_version()} on {platform.system()} {platform.machine()}"
    )
    yield _packages()
    yield _sqlite()
    if (sys.stdout.encoding or "").lower().replace("-", "") != "utf8":
        advice = "set PYTHONUTF8=1, or a locale such as C.UTF-8"
        yield Checkup(name="output", state="warn", said=f"stdout is {sys.stdout.encoding}, not UTF-8", advice=advice)


def _packages() -> Checkup:
    found: list[str] = []
    missing: list[str] = []
    for name in _PACKAGES:
        try:
            found.append(f"{name} {metadata.version(name)}")
        except metadata.PackageNotFoundError:
            missing.append(name)
    if missing:
        return Checkup(name="packages", state="fail", said=f"missing: {', '.join(missing)}", advice="install Warraq again")
    return Checkup(name="packages", said=", ".join(found))


def _sqlite() -> Checkup:
    version = sqlite3.sqlite_version
    if sqlite3.sqlite_version_info < _SQLITE:
        return Checkup(name="sqlite", state="fail", said=version, advice="3.35 or newer is needed: use another Python")
    if not built_with("ENABLE_FTS5"):
        return Checkup(name="sqlite", state="warn", said=f"{version} without FTS5", advice="`warraq search` needs it")
    return Checkup(name="sqlite", said=f"{version} with FTS5")


def limits(config: Config) -> Iterator[Checkup]:
    """What the process may use."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    # A request has its connection; one on two that is kept open is counted, too.
    wanted = 2 * config.fetch.concurrency + _BESIDE
    if 0 <= soft < wanted:
        advice = f"ulimit -n {wanted} (LimitNOFILE in a unit), or lower fetch.concurrency"
        yield Checkup(name="open files", state="warn", said=f"{soft} are allowed, {wanted} may be needed", advice=advice)
    else:
        yield Checkup(name="open files", said=f"{'any number' if soft < 0 else soft} allowed, {wanted} may be needed")
    yield _memory(config)


def _memory(config: Config) -> Checkup:
    whole = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    number = children(config)
    wanted = number * config.parse.child_memory + (200 << 20)
    said = f"{whole >> 20} MB, of which {number} parser children and the crawl may use {wanted >> 20}"
    if wanted > whole:
        return Checkup(name="memory", state="warn", said=said, advice="lower parse.workers or parse.child_memory")
    return Checkup(name="memory", said=said)


def outside(config: Config) -> Iterator[Checkup]:
    """Time, names and certificates."""
    yield _clock()
    yield _names(config)
    yield _certificates()


def _clock() -> Checkup:
    now = datetime.now().astimezone()
    said = f"{now:%Y-%m-%d %H:%M:%S} {now.tzname()} (UTC{now:%z}); all that is stored is UTC"
    if time.time() < _THIS_VERSION:
        return Checkup(name="clock", state="fail", said=said, advice="set it (NTP): it is older than this program")
    return Checkup(name="clock", said=said)


def _names(config: Config) -> Checkup:
    hosts = (urls.hostname(source.url) for source in config.sources)
    name = next((host for host in hosts if not host.startswith("[") and not host.replace(".", "").isdecimal()), None)
    if name is None:
        return Checkup(name="dns", said="no source has a name to be looked up")
    begun = time.monotonic()
    error = _looked_up(name)
    if error is not None:
        advice = "look whether there is a network, and at /etc/resolv.conf; then at the source's address"
        return Checkup(name="dns", state="fail", said=f"{name}: {error}", advice=advice)
    return Checkup(name="dns", said=f"{name} in {1000 * (time.monotonic() - begun):.0f} ms")


def _looked_up(name: str) -> str | None:
    """Why a name can't be looked up; None: it can. The resolver can't be stopped, so nobody waits for its thread."""
    answers: queue.SimpleQueue[str | None] = queue.SimpleQueue()

    def ask() -> None:
        try:
            socket.getaddrinfo(name, 443)
        except OSError as error:
            answers.put(error.strerror or str(error))
        else:
            answers.put(None)

    threading.Thread(target=ask, daemon=True).start()
    try:
        return answers.get(timeout=_DNS)
    except queue.Empty:
        return f"no answer within {_DNS:g} s"


def _certificates() -> Checkup:
    where = ssl.get_default_verify_paths()
    there = [path for path in (where.cafile, where.capath) if path and os.path.exists(path)]  # noqa: PTH110 - ssl gives texts
    if not there and not ssl.create_default_context().get_ca_certs():
        advice = "install ca-certificates, or set SSL_CERT_FILE: no https answer can be trusted"
        return Checkup(name="tls", state="fail", said=f"{ssl.OPENSSL_VERSION}, no root certificates", advice=advice)
    return Checkup(name="tls", said=f"{ssl.OPENSSL_VERSION}, root certificates in {there[0] if there else 'the system'}")
