"""Roles, newsrooms and agencies: what stands where a writer's name is expected, and is nobody's."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from crawler.extraction.words import fold, key

_TITLE_WORDS: Final = (
    "senior junior chief lead head deputy associate assistant managing political business health science sports sport tech "
    "technology culture news national foreign staff freelance guest expert editor reporter writer author correspondent "
    "journalist columnist contributor producer photographer reviewer analyst strategist specialist manager director founder "
    "co-founder cofounder president ceo cto coo chairman professor lecturer researcher content marketing editorial "
    "redakteur redakteurin korrespondent korrespondentin reporterin volontär chefredakteur journaliste rédacteur rédactrice "
    "periodista redactor redactora giornalista redattore redattrice jornalista repórter редактор корреспондент журналист "
    "dziennikarz dziennikarka muhabir editör profile follow about the more learn click here read view"
)
_TITLES: Final = frozenset(fold(word) for word in _TITLE_WORDS.split())
_COMPANY: Final = re.compile(
    r"\b(?:inc|ltd|llc|gmbh|ag|corp|co|plc|e\.?\s?v|s\.?a|b\.?v|oy|as|aps|sarl|srl|pty)\.?$", re.IGNORECASE
)
_ROLE_WORDS: Final = (
    "admin administrator editor editors editorial staff newsroom desk team guest contributor contributors correspondent "
    "reporter agencies "
    "agency wire author unknown anonymous webmaster newsdesk web online press office bureau board "
    "redaktion redaktionen redactie redakcja redakcji redakce redazione rédaction redacción redação redakcia agenturen "
    "onlineredaktion autor "
    "редакция редакции корреспондент админ редактор автор синдикация συντακτική ομάδα σύνταξη συντάκτες newsroom editör "
    "editörü editorü masası servisi haber merkezi "
    "التحرير المحرر محرر مراسل المراسل وكالات الوكالات رويترز فريق هيئة أسرة إدارة الموقع المشرف مدير الناشر كاتب "
    "الكاتب غرفة الأخبار صحيفة شبكة قناة "
    "تحریریه خبرگزاری سرویس گروه نویسنده خبرنگار מערכת כתבי סוכנויות "
    "reuters afp ap dpa apa sda ats efe ansa tass тасс xinhua kyodo yonhap anadolu aa pti ians ani bloomberg belga "
    "tanjug epa sid kna epd pap lusa "
    "интерфакс ag agencia agencias agence agenzia press"
)
_ROLES: Final = frozenset(fold(word) for word in _ROLE_WORDS.split())
_OFFICES: Final = _ROLES | _TITLES
_SEVERAL_WORDS: Final = (
    "team teams staff desk newsroom editors reporters writers contributors redaktion redactie redakcja redakce redazione "
    "rédaction redacción redaccion redação редакция فريق هيئة أسرة تحریریه מערכת"
)
_SEVERAL: Final = frozenset(_SEVERAL_WORDS.split())
"""Who many are together: with one of these at its end a name is no person's, and whole."""
_NOBODY_WORDS: Final = (
    "admin administrator webmaster root user superuser author unknown anonymous guest editor default none null test "
    "редактор админ автор المشرف مدير ادمن أدمن الكاتب المحرر 管理员 佚名 未知 匿名 작성자 관리자 yönetici"
)
_NOBODY: Final = frozenset(key(word) for word in _NOBODY_WORDS.split())
"""What a program writes where nobody said who."""
_ROLE_PARTS: Final = re.compile(
    r"新华社|编辑部|編集部|本报|本網|本网|中新社|共同通信|通信社|新聞社|연합뉴스|뉴스|편집|"
    r"online-?redaktion|news ?desk|web ?desk|staff|\bnews\b|redaktion|"
    r"redacción|rédaction|redazione|\.de$"
)


def is_nobody(folded: str) -> bool:
    """Whether a name's key is what a program writes where nobody said who."""
    return folded in _NOBODY


def is_title(word: str) -> bool:
    """Whether a word may follow a name to say what its bearer does."""
    return fold(word).strip(".,") in _TITLES


def is_role(folded: str, name: str) -> bool:
    """Nothing but roles and agencies, or a newsroom by its name."""
    words = folded.split()
    return (
        all(word in _ROLES for word in words)
        or bool(_ROLE_PARTS.search(name.lower()))
        or (len(words) > 1 and bool(_COMPANY.search(name)))
    )


def is_office(name: str) -> bool:
    """A role with one word of what for, as lines have it and name fields seldom do."""
    words = key(name).split()
    return len(words) == 2 and words[0] in _ROLES


def is_several(name: str) -> bool:
    """Whether a name ends as those of many together do."""
    return name.rpartition(" ")[2].lower() in _SEVERAL


def says_office(words: Iterable[str]) -> bool:
    """Whether all words are of roles, titles or agencies."""
    return all(fold(word).strip(".,") in _OFFICES for word in words)
