# ruff: noqa: E501
"""A newsroom in three languages whose pages are never twice the same: what is said changes rarely, all around it always.

Five layouts, ever changing advertisements, clocks, counters and links to other stories. All of it made up, and all of it follows
from the number of an article and of a fetch.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from random import Random

LANGUAGES = ("ar", "en", "zh")
SPEECH: dict[str, dict[str, Sequence[str]]] = {
    "ar": {
        "who": ("وزارة النقل", "بلدية الميناء", "هيئة المياه", "جامعة الصنوبر", "شركة الكهرباء", "نقابة الصيادين", "إدارة المتحف"),
        "did": ("أعلنت افتتاح", "قررت تأجيل", "وافقت على تمويل", "أوقفت العمل في", "بدأت ترميم", "نفت إلغاء"),
        "what": ("خط القطار الجديد", "جسر المشاة القديم", "محطة تحلية المياه", "مكتبة الحي الشرقي", "سوق السمك", "حديقة الواحة"),
        "said": (
            "وقال المتحدث باسمها إن العمل سيكتمل خلال {n} شهرا بكلفة تبلغ {m} مليون دينار، وإن السكان سيلمسون الفرق سريعا.",
            "وأضافت المهندسة سلمى الخطيب أن {n} عاملا يشاركون في المشروع، وأن نصفهم من أبناء المدينة الذين تدربوا فيها.",
            "ويرى خبراء أن القرار جاء متأخرا، لكنه يلبي مطالب رفعها الأهالي في عريضة وقعها {m} شخص قبل عامين من الآن.",
            "وكانت الأعمال قد توقفت في الشتاء الماضي بسبب السيول التي غمرت {n} شارعا وأغلقت المدارس عدة أيام متتالية.",
            "وأوضح مدير المشروع كريم ناصر أن المرحلة الثانية تشمل {n} موقعا آخر، وأنها لن تبدأ قبل نهاية الموسم الحالي.",
            "وختم البيان بالقول إن الجهة المعنية ستنشر تقريرا مفصلا كل {n} أسابيع، وإن أبوابها مفتوحة أمام الأسئلة والشكاوى.",
        ),
        "ad": ("عرض خاص: خصم {n}٪ على السجاد اليدوي هذا الأسبوع فقط", "اشترِ هاتفا واحصل على الثاني بنصف السعر قبل {n} من الشهر"),
        "ago": ("آخر تحديث: قبل {n} دقائق", "نُشر منذ {n} دقيقة"),
        "views": ("{m} مشاهدة", "عدد القراءات: {m}"),
        "related": ("اقرأ أيضا", "مواضيع ذات صلة"),
        "by": ("بقلم هدى المنصور",),
        "now": ("السبت ٢٢ نوفمبر {h}:{s}",),
        "shares": ("شارك {n}", "{n} تعليقا"),
    },
    "en": {
        "who": ("The transport office", "Harbour council", "The water board", "Pine University", "The power company", "The fishers' union", "The museum"),
        "did": ("opens", "postpones", "agrees to pay for", "stops work on", "begins to restore", "denies closing"),
        "what": ("the new railway line", "the old footbridge", "a desalination plant", "the eastern library", "the fish market", "Oasis Park"),
        "said": (
            "A spokesman said that the work would be done within {n} months at a cost of {m} million crowns, and that people would see it soon.",
            "The engineer Selma Hartley added that {n} workers take part in it, and that half of them grew up and learnt their trade here.",
            "Experts find that the decision comes late, but that it meets what people asked for in a petition with {m} names two years ago.",
            "The work had been interrupted last winter by floods that covered {n} streets and closed the schools for several days in a row.",
            "The head of the project, Owen Marsh, explained that a second part concerns {n} other places, and won't begin before the season ends.",
            "In the end the statement says that a detailed report will be published every {n} weeks, and that questions are always welcome.",
        ),
        "ad": ("Special offer: {n}% off hand-made carpets, this week only", "Buy one phone and get another at half the price before the {n}th"),
        "ago": ("Updated {n} minutes ago", "Published {n} min ago"),
        "views": ("{m} views", "Read {m} times"),
        "related": ("Read also", "Related stories"),
        "by": ("By Harriet Moss",),
        "now": ("Saturday, 22 November {h}:{s}",),
        "shares": ("Share {n}", "{n} comments"),
    },
    "zh": {
        "who": ("交通局", "港口市政府", "水务委员会", "松林大学", "电力公司", "渔民协会", "博物馆"),
        "did": ("宣布启用", "决定推迟", "同意出资修建", "叫停", "开始修复", "否认关闭"),
        "what": ("新铁路线", "旧步行桥", "海水淡化厂", "东区图书馆", "海鲜市场", "绿洲公园"),
        "said": (
            "发言人表示，工程将在{n}个月内完成，总投资为{m}万元，市民很快就能感受到变化。",
            "工程师林晓梅补充说，共有{n}名工人参与施工，其中一半在本地长大并在这里学会手艺。",
            "专家认为，这一决定虽然来得较晚，却回应了两年前{m}人签名请愿书中提出的要求。",
            "去年冬天，洪水淹没了{n}条街道，学校连续停课数日，工程也因此中断了很长一段时间。",
            "项目负责人王立强解释说，第二阶段还涉及另外{n}处地点，在本季结束之前不会动工。",
            "声明最后说，有关部门每{n}周公布一次详细报告，并且随时欢迎市民提出问题和投诉。",
        ),
        "ad": ("特别优惠：手工地毯本周八折，仅剩{n}件", "买一部手机，{n}日前第二部半价"),
        "ago": ("{n}分钟前更新", "发布于{n}分钟前"),
        "views": ("阅读 {m}", "{m}次浏览"),
        "related": ("相关新闻", "延伸阅读"),
        "by": ("记者 陈海燕",),
        "now": ("11月22日 星期六 {h}:{s}",),
        "shares": ("分享 {n}", "{n}条评论"),
    },
}  # fmt: skip


@dataclass(frozen=True)
class Story:
    """What is said, and nothing else."""

    number: int
    language: str
    title: str
    paragraphs: tuple[str, ...]


def story(number: int) -> Story:
    """Article by its number; every third of each language."""
    language = LANGUAGES[number % 3]
    speech, chance = SPEECH[language], Random(number)
    who, did, what = (chance.choice(speech[part]) for part in ("who", "did", "what"))
    title = f"{who} {did} {what}" if language != "zh" else f"{who}{did}{what}"
    end = {"ar": " في المدينة الساحلية، بعد نقاش طويل.", "en": " in the town by the sea, after a long debate.", "zh": "，此前曾经过长时间讨论。"}[language]  # fmt: skip
    said = [line.format(n=chance.randint(3, 40), m=chance.randint(50, 900)) for line in speech["said"]]
    chance.shuffle(said)
    return Story(number, language, f"{title} {100 + number}", (title + end, *said))


# --- what an editor does ------------------------------------------------------------------------------------------------


def number_changed(one: Story) -> Story:
    """A figure in the second paragraph."""
    return _with(one, 1, re.sub(r"\d+", lambda found: str(int(found[0]) + 7), one.paragraphs[1], count=1))


def headline_changed(one: Story) -> Story:
    """The headline only."""
    more = {"ar": "رسميا: ", "en": "Official: ", "zh": "官方消息："}[one.language]
    return replace(one, title=more + one.title)


def paragraph_removed(one: Story) -> Story:
    """The fourth paragraph is gone."""
    return replace(one, paragraphs=one.paragraphs[:3] + one.paragraphs[4:])


def paragraph_added(one: Story) -> Story:
    """A correction at the end."""
    more = {
        "ar": "تصحيح: ذكرت نسخة سابقة من هذا الخبر اسم الشارع على نحو غير صحيح، ونعتذر للقراء عن ذلك.",
        "en": "Correction: an earlier version of this story gave a wrong name of the street, and we are sorry for that.",
        "zh": "更正：本文早先版本中的街道名称有误，特此向读者致歉，并已按实际情况修改。",
    }
    return replace(one, paragraphs=(*one.paragraphs, more[one.language]))


def word_changed(one: Story) -> Story:
    """One word for another of the same meaning, in the first paragraph."""
    old, new = {"ar": ("طويل", "مستفيض"), "en": ("long", "lengthy"), "zh": ("长时间", "很久的")}[one.language]
    return _with(one, 0, one.paragraphs[0].replace(old, new))


def comma_changed(one: Story) -> Story:
    """A matter of style: one comma less."""
    old = {"ar": "،", "en": ",", "zh": "，"}[one.language]
    return _with(one, 0, one.paragraphs[0].replace(old, "", 1))


SUBSTANCE: Sequence[Callable[[Story], Story]] = (number_changed, headline_changed, paragraph_removed, paragraph_added)
STYLE: Sequence[Callable[[Story], Story]] = (word_changed, comma_changed)


def _with(one: Story, at: int, text: str) -> Story:
    return replace(one, paragraphs=(*one.paragraphs[:at], text, *one.paragraphs[at + 1 :]))


# --- how a paper shows it -----------------------------------------------------------------------------------------------


class Noise:
    """What is another at each fetch."""

    def __init__(self, one: Story, fetch: int) -> None:
        self._chance = Random(one.number * 1000 + fetch)
        self._speech = SPEECH[one.language]
        self._one = one

    def __getattr__(self, name: str) -> str:
        chance = self._chance
        hour, minute = chance.randint(10, 23), chance.randint(10, 59)
        text = chance.choice(self._speech[name])
        return text.format(n=chance.randint(2, 58), m=f"{chance.randint(1, 99)},{chance.randint(100, 999)}", h=hour, s=minute)

    def links(self, count: int) -> list[str]:
        """Headlines of other stories."""
        numbers = [self._chance.randrange(10_000) * 3 + self._one.number % 3 for _ in range(count)]
        return [f'<a href="/story/{number}">{story(number).title}</a>' for number in numbers]


def page(one: Story, fetch: int) -> bytes:
    """The page of a story as it is sent at this fetch."""
    return LAYOUTS[one.number // 3 % len(LAYOUTS)](one, Noise(one, fetch)).encode()


def _head(one: Story) -> str:
    direction = "rtl" if one.language == "ar" else "ltr"
    return (
        f'<!doctype html><html lang="{one.language}" dir="{direction}"><head><meta charset="utf-8"><title>{one.title}</title>'
        f'<meta property="og:title" content="{one.title}"><meta property="og:type" content="article">'
        '<meta property="article:published_time" content="2026-11-22T06:00:00Z"></head><body>'
    )


def _modern(one: Story, noise: Noise) -> str:
    first, *rest = one.paragraphs
    middle = "".join(f"<p>{text}</p>" for text in rest[:3]), "".join(f"<p>{text}</p>" for text in rest[3:])
    return (
        f"{_head(one)}<header><nav><a href=/>●</a></nav><span class=clock>{noise.now}</span></header><main><article>"
        f"<h1>{one.title}</h1><div class=meta><span>{noise.by}</span> <time>{noise.ago}</time> <span>{noise.views}</span></div>"
        f"<p>{first}</p>{middle[0]}<div class='ad-slot'><a href='https://ads.example/{noise.views}'>{noise.ad}</a></div>"
        f"{middle[1]}<div class=share>{noise.shares} {noise.shares}</div></article>"
        f"<aside><h3>{noise.related}</h3><ul>{''.join(f'<li>{link}</li>' for link in noise.links(5))}</ul></aside></main>"
        f"<footer>{noise.views} {noise.now}</footer></body></html>"
    )


def _inline(one: Story, noise: Noise) -> str:
    """Links to others between the paragraphs, and an advertisement that is a paragraph like all."""
    parts = [f"<p>{text}</p>" for text in one.paragraphs]
    parts.insert(2, f"<p><strong>{noise.related}:</strong> {noise.links(1)[0]}</p>")
    parts.insert(5, f"<p class=promo><a href=https://ads.example/x>{noise.ad}</a></p>")
    return (
        f"{_head(one)}<div id=top>{noise.now}</div><div id=content><h1>{one.title}</h1><p class=byline>{noise.by}</p>"
        f"<p class=updated>{noise.ago}</p>{''.join(parts)}<p>{noise.views}</p>"
        f"<h4>{noise.related}</h4><div>{'<br>'.join(noise.links(4))}</div></div></body></html>"
    )


def _plain(one: Story, noise: Noise) -> str:
    """Tables and breaks, as twenty years ago."""
    return (
        f"{_head(one)}<table width=100%><tr><td>{noise.now}</td></tr><tr><td><h2>{one.title}</h2><font size=1>{noise.ago} | "
        f"{noise.views}</font><br><br>{'<br><br>'.join(one.paragraphs)}<br><br>{noise.shares}</td><td width=200><b>{noise.related}"
        f"</b><br>{'<br>'.join(noise.links(6))}<br>{noise.ad}</td></tr></table></body></html>"
    )


def _divs(one: Story, noise: Noise) -> str:
    """No element says what it is for."""
    body = "".join(f"<div class=c{7 + at % 2}>{text}</div>" for at, text in enumerate(one.paragraphs))
    return (
        f"{_head(one)}<div class=a1><div class=a2>{noise.now}</div></div><div class=b1><div class=b2><h1>{one.title}</h1></div>"
        f"<div class=b3><div>{noise.ago}</div><div>{noise.views}</div><div>{noise.shares}</div></div><div class=b4>{body}</div>"
        f"<div class=b5>{''.join(f'<div>{link}</div>' for link in noise.links(5))}</div><div class=b6>{noise.ad}</div></div>"
        f"<div class=z9>{noise.views}</div></body></html>"
    )


def _busy(one: Story, noise: Noise) -> str:
    """Boxes of all sorts within the article."""
    parts = [f"<p>{text}</p>" for text in one.paragraphs]
    links = "".join(f"<li>{link}</li>" for link in noise.links(3))
    parts.insert(3, f"<div class=related-box><h3>{noise.related}</h3><ul>{links}</ul></div>")
    parts.insert(2, f"<ins class=adsbygoogle>{noise.ad}</ins><aside class=newsletter>{noise.ad}</aside>")
    parts.append(f"<p class=stats>{noise.views} · {noise.shares}</p><p>{noise.ago}</p>")
    return (
        f"{_head(one)}<div class=ticker>{noise.ad} | {noise.now}</div><article class=story><h1>{one.title}</h1>"
        f"<span class=views>{noise.views}</span><div class=body>{''.join(parts)}</div></article>"
        f"<section class=most-read><ol>{links}</ol></section></body></html>"
    )


LAYOUTS: Sequence[Callable[[Story, Noise], str]] = (_modern, _inline, _plain, _divs, _busy)
