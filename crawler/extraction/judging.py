"""Which blocks of a page read like running text, and which of them stand in boxes that never hold an article's.

Names of classes only vote: never against a box with about half of the good text that is shown, nor against a name that half
bears, nor against the box that holds the headline and some text. But what is called comments is that behind a text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from itertools import accumulate
from operator import attrgetter
from typing import Final

from crawler.extraction.blocks import Block, Box, Page
from crawler.extraction.names import NOTHING, apart, by_start, named, verdict

HEADINGS: Final = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
LEAST: Final = 40
"""Letters; what is shorter never reads well."""
WHOLE: Final = 1_000.0
"""Letters; what is longer and doesn't read well is no part of any text."""
_SURE: Final = 90
_LINKED: Final = 0.35
_HALF: Final = 0.45
_BENEATH_TITLE: Final = 0.1
"""Of all that reads well, beside the headline in one box: `topic` and `print` are what holds the article then. With less it
may be a page's head: of 1,800 pages one lost its text."""
_STOP: Final = re.compile(r"[.!?…。！？؟۔।،,、，;؛:：»”\"]")
_BELOW_NAMES: Final = """
comment komentar kommentar(?:e|er|en|feld|bereich) comentar yorum reacties disqus livefyre respond repl(?:y|ies) discussion
foot(?:er)?(?![a-z]) sidebar side-?(?:col|bar|nav) rail(?![a-z]) relat(?:ed|ion|s(?![a-z])) recommend recirc similar teaser
latest popular trending most-?(?:read|popular|viewed|recent) copyright disclaimer modal pop-?up overlay newsletter subscri
login register sign-?up cookie consent gdpr
"""
"""What stands below a text or beside it, and holds none; a `paywall`, a `widget` or a `print` may."""
_BELOW: Final = by_start(_BELOW_NAMES.split())
_TEXT: Final = 500
"""Letters that read well: behind so many, comments are comments even where they are most of the page."""
_BAD_TAGS: Final = frozenset({"nav", "aside", "footer", "figure", "figcaption", "dialog", "menu", "address", "form"})
_LARGE: Final = 0.2
_MOST_LOOKED_AT: Final = 200
"""Of what is so large there are four at most, and each is looked through for so many others: never all in all."""


_BAD_SAID: Final[Callable[[Box], bool | None]] = attrgetter("bad")
_HINTED_SAID: Final[Callable[[Box], bool | None]] = attrgetter("hinted")


def judge(page: Page, headline: int | None) -> list[Block]:
    """Tell good blocks from others; a box with about half of all good text, or with the headline, is acquitted of its name.

    Those that read well come back, also where their boxes are called what no article stands in.
    """
    page.headline = headline
    stop = _STOP.search
    long = [
        block
        for block in page.blocks
        if (weight := block.weight) >= LEAST
        and block.linked <= _LINKED * weight
        and block.tag not in HEADINGS
        and (weight >= _SURE or stop(block.text))
    ]
    _count(long)
    page.raws = summed(page, long, [block.raw for block in long])
    page.borne = _borne(long)
    for block in long:
        if is_bad(block.box, page):
            block.good = 0.0
    return long


def summed(page: Page, blocks: Sequence[Block], values: Iterable[float]) -> list[float]:
    """For each block of a page, and behind the last: the sum of the values of all before it; of those not given it is 0."""
    steps = [0.0] * (len(page.blocks) + 1)
    for block, value in zip(blocks, values, strict=True):
        steps[block.index + 1] = value
    return list(accumulate(steps))


def _count(long: Sequence[Block]) -> None:
    """Note what of each reads well: all but its links, where it isn't so large that it may only say what the others say."""
    least = max(WHOLE, _LARGE * sum([block.weight for block in long]))
    for block in long:
        if block.weight < least or not _echoes(block, long):
            block.good = block.raw = block.weight - block.linked


def _borne(long: Sequence[Block]) -> dict[str, float]:
    """How much good text stands in boxes that are written alike."""
    found: dict[str, float] = {}
    for block in long:
        own, outer = block.box.attributes, block.box.parent.attributes if block.box.parent is not None else ""
        if own:
            found[own] = found.get(own, 0.0) + block.raw
        if outer and outer != own:
            found[outer] = found.get(outer, 0.0) + block.raw
    return found


def _echoes(block: Block, long: Sequence[Block]) -> bool:
    """Whether it says in one go what others say: some pages carry their text once more for machines, shown to nobody."""
    text, again = block.text, 0.0
    for other in long[:_MOST_LOOKED_AT]:
        if other.index < block.index and other.text == text:
            return True
        if len(other.text) < len(text) and other.text in text:
            again += other.weight
    return again > _HALF * block.weight


def is_bad(box: Box, page: Page) -> bool:
    """Whether a box or one around it is called or hidden as no article's text is; each box is judged once."""
    if box.bad is not None:
        return box.bad
    if box.parent is not None and box.parent.bad is not None:  # most often, for a box beside it was judged before
        box.bad = bad = _is_bad_within(box, page, bad=box.parent.bad)
        return bad
    chain, bad = _unjudged(box, _BAD_SAID)
    for inner in chain:
        bad = inner.bad = _is_bad_within(inner, page, bad=bad)
    return bad


def in_hinted(box: Box) -> bool:
    """Whether a box or one around it is called an article's body; each box is judged once."""
    if box.hinted is not None:
        return box.hinted
    if box.parent is not None and box.parent.hinted is not None:
        box.hinted = hinted = box.parent.hinted or (bool(box.attributes) and verdict(box.attributes).hinted)
        return hinted
    chain, hinted = _unjudged(box, _HINTED_SAID)
    for inner in chain:
        hinted = inner.hinted = hinted or (bool(inner.attributes) and verdict(inner.attributes).hinted)
    return hinted


def _unjudged(box: Box, said: Callable[[Box], bool | None]) -> tuple[list[Box], bool]:
    """The boxes around one, and it, of which nothing is `said` yet, the outermost first; and what is of the one around them."""
    chain = [box]
    around = box.parent
    while around is not None and said(around) is None:
        chain.append(around)
        around = around.parent
    return chain[::-1], around is not None and said(around) is True


def _is_bad_within(box: Box, page: Page, *, bad: bool) -> bool:
    """Whether it is, if the box around it is `bad` or not."""
    if not box.attributes and box.tag not in _BAD_TAGS:
        return bad
    named = verdict(box.attributes) if box.attributes else NOTHING
    if named.hidden:
        return True
    if bad and not (named.hinted and page.raw(box) > 0.25 * page.raws[-1]):
        return True
    return (box.tag in _BAD_TAGS or named.bad) and not _acquitted(box, page)


def _acquitted(box: Box, page: Page) -> bool:
    """Whether a box holds too much of the text to be none of it, and isn't called what stands below another.

    Comments were taken for the article where they are most of a page: F1 of old news .931 -> .935, with sites left out.
    """
    return _holds_much(box, page) and not _is_below(box, page)


def _holds_much(box: Box, page: Page) -> bool:
    raw, total = page.raw(box), page.raws[-1]
    held = max(raw, page.borne.get(box.attributes, 0.0))
    if held > _HALF * total:
        return True
    if page.headline is not None and box.first <= page.headline < box.end and raw > _BENEATH_TITLE * total:
        return True
    return raw > _HALF / 2 * total and raw > _HALF * _shown(page)


def _is_below(box: Box, page: Page) -> bool:
    """Whether it is called what stands below a text, and a text does stand between the headline and it."""
    headline = page.headline if page.headline is not None and page.headline < box.end else 0
    if headline >= box.first or page.raws[box.first] - page.raws[headline] < _TEXT:
        return False
    return any(_BELOW.search("-" + apart(name).replace("_", "-")) for name in named(box.attributes))


def _shown(page: Page) -> float:
    """What of all that reads well isn't hidden; all, where that is the smaller part: then something else shows it.

    Counted only where it may matter: comments and forms that wait to be opened made a short article the lesser half.
    """
    total = page.raws[-1]
    hidden = sum([block.raw for block in page.blocks if block.raw and _is_hidden(block.box)])
    return total - hidden if hidden < total / 2 else total


def _is_hidden(box: Box | None) -> bool:
    while box is not None and not (box.attributes and verdict(box.attributes).hidden):
        box = box.parent
    return box is not None
