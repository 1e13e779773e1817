"""When segments are made final, and whose they are."""

from __future__ import annotations

from functools import partial

from crawler.model import SegmentState, WorkerId
from crawler.pipeline import Tools


async def seal(state: SegmentState, tools: Tools) -> None:
    """Make a held segment final. A crash in between is mended by doing it again."""
    now = tools.clock.now()
    await tools.store.seal(state.segment, "sealing", None, now)
    digest = await tools.archive.seal(state.segment, tools.worker, now)
    await tools.store.seal(state.segment, "sealed" if digest else "void", digest or None, now)


async def seal_all(tools: Tools) -> None:
    """Make every held segment final that waits for no parser, the current one too."""
    held = set(tools.archive.held())
    for state in await tools.store.unsealed():
        if state.segment in held and not state.waiting:
            await seal(state, tools)


async def seal_finished(tools: Tools) -> None:
    """Make every held segment final that isn't written to any more, and waits for no parser."""
    current, held = tools.archive.current(), set(tools.archive.held())
    for state in await tools.store.unsealed():
        if state.segment in held and state.segment != current and not state.waiting:
            await tools.patience.through(partial(seal, state, tools))


def role(worker: WorkerId) -> str:
    """`run` or `fetch`."""
    return worker.partition("-")[0]


def role_of(state: SegmentState) -> str:
    """The role of the worker that opened a segment."""
    return role(WorkerId(state.segment.split("-", 3)[3]))
