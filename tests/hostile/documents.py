"""Behaviours: feeds and sitemaps that are broken or bombs, pages that freeze parsers, and robots.txt."""

from __future__ import annotations

from typing import Final

from tests.hostile.behaviours import (
    PAGE,
    PARAGRAPHS,
    RESET,
    STAY,
    Behaviour,
    answer,
    bad,
    good,
    head,
    html,
)

_ITEM: Final = (
    f"<item><title>The old breakwater</title><guid isPermaLink='false'>1</guid><description><![CDATA[<p>{PARAGRAPHS[0]}</p>"
    f"<p>{PARAGRAPHS[2]}</p>]]></description></item>"
)


def rss(*items: str, before: str = '<?xml version="1.0" encoding="utf-8"?>', end: str = "</channel></rss>") -> str:
    """A feed of these items."""
    return f'{before}<rss version="2.0"><channel><title>News</title>{"".join(items or (_ITEM,))}{end}'


def feed(text: str | bytes, mime: str | None = "application/rss+xml") -> bytes:
    """A feed, as an answer."""
    return answer(body=text.encode() if isinstance(text, str) else text, mime=mime)


_LAUGHS: Final = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
_DTD: Final = '<?xml version="1.0"?><!DOCTYPE rss [{}]>'
_ATOM: Final = (
    '<feed xmlns="http://www.w3.org/2005/Atom"><title>News</title><entry><id>urn:x:1</id><title>The breakwater</title>'
    f'<content type="html">&lt;p&gt;{PARAGRAPHS[0]}&lt;/p&gt;&lt;p&gt;{PARAGRAPHS[2]}&lt;/p&gt;</content></entry></feed>'
)
_PAGE_ITEM: Final = "<item><title>A</title><link>{}</link><guid>{}</guid></item>"

XML: Final[tuple[Behaviour, ...]] = (
    good("a feed as it should be", feed(rss())),
    good("a feed as a page", feed(rss(), "text/html")),
    good("a feed as plain text", feed(rss(), "text/plain")),
    good("a feed without a type", feed(rss(), None)),
    good("a feed behind blank lines", feed("\n\n  " + rss())),
    good("a feed behind a mark", feed("\ufeff" + rss())),
    good("a feed with names of HTML", feed(rss(_ITEM.replace("The old", "The&nbsp;old&hellip;")))),
    good("a feed with bare ampersands", feed(rss(_ITEM.replace("The old", "Stone & rope &")))),
    good("a feed with control characters", feed(rss(_ITEM.replace("The old", "The\x0b\x01old")))),
    good("a feed with junk behind it", feed(rss() + "<!-- cached -->\n<script>x</script>")),
    good("a feed without its end", feed(rss(end=""))),
    good("a feed that lies about its charset", feed(rss(before='<?xml version="1.0" encoding="iso-8859-1"?>'))),
    good("a feed in windows-1256", feed(rss(before='<?xml version="1.0" encoding="windows-1256"?>').encode("cp1256"))),
    good("a feed in UTF-16", feed(rss(before='<?xml version="1.0" encoding="utf-16"?>').encode("utf-16"))),
    good(
        "a feed with a doctype", feed(rss(before='<?xml version="1.0"?><!DOCTYPE rss SYSTEM "rss.dtd">')), never=("/rss.dtd",)
    ),
    good("a feed with a style sheet", feed(rss(before='<?xml-stylesheet href="/s.xsl"?>')), never=("/s.xsl",)),
    good("an Atom feed", feed(_ATOM, "application/atom+xml")),
    good("a feed whose entity is never used", feed(rss(before=_DTD.format(_LAUGHS)))),
    bad(
        "a feed of a billion laughs",
        "",
        feed(rss("<item><title>&l9;</title></item>", before=_DTD.format('<!ENTITY l0 "ha">' + _LAUGHS))),
        bounded=True,
    ),
    bad(
        "a feed that grows by squares",
        "",
        feed(rss("<item><title>" + "&a;" * 50_000 + "</title></item>", before=_DTD.format(f'<!ENTITY a "{"a" * 50_000}">'))),
        bounded=True,
    ),
    bad(
        "a feed that reads our files",
        "",
        feed(rss("<item><title>&x;</title></item>", before=_DTD.format('<!ENTITY x SYSTEM "file:///etc/passwd">'))),
    ),
    bad(
        "a feed that has us ask",
        "",
        feed(rss("<item><title>&x;</title></item>", before=_DTD.format('<!ENTITY x SYSTEM "/secret">'))),
        never=("/secret",),
    ),
    bad(
        "a feed that has us ask for parameters",
        "",
        feed(rss("<item/>", before=_DTD.format('<!ENTITY % p SYSTEM "/secret"> %p;'))),
        never=("/secret",),
    ),
    bad("a feed 100,000 deep", "", feed(rss("<item>" + "<a>" * 100_000)), bounded=True),
    bad("a feed of a tag without end", "", feed(rss("<item><title " + 'a="b" ' * 60_000)), bounded=True),
    bad(
        "a feed cut by its length",
        "cut",
        head(f"Content-Length: {len(rss()) + 900}", mime="application/rss+xml") + rss().encode(),
    ),
    bad("a feed of nothing", "", feed(rss("<!-- none -->"))),
    bad("a feed that is a page of errors", "", feed("<rss><b>Fatal error</b>")),
    bad(
        "a feed of addresses that are none",
        "",
        feed(rss(*[_PAGE_ITEM.format(f"{scheme}:x", n) for n, scheme in enumerate(("file", "javascript", "data"))])),
    ),
    bad("a feed whose pages lie inside", "", feed(rss(_PAGE_ITEM.format("http://169.254.169.254/latest/", 1)))),
    good("a feed of a page", feed(rss(_PAGE_ITEM.format("http://127.0.0.1:{port}/page", 1))), more={"/page": (answer(),)}),
    good(
        "a sitemap of a page",
        feed('<?xml version="1.0"?><urlset><url><loc>http://127.0.0.1:{port}/page</loc></url></urlset>', "text/xml"),
        more={"/page": (answer(),)},
    ),
    bad(
        "a sitemap that names itself",
        "",
        feed("<sitemapindex><sitemap><loc>http://127.0.0.1:{port}/</loc></sitemap></sitemapindex>", "text/xml"),
    ),
    bad(
        "a sitemap of other people's pages",
        "",
        feed("<urlset><url><loc>http://127.0.0.2:{port}/page</loc></url></urlset>", "text/xml"),
        never=("/page",),
        more={"/page": (answer(),)},
    ),
    bad("a sitemap 100,000 deep", "", feed("<urlset>" + "<url>" * 100_000, "text/xml"), bounded=True),
)

TRAPS: Final[tuple[Behaviour, ...]] = (
    bad(
        "formatting elements that never close", "", answer(body=html("".join(f"<b><i a{n}>x<p>" for n in range(3000))).encode())
    ),
    bad("elements 100,000 deep", "", answer(body=("<!doctype html>" + "<div>" * 100_000).encode())),
    bad(
        "a tag of 200,000 attributes",
        "",
        answer(body=("<!doctype html><p " + " ".join(f"a{n}=1" for n in range(200_000))).encode()),
    ),
    bad("20,000 options", "", answer(body=("<!doctype html><select>" + "<option>x" * 20_000).encode())),
    bad(
        "a page of scripts only", "", answer(body=f"<!doctype html><div id=app></div><script>{'x=1;' * 9999}</script>".encode())
    ),
    bad(
        "a page of links only",
        "",
        answer(body=("<!doctype html>" + "".join(f"<a href=/{n}>{n}</a> " for n in range(5000))).encode()),
    ),
    good("a page behind 100 KB of comments", answer(body=b"<!-- " + b"x" * 100_000 + b" -->" + PAGE)),
    good(
        "a page with a picture of 200 KB in it",
        answer(body=PAGE.replace(b"<article>", b'<article><img src="data:image/png;base64,' + b"A" * 200_000 + b'">')),
    ),
)

_ROBOTS: Final = "/robots.txt"


def ruled(
    text: str | bytes, *lines: str, status: str = "HTTP/1.1 200 OK", mime: str = "text/plain"
) -> dict[str, tuple[bytes, ...]]:
    """A robots.txt."""
    return {_ROBOTS: (answer(*lines, body=text.encode() if isinstance(text, str) else text, status=status, mime=mime),)}


ROBOTS: Final[tuple[Behaviour, ...]] = (
    good("robots.txt allows", answer(), more=ruled("User-agent: *\nDisallow: /private\n")),
    good("robots.txt is empty", answer(), more=ruled("")),
    good("robots.txt is a page", answer(), more=ruled(PAGE, mime="text/html")),
    good("robots.txt is noise", answer(), more=ruled(bytes(range(256)) * 30)),
    good("robots.txt is forbidden", answer(), more=ruled("no", status="HTTP/1.1 403 Forbidden")),
    good("robots.txt wants a password", answer(), more=ruled("no", status="HTTP/1.1 401 Unauthorized")),
    good("robots.txt is gone", answer(), more=ruled("no", status="HTTP/1.1 410 Gone")),
    good("robots.txt forbids others", answer(), more=ruled("User-agent: other\nDisallow: /\n")),
    good("robots.txt allows us by name", answer(), more=ruled("User-agent: *\nDisallow: /\n\nUser-agent: warraq\nAllow: /\n")),
    good(
        "robots.txt lies elsewhere",
        answer(),
        more={
            _ROBOTS: (answer("Location: /r", status="HTTP/1.1 301 Moved", body=b""),),
            "/r": (answer(body=b"User-agent: *\nDisallow: /x\n"),),
        },
    ),
    good(
        "robots.txt leads in a circle",
        answer(),
        more={
            _ROBOTS: (answer("Location: /robots.txt?", status="HTTP/1.1 302 Found", body=b""),),
            "/robots.txt?": (answer("Location: /robots.txt", status="HTTP/1.1 302 Found", body=b""),),
        },
    ),
    good(
        "robots.txt of 2 MB, which forbids only far behind",
        answer(),
        more=ruled("# padding\n" * 39_000 + "User-agent: *\nAllow: /\n"),
    ),
    bad("robots.txt forbids all", "robots", answer(), more=ruled("User-agent: *\nDisallow: /\n"), never=("/",)),
    bad(
        "robots.txt forbids us by name",
        "robots",
        answer(),
        more=ruled("User-agent: *\nAllow: /\n\nUser-agent: Warraq/1.0\nDisallow: /\n"),
        never=("/",),
    ),
    bad("robots.txt forbids, in CR only", "robots", answer(), more=ruled("User-agent: *\rDisallow: /\r"), never=("/",)),
    bad(
        "robots.txt forbids, behind a mark", "robots", answer(), more=ruled("\ufeffUser-agent: *\nDisallow: /\n"), never=("/",)
    ),
    bad("robots.txt forbids, in odd case", "robots", answer(), more=ruled("USER-AGENT:*\ndisallow:/ # all\n"), never=("/",)),
    bad(
        "robots.txt forbids, elsewhere",
        "robots",
        answer(),
        more={
            _ROBOTS: (answer("Location: /r", status="HTTP/1.1 302 Found", body=b""),),
            "/r": (answer(body=b"User-agent: *\nDisallow: /\n"),),
        },
        never=("/",),
    ),
    bad(
        "robots.txt forbids where a redirect leads",
        "robots",
        answer("Location: /private/page", status="HTTP/1.1 302 Found", body=b""),
        more={**ruled("User-agent: *\nDisallow: /private\n"), "/private/page": (answer(),)},
        never=("/private/page",),
    ),
    bad("robots.txt fails", "robots_unreachable", answer(), more=ruled("no", status="HTTP/1.1 500 Oops"), never=("/",)),
    bad(
        "robots.txt is unavailable",
        "robots_unreachable",
        answer(),
        more=ruled("no", status="HTTP/1.1 503 Unavailable"),
        never=("/",),
    ),
    bad(
        "robots.txt is asked too often",
        "robots_unreachable",
        answer(),
        more=ruled("no", status="HTTP/1.1 429 Too Many Requests"),
        never=("/",),
    ),
    bad("robots.txt never comes", "timeout", answer(), more={_ROBOTS: (STAY,)}, never=("/",)),
    bad("robots.txt is reset", "cut", answer(), more={_ROBOTS: (RESET,)}, never=("/",)),
    bad(
        "robots.txt is cut",
        "cut",
        answer(),
        more={_ROBOTS: (head("Content-Length: 999", mime="text/plain") + b"User-agent: *\n",)},
        never=("/",),
    ),
    bad("robots.txt is no HTTP", "protocol", answer(), more={_ROBOTS: (b"SSH-2.0\r\n",)}, never=("/",)),
)
