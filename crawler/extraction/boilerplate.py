"""What stands around a text and isn't it: the title again, bylines, share bars, related stories, the source, the site's voice.

All by position and shape, with the label tables for what shape can't tell. A line in the middle is dropped only if it can be
nothing else; a paragraph at the end only if it speaks for the site, and only together with what follows it.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from crawler.dates import read
from crawler.extraction import asides, labels, leading, voice
from crawler.extraction.authors import byline, like_a_name
from crawler.extraction.lines import STOP, Line, is_paragraph, repeats, source_of
from crawler.extraction.words import fold, key, weigh

_HEAD_LINES: Final = 12
_TAIL_LINES: Final = 15
_STRAYS: Final = 3
"""Short lines that are no labels may stand between labels; more are the text's own list."""
_LEAD_IN: Final = 130
_SPOKEN: Final = 800
_REPEATED: Final = 60
_NO_REFRAIN: Final = 200
_FEW: Final = 0.34
_SOON: Final = 6
"""Lines."""
_LABELLED: Final = 250
"""No label, and no line that begins with one, is longer."""
_BRIEF: Final = 80
"""The same of lines in between: of longer ones as many that begin so are the text's own."""
_NOTICE: Final = 60
"""No heading of a notice is longer."""
_SIGNED: Final = 60
"""No line below a text that names its writer or its day is longer."""
_DATED: Final = 80
"""The same above it."""
_TITLED: Final = 6
"""Lines at the beginning of which one may be the title again."""
_SLACK: Final = 20
_QUOTE: Final = re.compile(r"[\"“«「]")


class Known(NamedTuple):
    """What metadata has found already."""

    title: str | None
    authors: tuple[str, ...]
    sites: frozenset[str]
    plain: bool = False
    """A text without markup: a lead-in above its first paragraph names where it was taken from, in a page seldom."""


class Cleaned(NamedTuple):
    """The text; the outlet its tail names; and the lines taken away above it, which may say who and when."""

    lines: list[Line]
    source: str | None
    above: list[str]


def clean(lines: list[Line], known: Known) -> Cleaned:
    """The lines that are the article's own."""
    body, above = _without_head(lines, known)
    body, source = _without_tail(body, known)
    return Cleaned(_without_repeats(_without_leads(_without_inserts(body, known))), source, above)


# --- the head ----------------------------------------------------------------------------------------------------------


def _without_head(lines: list[Line], known: Known) -> tuple[list[Line], list[str]]:
    """The lines without labels before the second paragraph (the first may be a standfirst); and those labels."""
    kept: list[Line] = []
    taken: list[str] = []
    for place, line in enumerate(lines[:_HEAD_LINES]):
        if is_paragraph(line.text) and any(is_paragraph(other.text) for other in kept):
            return kept + lines[place:], taken
        if _heads(line, lines[place + 1 :], known) or (not kept and _signs(line, lines[place + 1 :])):
            taken.append(line.text)
        else:
            kept.append(line)
    return kept + lines[_HEAD_LINES:], taken


def _signs(line: Line, after: list[Line]) -> bool:
    """A bare name right above the first paragraph."""
    return bool(after) and not line.heading and like_a_name(line.text) and is_paragraph(after[0].text)


def _heads(line: Line, after: list[Line], known: Known) -> bool:
    """The title again, a date, the writer, the source; or a short lead-in that ends with a colon, in which the site speaks."""
    if is_paragraph(line.text):
        return False
    folded = fold(line.text)
    return (
        repeats(line.text, known.title)
        or _names(line.text, known, _LABELLED / 2)
        or _counts(line, folded)
        or source_of(line, after[:1]) is not None
        or (leads_in(line.text, after) and (known.plain or _speaks(line.text, folded, known, more=True)))
    )


def _names(text: str, known: Known, longest: float) -> bool:
    """A writer or the site by name; or anybody with a word for "by" before it, in a line that isn't longer."""
    if key(text) in {key(name) for name in known.authors} | known.sites:
        return True
    return weigh(text) < longest and byline(text, known.sites) is not None


def _counts(line: Line, folded: str) -> bool:
    """A day, or the minutes it takes to read."""
    if len(line.text) < _DATED and (read(line.text) is not None or asides.is_dated(line.text)):
        return True
    return not line.heading and asides.is_reading_time(line.text, folded)


def _shares(folded: str) -> bool:
    return bool(labels.SHARE.match(folded) or labels.SHORT_LINK.match(folded))


def leads_in(text: str, after: list[Line]) -> bool:
    """A short line with a colon at its end before a long paragraph that isn't what the colon announces: a quote or a list."""
    if weigh(text) > _LEAD_IN or not text.rstrip().endswith((":", "：")) or not after:
        return False
    following = after[0].text
    if following[0] in "\"'“”«»„–—-•*‘「『（(1١" or not is_paragraph(following):
        return False
    return weigh(following) > weigh(text)


# --- the tail ----------------------------------------------------------------------------------------------------------


def _without_tail(lines: list[Line], known: Known) -> tuple[list[Line], str | None]:
    """The lines up to where only labels, links and the site's own voice follow; and the source the tail names."""
    before = len(lines)
    lines = _without_voice(_without_notice(lines), known, followed=False)
    end = last = len(lines)
    source: str | None = None
    for place in range(last - 1, max(0, last - _TAIL_LINES), -1):
        line = lines[place]
        origin = source_of(line, lines[place + 1 : place + 2])
        if origin is not None:
            source, end = origin or source, place
        elif _tails(line, lines[place + 1 : place + 2], known) or (place == end - 1 and _parts(line)):
            end = place
        elif is_paragraph(line.text) or end - place > _STRAYS:
            break
    return (_without_voice(lines[:end], known, followed=end < last) if end < before else lines), source


def _parts(last: Line) -> bool:
    return not last.heading and (asides.is_sign_off(last.text) or asides.is_contact(last.text))


def _without_notice(lines: list[Line]) -> list[Line]:
    """Without what stands under the heading of a notice on rights or liability, below a third of the lines; it may be long."""
    for place in range(max(len(lines) // 3, len(lines) - _TAIL_LINES, 1), len(lines)):
        text = lines[place].text
        if len(text) <= _NOTICE and weigh(text) <= _NOTICE and labels.NOTICE.match(fold(text)):
            return lines[:place]
    return lines


def _is_told(after: list[Line]) -> bool:
    """Whether a label is followed by a sentence, and no link: "Up next" may be followed by what the teams do next."""
    return bool(after) and not after[0].hrefs and STOP.search(after[0].text) is not None


def _tails(line: Line, after: list[Line], known: Known) -> bool:
    """A line that ends articles: share bar, short link, related stories, tags, rights, a call to follow, a sign-off."""
    if len(line.text) > _LABELLED or weigh(line.text) > _LABELLED:
        return False
    folded = fold(line.text)
    return bool(
        (_leads_away(folded, heading=False) and not _is_told(after))
        or labels.TAGS.match(folded)
        or labels.RIGHTS.match(folded)
        or labels.calls(folded)
        or _signs_off(line.text, known)
    )


def _signs_off(text: str, known: Known) -> bool:
    """Who wrote it, or when."""
    return _names(text, known, _SIGNED) or (len(text) < _SIGNED and read(text) is not None)


def _without_voice(lines: list[Line], known: Known, *, followed: bool) -> list[Line]:
    """Without the last paragraphs if they speak for the site: those that clearly do, and polite words after them."""
    end = len(lines)
    for place in range(len(lines) - 1, max(0, len(lines) - 5), -1):
        text = lines[place].text
        folded = fold(text) if len(text) <= _SPOKEN and weigh(text) <= _SPOKEN else ""
        if not voice.may(folded):
            break
        if _speaks(text, folded, known, more=followed or end < len(lines)):
            end = place
        elif not _polite(text, folded):
            break
    return lines[:end]


def _speaks(text: str, folded: str, known: Known, *, more: bool) -> bool:
    """The site speaks; a paragraph with a quote in it must show that more clearly."""
    words = key(text)
    named = any(site in words for site in known.sites if len(site) > 4)
    return voice.speaks(folded, named=named, more=more, quoting=bool(_QUOTE.search(text)))


def _polite(text: str, folded: str) -> bool:
    """A short sentence to the reader, as it stands after a disclaimer."""
    return len(text) < 250 and weigh(text) < 250 and voice.addresses(folded)


# --- in between --------------------------------------------------------------------------------------------------------


def _without_inserts(lines: list[Line], known: Known) -> list[Line]:
    short = [place for place, line in enumerate(lines) if len(line.text) < _BRIEF]
    asked = labels.inserted([lines[place].text for place in short]) if short else ()
    labelled = {short[n] for n in asked if _inserted(lines[short[n]], lines[short[n] + 1 : short[n] + 2])}
    titled = {place for place, line in enumerate(lines[:_TITLED]) if _is_title(line.text, known.title)}
    return _without(labelled | titled, lines)


def _without(gone: set[int], lines: list[Line]) -> list[Line]:
    return [line for place, line in enumerate(lines) if place not in gone] if gone else lines


def _without_leads(lines: list[Line]) -> list[Line]:
    gone = leading.away(lines)
    return _without(gone, lines) if len(gone) < len(lines) else lines


def _without_repeats(lines: list[Line]) -> list[Line]:
    """Without what was said a few lines before, as captions and pull quotes are; very long ones are no refrain anywhere.

    On 294 pages that repeat a line F1 rose from .851 to .855.
    """
    if len({line.text for line in lines}) == len(lines):
        return lines
    again = _again(lines)
    if sum([len(lines[place].text) for place in again]) > _FEW * sum([len(line.text) for line in lines]):
        return lines  # where so much comes again it is meant to
    return _without(again, lines)


def _again(lines: list[Line]) -> set[int]:
    last: dict[str, int] = {}
    again: set[int] = set()
    for place, line in enumerate(lines):
        before, size = last.get(line.text), len(line.text)
        if before is not None and size >= _REPEATED and (size >= _NO_REFRAIN or place - before <= _SOON):
            again.add(place)
        last[line.text] = place
    return again


def _inserted(line: Line, after: list[Line]) -> bool:
    """Whether a line isn't the text's own; a heading over links may be, and isn't where they are gone."""
    folded = fold(line.text)
    heads = line.heading and not (after and after[0].kind == "p" and not after[0].hrefs and is_paragraph(after[0].text))
    return _leads_away(folded, heading=heads) or labels.calls(folded) or labels.ADVERT.match(folded) is not None


def _is_title(text: str, title: str | None) -> bool:
    """The title again. What is so much longer can't be: to see that takes a tenth of comparing."""
    return title is not None and len(text) < 2 * len(title) + _SLACK and weigh(text) < _LABELLED and repeats(text, title)


def _leads_away(folded: str, *, heading: bool) -> bool:
    also = labels.READ_ALSO.match(folded)
    return bool(also and (not heading or labels.READ_ALSO_COLON.match(folded))) or _shares(folded)
