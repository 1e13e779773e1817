"""A page as a row of blocks: runs of text between block-level tags, each in its box, with what is needed to judge it.

Lexbor repairs the page and takes away what is never text; it then writes it out again, and one regular expression reads that.
So every tag is closed, the walk is a loop (no depth can break it), and Python touches a page of 60 KB about 600 times.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from selectolax.lexbor import LexborHTMLParser

MOST_BLOCKS: Final = 20_000
MOST_LINKS: Final = 5_000
MOST_CHARS: Final = 4_000_000
"""Of a serialised page; what is behind isn't read."""

_NEVER_TEXT: Final = [
    "script", "style", "noscript", "template", "svg", "iframe", "object", "embed", "canvas", "audio", "video", "map",
    "button", "select", "option", "textarea", "datalist", "noembed", "noframes", "xmp", "plaintext", "input", "link", "meta", "source", "track",
]  # fmt: skip
_TOKEN: Final = re.compile(r'<(?:!--.*?-->|(/?)([a-z][^\s/>]*)([^>"]*(?:"[^"]*"[^>"]*)*)>)|([^<]+)', re.DOTALL)
_INLINE: Final = frozenset(
    "abbr acronym b bdi bdo big blink cite code data del dfn em font i ins kbd label mark nobr o:p q rp rt ruby s samp small span "
    "strike strong sub sup time tt u var wbr".split()
)
_VOID: Final = frozenset({"area", "base", "col", "hr", "param", "wbr", "basefont", "bgsound", "frame", "keygen"})
_NAMED: Final = re.compile(r'\b(?:class|id|role|itemprop|data-(?:component|testid|name|module|area|block)[a-z-]*)="([^"]*)"')
_HIDDEN: Final = re.compile(
    r'\shidden(?:=|\s|$)|\saria-hidden="true"|display:\s*none|visibility:\s*hidden|'
    r'class="(?:[^"]*\s)?(?:sr-only|visually-?hidden|screen-reader-text|hidden|hide|d-none|print-only|only-print)[\s"]'
)

WIDE: Final = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff]"
)
"""Letters of scripts that say in one sign what others say in three."""


class Box:
    """A block-level element; sums are over all that lies in it."""

    __slots__ = ("bad", "end", "first", "good", "hinted", "index", "linked", "parent", "tag", "weight")

    def __init__(self, index: int, parent: Box | None, tag: str, first: int) -> None:
        self.index, self.parent, self.tag, self.first = index, parent, tag, first
        self.end = first
        self.bad = False
        self.hinted = False
        self.good = self.weight = self.linked = 0.0


class Block:
    """A run of text; `weight` is its length in letters of a spaced script, `linked` the part of it within links."""

    __slots__ = ("box", "good", "hrefs", "linked", "tag", "text", "weight")

    def __init__(self, text: str, box: Box, tag: str, linked: float, hrefs: list[str]) -> None:
        self.text, self.box, self.tag, self.hrefs = text, box, tag, hrefs
        self.weight = weigh(text)
        self.linked = min(linked, self.weight)
        self.good = 0.0


class Page:
    """Blocks and boxes in the order of the page."""

    __slots__ = ("blocks", "boxes", "images")

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.boxes: list[Box] = [Box(0, None, "body", 0)]
        self.images: list[tuple[int, str]] = []


def weigh(text: str) -> float:
    """The length of a text, a sign of an unspaced script counted threefold."""
    return len(text) if text.isascii() else len(text) + 2 * len(WIDE.findall(text))


# Class and id names are English the world over. Matched at the start of a name's part: `related` also in `td-related-posts`.
_BAD: Final = re.compile(
    r"(?:^|[\s_-])(?:"
    r"nav(?:bar|igation)?(?![a-z])|menu|breadcrumb|site-?header|masthead|topbar|foot(?:er)?(?![a-z])|sidebar|side-?(?:col|bar|nav)|aside|rail(?![a-z])"
    r"|relat(?:ed|ion|s(?![a-z]))|recommend|recirc|readmore|read-(?:more|also|next|too)|see-?also|alsoread|more-?(?:news|stories|from|on|in|articles|posts|like)"
    r"|most-?(?:read|popular|viewed|recent)|popular|trending|latest|recent|similar|next-|prev-|previous|further|teaser|upnext|up-next"
    r"|social|share|sharing|sharedaddy|addthis|addtoany|follow|facebook|twitter-?(?:share|follow)|whatsapp|telegram|fb-"
    r"|comment|disqus|respond|reply|discussion|newsletter|subscri|sign-?up|signin|login|register|paywall|regwall|donat|support-us"
    r"|promo|advert|ads?(?![a-z])|adsense|adslot|sponsor|banner|outbrain|taboola|revcontent|partner|affiliate|cookie|consent|gdpr|privacy"
    r"|modal|popup|pop-up|overlay|toolbar|tools?(?![a-z])|widget|tags?(?![a-z-])|tag-?(?:list|cloud|links)|post-?tags|topics?(?![a-z])|keywords?(?![a-z])|categor(?:y|ies)-(?:list|links)"
    r"|byline|author|bio(?![a-z])|about-the|contributor|writer|credit|copyright|caption|photo-?(?:credit|info)|image-?(?:credit|info)|wp-caption-text"
    r"|disclaimer|correction-policy|print(?![a-z])|rating|vote|poll(?![a-z])|pagination|pager|pages(?![a-z])|search|skip-|jump|back-to"
    r"|meta(?![a-z])|postmeta|post-?(?:meta|info|date|footer|nav)|entry-?(?:meta|footer|date|utility)|article-?(?:meta|info|footer|date|tools|actions)|date(?:line)?(?![a-z])|timestamp|pub-?date|published|reading-?time|time-?to-?read"
    r"|gallery|slideshow|carousel|slider|swiper|player|podcast|video-?(?:list|caption)|toc(?![a-z])|table-of-contents|hidden|noprint|no-print|mw-editsection|reflist|navbox|infobox|catlinks"
    r")"
)
_BADTAGS: Final = frozenset({"nav", "aside", "footer", "figure", "figcaption", "dialog", "menu", "address", "form", "time"})
_NOT: Final = re.compile(
    r"elementor-widget|(?:has|with|no|js|without)-[a-z-]*|wp-block-(?:group|columns?)[a-z-]*|(?:td|tdb|tagdiv)[_-](?:block|post)[a-z_-]*content"
)
_HINT: Final = re.compile(
    r"article-?_?_?(?:body|content|text|main)|articlebody|(?:entry|post|story|news|page|single|main|body|detail)s?[_-]*(?:content|body|text|detail)s?(?![a-z-])|storybody|content-?body|body-?content|text-?content|rich-?text|td-post-content|field-name-body"
)
_CAMEL: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")


@lru_cache(maxsize=8192)
def _judged(names: str) -> tuple[bool, bool]:
    """Whether class and id names speak against a box, and whether they speak for it."""
    plain = _CAMEL.sub("-", names).lower()
    hinted = bool(_HINT.search(plain))
    return bool(_BAD.search(_NOT.sub(" ", plain))) and not hinted, hinted


def _names(attributes: str) -> str:
    return " ".join(_NAMED.findall(attributes))


def parse(tree: LexborHTMLParser) -> Page:
    """The blocks of a page. Changes the tree: what is never text goes."""
    page = Page()
    tree.strip_tags(_NEVER_TEXT)
    body = tree.body
    html = (body.html or "") if body is not None else ""
    boxes, blocks = page.boxes, page.blocks
    box = boxes[0]
    stack: list[Box] = []
    parts: list[str] = []
    linked = 0.0
    links = 0
    hidden = 0
    hrefs: list[str] = []
    for closing, tag, attributes, text in _TOKEN.findall(html[:MOST_CHARS]):
        if text:
            if hidden:
                continue
            parts.append(text)
            if links:
                linked += weigh(text.strip())
            continue
        if tag == "a":
            if closing:
                links -= 1
            else:
                links += 1
                hrefs.append(attributes)
            continue
        if tag in _INLINE or not tag:
            continue
        if tag == "img":
            page.images.append((len(blocks), attributes))
            continue
        # a block boundary
        if parts:
            joined = " ".join("".join(parts).split())
            if joined:
                blocks.append(Block(_unescape(joined), box, box.tag, linked, hrefs))
            parts = []
            linked = 0.0
        if hrefs:
            hrefs = []
        if tag in _VOID or tag == "br":
            continue
        if closing:
            if stack:
                box.end = len(blocks)
                if hidden:
                    hidden -= 1
                box = stack.pop()
        else:
            stack.append(box)
            box = Box(len(boxes), box, tag, len(blocks))
            boxes.append(box)
            if hidden or (attributes and _HIDDEN.search(attributes)):
                hidden += 1
            if attributes:
                box.bad, box.hinted = _judged(_names(attributes))
            if tag in _BADTAGS:
                box.bad = True
    boxes[0].end = len(blocks)
    return page


def _unescape(text: str) -> str:
    if "&" not in text:
        return text
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&nbsp;", " ").replace("&amp;", "&")
