"""Who wrote it and when, as pages without any metadata say it: in many languages and scripts, by shape and place."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from crawler.extraction import extract
from crawler.extraction.signed import signed


class Told(NamedTuple):
    """A page's words, and what they tell."""

    language: str
    title: str
    line: str
    sentence: str
    authors: tuple[str, ...]
    published: str | None


TOLD = [
    Told(
        "ar",
        "البلدية تفتح سوقا جديدة على النهر",
        "بقلم: ليلى المنصوري | ١٧ نوفمبر ٢٠٢٦",
        "قالت رئيسة البلدية إن السوق الجديدة ستفتح أبوابها كل صباح، وإن الناس من القرى المجاورة سيجدون فيها ما يحتاجون.",
        ("ليلى المنصوري",),
        "2026-11-17",
    ),
    Told(
        "fa",
        "شهرداری بازار تازه‌ای در کنار رودخانه گشود",
        "نویسنده: مریم رضایی | ۱۷ نوامبر ۲۰۲۶",
        "شهردار گفت که بازار تازه هر روز صبح باز می‌شود، و مردم روستاهای اطراف هر چه بخواهند در آن پیدا می‌کنند.",
        ("مریم رضایی",),
        "2026-11-17",
    ),
    Told(
        "he",
        "העירייה פתחה שוק חדש על גדת הנהר",
        "מאת: דנה לוי, 17 בנובמבר 2026",
        "ראש העיר אמרה כי השוק החדש ייפתח בכל בוקר, וכי תושבי הכפרים הסמוכים ימצאו בו את כל מה שהם צריכים.",
        ("דנה לוי",),
        "2026-11-17",
    ),
    Told(
        "ru",
        "Городской совет открыл новый рынок у реки",
        "Автор: Иван Петров | 17 ноября 2026",
        "Глава города сказала, что новый рынок будет открыт каждое утро, и жители соседних сёл найдут там всё, что им нужно.",
        ("Иван Петров",),
        "2026-11-17",
    ),
    Told(
        "el",
        "Ο δήμος άνοιξε νέα αγορά δίπλα στο ποτάμι",
        "Γράφει ο Νίκος Παππάς | 17 Νοεμβρίου 2026",
        "Η δήμαρχος είπε ότι η νέα αγορά θα ανοίγει κάθε πρωί, και ότι οι κάτοικοι των χωριών θα βρίσκουν εκεί τα πάντα.",
        ("Νίκος Παππάς",),
        "2026-11-17",
    ),
    Told(
        "zh",
        "市政府在河边开设了新市场",
        "2026年11月17日 来源：河边日报 作者：王小明",
        "市长表示，新市场每天早上开门，附近村庄的居民可以在那里买到他们需要的一切，价格也不会太高。",
        ("王小明",),
        "2026-11-17",
    ),
    Told(
        "ja",
        "市が川沿いに新しい市場を開いた",
        "2026年11月17日 執筆：山田太郎",
        "市長は、新しい市場は毎朝開き、近くの村の人々は必要なものをすべてそこで買うことができると述べた。",
        ("山田太郎",),
        "2026-11-17",
    ),
    Told(
        "ko",
        "시가 강가에 새 시장을 열었다",
        "홍길동 기자 입력 2026.11.17",
        "시장은 새 시장이 매일 아침 문을 열고, 이웃 마을 주민들이 필요한 모든 것을 그곳에서 살 수 있을 것이라고 말했다.",
        ("홍길동",),
        "2026-11-17",
    ),
    Told(
        "de",
        "Die Stadt eröffnet einen Markt am Fluss",
        "Von Karl Weber und Lena Groß | 17.11.26",
        "Die Bürgermeisterin sagte, der neue Markt werde jeden Morgen öffnen, und die Leute aus den Dörfern fänden dort alles.",
        ("Karl Weber", "Lena Groß"),
        "2026-11-17",
    ),
    Told(
        "fr",
        "La ville ouvre un marché au bord de la rivière",
        "Par Léa Martin, publié le 17 novembre 2026 à 9h30",
        "La maire a dit que le nouveau marché serait ouvert chaque matin, et que les gens des villages y trouveraient tout.",
        ("Léa Martin",),
        "2026-11-17",
    ),
    Told(
        "es",
        "La ciudad abre un mercado junto al río",
        "Por Ana Ruiz y Luis Gil | 17 de noviembre de 2026",
        "La alcaldesa dijo que el nuevo mercado abriría cada mañana, y que la gente de los pueblos encontraría allí de todo.",
        ("Ana Ruiz", "Luis Gil"),
        "2026-11-17",
    ),
    Told(
        "tr",
        "Belediye nehir kıyısında yeni bir pazar açtı",
        "Yazan: Ayşe Yılmaz | 17 Kasım 2026",
        "Belediye başkanı, yeni pazarın her sabah açılacağını ve komşu köylerin halkının orada her şeyi bulacağını söyledi.",
        ("Ayşe Yılmaz",),
        "2026-11-17",
    ),
    Told(
        "pl",
        "Miasto otwiera targ nad rzeką",
        "Autor: Jan Kowalski | 17 listopada 2026",
        "Burmistrz powiedziała, że nowy targ będzie otwarty każdego ranka, a ludzie ze wsi znajdą tam wszystko, czego chcą.",
        ("Jan Kowalski",),
        None,  # listopad is another month in Croatian, but the eleventh in Polish
    ),
    Told(
        "en-GB",
        "The town opens a market by the river",
        "Sam Reed, 07/11/2026",
        "The mayor said that the new market would open every morning, and that people of the villages would find it all there.",
        ("Sam Reed",),
        "2026-11-07",
    ),
]


def page(told: Told, head: str = "") -> str:
    text = f"<p>{told.sentence} {told.sentence}</p>" * 3
    lines = "".join(f"<div>{line}</div>" for line in told.line.split(" | "))
    return (
        f'<html lang="{told.language}"><head><title>{told.title}</title>{head}</head>'
        f"<body><h1>{told.title}</h1>{lines}{text}</body></html>"
    )


@pytest.mark.parametrize("told", TOLD, ids=[told.language for told in TOLD])
def test_the_line_under_a_title_says_who_and_when(told: Told) -> None:
    got = extract(page(told))
    assert got.title == told.title
    assert got.authors == told.authors
    assert told.published in (None, (got.published or "")[:10])
    assert told.line.split(" | ")[0] not in got.text


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("□ 本报记者 王小明 李红", ("王小明", "李红")),
        ("（责任编辑：山石 ）", ("山石",)),
        ("（总台记者 格桑边觉）", ("格桑边觉",)),
        ("（王小明 上海报道）", ("王小明",)),
        ("某地日报记者 王小明 某县报道", ("王小明",)),
        ("某地某报记者王小明/文 受访者供图", ("王小明",)),
        ("记者从会议上获悉", ()),
        ("记者近日在会上了解到", ()),
        ("홍길동 기자 hong@post.example", ("홍길동",)),
        ("기자회견이 열렸다", ()),
    ],
)
def test_a_signature_in_a_text_names_people_and_only_people(line: str, names: tuple[str, ...]) -> None:
    assert signed([], [], [line], []) == names


BY = "<p>The council of the town opened a market on the bank of the river, and many people came to see it today.</p>" * 4


@pytest.mark.parametrize(
    ("markup", "names"),
    [
        ('<a rel="author" href="/x">Jane Doe</a>', ("Jane Doe",)),
        (
            '<p>By <a href="/people/jane-doe">Jane Doe</a> and <a href="/people/omar-said">Omar Said</a></p>',
            ("Jane Doe", "Omar Said"),
        ),
        ('<div class="byline"><span class="name">Jane Doe</span><span class="role">Senior Editor</span></div>', ("Jane Doe",)),
        ('<aside><address><a rel="author" href="/x">Jane Doe</a></address></aside>', ("Jane Doe",)),
        ('<span itemprop="author"><span itemprop="name">jd1982</span></span>', ("jd1982",)),
        ('<div class="author"><a href="/login">Sign in</a></div>', ()),
        ('<div class="byline">Photos by Jane Doe</div>', ()),
        ('<div class="author">By <b>Jane Doe</b> <i>Jane Doe</i></div>', ("Jane Doe",)),
        ('<div class="author-bio">I review all kinds of markets</div>', ()),
        ('<div class="related"><a rel="author" href="/x">Jane Doe</a></div>', ()),
        ('<div><a href="/people/1">Read More</a></div>', ()),
    ],
)
def test_an_element_made_for_writers_gives_its_names(markup: str, names: tuple[str, ...]) -> None:
    got = extract(f"<html><body><header><h1>A market by the river</h1>{markup}</header>{BY}</body></html>")
    assert got.authors == names


def test_a_page_at_a_network_is_nobody_who_wrote_here() -> None:
    follow = '<a href="https://video.example/user/river-paper"><span>يوتيوب</span></a>'
    member = '<a href="/user/jane">jane</a>'
    pages = (f"<html><body><h1>A market by the river</h1>{link}{BY}</body></html>" for link in (follow, follow + member))
    assert [extract(page, "https://www.paper.example/a").authors for page in pages] == [(), ("jane",)]


@pytest.mark.parametrize("line", ["حسام أبو العلا - القاهرة", "Hussam Abu al-Ola – Kairo", "Хусам Абу - Каир"])
def test_the_place_behind_a_name_wrote_nothing(line: str) -> None:
    got = extract(f'<html><head><meta name="author" content="{line}"></head><body>{BY}</body></html>')
    assert got.authors == (line.rpartition(" ")[0][:-2].strip(),)


def test_people_go_before_an_office_and_an_office_is_said_without_being_sure() -> None:
    agency = '{"@type":"Organization","name":"River Agency"}'
    her = '{"@type":"Person","givenName":"Jane","familyName":"Doe"}'
    alone, beside_her = (extract(by(who)) for who in (agency, f"[{agency},{her}]"))
    assert (alone.authors, alone.sure["authors"] < 0.5) == (("River Agency",), True)
    assert (beside_her.authors, beside_her.sure["authors"] > 0.5) == (("Jane Doe",), True)


def by(author: str) -> str:
    story = f'{{"@type":"NewsArticle","headline":"A market","author":{author}}}'
    return f'<html><head><script type="application/ld+json">{story}</script></head><body>{BY}</body></html>'


def test_a_program_for_an_author_is_nobody() -> None:
    got = extract(f'<html><head><meta name="author" content="admin"></head><body>{BY}</body></html>')
    assert got.authors == ()


@pytest.mark.parametrize(
    "lines",
    [
        ("17 November 2026", "Jane Doe"),
        ("Jane Doe", "17 November 2026"),
        ("Jane Doe November 17, 2026",),
        ("Jane Doe | 05.04.2026 – 12:30",),
    ],
)
def test_a_name_beside_the_date_is_the_writers_if_nothing_says_more(lines: tuple[str, ...]) -> None:
    got = extract(
        f"<html><body><h1>A market by the river</h1>{''.join(f'<div>{line}</div>' for line in lines)}{BY}</body></html>"
    )
    assert (got.authors, got.sure["authors"]) == (("Jane Doe",), 0.4)


@pytest.mark.parametrize(
    "lines",
    [
        ("Published January 17, 2026",),
        ("Опубликовано Понедельник 17.01.2026",),
        ("17 November 2026", "Stay up to date", "Get More"),
        ("GET IT NOW", "17 November 2026"),
        ("Listen Now", "It has been a long way since the floods of 17 November 2026 came over the valley"),
        ("Country Index 2026", "Poker Trays"),
    ],
)
def test_words_beside_a_date_that_are_no_name_are_nobodys(lines: tuple[str, ...]) -> None:
    shown = "".join(f"<div>{line}</div>" for line in lines)
    assert extract(f"<html><body><h1>A market by the river</h1>{shown}{BY}</body></html>").authors == ()


def test_a_name_at_the_end_of_a_text_is_not_taken_for_the_writers() -> None:
    assert extract(f"<html><body><h1>A market by the river</h1>{BY}<p>Winter Garden</p></body></html>").authors == ()


def test_a_name_may_follow_the_word_for_by_without_a_blank() -> None:
    line = "<div><span>By</span><a>Jane Doe</a></div>"
    assert extract(f"<html><body><h1>A market by the river</h1>{line}{BY}</body></html>").authors == ("Jane Doe",)


@pytest.mark.parametrize(
    ("boxes", "authors"),
    [
        ('<a href>نص</a><a>Home</a><a href="/people/layla-mansour">ليلى Mansour</a>', ("ليلى Mansour",)),
        ('<p class="mx-auto">Peter Poe</p><div class="Reporter-Name">Jane Doe</div>', ("Jane Doe",)),
        ('<div class="header username">river_fan</div>', ("river_fan",)),
        ('<div class="header footer-card">Jane Doe</div>', ()),
    ],
)
def test_writers_are_known_by_links_and_by_what_their_box_is_called(boxes: str, authors: tuple[str, ...]) -> None:
    page = f"<html><body><header><h1>A market by the river</h1>{boxes}</header>{BY * 3}</body></html>"
    assert extract(page).authors == authors


@pytest.mark.parametrize(
    "link",
    [
        '<a href="/people/">People</a>',
        '<a href="/opinion/columnists">Columnists</a>',
        '<a href="https://books.example/authors/">Authors</a>',
        '<a href="/autoren">Autoren</a>',
        '<a href="/op/AuthorGuide.html">Guide for Writers</a>',
        '<a href="https://commons.example/licenses/by/4.0/">Commons Licences</a>',
        '<a href="/user/register">Sign Up</a>',
        '<a href="/user/signup/">Регистрация</a>',
        '<a href="/users/login?from=7">Log in</a>',
        '<a href="https://paper.example/oauth/authorize?code=sms">Kod SMS</a>',
        '<div class="swiper-slide"><div class="blog-author">Jane Doe</div></div>',
        '<nav><a href="/people/jane-doe">Jane Doe</a></nav>',
        '<ul class="top-menu"><li><a href="/columnists/jane-doe">Jane Doe</a></li></ul>',
        '<div id="mainNav"><a href="/users/7">jane7</a></div>',
    ],
)
def test_a_link_to_a_section_or_in_a_menu_names_no_writer(link: str) -> None:
    page = f"<html><body><header>{link}<h1>A market by the river</h1></header>{BY * 3}</body></html>"
    assert extract(page, "https://paper.example/a").authors == ()


@pytest.mark.parametrize(
    ("link", "author"),
    [
        ('<a href="/Author-Jane-Doe/17">Jane Doe</a>', "Jane Doe"),
        ('<a href="/authors.php?name=jane+doe">Jane Doe</a>', "Jane Doe"),
        ('<a href="/u/janed">@janed</a>', "@janed"),
        ('<nav class="post-by"><a rel="author" href="/x">Jane Doe</a></nav>', "Jane Doe"),
    ],
)
def test_a_link_whose_address_names_who_it_leads_to_is_a_writers(link: str, author: str) -> None:
    page = f"<html><body><header><h1>A market by the river</h1>{link}</header>{BY * 3}</body></html>"
    assert extract(page, "https://paper.example/a").authors == (author,)


@pytest.mark.parametrize(
    "opener",
    [
        '{"@type":"DiscussionForumPosting","headline":"Where is the market?","author":{"@type":"Person","name":"river_fan7"}}',
        '{"@type":"QAPage","mainEntity":{"@type":"Question","datePublished":"2026-11-17","author":{"name":"river_fan7"}}}',
    ],
)
def test_who_opened_a_discussion_wrote_the_page_and_not_who_answered(opener: str) -> None:
    posts = "".join(f'<div class="post"><span itemprop="author">{name}</span>{BY}</div>' for name in ("river_fan7", "jane"))
    page = f'<html><head><script type="application/ld+json">{opener}</script></head><body><h1>Where is the market?</h1>{posts}'
    assert extract(f"{page}</body></html>").authors == ("river_fan7",)


def test_a_customers_question_or_a_readers_post_is_not_the_page() -> None:
    asked = '{"@type":"Question","datePublished":"2020-01-02","author":{"name":"jane7"}}'
    posted = '{"@type":"DiscussionForumPosting","headline":"Re: A market","datePublished":"2026-11-18","author":{"name":"Sam"}}'
    story = '{"@type":"NewsArticle","headline":"A market","datePublished":"2026-11-17","author":{"name":"Jane Doe"}}'
    head = '<html><head><script type="application/ld+json">'
    question, article = (extract(f"{head}[{said}]</script></head><body>{BY}") for said in (asked, f"{posted},{story}"))
    assert question.authors == ()
    assert (article.authors, article.published) == (("Jane Doe",), "2026-11-17")


def test_a_name_in_a_property_that_is_not_shown_is_the_writers() -> None:
    person = '<div itemprop="author" itemscope><i>J</i> Offline <meta itemprop="name" content="Jane Doe"></div>'
    paper = '<div itemprop="author" itemtype="//schema.org/Organization"><meta itemprop="name" content="River Paper"></div>'
    pages = [f"<html><body><header><h1>A market by the river</h1>{box}</header>{BY}</body></html>" for box in (person, paper)]
    hers, its = map(extract, pages)
    assert (hers.authors, hers.sure["authors"] > 0.5) == (("Jane Doe",), True)
    assert (its.authors, its.sure["authors"] > 0.5) == (("River Paper",), False)


@pytest.mark.parametrize(
    ("box", "office"),
    [
        ('<p class="authorName">Podium Staff</p>', "Podium Staff"),
        ('<h4 class="author-name">By <a href="/editors">The River editors</a></h4>', "The River editors"),
        ('<div class="byline">von River Redaktion</div>', "River Redaktion"),
        ('<div class="author"><span class="name">فريق التحرير</span></div>', "فريق التحرير"),
    ],
)
def test_an_office_is_the_writer_where_an_element_for_writers_names_nobody_else(box: str, office: str) -> None:
    got = extract(f"<html><body><header><h1>A market by the river</h1>{box}</header>{BY * 3}</body></html>")
    assert got.authors == (office,)
    assert got.sure["authors"] < 0.5


@pytest.mark.parametrize(
    "box",
    [
        '<div class="author">17 Posts</div>',
        '<div class="author"><a href="/login?to=/a">Join the river</a></div>',
        '<div class="author"><b class="name">8 Posts</b><b class="name">Anna</b><b class="name">Follow us</b></div>',
        '<div class="byline">Read how the council of the town came to open a market</div>',
    ],
)
def test_words_in_an_element_for_writers_that_are_no_name_are_nobodys(box: str) -> None:
    assert extract(f"<html><body><header><h1>A market by the river</h1>{box}</header>{BY * 3}</body></html>").authors == ()


@pytest.mark.parametrize(
    ("author", "site", "names"),
    [
        ("Great River Editorial Team", "River Paper", ("Great River Editorial Team",)),
        ("Luxury River Expert", "Luxury River Expert", ("Luxury River Expert",)),
        ("Jane Doe - River Editorial Team", "River Paper", ("Jane Doe",)),
        ("Jane Doe, Senior Editor", "River Paper", ("Jane Doe",)),
    ],
)
def test_a_team_or_a_site_keeps_its_whole_name(author: str, site: str, names: tuple[str, ...]) -> None:
    metas = f'<meta name="author" content="{author}"><meta property="og:site_name" content="{site}">'
    assert extract(f"<html><head>{metas}</head><body><h1>A market</h1>{BY}</body></html>").authors == names


def test_what_a_page_calls_an_organisation_is_no_list_of_people() -> None:
    office = "Center for River Research and Markets"
    page = by(f'{{"@type":"Organization","name":"{office}"}}')
    page = page.replace("<head>", f'<head><meta name="author" content="{office}">')
    assert extract(page).authors == (office,)


@pytest.mark.parametrize(
    ("line", "author"),
    [
        ("by Marketing Team", "Marketing Team"),
        ("17 November 2026 · 3 min read · By River Online", "River Online"),
        ("By RPN, in News, Business", "RPN"),
        ("Posted by Konstantin on 17 November 2026", "Konstantin"),
        ("by ALLIN ONE on Jan 22, 2026", "ALLIN ONE"),
        ("Par Jean Dupont le 17/11/2026", "Jean Dupont"),
        ("Interview by Jane Doe", "Jane Doe"),
    ],
)
def test_a_line_that_says_by_names_its_writer_whoever_that_is(line: str, author: str) -> None:
    page = f'<html><head><meta property="og:site_name" content="River Online"></head><body><h1>A market</h1><p>{line}</p>{BY}'
    assert extract(f"{page}</body></html>").authors == (author,)


def test_a_stations_desk_beside_a_person_wrote_nothing() -> None:
    names = by('[{"name":"Jane Doe"},{"name":"RTV SOUTH"}]')
    assert extract(names, "https://www.rtv.example/a").authors == ("Jane Doe",)
    assert extract(names, "https://www.paper.example/a").authors == ("Jane Doe", "RTV SOUTH")
