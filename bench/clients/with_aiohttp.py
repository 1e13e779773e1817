"""Plain aiohttp, as its documentation shows it: `get`, `raise_for_status`, `text`. Runs in an environment of its own."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import TextIO

import aiohttp


async def ask(session: aiohttp.ClientSession, name: str, url: str, out: TextIO) -> None:
    text = None
    try:
        async with session.get(url) as response:
            response.raise_for_status()
            text = await response.text()
    except (aiohttp.ClientError, ValueError, OSError, LookupError, RuntimeError):
        pass
    out.write(json.dumps([name, text]) + "\n")
    out.flush()


async def main(wanted: list[tuple[str, str]], seconds: float, out: TextIO) -> None:
    limits = aiohttp.ClientTimeout(total=seconds)
    async with aiohttp.ClientSession(timeout=limits) as session:
        await asyncio.gather(*(ask(session, name, url, out) for name, url in wanted))


if __name__ == "__main__":
    with open(sys.argv[2], "w") as out:
        asyncio.run(main(json.loads(Path(sys.argv[1]).read_text()), float(sys.argv[3]), out))
