"""A parser around a parser: each page goes with the rule of its site, if there is one. The children read no configuration."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping, Sequence

from msgspec.structs import replace

from crawler import rules
from crawler.model import Discovery, ParseTask, Rule
from crawler.ports import Parser


class RuledParser:
    """As the parser it is around."""

    def __init__(self, parser: Parser, of_sites: Sequence[Rule]) -> None:
        self._parser = parser
        self._rules = rules.by_host(of_sites)

    def parse(self, tasks: Sequence[ParseTask]) -> AsyncGenerator[Mapping[int, Discovery], None]:
        """As `Parser.parse`."""
        return self._parser.parse([replace(task, rule=rules.choose(self._rules, task.url)) for task in tasks])

    async def close(self) -> None:
        """As `Parser.close`."""
        await self._parser.close()
