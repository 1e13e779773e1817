"""Who wrote it: people, in the page's order; not roles, agencies or the site itself, unless a page names nobody else."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final
from unicodedata import category

from crawler.extraction.offices import is_nobody, is_office, is_role, is_several, is_title, says_office
from crawler.extraction.words import key

MOST_AUTHORS: Final = 20
MOST_CHARS: Final = 60
_LONGEST_LINE: Final = 400

_PREFIX: Final = re.compile(
    r"^[\W_]*(?:"
    r"(?-i:(?:By|Par|Por)(?=[A-Z]))|"  # an element of its own, with no blank after it
    r"(?:written|posted|published|reported|story|text|words|article|opinion|analysis|interview|"
    r"(?:all |more |view )*(?:stories|articles|posts))?\s*by\b|"
    r"authors?\b|reporters?\b|"
    r"(?:ein\s+\w+\s+|text\s+|artikel\s+|kommentar\s+|interview\s+|aus\s+\w+\s+|berichtet\s+)?von\b|autor(?:en|in|ka|ry|es?|"
    r"as?|i|zy)?\b|verfasst\s+von\b|redakteur(?:in)?\b|"
    r"(?:écrit\s+|publié\s+|propos\s+recueillis\s+|rédigé\s+)?par\b|auteurs?\b|(?:escrito\s+|publicado\s+)?por\b|"
    r"(?:scritto\s+|articolo\s+)?(?:di|da)\b|autor[aei]?s?\b|"
    r"door\b|(?:tekst|skrevet)\s*(?:av|af)?\b|av\b|af\b|od\b|oleh\b|yazan\b|haber\b|muhabir\b|yazar\b|tekst\b|opracował[ay]?\b|"
    r"автор(?:ы|ка)?\b|текст\b|корреспондент\b|подготовил[аи]?\b|(?:του|της|γράφει\s+(?:ο|η)|από(?:\s+τ(?:ον|ην))?|επιμέλεια|"
    r"συντάκτης)\b|"
    r"بقلم|كتب(?:ت|ه|ها|وا)?\b|إعداد|اعداد|تحرير|بواسطة|نشر\s+بواسطة|الكاتبة?\b|المحررة?\b|محرر\b|المراسلة?\b|تقرير|ترجمة|"
    r"حوار|الناشر\b|مراسل\b|"
    r"penulis\b|írta\b|kirjoittaja\b|autori(?:us|ai)\b|tác\s+giả\b|โดย|ผู้เขียน|लेखक|লেখক|ავტორი\b|հեղինակ|"
    r"نویسنده|نوشته(?:‌ی)?|گزارش\s+از|به\s+قلم|خبرنگار|مترجم|מאת\b|כותב(?:ת)?\b|כתב(?:ת)?\b|"
    r"(?:本报|本報|本网|特约)?\s*(?:记者|記者|作者|责任编辑|责编|编辑|編輯|撰文|通讯员|通訊員|執筆|筆者|著者|取材・文|ライター|文)(?=\s*[:：／/＝=丨|｜\s])|(?:文|作者|记者)[／/]|글\s*[:=]?|기자\s*[:=]"
    r")[\s:：／/＝=|\-–—,.]*",
    re.IGNORECASE,
)
_STARTS: Final = frozenset(re.findall(r"(?<![a-z\\])[a-z]{2}", _PREFIX.pattern.lower()))
"""Two letters with which words in there begin: three lines in four don't, and to see that takes a fifth of trying them all."""
_PARTED: Final = re.compile("[:：／/]")
_AFTER_LABEL: Final = re.compile(r"[:：／/＝=|\-–—]\s*$")
_BY: Final = re.compile(
    r"(?:\w+\s)?(?:by|von|par|por|di|door|av|af|od|του|της|γράφει\s+(?:ο|η)|بقلم|به\s+قلم|מאת)", re.IGNORECASE
)
_SUFFIX: Final = re.compile(
    r"\s*(?:기자|특파원|논설위원|記者|记者|[(（\[].*|\|.*|(?:,\s*|\s+)(?:für|for|special to|in|from|à|w|в)\s+\w.*|\s[-–—]\s.*|"
    r"\S+@\S+.*|"
    r"@\w+.*|\bhttps?:.*|"
    r",\s+(?:senior|chief|political|staff|news|business|health|science|sports?|correspondent|reporter|editor|redakteur|"
    r"korrespondent).*)$",
    re.IGNORECASE,
)
_AND: Final = re.compile(
    r"\s*[,،、;；/|•·＆&]\s*|\s+(?:and|und|et|y|e|och|og|en|i|и|та|και|ve|و|ו|with|mit|avec|con|с)\s+|\s+und$|\s+-\s+|"
    r"\s+(?-i:dan|oraz|és|și|şi|và|ja|ir)\s+",
    re.IGNORECASE,
)
_FROM: Final = re.compile(r"(?<=\S\s)(\S{2,})\s+[-–—]\s+[^\W\d_\u3040-\u9fff\uac00-\ud7af]+$")
"""Behind a name of several words, a word alone: where it was written. People have two names."""
_DASH: Final = re.compile("[-–—]")
_NOT_NAME: Final = re.compile(r"[\d@#{}<>=_\\?!:：]|https?:|www\.|\.(?:com|net|org|ir|cn)\b", re.IGNORECASE)
_FIGURES: Final = re.compile(r"[\d|[\]]")
_OFFICE_WORDS: Final = 5
_NOT_OFFICE: Final = re.compile(r"[@#{}<>=_\\?!:：]")
_ADDRESS: Final = re.compile(r"://|^(?:www\.|/|mailto:)|^\S+@\S+$", re.IGNORECASE)
_OTHER_WORK: Final = re.compile(
    r"(?:(?:medically|clinically|expert|fact)[\s-]+)?(?:reviewed|checked|verified|edited|fact-checked|photo\w*|images?|"
    r"illustrat\w+|graphics?|video|translated|fotos?|bild(?:er)?|illustrationen)\s*(?:by\b|von\b|par\b|por\b|[:：])",
    re.IGNORECASE,
)
"""Work on a page that isn't its writing."""
_LETTERS: Final = re.compile(r"(?:[A-Z][a-z]?\.?){2,5}")
"""Degrees and short names of agencies: MD, Ph.D., AFP."""
_STATION: Final = re.compile(r"[A-Z]{2,5} ")
"""A site's initials, before the name of one of its desks."""
_INNER: Final = re.compile(r"[-'’.]")
_PARTICLE_WORDS: Final = (
    "van von vom der den de da di do dos das del della dello du la le los las el al ul ur bin ibn ben bint bu y e i af av ter "
    "ten zu zum zur und d' dal mac mc"
)
_PARTICLES: Final = frozenset(_PARTICLE_WORDS.split())
"""Lower-case words within names."""
_SPREAD: Final = re.compile(r"(?<=^[\u3400-\u9fff])\s+(?=[\u3400-\u9fff]$)")
"""Chinese names of two signs are often set to the width of three."""
_HAN: Final = re.compile(r"[\u3400-\u9fff々ぁ-ヿ]+")
_LONGEST_HAN: Final = 5
SURNAMES: Final = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏"
    "韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤常温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关"
    "兰伊焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷曲盛冉翁蓝骆路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤时穆农司卓古吉缪简车项连"
    "芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝封谈匡鞠张劉陳"
    "楊黃趙吳孫馬羅鄭謝許韓馮鄧呂盧鍾譚陸蔣葉蘇範賈鄒閻顧龔嚴湯莊聶魯歐關蘭單畢塗喬龐"
)
"""The first signs of Chinese names: these two hundred odd begin 97 of 100 (population register, 2020)."""
_WIDE_NAME: Final = re.compile(r"[\u3040-\u30ff\u3400-\u9fff々·・\s]+")
_LONGEST_WIDE: Final = 6
"""Signs in the longest usual name of a person in Chinese or Japanese script."""


def people(texts: Iterable[str], sites: frozenset[str]) -> tuple[str, ...]:
    """The names in lines that say who wrote something. `sites`: keys of the site's names, which are no people."""
    return _distinct(
        (name for text in texts for name in _names(without_prefix(text)[:_LONGEST_LINE]) if not is_office(name)), sites
    )


# Most pages of a site are by few people.
@lru_cache(maxsize=512)
def named(texts: tuple[str, ...], sites: frozenset[str]) -> tuple[str, ...]:
    """The same for fields that hold names: less is taken away from them, since "By" may be a name there."""
    bare = (_cautiously(text) for text in texts)
    return _distinct((name for text in bare if key(text) not in sites for name in _names(text[:_LONGEST_LINE])), sites)


def byline(text: str, sites: frozenset[str]) -> tuple[str, ...] | None:
    """The people a line names as its writers, with a word for "by" at its start; None if it doesn't.

    A colon or a dash after the word, or a word that can mean nothing else there; and names in the shape of names.
    """
    bare = without_prefix(text)
    if len(bare) == len(text) or not (word := _by(text.strip(), bare)):
        return None
    found = people([bare], sites)
    return found if found and all(like_a_name(name) or _AFTER_LABEL.search(word) for name in found) else None


def credited(text: str) -> str | None:
    """The agency, the newsroom or the paper that a line names as its writer, with a word for "by" at its start."""
    bare = without_prefix(text)
    if len(bare) == len(text) or not _by(text.strip(), bare):
        return None
    name = office([bare.partition(",")[0]])
    return name if name and (is_several(name) or _is_capitalised(name.split())) else None


def _by(line: str, bare: str) -> str | None:
    """The word for "by" that a line begins with, where it can mean nothing else."""
    word = line[: len(line) - len(bare)]
    led = word and 1 < len(bare) <= 150 and (_AFTER_LABEL.search(word) or _BY.fullmatch(word.strip()))
    return word if led else None


def without_prefix(text: str) -> str:
    """A line without "By", «بقلم», "Von" … at its start."""
    bare = text.strip()
    start = bare[:2]
    if start.isascii() and start.isalpha() and start.lower() not in _STARTS:
        return bare
    return _PREFIX.sub("", bare, count=1).strip()


def handle(text: str, sites: frozenset[str]) -> bool:
    """Whether a text is one word people may go by in a forum."""
    return (
        2 <= len(text) <= MOST_CHARS // 2
        and " " not in text
        and (folded := key(text)) not in sites
        and not is_nobody(folded)
        and not is_role(folded, text)
        and any(map(str.isalpha, text))
    )


def offices(texts: Iterable[str]) -> tuple[str, ...]:
    """What fields for names hold where they name no person: an agency, a newsroom, the paper; as it stands there."""
    bare = (" ".join(text.split()).strip(" \t.,;:|*·\"'") for text in texts)
    return tuple(dict.fromkeys(name for name in bare if _is_named(name)))[:MOST_AUTHORS]


def office(texts: Iterable[str]) -> str | None:
    """The one agency, newsroom or paper that the texts of an element for writers name, by whatever it goes."""
    found = {key(name): name for text in texts if (name := without_prefix(text).strip(" \t.,;:|*·\"'©-–—"))}
    names = [name for name in found.values() if _is_named(name) and not (_FIGURES.search(name) or _OTHER_WORK.match(name))]
    return names[0] if len(names) == len(found) == 1 and len(names[0].split()) <= _OFFICE_WORDS else None


def _is_named(name: str) -> bool:
    if not 2 <= len(name) <= MOST_CHARS or _ADDRESS.search(name) or _NOT_OFFICE.search(name):
        return False
    return not is_nobody(key(name)) and sum(map(str.isalpha, name)) > len(name) / 2


def _cautiously(text: str) -> str:
    bare = without_prefix(text)
    return bare if len(bare.split()) > 1 or _PARTED.search(text) else text


def _distinct(names: Iterable[str], sites: frozenset[str]) -> tuple[str, ...]:
    found: dict[str, str] = {}
    for name in names:
        folded = key(name)
        if folded and folded not in sites and not is_role(folded, name):
            found.setdefault(folded, name)
    persons = [name for folded, name in found.items() if not (_STATION.match(name) and folded.partition(" ")[0] in sites)]
    return tuple(persons or found.values())[:MOST_AUTHORS]


@lru_cache(maxsize=1024)
def _names(text: str) -> tuple[str, ...]:
    bare = " ".join(text.split())
    if _ADDRESS.search(bare) or _OTHER_WORK.match(bare):
        return ()
    if _DASH.search(bare):
        bare = _FROM.sub(r"\1", bare)
    parts = [bare] if _is_turned(bare) else _AND.split(bare)
    return _without_degrees([name for part in parts if (name := _clean(part if part == bare else _cautiously(part)))])


def _is_turned(line: str) -> bool:
    """Whether it is one name, "Surname, Name", and no list of two."""
    parts = _AND.split(line) if "," in line else ()
    return len(parts) == 2 and all(part and " " not in part for part in parts)


def _without_degrees(names: list[str]) -> tuple[str, ...]:
    """Beside a name a few letters are its degree or an agency, a team isn't meant; alone they may be all that a field gives."""
    if len(names) > 1 and any(like_a_name(name) and not is_several(name) for name in names):
        return tuple([name for name in names if not _is_beside_a_name(name)])
    return tuple(names)


def _is_beside_a_name(name: str) -> bool:
    """A degree, an agency, a newsroom, an office."""
    return bool(_LETTERS.fullmatch(name)) or is_several(name) or says_office(name.split())


def _clean(part: str) -> str | None:
    part = _SPREAD.sub("", part)
    name = _without_role(_SUFFIX.sub("", part)).strip(" \t.,;:-–—|*·،\"'“”«»()")
    if not 2 <= len(name) <= MOST_CHARS or _NOT_NAME.search(name) or len(name.split()) > 6:
        return None
    return name if any(map(str.isalpha, name)) and not _is_wide_office(name) else None


def _is_wide_office(name: str) -> bool:
    """Whether a name in Chinese or Japanese script is longer than people's."""
    if not _WIDE_NAME.match(name):
        return False
    return not _WIDE_NAME.fullmatch(name) or len(name.replace(" ", "")) > _LONGEST_WIDE


def _without_role(name: str) -> str:
    """A name without the office that follows it."""
    words = name.split()
    half = len(words) // 2
    if half > 1 and words[:half] == words[half:]:  # for the screen and for the telephone
        return " ".join(words[:half])
    if is_several(name):
        return name
    end = next((n for n, word in enumerate(words) if n >= 2 and is_title(word)), len(words))
    return name if end == len(words) else " ".join(words[:end])


def like_a_name(text: str) -> bool:
    """Whether a short line has the shape of a person's name: two to five words of letters, in scripts with case capitalised."""
    if _HAN.fullmatch(text):
        return 2 <= len(text) <= _LONGEST_HAN and (text[0] in SURNAMES or len(text) > 2)
    words = text.split()
    if not 2 <= len(words) <= 5 or len(text) > MOST_CHARS or _NOT_NAME.search(text):
        return False
    letters = all(word.isalpha() or _is_of_letters(_INNER.sub("", word.strip(".'’-"))) for word in words)
    return letters and _is_capitalised(words) and not says_office(words)


def _is_of_letters(word: str) -> bool:
    """Also of letters with the marks of vowels, as most are in the scripts of India and Thailand."""
    return word.isalpha() or (not word.isascii() and all(sign.isalpha() or category(sign)[0] == "M" for sign in word))


def _is_capitalised(words: list[str]) -> bool:
    return not any(word[0].islower() and word not in _PARTICLES for word in words)
