"""What an address tells about the page behind it, in any script: a date, a long slug, a number."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import parse_qsl, unquote, urlsplit

from crawler.model import Url
from crawler.urls import dedupe_key

ARTICLE: Final = 3
"""A score from here on looks like an article."""

_DATE: Final = re.compile(r"(?<!\d)(?:19|20)\d\d(?P<sep>[/._-]?)(?:0?[1-9]|1[0-2])(?P=sep)(?:0?[1-9]|[12]\d|3[01])(?!\d)")
_MONTH: Final = re.compile(r"/(?:19|20)\d\d/(?:0?[1-9]|1[0-2])/(?=[^/])")
_CODE: Final = re.compile(r"(?=.*\d)(?=.*[A-Za-z])[A-Za-z0-9]{10,40}")
_NUMBER: Final = re.compile(r"\d+")
_WORDS: Final = re.compile(r"[^\W\d_]+")
_UNSPACED: Final = re.compile(r"[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\u0e00-\u0eff]")
# File types that are no page.
_FILES: Final = re.compile(
    r"\.(?:jpe?g|png|gif|webp|avif|svg|ico|bmp|pdf|docx?|xlsx?|pptx?|zip|rar|7z|gz|apk|exe|dmg|mp[34]|m4[av]|webm|avi|mov|wav|ogg"
    r"|css|js|json|xml|rss|atom|rdf|txt|ics|vcf|epub)$",
    re.IGNORECASE,
)
_PAGE_NAMES: Final = re.compile(r"\.(?:s?html?|php|aspx?|jsp|cms)$", re.IGNORECASE)
# Path parts that news software (WordPress, Drupal, Joomla, Blogger, Arc) gives to its own lists and tools; they are words of
# the software and stand in its addresses whatever language the site is in.
_LISTS_NAMES: Final = """
tag tags label category categories topic topics author authors user users profile page search login signin register
feed rss wp-admin wp-content wp-json wp-login.php comments comment-page cdn-cgi share print
"""
_LISTS: Final = frozenset(_LISTS_NAMES.split())


def score(url: Url, *, words: int) -> int:
    """How much an address looks like an article's; `words` is the length of the longest link to it."""
    parts = urlsplit(dedupe_key(url))
    path = unquote(parts.path, errors="replace")
    segments = [segment for segment in path.split("/") if segment]
    if _FILES.search(path) or (not segments and not parts.query):
        return 0
    name = _PAGE_NAMES.sub("", segments[-1]) if segments else ""
    shape = _date(path) + _slug([name, *segments[-2:-1]]) + _number(name, segments) + _query(parts.query)
    headline = min(_headline(words), 3 if shape else 2)
    return shape + headline - 3 * any(segment.lower() in _LISTS for segment in segments)


def is_above(url: str, page: str) -> bool:
    """Whether an address is the page itself, a page over it (`/news/` over `/news/world/`), or the site's front page."""
    one, other = urlsplit(url), urlsplit(page)
    path = one.path.rstrip("/")
    if one.netloc != other.netloc or one.query:
        return url == page
    return f"{other.path.rstrip('/')}/".startswith(f"{path}/")


def _date(path: str) -> int:
    day = _DATE.search(path)
    if day and (day["sep"] != "/" or path[day.end() :].strip("/")):
        return 3
    return 2 if _MONTH.search(path) and not day else 0


def _slug(last: list[str]) -> int:
    """A name of several words, or an opaque one; some sites put a number or a code behind the words."""
    return max(map(_slug_points, last), default=0)


def _slug_points(text: str) -> int:
    words = _WORDS.findall(text)
    length = sum(map(len, words))
    unspaced = len(_UNSPACED.findall(text))
    if (len(words) >= 4 and length >= 15) or unspaced >= 8:
        return 3
    return 2 if (len(words) >= 3 and length >= 12) or unspaced >= 5 or _CODE.fullmatch(text) else 0


def _number(name: str, segments: list[str]) -> int:
    """An article's number, in one of the last two parts (`/news/123456/slug`)."""
    digits = max((len(run) for text in [name, *segments[-2:-1]] for run in _NUMBER.findall(text)), default=0)
    return _points(digits)


def _query(query: str) -> int:
    """`?p=123456`: an article by number. Small numbers are pages of a list, and one digit more than in a path tells enough."""
    digits = max((len(value) + 1 for _, value in parse_qsl(query) if value.isdecimal()), default=0)
    return _points(digits)


def _points(digits: int) -> int:
    return 3 if digits >= 6 else max(0, digits - 3)


def _headline(words: int) -> int:
    """A link of many words is a headline; menus say one or two. By itself it is never enough: so are notices on cookies."""
    return 3 if words >= 8 else 2 if words >= 6 else int(words >= 4)
