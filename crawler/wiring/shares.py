"""What of the configuration is whose."""

from __future__ import annotations

import os
from typing import Literal

from crawler.config import Config
from crawler.engine import Settings
from crawler.fetching.limits import Limits
from crawler.model import Millis, Seconds
from crawler.pacemaker import Pacemaker
from crawler.parse.pool import LATE
from crawler.schedule import Tempo
from crawler.terms import Policy
from crawler.version import VERSION

ONESHOT_PATIENCE: Seconds = 30
"""How long somebody at a terminal is let wait for a second try of one page."""


def policy(config: Config) -> Policy:
    """The decisions' share of the configuration."""
    return Policy(
        tries=config.retry.tries,
        silent_tries=config.retry.tries,
        retry_base=config.retry.base,
        retry_most=config.retry.most,
        retry_after_most=config.politeness.retry_after_most,
        hops=config.fetch.hops,
        unchanged_feeds=config.archive.unchanged_feeds,
        revisits=tuple(sorted(set(config.schedule.revisits))),
        assets=config.archive.assets,
        most_assets=config.archive.assets_most,
    )


def oneshot_policy(config: Config, *, archive: bool) -> Policy:
    """A person waits: a page is tried a few times within seconds, a silent host once."""
    return Policy(
        tries=3,
        silent_tries=1,
        retry_base=min(1.0, config.retry.base),
        host_base=0,
        patience=ONESHOT_PATIENCE,
        hops=config.fetch.hops,
        oneshot=True,
        assets=config.archive.assets if archive else "none",
        most_assets=config.archive.assets_most,
    )


def pacemaker(config: Config) -> Pacemaker:
    """How often sources are asked."""
    wanted = config.schedule
    return Pacemaker(Tempo(least=wanted.least, most=wanted.most, hints_most=wanted.hints_most), wanted.polls_a_day)


def settings(config: Config, goal: Literal["forever", "once", "drained"]) -> Settings:
    """The engine's share of the configuration."""
    return Settings(
        goal=goal,
        hosts=config.fetch.concurrency,
        urls_a_lease=config.politeness.urls_a_lease,
        ttl=ms(config.store.lease_ttl),
        delay=ms(config.politeness.delay),
        group_size=config.store.group_size,
        group_wait=config.store.group_wait,
        batch=config.parse.batch,
        readers=children(config) + LATE,
        reclaim_delay=ms(config.politeness.delay),
        keep=config.store.keep,
        pages_a_day=config.frontier.pages_a_day if goal != "drained" else None,
    )


def limits(config: Config) -> Limits:
    """What is the most that is taken from the web."""
    fetch = config.fetch
    return Limits(
        dns=fetch.dns,
        connect=fetch.connect,
        idle=fetch.idle,
        total=fetch.timeout,
        body_bytes=fetch.body_max,
        decoded_bytes=fetch.decoded_max,
        head_bytes=fetch.header_max,
        least_rate=fetch.least_rate,
    )


def warcinfo(config: Config) -> dict[str, str]:
    """What the first record of a segment says."""
    info = {
        "software": f"Warraq/{VERSION}",
        "format": "WARC File Format 1.1",
        "conformsTo": "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
        "robots": "obey (RFC 9309)",
        "http-header-user-agent": config.fetch.agent,
        "config-digest": f"sha256:{config.digest}",
    }
    if config.archive.operator:
        info["operator"] = config.archive.operator
    return info


def children(config: Config) -> int:
    """How many parser children: one core is the loop's."""
    if config.parse.workers != "auto":
        return config.parse.workers
    return max(1, len(os.sched_getaffinity(0)) - 1)


def ms(seconds: Seconds) -> Millis:
    """As the store counts."""
    return round(seconds * 1000)
