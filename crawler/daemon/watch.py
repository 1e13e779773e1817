"""A daemon, for years: crawl after crawl on one store, told of its configuration, its signals and its manager."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Final

import structlog

from crawler.config import Config, ConfigError
from crawler.daemon.bulletin import Bulletin
from crawler.daemon.changes import Changes, changes
from crawler.daemon.single import Opened, Round, ended_by_signals, listening, together
from crawler.daemon.supervising import Restarts, supervise
from crawler.engine import Crawl, Told
from crawler.meters.crawl import CrawlMeter
from crawler.model import Seconds
from crawler.notify import Notifier
from crawler.ports import Clock, LocalError
from crawler.showing import many, safe
from crawler.watermark import Watermark
from crawler.web.server import serving

log = structlog.get_logger()

_MINUTE: Final[Seconds] = 60.0
_STDERR: Final = 2


class Watch:
    """The daemon. `run` it once.

    SIGHUP: the configuration is read again. One that can't be used changes nothing; where only sources differ they are
    entered beside the running crawl, else a new crawl takes over after what is in flight. First SIGTERM or SIGINT: it ends in
    order. Second: at once. A terminal that is closed is a SIGTERM.
    """

    def __init__(
        self,
        config: Config,
        load: Callable[[], Config],
        opened: Opened,
        *,
        tell: Callable[[Told], None],
        adopt: Callable[[Config], None],
        meter: CrawlMeter,
        notifier: Notifier,
        clock: Clock,
        restarts: Restarts,
    ) -> None:
        """`load` reads the configuration again, blocking; `adopt` hears of one that holds from now on; `tell` of commits."""
        self._config = config
        self._load = load
        self._opened = opened
        self._tell = tell
        self._adopt = adopt
        self._meter = meter
        self._notifier = notifier
        self._clock = clock
        self._restarts = restarts
        self._places = (config.archive.dir, _store(config).parent)
        self.bulletin = Bulletin(_store(config), meter, clock)
        self._over = asyncio.Event()
        # What can't even begin ends the process at once, with its own words: whoever started it is there to read them.
        self._final = asyncio.Event()
        self._final.set()
        self._asked_to_reload = asyncio.Event()
        self._web_changed = asyncio.Event()
        self._crawl: Crawl | None = None
        self._round: Round | None = None

    async def run(self) -> signal.Signals | None:
        """Watch until a signal ends it: which.

        Raises:
            GaveUp: a service failed too often.
            LocalError: it can't begin, or what is at hand can't be put away at the end.
            SystemExit: a second signal came.
        """
        with listening({signal.SIGHUP: partial(self._hung_up, os.isatty(_STDERR))}):
            return await ended_by_signals(self._services(), self.stop)

    def _hung_up(self, had_terminal: bool) -> None:  # noqa: FBT001 - bound when it begins
        """Whoever closes the terminal means to end us: else we would go on unseen, and turn the next daemon away."""
        if had_terminal and not os.isatty(_STDERR):
            signal.raise_signal(signal.SIGTERM)
        else:
            self.reload()

    def reload(self) -> None:
        """As SIGHUP: read the configuration again, soon."""
        self._asked_to_reload.set()

    def stop(self) -> None:
        """As the first SIGTERM: end in order."""
        self._over.set()
        self._final.set()
        self.bulletin.phase = "stopping"
        self._notifier.stopping()
        if self._crawl is not None:
            self._crawl.stop()

    async def _services(self) -> None:
        async with asyncio.TaskGroup() as services:
            others = [
                services.create_task(self.bulletin.lag.watch(), name="lag"),
                services.create_task(self._feeding_the_watchdog(), name="watchdog"),
                services.create_task(self._supervised("web", self._web), name="web"),
                services.create_task(self._supervised("reload", self._reloading), name="reload"),
                services.create_task(self._supervised("minutes", self._minutes), name="minutes"),
            ]
            await supervise("crawl", self._crawling, self._restarts, self._final, self._meter.restarted)
            for other in others:
                other.cancel()

    async def _supervised(self, name: str, service: Callable[[], Awaitable[None]]) -> None:
        await supervise(name, service, self._restarts, self._over, self._meter.restarted)

    # --- the crawl ---

    async def _crawling(self) -> None:
        while not self._over.is_set():
            config = self._config
            async with self._opened(config) as opened:
                await opened.sync(config)
                await self._crawl_once(config, opened)

    async def _crawl_once(self, config: Config, opened: Round) -> None:
        watermark = Watermark(self._places, config.archive.free_least, self._clock)
        crawl = Crawl(opened.tools, opened.settings, self._heard, watermark.open)
        self._crawl, self._round = crawl, opened
        self.bulletin.begun(crawl, opened.tools, watermark)
        self._final.clear()
        if self._over.is_set():
            self.stop()
        elif config is not self._config:  # read again while it was opened
            crawl.stop()
        log.info("started", sources=len(config.sources), archive=str(config.archive.dir), worker=opened.tools.worker)
        self._notifier.ready(f"watching {many(len(config.sources), 'source')}")
        try:
            await together(crawl, opened.beside)
        finally:
            self._crawl = self._round = None
            self.bulletin.ended()

    def _heard(self, told: Told) -> None:
        self._meter.told(told)
        self._tell(told)

    # --- the configuration, again ---

    async def _reloading(self) -> None:
        while True:
            await self._asked_to_reload.wait()
            self._asked_to_reload.clear()
            self._notifier.reloading()
            if not await self._reload():
                self._notifier.ready(f"watching {many(len(self._config.sources), 'source')}")

    async def _reload(self) -> bool:
        """Read the configuration again, and go by it if it can be used. True: a new crawl takes over, and will say so."""
        try:
            config = await asyncio.to_thread(self._load)
        except ConfigError as error:
            _refuse(error.problems)
            return False
        found = changes(self._config, config)
        if found.fixed:
            _refuse([f"{name} can't change while it runs: end it and start it again" for name in found.fixed])
            return False
        log.info("config_read", **_told(found))
        return await self._go_by(config, found)

    async def _go_by(self, config: Config, found: Changes) -> bool:
        before, self._config = self._config, config
        self._adopt(config)
        if config.web != before.web:
            self._web_changed.set()
        if found.settings and self._crawl is not None:
            self.bulletin.phase = "reloading"
            # Each request has its deadline; none is broken off for a setting.
            self._crawl.stop(grace=before.store.lease_ttl)
            return True
        if not found.nothing and self._round is not None:
            await self._round.sync(config)
        return False

    # --- telling ---

    async def _web(self) -> None:
        """Serve; where somebody else has the port, try again each minute: monitors miss us, sources don't."""
        while True:
            self._web_changed.clear()
            web = self._config.web
            if web.listen is None:
                await self._web_changed.wait()
                continue
            try:
                async with serving(web.listen, web.hosts, self.bulletin) as address:
                    log.info("listening", at=address)
                    await self._web_changed.wait()
            except LocalError as error:
                log.warning("not_listening", error=str(error), again_in=_MINUTE)
                await self._clock.sleep(_MINUTE)

    async def _minutes(self) -> None:
        while True:
            await self._clock.sleep(_MINUTE)
            said = await self.bulletin.minute()
            log.info("minute", **said)
            self._notifier.status(", ".join(f"{name} {figure}" for name, figure in said.items()))

    async def _feeding_the_watchdog(self) -> None:
        if self._notifier.watchdog is None:
            return
        while True:
            state = self.bulletin.alive()
            if state.ok:
                self._notifier.alive()
            else:
                log.error("stalled", why=state.why, hint="the service manager will start it anew")
            await asyncio.sleep(self._notifier.watchdog / 2)


def _store(config: Config) -> Path:
    return config.store.path or config.archive.dir / "warraq.db"


def _refuse(problems: Sequence[str]) -> None:
    log.error("config_refused", problems=[safe(one) for one in problems], hint="all stays as it was; SIGHUP tries again")


def _told(found: Changes) -> dict[str, list[str]]:
    """What is said of changes; of many sources the first ones."""
    lists = {"added": found.added, "paused": found.paused, "changed": found.changed, "settings": found.settings}
    return {
        name: [*map(safe, names[:20]), *([f"and {len(names) - 20} more"] if len(names) > 20 else [])]
        for name, names in lists.items()
    }
