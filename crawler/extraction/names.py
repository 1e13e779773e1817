"""What the attributes of a box say about it: class and id names, which are English the world over, and whether it is shown."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Final, NamedTuple

_LONGEST: Final = 400
"""Longer attributes are judged by their beginning."""

_CLASS: Final = 'class="'
_DATA: Final = re.compile(r'data-(?:component|testid|module|area)[a-z-]*="([^"]*)"')
_HIDDEN: Final = re.compile(
    r'(?:^|\s)hidden(?:=|\s|$)|aria-hidden="true"|display:\s*none|visibility:\s*hidden|'
    r'class="(?:[^"]*\s)?(?:sr-only|visually-?hidden|screen-reader-text|hidden|hide|d-none|print-only|only-print)[\s"]'
)

_BAD_NAMES: Final = r"""
nav(?:bar|igation)?(?![a-z]) menu breadcrumb site-?header masthead topbar foot(?:er)?(?![a-z]) sidebar side-?(?:col|bar|nav)
aside rail(?![a-z]) relat(?:ed|ion|s(?![a-z])) recommend recirc readmore read-(?:more|also|next|too) see-?also alsoread
more-?(?:news|stories|from|on|in|articles|posts|like) most-?(?:read|popular|viewed|recent) popular trending latest recent
similar next- prev- previous further teaser up-?next social share sharing sharedaddy addthis addtoany follow facebook
twitter-?(?:share|follow) whatsapp telegram fb- comment disqus respond reply discussion
komentar kommentar(?:e|er|en|feld|bereich) comentar yorum reacties newsletter subscri sign-?up signin
login register paywall regwall donat support-us promo advert ads?(?![a-z]) adsense adslot sponsor banner outbrain taboola
revcontent partner affiliate cookie consent gdpr privacy modal pop-?up overlay toolbar tools?(?![a-z]) widget
tags?(?![a-z-]) tag-?(?:list|cloud|links) post-?tags topics?(?![a-z]) keywords?(?![a-z]) categor(?:y|ies)-(?:list|links)
byline author bio(?![a-z]) about-the contributor writer credit copyright caption photo-?(?:credit|info)
image-?(?:credit|info) wp-caption-text disclaimer correction-policy print(?![a-z]) rating vote poll(?![a-z]) pagination
pager pages(?![a-z]) search skip-(?:to|link|nav|content|main) back-to meta(?![a-z])
post-?(?:meta|info|date|footer|nav) entry-?(?:meta|footer|date|utility)
article-?(?:meta|info|footer|date|tools|actions) date(?:line)?(?![a-z]) timestamp pub-?date published
reading-?time time-?to-?read gallery slideshow carousel slider swiper player podcast video-?(?:list|caption)
toc(?![a-z]) table-of-contents hidden(?<!label-hidden)(?<!overflow-hidden) no-?print mw-editsection reflist navbox infobox
catlinks
"""
_STARTS: Final = re.compile(r"[a-z]{2}(?![?*{])")


def branched(patterns: Sequence[str], letters: int) -> str:
    """An expression for any of some that begin with so many plain letters, which it asks for one by one.

    Few places of a text begin like any of them. A plain list is tried to its end at each, and takes thrice as long.
    """
    if letters == 0:
        return "|".join(patterns)
    same = groupby(sorted(patterns), key=itemgetter(0))
    return "|".join([f"{letter}(?:{branched([one[1:] for one in found], letters - 1)})" for letter, found in same])


def by_start(patterns: Sequence[str]) -> re.Pattern[str]:
    """An expression for any of these behind a hyphen; ValueError if one doesn't begin with two letters, as it is made by them.

    Looked for at the start of a name's part: `related` also in `td-related-posts`, but not in `correlated`.
    """
    if wrong := [one for one in patterns if not _STARTS.match(one)]:
        raise ValueError(f"these don't begin with two letters, and so would never be found: {' '.join(wrong)}")
    return re.compile(f"-(?:{branched(patterns, 2)})")


_BAD: Final = by_start(_BAD_NAMES.split())
_NO_VERDICT: Final = re.compile(
    r"elementor-widget|(?:has|with|no|js|without)-[a-z-]*|wp-block-(?:group|columns?)[a-z-]*"
    r"|(?:td|tdb|tagdiv)[_-](?:block|post)[a-z_-]*content"
)
_BODY: Final = re.compile(
    r"article-?_?_?(?:body|content|text|main)|articlebody|storybody|content-?body|body-?content|text-?content|rich-?text|"
    r"td-post-content"
    r"|(?:entry|post|story|news|page|single|main|body|detail)s?[_-]*(?:content|body|text|detail)s?(?![a-z-])|field-name-body"
)
_HINTED, _BAD_NAMED = 1, 2
_CAMEL: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")


class Verdict(NamedTuple):
    """What attributes alone make of a box."""

    bad: bool
    """It is called what surrounds articles."""
    hinted: bool
    """It is called an article's body."""
    hidden: bool


_VERDICTS: Final = tuple(
    Verdict(bad=said == _BAD_NAMED, hinted=said & _HINTED > 0, hidden=hidden)
    for hidden in (False, True)
    for said in range((_HINTED | _BAD_NAMED) + 1)
)
"""All there are, by what is said and, behind those, by what is said and hidden: a page has a hundred that aren't known yet."""
NOTHING: Final = _VERDICTS[0]


def verdict(attributes: str) -> Verdict:
    """The verdict on a start tag's attributes as serialised."""
    return _verdict(attributes[:_LONGEST])


@lru_cache(maxsize=4096)
def _verdict(attributes: str) -> Verdict:
    said = 0
    for name in named(attributes):
        said |= _called(name)
    hides = "hid" in attributes or "none" in attributes or "-only" in attributes or "screen-reader" in attributes
    hidden = hides and _HIDDEN.search(attributes) is not None
    return _VERDICTS[said + len(_VERDICTS) // 2 * hidden]


def named(attributes: str) -> Sequence[str]:
    """The names in a start tag's attributes as serialised: classes, id, role and the like."""
    if attributes.startswith(_CLASS) and attributes.count('"') == 2:  # and no more: two of three
        return attributes[len(_CLASS) : -1].split()
    found = attributes.partition(_CLASS)[2].partition('"')[0].split()
    for key in ('id="', 'role="', 'itemprop="'):
        if key in attributes:
            found += attributes.partition(key)[2].partition('"')[0].split()
    if "data-" in attributes:
        for value in _DATA.findall(attributes):
            found += value.split()
    return found


@lru_cache(maxsize=8192)
def _called(name: str) -> int:
    """What one name says. Pages differ in how they combine names, and much less in the names: nine in ten are known already."""
    plain = apart(name)
    if _may_be_body(plain) and _BODY.search(plain):
        return _HINTED
    return _BAD_NAMED if _is_bad(plain) and _is_bad(_NO_VERDICT.sub("-", plain)) else 0


def _may_be_body(plain: str) -> bool:
    return "content" in plain or "body" in plain or "text" in plain or "main" in plain or "detail" in plain


def _is_bad(plain: str) -> bool:
    """Whether one of a name's parts begins as what surrounds articles is called."""
    return _BAD.search("-" + plain.replace("_", "-")) is not None


def apart(name: str) -> str:
    """A name in small letters, a hyphen between its parts."""
    return name if name.islower() else _CAMEL.sub("-", name).lower()
