"""Names resolved to addresses that may be connected to."""

from __future__ import annotations

import socket

from aiohttp.abc import AbstractResolver, ResolveResult

from crawler.fetching.guard import AddressError, Guard


class GuardedResolver(AbstractResolver):
    """A resolver whose answers have been checked: only those remain that may be connected to."""

    def __init__(self, inner: AbstractResolver, guard: Guard) -> None:
        self._inner = inner
        self._guard = guard

    async def resolve(self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET) -> list[ResolveResult]:
        """As the inner one's.

        Raises:
            AddressError: there are answers, and none of them may be used.
            OSError: the name can't be resolved.
        """
        try:
            answers = await self._inner.resolve(host, port, family)
        except UnicodeError as error:
            # The idna codec's way of saying that a label is empty or too long.
            raise socket.gaierror(socket.EAI_NONAME, f"not a name DNS knows: {error}") from None
        refusals = [self._guard.refusal(answer["host"].partition("%")[0], port) for answer in answers]
        kept = [answer for answer, refusal in zip(answers, refusals, strict=True) if refusal is None]
        if refusals and not kept:
            raise AddressError(f"{host}: {refusals[0]}")
        return kept

    async def close(self) -> None:
        """Close the inner one."""
        await self._inner.close()
