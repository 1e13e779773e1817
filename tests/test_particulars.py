"""What is said of single sources, while a crawl runs."""

from msgspec.structs import replace

from crawler.model import Details, Said, SourceId, Url
from crawler.particulars import Particulars
from tests import making

SLOW = Details(delay=9.0, language="ar")


def polled(details=SLOW, text="https://news.example/feed"):
    job = making.feed_job(text)
    return replace(job, poll=replace(job.poll, details=details))


def test_it_is_learnt_from_a_lease_and_forgotten_with_one() -> None:
    known, job = Particulars(), polled()
    assert known.of(job.poll.source_id) is None
    known.learn(job)
    assert known.of(job.poll.source_id) == Said(url=job.poll.url, details=SLOW)
    assert known.delay("news.example") == 9.0
    known.learn(polled(Details()))
    assert (known.of(job.poll.source_id), known.delay("news.example")) == (None, None)


def test_of_a_page_the_lease_says_nothing() -> None:
    known = Particulars()
    known.learn(making.job())
    assert known.of(None) is None


def test_the_longest_delay_of_a_hosts_sources_holds_and_moves_with_them() -> None:
    one, other = SourceId("one"), SourceId("other")
    known = Particulars({
        one: Said(url=Url("https://a.example/1"), details=Details(delay=3.0)),
        other: Said(url=Url("https://a.example/2"), details=Details(delay=7.0)),
    })  # fmt: skip
    assert (known.delay("a.example"), known.delay("b.example")) == (7.0, None)
    known.learn(polled(Details(delay=4.0), "https://a.example/3"))
    known.learn(
        replace(
            polled(Details(delay=8.0), "https://b.example/3"),
            poll=replace(polled().poll, source_id=other, url=Url("https://b.example/2"), details=Details(delay=8.0)),
        )
    )
    assert (known.delay("a.example"), known.delay("b.example")) == (4.0, 8.0)
