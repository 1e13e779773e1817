"""Behaviours: statuses, redirects, and time (RFC 9110, section 15)."""

from __future__ import annotations

from typing import Final

from tests.hostile.behaviours import (
    MARK,
    PACKED,
    PAGE,
    RESET,
    SHORTENED,
    STAY,
    Behaviour,
    Flood,
    Step,
    answer,
    bad,
    chunked,
    chunks,
    good,
    head,
)


def status(line: str, *lines: str, body: bytes = PAGE) -> bytes:
    """A page under another status."""
    return answer(*lines, status=f"HTTP/1.1 {line}", body=body)


def to(target: str, *lines: str, line: str = "302 Found", body: bytes = b"moved") -> bytes:
    """A redirect."""
    return answer(f"Location: {target}", *lines, status=f"HTTP/1.1 {line}", body=body)


def landing(path: str, *steps: Step) -> dict[str, tuple[Step, ...]]:
    """Where a redirect leads to."""
    return {path: steps or (answer(),)}


STATUSES: Final[tuple[Behaviour, ...]] = (
    good("a page from a cache that changed it", status("203 Non-Authoritative Information")),
    good(
        "a whole page with a range in its head",
        answer(f"Content-Range: bytes 0-{len(PAGE) - 1}/{len(PAGE)}", "Accept-Ranges: bytes"),
    ),
    good("Retry-After with a page", answer("Retry-After: 120")),
    good("a Location with a page", answer("Location: /elsewhere")),
    good("a refresh that repeats itself", answer("Refresh: 300")),
    good("an attachment", answer('Content-Disposition: attachment; filename="page.html"')),
    bad("201", "unusable", status("201 Created")),
    bad("202", "unusable", status("202 Accepted")),
    bad("204", "unusable", head(status="HTTP/1.1 204 No Content")),
    bad("204 with a body", "unusable", status("204 No Content")),
    bad("205", "unusable", status("205 Reset Content")),
    bad("206 nobody asked for", "unusable", status("206 Partial Content", f"Content-Range: bytes 0-{len(PAGE) - 1}/9999")),
    bad("207", "unusable", status("207 Multi-Status")),
    bad("226", "unusable", status("226 IM Used")),
    bad("299", "unusable", status("299 Odd")),
    bad("304 nobody asked for", "unusable", head(status="HTTP/1.1 304 Not Modified")),
    bad("304 with a body", "unusable", status("304 Not Modified")),
    bad("101", "unusable", head("Upgrade: websocket", "Connection: Upgrade", status="HTTP/1.1 101 Switching Protocols") + PAGE),
    bad("100 and then a body", "", b"HTTP/1.1 100 Continue\r\n\r\n" + PAGE),
    bad("200 without a body", "unusable", answer(body=b"")),
    bad("200 without a body, in chunks", "unusable", chunked(b"0\r\n\r\n")),
    bad("200 of white space", "", answer(body=b" \r\n\t\n" * 20)),
    bad("200 that ends at once", "unusable", head()),
    bad("300 without a choice", "unusable", status("300 Multiple Choices")),
    bad("305", "unusable", to("http://127.0.0.1:9/", line="305 Use Proxy", body=PAGE)),
    bad("306", "unusable", to("/x", line="306 Unused", body=PAGE), more=landing("/x")),
    bad("399", "unusable", status("399 Odd")),
    bad("400", "forbidden", status("400 Bad Request")),
    bad("401", "forbidden", status("401 Unauthorized", 'WWW-Authenticate: Basic realm="x"')),
    bad("402", "forbidden", status("402 Payment Required")),
    bad("403", "forbidden", status("403 Forbidden")),
    bad("404 with a page", "missing", status("404 Not Found")),
    bad("404 cut", "missing", head("Content-Length: 9999", status="HTTP/1.1 404 Not Found") + PAGE),
    bad("405", "forbidden", status("405 Method Not Allowed")),
    bad("407", "forbidden", status("407 Proxy Authentication Required")),
    bad("408", "server", status("408 Request Timeout")),
    bad("410", "gone", status("410 Gone")),
    bad("418", "forbidden", status("418 I'm a teapot")),
    bad("421", "forbidden", status("421 Misdirected Request")),
    bad("425", "server", status("425 Too Early")),
    bad("429", "later", status("429 Too Many Requests")),
    bad("429 that names seconds", "later", status("429 Too Many Requests", "Retry-After: 86400")),
    bad("429 that names a date", "later", status("429 Too Many Requests", "Retry-After: Fri, 31 Dec 2199 23:59:59 GMT")),
    bad("429 that names nonsense", "later", status("429 Too Many Requests", "Retry-After: soon")),
    bad("429 that names a negative time", "later", status("429 Too Many Requests", "Retry-After: -5")),
    bad("429 that names a huge time", "later", status("429 Too Many Requests", "Retry-After: " + "9" * 40)),
    bad("451", "forbidden", status("451 Unavailable For Legal Reasons")),
    bad("499", "forbidden", status("499 Odd")),
    bad("500 with a page", "server", status("500 Internal Server Error")),
    bad("501", "unusable", status("501 Not Implemented")),
    bad("502", "server", status("502 Bad Gateway")),
    bad("503", "server", status("503 Service Unavailable")),
    bad("503 that says when", "later", status("503 Service Unavailable", "Retry-After: 3600")),
    bad("504", "server", status("504 Gateway Timeout")),
    bad("520", "server", status("520 Unknown Error")),
    bad("599", "server", status("599 Odd")),
    bad("600", "unusable", status("600 Odd")),
    bad("999", "unusable", status("999 Request denied")),
    bad("000", "", status("000 Nothing")),
)

RETRIES: Final[tuple[Behaviour, ...]] = (
    good("a page at the second try, behind 500", answer(), first=((status("500 Oops"),),)),
    good("a page at the second try, behind 502", answer(), first=((status("502 Bad Gateway"),),)),
    good("a page at the third try, behind 503", answer(), first=((status("503 Wait"),), (status("503 Wait"),))),
    good("a page at the second try, behind 408", answer(), first=((status("408 Request Timeout"),),)),
    good("a page at the second try, behind 425", answer(), first=((status("425 Too Early"),),)),
    good("a page at the second try, behind 429 without a time", answer(), first=((status("429 Slow Down"),),)),
    good("a page at the second try, behind 429 of no time", answer(), first=((status("429 Slow Down", "Retry-After: 0"),),)),
    good("a page at the second try, behind 503 of one second", answer(), first=((status("503 Wait", "Retry-After: 1"),),)),
    good("a page at the second try, behind a reset", answer(), first=((RESET,),)),
    good("a page at the second try, behind nothing", answer(), first=((),)),
    good("a page at the second try, behind a cut one", answer(), first=((answer()[:-300],),)),
    good(
        "a page at the second try, behind cut gzip", answer(), first=((answer("Content-Encoding: gzip", body=PACKED[:-90]),),)
    ),
    good("a page at the second try, behind silence in its body", answer(), first=((answer()[:-300], STAY),)),
    good("a page at the second try, behind nonsense", answer(), first=((b"nonsense",),)),
    bad("a page behind 404 is not asked for again", "missing", answer(), first=((status("404 Not Found"),),)),
    bad("a page behind 403 is not asked for again", "forbidden", answer(), first=((status("403 Forbidden"),),)),
)

REDIRECTS: Final[tuple[Behaviour, ...]] = (
    *(
        good(f"{line[:3]} to the page", to("/page", line=line), more=landing("/page"))
        for line in ("301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent")
    ),
    good("300 with a choice", to("/page", line="300 Multiple Choices"), more=landing("/page")),
    good("a redirect with a page in it", to("/page", body=PAGE.replace(MARK.encode(), b"?")), more=landing("/page")),
    good("a redirect without a length", head("Location: /page", status="HTTP/1.1 302 Found"), more=landing("/page")),
    good(
        "a redirect with a cut body",
        head("Location: /page", "Content-Length: 999", status="HTTP/1.1 302 Found") + b"x",
        more=landing("/page"),
    ),
    good(
        "a redirect with a body without end",
        head("Location: /page", status="HTTP/1.1 302 Found"),
        Flood(piece=b"moved " * 999),
        more=landing("/page"),
    ),
    good(
        "a redirect whose body hangs",
        head("Location: /page", "Content-Length: 9", status="HTTP/1.1 302 Found"),
        STAY,
        more=landing("/page"),
    ),
    good("a redirect with a reset behind", to("/page"), 0.02, RESET, more=landing("/page")),
    good("a relative target", to("page"), more=landing("/page")),
    good("a target of two dots", to("../../a/./page"), more=landing("/a/page")),
    good("a target of a query only", to("?page=1"), more=landing("/?page=1")),
    good("a target with a fragment", to("/page#part"), more=landing("/page")),
    good("a target with spaces around and in it", to("  /the page "), more=landing("/the%20page")),
    good("a target with backslashes", to("\\page"), more=landing("/page")),
    good("a target in raw UTF-8", to("/خبر"), more=landing("/%D8%AE%D8%A8%D8%B1")),
    good("a target with userinfo", to("http://user:secret@127.0.0.1:{port}/page"), more=landing("/page")),
    good("a target without a scheme", to("//127.0.0.1:{port}/page"), more=landing("/page")),
    good("a target with a scheme in capitals", to("HTTP://127.0.0.1:{port}/page"), more=landing("/page")),
    good("a target with a scheme and one slash", to("http:/page"), more=landing("/page")),
    good("the same target twice", to("/page", "Location: /page"), more=landing("/page")),
    good(
        "a target in a lower-case header",
        head("Content-Length: 0", status="HTTP/1.1 302 Found").replace(b"\r\n\r\n", b"\r\nlocation:/page\r\n\r\n"),
        more=landing("/page"),
    ),
    good("a chain of six", to("/1"), more={f"/{n}": (to(f"/{n + 1}"),) for n in range(1, 6)} | landing("/6")),
    good("there and back with another query", to("/page?a=1"), more={"/page?a=1": (to("/page?a=2"),)} | landing("/page?a=2")),
    good("to another name of the host", to("http://localhost:{port}/page"), more=landing("/page")),
    good("a cookie on the way", to("/page", "Set-Cookie: a=1; Path=/"), more=landing("/page")),
    good("a dot segment in per cent", to("/a/%2e%2e/page"), more=landing("/page")),
    bad("a redirect to itself", "hops", to("/")),
    bad("a redirect to itself, by an empty target", "", to("")),
    bad("a loop of two", "hops", to("/a"), more={"/a": (to("/b"),), "/b": (to("/a"),)}),
    bad("a chain without end", "hops", to("/1"), more={f"/{n}": (to(f"/{n + 1}"),) for n in range(1, 40)} | landing("/40")),
    bad("a redirect without a target", "unusable", status("302 Found")),
    bad("a redirect to two targets", "unusable", to("/a", "Location: /b", body=PAGE), more=landing("/a") | landing("/b")),
    bad("a redirect to a file", "hops", to("file:///etc/passwd", body=PAGE)),
    bad("a redirect to a script", "hops", to("javascript:alert(1)", body=PAGE)),
    bad("a redirect to data", "hops", to("data:text/html,<p>x</p>", body=PAGE)),
    bad("a redirect to ftp", "hops", to("ftp://127.0.0.1/page", body=PAGE)),
    bad("a redirect to mail", "hops", to("mailto:a@b.example", body=PAGE)),
    bad("a redirect to about:blank", "hops", to("about:blank", body=PAGE)),
    bad("a redirect to no address", "hops", to("http://[::1", body=PAGE)),
    bad("a redirect to a host of nothing", "hops", to("http://", body=PAGE)),
    bad("a redirect to a port there isn't", "hops", to("http://127.0.0.1:99999/", body=PAGE)),
    bad("a redirect inside", "address", to("http://10.0.0.1/page", body=PAGE)),
    bad("a redirect to the cloud's secrets", "address", to("http://169.254.169.254/latest/meta-data/", body=PAGE)),
    bad("a redirect inside, disguised", "address", to("http://0xa000002/page", body=PAGE)),
    bad("a redirect to a closed port", "", to("http://127.0.0.1:1/page", body=PAGE)),
    bad("a redirect to 404", "missing", to("/page", body=PAGE), more=landing("/page", status("404 Not Found"))),
    bad("a redirect of 20 KB", "hops", to("/" + "x" * 20_000, body=PAGE)),
)

TIMES: Final[tuple[Behaviour, ...]] = (
    good("slow but alive", answer()[:300], 0.15, answer()[300:600], 0.15, answer()[600:900], 0.15, answer()[900:]),
    good(
        "slow headers",
        *[
            step
            for line in (
                b"HTTP/1.1 200 OK\r\n",
                b"Content-Type: text/html\r\n",
                f"Content-Length: {len(PAGE)}\r\n\r\n".encode(),
            )
            for step in (line, 0.1)
        ],
        PAGE,
    ),
    good("a late first byte", 0.25, answer()),
    good("a pause between head and body", head(f"Content-Length: {len(PAGE)}"), 0.25, PAGE),
    good("a slow goodbye", answer(), 0.3),
    bad("no answer", "timeout", STAY),
    bad("silence in the headers", "timeout", b"HTTP/1.1 200 OK\r\nContent-", STAY),
    bad("silence in the body", "timeout", head("Content-Length: 5000") + SHORTENED, STAY),
    bad("silence in a body without a length", "timeout", head() + SHORTENED, STAY),
    bad("silence in the chunks", "timeout", chunked(chunks(SHORTENED, end=b"")), STAY),
    bad(
        "a dripping body",
        "timeout",
        head(f"Content-Length: {len(PAGE)}"),
        *[step for at in range(60) for step in (PAGE[at : at + 1], 0.05)],
    ),
    bad("dripping headers", "timeout", b"HTTP/1.1 200 OK\r\n", *[step for _ in range(60) for step in (b"X: y\r\n", 0.05)]),
    bad("dripping chunks", "timeout", chunked(b""), *[step for _ in range(60) for step in (b"1\r\na\r\n", 0.05)]),
    bad(
        "interim answers that drip",
        "timeout",
        *[step for _ in range(60) for step in (b"HTTP/1.1 102 Processing\r\n\r\n", 0.05)],
    ),
)
