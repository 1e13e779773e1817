"""The lines around a text: who, when, and taken from where, as pages without metadata say it."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable
from itertools import islice
from typing import Final, NamedTuple

from crawler.dates import Order, When, has_figures, is_month, read
from crawler.extraction.around import INSIDE, Around
from crawler.extraction.authors import byline, credited, like_a_name, people
from crawler.extraction.labelled import DATED, DIGIT, LONGEST, says_so
from crawler.extraction.labels import sourced
from crawler.extraction.lines import Line, source_of
from crawler.extraction.signed import signed
from crawler.extraction.words import WIDE, Words, fold, listed, numbered, weigh

_MOST: Final = 300
_BEGINNING: Final = 200
_END: Final = 40
"""Letters of a paragraph in which a day opens it, and of one in which its writer's name closes it."""
_PIECES: Final = re.compile(r"[|｜•·]|\s(?=[^\W\d]{1,12}\s?[:：])")
_BARRED: Final = re.compile(r"(?<!\d)(\d\d?) ?[|｜•·] ?(\d\d?) ?[|｜•·] ?((?:19|20)\d\d)(?!\d)")
_BAR: Final = re.compile(r"[|｜•·]")
_JOINTS: Final = re.compile(r"[|｜•·:：]")
"""Without one of these a line is one piece: to look for them costs a fifth of splitting."""
_SPAN: Final = re.compile(r"(?<![\d:./–-])\d\d?\.?\s?[-–]\s?\d\d?\.?\s+[^\W\d]")
"""Days of an event or a week: "14. - 20. Januar 2022"."""
_RUN_ON: Final = re.compile(
    r"(?<=[./]\d\d)(?=\d\d?:\d\d)|(?<=[^\W\d_])(?=\d\d?[./]\d\d?[./]\d\d)|(?<=(?:19|20)\d\d)(?=[^\W\d_])"
    r"|(?<=[a-z])(?=[A-Z])"
)
"""Where elements side by side left no blank: "Jane28.09.1912:44", "HealthMay 3, 2022Updated"."""
_RUNS_ON: Final = re.compile(r"[^\W\d_]\d|\d[^\W\d_]|[./]\d\d\d|[a-z][A-Z]")
"""Where one of these may be; to see that takes a third of the time."""
_OPENING: Final = re.compile(r"[^.:–—|]{0,25}\d[^:–—|]{4,25}?\d{4}(?=\s?(?:[.–—|)\]]|:(?!\d)))")
_LED: Final = re.compile(r"\s*[,،、–—|(].*$")
_LONGEST: Final = 85
_LONGEST_BELOW: Final = 45
"""Letters of a line that says on what day it came out, if not for that alone: of longer ones, four in five mean another day."""
_ALONE: Final = 30
_CLOCK: Final = re.compile(r"\d\s?[:：hH시时時点點]")
_TOP: Final = 6
_MOST_DATED: Final = 12
"""Lines with a day that are heard: more are footnotes, a calendar, other stories."""
_LEAST: Final = 4
"""Letters of the shortest word in small letters that isn't passed over between a name and a date."""
_LEADS: Final = frozenset(
    listed(
        "published|posted|written|date|created|updated|modified|last|tweet|share|photo|caption|monday|tuesday|wednesday|thursday",
        "friday|saturday|sunday|veröffentlicht|erstellt|stand|datum|publié|publicado|pubblicato|fecha|data|fotos|foto|bild",
        "опубликовано|дата|фото|تاريخ|نشر|صورة|تحديث|תאריך|פורסם|צילום|ημερομηνία|δημοσιεύτηκε|tarih|yayın|drukuj|dodano",
    )
)
"""What stands beside dates and is nobody's name."""
_CHANGED_WORDS: Final = (
    "آخر تحديث|تم التحديث|تحديث|محدث|به روز رسانی|آخرین بروزرسانی|עודכן",
    "updated|modified|last update|aktualisiert|geändert|stand|mis à jour|modifié|actualizado|aggiornato|atualizado",
    "обновлено|изменено|güncelleme|güncellendi|ενημερώθηκε|aktualizacja|最終更新|更新|수정",
)
CHANGED: Final = Words(*_CHANGED_WORDS)
"""What stands before the day of a change."""


_OTHERWISE: Final = Words(
    "التسجيل|عضو منذ|عضویت|تاریخ عضویت|הצטרף|חבר מאז|تاريخ الميلاد",
    "joined|member since|registered|registriert|mitglied seit|dabei seit|inscrit|membre depuis|registrado|iscritto|cadastrado",
    "зарегистрирован|регистрация|на сайте с|dołączył|zarejestrowany|kayıt tarihi|üyelik|注册|註冊|加入于|登録日|가입",
    "founded|established|gegründet|основан|建立于|创建于",
    "redeem by|expires|valid until|offer ends|gültig bis|valable|válido hasta|valido fino|действует до|截止|有效期",
)
"""When a member joined or a site began, until when an offer holds."""


_Days = dict[bool, When]
"""The days a line names: that of a change (True), that of the publication."""
_Told = dict[int, _Days]
"""By the number of the line."""


class Dateline(NamedTuple):
    """What the lines say; None and empty where they don't."""

    published: When | None = None
    modified: When | None = None
    authors: tuple[str, ...] = ()
    source: str | None = None
    bare: tuple[str, ...] = ()
    """A name that nothing says is the writer's but the place it stands at."""
    office: str | None = None
    """A newsroom, the paper, a name of one word, said to be the writer."""
    afar: bool = False
    """Whether the day of publication stands only below the text, where of three one is another story's."""
    days: frozenset[str] = frozenset()
    """All that the lines name."""
    alone: bool = False
    """Whether the day of publication is all that a line between headline and text says."""


def dateline(lines: Around, sites: frozenset[str], order: Order | None = None, *, named: bool = False) -> Dateline:
    """Read the lines; the first date that isn't said to be of a change is the publication's.

    Where the writers are `named` for sure elsewhere, they aren't looked for: half of the cost.
    """
    first = [block.text[:_BEGINNING] for block in lines.text[:INSIDE]]
    authors = () if named else signed(lines.above, first, [block.text[-_END:] for block in lines.text[:_MOST]], lines.below)
    # A day with which the text opens is its own; the first lines of a page may have today's.
    opening = list(filter(None, map(_opening, first)))
    near, before, below = _pieces([*opening, *lines.above]), _pieces(lines.before), _pieces(lines.below)
    pieces, close = [*near, *before, *below], len(near) + len(before)
    told = _told(pieces, order, close)
    signs, names = (None, authors) if named or authors else _byline(pieces, told, sites)
    source = _source(pieces, {signs, *told})
    bare = () if named or names else _bare(near[len(opening) :][:_TOP], {n - len(opening) for n in told}, order, sites)
    office = None if named or names or bare else _office(near, told)
    return _dated(pieces, told, len(near), close)._replace(authors=names, source=source, bare=bare, office=office)


def _told(pieces: list[str], order: Order | None, below: int) -> _Told:
    """What those of the pieces that name a day say of when; from a number on they stand below the text."""
    whole = "\n".join(pieces)  # in one look at all, as most name none
    asked = numbered([found.start() for found in DATED.finditer(whole)], whole, "\n")
    told = ((n, _days(pieces[n], order, _LONGEST if n < below else _LONGEST_BELOW)) for n in asked)
    return dict(islice(((n, days) for n, days in told if days), _MOST_DATED))


def _byline(pieces: list[str], told: _Told, sites: frozenset[str]) -> tuple[int | None, tuple[str, ...]]:
    """The first line that names its writers, which is no source's, too; and they."""
    found = (byline(_before_digits(piece) if n in told else piece, sites) for n, piece in enumerate(pieces))
    return next(((n, names) for n, names in enumerate(found) if names), (None, ()))


def _office(lines: list[str], told: _Told) -> str | None:
    short = ((n, line) for n, line in enumerate(lines) if len(line) <= _LONGEST)
    found = (credited(_before_digits(line) if n in told else line) for n, line in short)
    return next(filter(None, found), None)


def _dated(pieces: list[str], told: _Told, near: int, close: int) -> Dateline:
    """What lines say of when, those that stand nearest to headline and text first."""
    days = list(told.values())
    published = _first([dated.get(False) for dated in days])
    line = next((n for n, dated in told.items() if n < near and False in dated), None)
    return Dateline(
        published,
        _first([dated.get(True) for dated in days]),
        afar=published is not None and not any(n < close and False in dated for n, dated in told.items()),
        days=frozenset([when.day for dated in days for when in dated.values()]),
        alone=line is not None and weigh(pieces[line]) <= _ALONE,
    )


def _first(told: Iterable[When | None]) -> When | None:
    """The first day; with its time, if that stands in another line."""
    said = [when for when in told if when is not None]
    return next((when for when in said if when.timed and when.day == said[0].day), said[0]) if said else None


def _days(piece: str, order: Order | None, longest: int) -> _Days:
    """What a line with a day says of when; nothing where it says too much before or after it to be there for that."""
    if len(piece) > longest and not (_CLOCK.search(piece) or says_so(piece) or CHANGED.within(fold(piece))):
        return {}  # as captions and footnotes are; to read them, and then to forget it, took half of some pages' time here
    dated = _dates(piece, order)
    when = dated.get(False)
    if when and not when.timed and weigh(piece) > longest and not says_so(piece):
        del dated[False]
    return dated


def _bare(lines: list[str], told: set[int], order: Order | None, sites: frozenset[str]) -> tuple[str, ...]:
    """A name that stands right under the headline, alone or with a date, where a line of little but a date comes next."""
    dated = {n for n, line in enumerate(lines) if len(line) <= LONGEST and (n in told or _is_for_a_day(line, order))}
    if not dated:
        return ()
    near = dated | {n - 1 for n in dated} | ({1} if 0 in dated else set())  # also below a date, if that comes first of all
    names = (_before_digits(line).strip(" ,|/–—-") for n, line in enumerate(lines) if n in near)
    return next(((name,) for name in names if _is_bare_name(name) and people([name], sites)), ())


def _is_for_a_day(line: str, order: Order | None) -> bool:
    # Which of two figures is the month doesn't matter for that.
    return DATED.search(line) is not None and bool(_dates(line, order or "dmy"))


def _is_bare_name(text: str) -> bool:
    """Names in Chinese and the like are read by `signed`; calls to buy stand in capitals, sentences end."""
    words = fold(text).split()
    plain = not (text.isupper() or text.endswith(".") or _RUN_ON.search(text) or WIDE.search(text))
    return plain and like_a_name(text) and sum(map(len, words)) > 2 * len(words) and _LEADS.isdisjoint(words)


def _before_digits(piece: str) -> str:
    """What stands before a date, without the words that lead to it: "Jane Doe, published on"."""
    digit = DIGIT.search(piece)
    words = _LED.sub("", piece[: digit.start()]).split() if digit else []
    while words and _leads_to_a_day(words[-1].strip(".,")):
        words.pop()
    return " ".join(words) if digit else piece


def _leads_to_a_day(word: str) -> bool:
    """Whether it stands before the figures of a date and ends no name: a month, "published", "on", "le"."""
    return is_month(word) or (word.islower() and len(word) < _LEAST) or fold(word) in _LEADS


def _opening(text: str) -> str:
    """A date with which a paragraph opens."""
    found = _OPENING.match(text)
    return found[0] if found else ""


def _dates(piece: str, order: Order | None) -> _Days:
    """The day of a change (True) and that of the publication, as far as a piece tells them."""
    if not has_figures(piece):  # a year alone, as in half of the lines
        return {}
    piece = _RUN_ON.sub(" ", piece) if _RUNS_ON.search(piece) else piece
    folded = fold(piece)
    if _OTHERWISE.within(folded) or (("-" in folded or "–" in folded) and _SPAN.search(folded)):
        return {}
    cut = CHANGED.first(folded)
    parts = {False: folded[:cut], True: folded[cut:]} if cut is not None else {False: piece}
    return {changed: when for changed, part in parts.items() if (when := read(part, order)) is not None}


def source_in(texts: Iterable[str]) -> str | None:
    """The outlet short lines name as their source."""
    pieces = _pieces(texts)
    return _source(pieces, ()) if pieces else None


def _source(pieces: list[str], taken: Container[int | None]) -> str | None:
    """The outlet that one of the lines names as its source."""
    named = (source_of(Line(pieces[n]), []) for n in sourced(pieces) if n not in taken)
    return next(filter(None, named), None)


def _pieces(texts: Iterable[str]) -> list[str]:
    return [piece for text in texts if text for piece in (_apart(text) if _JOINTS.search(text) else (text,)) if piece]


def _apart(text: str) -> list[str]:
    """A line at its bars; but "26 | 01 | 2022" is one day."""
    dated = _BARRED.sub(r"\1.\2.\3", text) if _BAR.search(text) and ("20" in text or "19" in text) else text
    return [piece.strip() for piece in _PIECES.split(dated)]
