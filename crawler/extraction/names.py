"""What the attributes of a box say about it: class and id names, which are English the world over, and whether it is shown."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, NamedTuple

_LONGEST: Final = 400
"""Longer attributes are judged by their beginning."""

_NAMING: Final = re.compile(r"\b(?:class|id|role|itemprop|data-(?:component|testid|module|area)[a-z-]*)=\Z")
_HIDDEN: Final = re.compile(
    r'(?:^|\s)hidden(?:=|\s|$)|aria-hidden="true"|display:\s*none|visibility:\s*hidden|'
    r'class="(?:[^"]*\s)?(?:sr-only|visually-?hidden|screen-reader-text|hidden|hide|d-none|print-only|only-print)[\s"]'
)

_HIDES: Final = ("hid", "none", "-only", "screen-reader")
"""One of these stands in whatever `_HIDDEN` finds: to look for them costs a tenth of it."""

# Matched at the start of a name's part: `related` also in `td-related-posts`, but not in `correlated`.
_BAD: Final = re.compile(
    r"(?:^|[\s_-])(?:"
    r"nav(?:bar|igation)?(?![a-z])|menu|breadcrumb|site-?header|masthead|topbar|foot(?:er)?(?![a-z])|sidebar|side-?(?:col|"
    r"bar|nav)|aside"
    r"|rail(?![a-z])|relat(?:ed|ion|s(?![a-z]))|recommend|recirc|readmore|read-(?:more|also|next|too)|see-?also|alsoread"
    r"|more-?(?:news|stories|from|on|in|articles|posts|like)|most-?(?:read|popular|viewed|recent)|popular|trending|latest|"
    r"recent|similar"
    r"|next-|prev-|previous|further|teaser|up-?next|social|share|sharing|sharedaddy|addthis|addtoany|follow|facebook|"
    r"twitter-?(?:share|follow)"
    r"|whatsapp|telegram|fb-|comment|disqus|respond|reply|discussion|newsletter|subscri|sign-?up|signin|login|register|"
    r"paywall|regwall|donat"
    r"|support-us|promo|advert|ads?(?![a-z])|adsense|adslot|sponsor|banner|outbrain|taboola|revcontent|partner|affiliate|"
    r"cookie|consent|gdpr"
    r"|privacy|modal|pop-?up|overlay|toolbar|tools?(?![a-z])|widget|tags?(?![a-z-])|tag-?(?:list|cloud|links)|post-?tags|"
    r"topics?(?![a-z])"
    r"|keywords?(?![a-z])|categor(?:y|ies)-(?:list|links)|byline|author|bio(?![a-z])|about-the|contributor|writer|credit|"
    r"copyright|caption"
    r"|(?:photo|image)-?(?:credit|info)|wp-caption-text|disclaimer|correction-policy|print(?![a-z])|rating|vote|"
    r"poll(?![a-z])|pagination"
    r"|pager|pages(?![a-z])|search|skip-|jump|back-to|meta(?![a-z])|post-?(?:meta|info|date|footer|nav)|entry-?(?:meta|"
    r"footer|date|utility)"
    r"|article-?(?:meta|info|footer|date|tools|actions)|date(?:line)?(?![a-z])|timestamp|pub-?date|published|reading-?time|"
    r"time-?to-?read"
    r"|gallery|slideshow|carousel|slider|swiper|player|podcast|video-?(?:list|caption)|toc(?![a-z])|table-of-contents|"
    r"hidden|no-?print"
    r"|mw-editsection|reflist|navbox|infobox|catlinks"
    r")"
)
_NO_VERDICT: Final = re.compile(
    r"elementor-widget|(?:has|with|no|js|without)-[a-z-]*|wp-block-(?:group|columns?)[a-z-]*"
    r"|(?:td|tdb|tagdiv)[_-](?:block|post)[a-z_-]*content"
)
_BODY: Final = re.compile(
    r"article-?_?_?(?:body|content|text|main)|articlebody|storybody|content-?body|body-?content|text-?content|rich-?text|"
    r"td-post-content"
    r"|(?:entry|post|story|news|page|single|main|body|detail)s?[_-]*(?:content|body|text|detail)s?(?![a-z-])|field-name-body"
)
_CAMEL: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")


class Verdict(NamedTuple):
    """What attributes alone make of a box."""

    bad: bool
    """It is called what surrounds articles."""
    hinted: bool
    """It is called an article's body."""
    hidden: bool


NOTHING: Final = Verdict(bad=False, hinted=False, hidden=False)


def verdict(attributes: str) -> Verdict:
    """The verdict on a start tag's attributes as serialised."""
    return _verdict(attributes[:_LONGEST])


@lru_cache(maxsize=4096)
def _verdict(attributes: str) -> Verdict:
    called = [_called(name) for name in named(attributes)]
    hinted = any(one.hinted for one in called)
    bad = not hinted and any(one.seems for one in called) and any(one.bad for one in called)
    hidden = any(sign in attributes for sign in _HIDES) and bool(_HIDDEN.search(attributes))
    return Verdict(bad=bad, hinted=hinted, hidden=hidden)


def named(attributes: str) -> list[str]:
    """The names in a start tag's attributes as serialised: classes, id, role and the like."""
    parts = attributes.split('"')
    return [name for key, value in zip(parts[::2], parts[1:-1:2], strict=False) if _names(key) for name in value.split()]


@lru_cache(maxsize=1024)
def _names(key: str) -> bool:
    return _NAMING.search(key) is not None


class _Called(NamedTuple):
    hinted: bool
    seems: bool
    """Bad at first sight."""
    bad: bool


@lru_cache(maxsize=8192)
def _called(name: str) -> _Called:
    """What one name says. Pages differ in how they combine names, and much less in the names: nine in ten are known already."""
    plain = apart(name)
    seems = bool(_BAD.search(plain))
    return _Called(bool(_BODY.search(plain)), seems, bool(_BAD.search(_NO_VERDICT.sub(" ", plain))))


def apart(name: str) -> str:
    """A name in small letters, a hyphen between its parts."""
    return (name if name.islower() else _CAMEL.sub("-", name)).lower()
