from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping, Sequence

from crawler.model import Discovery, Kind, ParseTask, Rule, Span, Url
from crawler.parse.frames import Batch, pack_batch, unpack_batch
from crawler.parse.ruled import RuledParser

RULE = Rule(host="paper.example", body=(".story",))


class Listing:
    """A parser that keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[ParseTask] = []
        self.closed = False

    async def parse(self, tasks: Sequence[ParseTask]) -> AsyncGenerator[Mapping[int, Discovery], None]:
        self.asked += tasks
        yield {number: Discovery(found="nothing", note=task.url) for number, task in enumerate(tasks)}

    async def close(self) -> None:
        self.closed = True


def task(url: str) -> ParseTask:
    return ParseTask(span=Span(path="/none", offset=0, length=1), url=Url(url), kind=Kind.PAGE)


async def test_each_page_goes_with_the_rule_of_its_site() -> None:
    inner = Listing()
    parser = RuledParser(inner, [RULE])
    tasks = [task("https://www.paper.example/a"), task("https://other.example/")]
    answers = [answer async for answer in parser.parse(tasks)]
    assert [one.rule for one in inner.asked] == [RULE, None]
    assert [found.note for found in answers[0].values()] == ["https://www.paper.example/a", "https://other.example/"]
    await parser.close()
    assert inner.closed


def test_a_rule_reaches_the_child_as_it_is() -> None:
    sent = Batch(tasks=(ParseTask(span=Span(path="/p", offset=0, length=1), url=Url("u"), kind=Kind.PAGE, rule=RULE),))
    assert unpack_batch(pack_batch(sent)[4:]) == sent
