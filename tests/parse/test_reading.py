"""What a child makes of a capture: real members of a real segment, read as each kind."""

import gzip
from contextlib import closing

import pytest
from msgspec.structs import replace

from crawler.at_hand import AtHand
from crawler.model import Kind, ParseTask, Span, Url
from crawler.parse.pool import ParserPool
from crawler.parse.reading import read
from crawler.preflight import MOST_OPEN
from crawler.sums import sums
from tests.archive.samples import NOW, WORKER, archive, digest, exchange, job, name, visit

LIMIT = 1 << 20
STORY = (
    '<html lang="ar"><head><title>وصل الرئيس</title><link rel="alternate" type="application/rss+xml" href="/rss"></head>'
    "<body><article><h1>وصل الرئيس</h1><p>وصل الرئيس صباح اليوم إلى العاصمة في زيارة تستمر يومين.</p>"
    "<p>ومن المقرر أن يلتقي عددا من المسؤولين قبل أن يغادر مساء الغد إلى بلاده.</p></article></body></html>"
).encode()
BARE = b'<html><head><link rel="alternate" type="application/rss+xml" href="/rss"></head><body></body></html>'
RSS = (
    '<?xml version="1.0"?><rss version="2.0"><channel><title>الأخبار</title>'
    "<item><title>خبر</title><link>https://news.example/1</link><guid>g1</guid></item></channel></rss>"
).encode()
SITEMAP = (
    b'<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
    b"<url><loc>https://news.example/a</loc></url></urlset>"
)
OPML = b'<opml version="2.0"><body><outline type="rss" xmlUrl="https://news.example/rss"/></body></opml>'
SECTION = (
    "<html><body><h1>سياسة</h1>"
    + "".join(f'<h2><a href="/news/2026/11/2{n}/story-{n}">عنوان خبر طويل بما يكفي {n}</a></h2>' for n in range(8))
    + "</body></html>"
).encode()
PDF = b"%PDF-1.7\n\x00\x01\x02"


@pytest.fixture
async def keep(tmp_path):
    """Archive one answer; gives the task to read it as a kind."""
    made = archive(tmp_path)
    await made.create(name(), WORKER, NOW)

    async def keep_one(payload, kind=Kind.PAGE, mime="text/html", extra=b"", *, truncated=None, known=None, **more):
        head = b"HTTP/1.1 200 OK\r\nContent-Type: " + mime.encode() + b"\r\n" + extra + b"\r\n"
        taken = exchange(payload, head=head, mime=mime, truncated=truncated, url=Url("https://news.example/x"), **more)
        ((receipt,),) = (await made.write([visit(taken)], {}, {})).receipts
        made.keep()
        return ParseTask(
            span=made.span(receipt), url=receipt.capture.url, kind=kind, known=known or {}, truncated=receipt.truncated
        )

    yield keep_one
    await made.close()


async def test_a_page_gives_its_article(keep):
    found = read(await keep(STORY), LIMIT)
    assert (found.found, found.given_up, found.note) == ("article", False, None)
    assert found.article.title == "وصل الرئيس"
    assert found.article.text.startswith("وصل الرئيس صباح اليوم")
    assert found.feeds == ()


async def test_a_child_has_counted_what_it_read(keep):
    found = read(await keep(STORY), LIMIT)
    assert found.sums == sums(found.article)
    assert found.sums.words == 24


async def test_a_page_with_half_a_sign_in_its_headline_is_read_and_summed_up_later(keep):
    half = b'<script type="application/ld+json">{"@type":"NewsArticle","headline":"half \\ud83d a sign"}</script></head>'
    page = STORY.replace(b"</head>", half).replace("وصل الرئيس</h1>".encode(), b"</h1>").replace(b"<title>", b"<meta>")
    found = read(await keep(page), LIMIT)
    assert "\ud83d" in found.article.title
    assert found.sums is None


async def test_a_packed_and_chunked_page_is_unpacked(keep):
    packed = gzip.compress(STORY)
    chunked = b"%x\r\n" % len(packed) + packed + b"\r\n0\r\n\r\n"
    task = await keep(chunked, extra=b"Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n", payload_digest=digest(packed))
    assert read(task, LIMIT).found == "article"


async def test_a_page_without_text_says_so_and_names_its_feeds(keep):
    found = read(await keep(BARE), LIMIT)
    assert (found.found, found.feeds) == ("nothing", ("https://news.example/rss",))
    assert found.note
    assert not found.given_up


CHALLENGE = b"<html><head><title>...</title><script>window._cf_chl_opt={cvId:'3'}</script></head><body>Wait</body></html>"


@pytest.mark.parametrize("kind", [Kind.PAGE, Kind.TARGET, Kind.FEED, Kind.SITEMAP, Kind.SECTION])
async def test_a_challenge_in_the_place_of_what_was_asked_for_is_told(keep, kind):
    found = read(await keep(CHALLENGE, kind), LIMIT)
    assert (found.found, found.blocked, found.note, found.article) == ("nothing", "Cloudflare", "blocked: Cloudflare", None)


async def test_a_challenge_that_says_so_in_its_headers_is_told_whatever_it_looks_like(keep):
    found = read(await keep(STORY, extra=b"CF-Mitigated: challenge\r\n"), LIMIT)
    assert (found.found, found.blocked) == ("nothing", "Cloudflare")


async def test_an_article_about_challenges_is_an_article(keep):
    about = STORY.replace(b"</article>", b"<p>" + b"window._cf_chl_opt={cvId: 3} and what it means. " * 30 + b"</p></article>")
    found = read(await keep(about), LIMIT)
    assert (found.found, found.blocked) == ("article", None)


async def test_a_feed_gives_what_is_new_in_it(keep):
    first = read(await keep(RSS, Kind.FEED, "application/rss+xml"), LIMIT)
    assert (first.found, first.items, [entry.link for entry in first.entries]) == ("feed", 1, ["https://news.example/1"])
    known = {entry.key: entry.item_hash for entry in first.entries}
    again = read(await keep(RSS, Kind.FEED, "application/rss+xml", known=known), LIMIT)
    assert (again.found, again.items, again.entries) == ("feed", 1, ())


@pytest.mark.parametrize(
    ("payload", "mime", "found"),
    [
        (STORY, "text/html", "article"),
        (RSS, "text/html", "feed"),
        (SITEMAP, "text/plain", "sitemap"),
        (gzip.compress(SITEMAP, mtime=0), "application/octet-stream", "sitemap"),
        (b"https://news.example/1\nhttps://news.example/2\n", "text/plain", "sitemap"),
        (OPML, "text/xml", "nothing"),
        (PDF, "application/pdf", "nothing"),
    ],
)
async def test_a_target_is_what_its_content_says(keep, payload, mime, found):
    assert read(await keep(payload, Kind.TARGET, mime), LIMIT).found == found


@pytest.mark.parametrize(
    ("kind", "payload", "mime", "note"),
    [
        (Kind.PAGE, RSS, "text/html", "a feed, not a page"),
        (Kind.PAGE, SITEMAP, "text/xml", "a sitemap, not a page"),
        (Kind.FEED, PDF, "application/pdf", "this is no feed"),
        (Kind.PAGE, b"", "text/html", "the answer has no content"),
        (Kind.FEED, STORY, "text/html", "an HTML page, not a feed"),
        (Kind.FEED, OPML, "text/xml", "a list of feeds (OPML), not a feed"),
        (Kind.SITEMAP, STORY, "text/html", "an HTML page, not a sitemap"),
        (Kind.SECTION, "نص بلا روابط".encode(), "text/plain", "plain text, not a page with links"),
        (Kind.ROBOTS, b"User-agent: *", "text/plain", "rules for robots"),
    ],
)
async def test_what_cannot_be_read_as_asked_is_nothing_with_a_note(keep, kind, payload, mime, note):
    found = read(await keep(payload, kind, mime), LIMIT)
    assert (found.found, found.note, found.given_up) == ("nothing", note, False)


async def test_a_feed_that_is_a_page_names_the_feeds_it_announces(keep):
    assert read(await keep(STORY, Kind.FEED), LIMIT).feeds == ("https://news.example/rss",)


async def test_a_source_that_became_another_kind_of_source_is_read_as_that(keep):
    assert read(await keep(SITEMAP, Kind.FEED, "text/xml"), LIMIT).found == "sitemap"
    assert read(await keep(RSS, Kind.SECTION, "text/xml"), LIMIT).found == "feed"


async def test_a_section_gives_its_links(keep):
    found = read(await keep(SECTION, Kind.SECTION), LIMIT)
    assert found.found == "section"
    assert "https://news.example/news/2026/11/21/story-1" in found.links


@pytest.mark.parametrize("kind", [Kind.PAGE, Kind.SECTION, Kind.TARGET])
async def test_a_page_that_would_freeze_the_parser_is_given_up(keep, kind):
    found = read(await keep(b"<html>" + b"<p><font size=1>" * (MOST_OPEN + 1), kind), LIMIT)
    assert found.given_up
    assert found.note.startswith("not given to the parser: ")


async def test_a_cut_page_is_read_as_far_as_it_came_and_says_so(keep):
    found = read(await keep(STORY, truncated="length"), LIMIT)
    assert found.found == "article"
    assert found.note == found.article.note == "read from a body that was cut: not all of it came"


async def test_no_more_than_the_limit_is_decoded(keep):
    bomb = gzip.compress(STORY + bytes(5_000_000))
    found = read(await keep(bomb, extra=b"Content-Encoding: gzip\r\n"), 2000)
    assert found.note.startswith("read from a body that was cut: ")


async def test_a_coding_we_do_not_know_is_told(keep):
    found = read(await keep(STORY, extra=b"Content-Encoding: zstd\r\n"), LIMIT)
    assert (found.found, found.note) == ("nothing", "unknown content coding zstd")


@pytest.mark.parametrize(
    ("attributes", "large"),
    [pytest.param(100, False, id="a tag of usual length"), pytest.param(2_500, True, id="a tag too long")],
)
async def test_a_feed_with_a_tag_that_fills_its_reader_is_read_as_large_ones_are(keep, attributes, large):
    told = []
    long = b"<title " + b"a='b' " * attributes + b">"
    read(await keep(RSS.replace(b"<title>", long, 1), Kind.FEED, "application/rss+xml"), 1 << 20, lambda: told.append(True))
    assert bool(told) is large


async def test_what_is_not_in_the_archive_is_given_up_with_its_place(tmp_path):
    task = ParseTask(span=Span(path=str(tmp_path / "no.warc.gz"), offset=3, length=9), url=Url("u"), kind=Kind.PAGE)
    found = read(task, LIMIT)
    assert found.given_up
    assert found.note == f"the archive can't be read: {tmp_path}/no.warc.gz at 3: No such file or directory"


async def test_a_local_document_is_read_without_an_address(tmp_path):
    made = archive(tmp_path)
    await made.create(name(), WORKER, NOW)
    url = Url("urn:sha256:" + "ab" * 32)
    local = exchange(STORY, url=url, head=b"", request=b"", mime="text/html; charset=utf-8")
    ((receipt,),) = (await made.write([visit(local, job_=job(url, Kind.TARGET))], {}, {})).receipts
    found = read(ParseTask(span=made.span(receipt), url=url, kind=Kind.TARGET), LIMIT)
    await made.close()
    assert found.article.title == "وصل الرئيس"
    assert found.article.url is None


async def test_the_real_children_read_the_same(keep):
    tasks = [await keep(STORY), await keep(RSS, Kind.FEED, "text/xml", at=NOW + 1), await keep(PDF, at=NOW + 2)]
    pool = ParserPool()
    found = {}
    async for part in pool.parse(tasks):
        found.update(part)
    await pool.close()
    assert [found[index] for index in range(3)] == [read(task, LIMIT) for task in tasks]


async def test_the_real_children_read_what_is_at_hand_and_the_archive_where_nothing_is(keep):
    tasks = [await keep(STORY), await keep(STORY, at=NOW + 1)]
    gone = replace(tasks[0], span=replace(tasks[0].span, path="/none"))
    with closing(AtHand()) as at_hand:
        at_hand.lay(gone.span, b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + STORY)
        pool = ParserPool(at_hand=at_hand)
        found = {}
        async for part in pool.parse([gone, tasks[1]]):
            found.update(part)
        await pool.close()
        assert at_hand.lend(gone.span) is None
    assert [found[index] for index in range(2)] == [read(task, LIMIT) for task in tasks]
