"""A site without a feed, over some days on a clock of its own: its sections are found, and asked as often as they have news."""

from msgspec.structs import replace

from crawler.decide import decide
from crawler.model import Details, Kind, Scope
from crawler.parse.reading import read_body
from crawler.particulars import Particulars
from crawler.scoping import scoped
from tests.sources.polled import DAY, HOUR, ME, SEGMENT, START, Polled, said

HOME, WORLD, SPORT = (f"https://paper.example/{path}" for path in ("", "world", "sport"))
MENU = '<nav><a href="/world">العالم</a><a href="/sport">体育</a><a href="https://other.example/x">x</a></nav>'


def page(links):
    anchors = "".join(f'<p><a href="{link}">a headline of many words for {link}</a></p>' for link in links)
    return said(200, "Content-Type: text/html", body=f"<html><body>{MENU}{anchors}</body></html>".encode())


def paper(request, now):
    """World has a story an hour, sport the same ones for ever; the first page leads to both and has none."""
    hours = (now - START) // 3_600_000
    stories = range(max(0, hours - 20), hours + 5) if request.url == WORLD else range(5) if request.url == SPORT else ()
    return page(f"{request.url}/2026/11/22/a-story-of-the-day-{n}" for n in stories)


class Site(Polled):
    """As the pipeline has it: what is said of a source bounds what it brings."""

    def __init__(self, web):
        super().__init__(web, reader=lambda task, body: read_body(replace(task, sections=True), body))
        self.particulars = Particulars()

    async def read(self, receipts):
        decisions = []
        for receipt in receipts:
            self.particulars.learn(receipt.job)
            found = await self._found(receipt)
            told = self.particulars.of(receipt.job.context.source)
            decisions.append(scoped(decide(receipt, found, self._terms()), receipt, found, told, self.now))
        self.offers += [offer for one in decisions for offer in one.offers]
        kept = [replace(one, offers=()) for one in decisions]
        await self.store.commit_records(ME, {SEGMENT: 0}, kept, {SEGMENT: []}, self.now)


async def test_sections_of_a_site_are_found_and_asked_by_a_rhythm_of_their_own():
    site = Site(paper)
    await site.watch(HOME, kind=Kind.SECTION, details=Details(site=True, scope=Scope(depth=1)))
    await site.until(2 * DAY)
    listed = {one.source.url: one for one in await site.store.sources()}
    assert set(listed) == {HOME, WORLD, SPORT}
    assert {listed[url].source.parent for url in (WORLD, SPORT)} == {listed[HOME].source.source_id}
    assert len({offer.url for offer in site.offers}) >= 2 * 24 + 5
    assert all(offer.context.source == listed[HOME].source.source_id for offer in site.offers)
    assert len(site.times(WORLD)) > 2 * len(site.times(SPORT))
    assert max(b - a for a, b in zip(site.times(WORLD), site.times(WORLD)[1:], strict=False)) < 8 * HOUR
