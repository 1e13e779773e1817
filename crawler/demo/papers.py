"""What each paper of the newsroom serves in a round: its pages, lists, feeds and sitemap, as bytes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from email.utils import format_datetime
from functools import lru_cache
from html import escape
from string import Template
from typing import Final
from urllib.parse import quote

from crawler.demo.stories import PAGES, Story
from crawler.model import Value

_MONTHS: Final = "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر"
_LABELS: Final = {"ar": ("الرئيسية", "المصدر", "رابط مختصر"), "en": ("Home", "Source", "Short link")}


class Paper(Value, frozen=True, kw_only=True):
    """One site of the newsroom; it runs at `base` (no slash behind)."""

    key: str
    name: str
    lang: str
    template: str
    feed_path: str
    feed_type: str
    base: str = ""


class Served(Value, frozen=True, kw_only=True):
    """One document a paper answers with."""

    content_type: str
    body: bytes


PAPERS: Final = (
    Paper(key="mina", name="صحيفة الميناء", lang="ar", template="arabic", feed_path="/feed/", feed_type="application/rss+xml"),
    Paper(
        key="courier",
        name="The Harbour Courier",
        lang="en",
        template="english",
        feed_path="/atom.xml",
        feed_type="application/atom+xml",
    ),
    Paper(key="wire", name="Lakeside Wire", lang="en", template="wire", feed_path="/rss.xml", feed_type="application/rss+xml"),
)


def served(paper: Paper, stories: Sequence[Story], round_: int) -> dict[str, Served]:
    """All documents of a paper in a round, by their path; `stories` are the paper's own that have appeared by then."""
    html = "text/html; charset=utf-8"
    found = {
        "/": Served(content_type=html, body=_list(paper, paper.name, stories, stories, round_)),
        "/style.css": Served(content_type="text/css; charset=utf-8", body=_text("style.css").encode()),
        "/robots.txt": Served(content_type="text/plain", body=_robots(paper)),
        paper.feed_path: Served(content_type=paper.feed_type, body=_feed(paper, _listed(stories, "feed"), round_)),
    }
    if listed := _listed(stories, "sitemap"):
        found["/sitemap.xml"] = Served(content_type="application/xml", body=_sitemap(paper, listed))
    for section in _sections(stories):
        own = [story for story in stories if story.section == section]
        found[_section_path(section)] = Served(content_type=html, body=_list(paper, section, own, stories, round_))
    for story in stories:
        kind = html if story.charset == "utf-8" else "text/html"
        found[story.path] = Served(content_type=kind, body=_page(paper, story, stories, round_))
    return found


def _page(paper: Paper, story: Story, stories: Sequence[Story], round_: int) -> bytes:
    others = [other for other in stories if other is not story and other.trouble != "private"]
    text = _fill(
        f"{paper.template}.html",
        charset=story.charset,
        lang=story.lang,
        dir="rtl" if story.lang == "ar" else "ltr",
        title=escape(story.title),
        site=escape(paper.name),
        url=paper.base + story.path,
        head=_head(paper, story),
        menu=_menu(paper, stories),
        section=escape(story.section),
        section_path=_section_path(story.section),
        author=escape(story.author),
        date=_date(story),
        body="\n".join(f"<p>{escape(text)}</p>" for text in (*story.before, *story.paragraphs(round_), *story.after)),
        tail=_tail(paper, story),
        related=_links(others[:4]),
        popular=_links(others[-3:]),
    )
    return text.encode(story.charset)


def _head(paper: Paper, story: Story) -> str:
    if story.marks == "json-ld":
        return _open_graph(paper, story) + f'<script type="application/ld+json">{_json_ld(paper, story)}</script>'
    return _open_graph(paper, story) if story.marks == "og" else ""


def _open_graph(paper: Paper, story: Story) -> str:
    properties = {
        "og:type": "article",
        "og:title": story.title,
        "og:site_name": paper.name,
        "og:url": paper.base + story.path,
        "article:published_time": story.published or "",
        "article:section": story.section,
    }
    metas = [f'<meta property="{name}" content="{escape(value)}">' for name, value in properties.items()]
    return "\n".join([*metas, f'<meta name="author" content="{escape(story.author)}">', ""])


def _json_ld(paper: Paper, story: Story) -> str:
    said = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": story.title,
        "datePublished": story.published,
        "articleSection": story.section,
        "inLanguage": story.lang,
        "author": {"@type": "Person", "name": story.author},
        "publisher": {"@type": "Organization", "name": paper.name},
    }
    return json.dumps(said, ensure_ascii=False).replace("</", "<\\/")


def _date(story: Story) -> str:
    if story.published is None:
        return ""
    when = datetime.fromisoformat(story.published)
    shown = f"{when.day} {_MONTHS.split()[when.month - 1]} {when.year}" if story.lang == "ar" else f"{when:%d %B %Y}"
    return f'<time class="date" datetime="{story.published}">{shown}</time>'


def _tail(paper: Paper, story: Story) -> str:
    """The source line and the short link that news themes put under a story taken over from elsewhere."""
    if story.source is None:
        return ""
    short = f"{paper.base}/?p=1027"
    return (
        f'<p class="source">{escape(story.source)}</p>\n'
        f'<div class="short-link"><label>{_LABELS[story.lang][2]}</label><input type="text" readonly value="{short}"></div>'
    )


def _list(paper: Paper, title: str, shown: Iterable[Story], stories: Sequence[Story], round_: int) -> bytes:
    teasers = (
        _fill("teaser.html", path=story.link, title=escape(story.title), summary=escape(story.paragraphs(round_)[0]))
        for story in shown
    )
    return _fill(
        "list.html",
        lang=paper.lang,
        dir="rtl" if paper.lang == "ar" else "ltr",
        title=escape(title),
        site=escape(paper.name),
        paper=paper.key,
        feed_type=paper.feed_type,
        feed_path=paper.feed_path,
        menu=_menu(paper, stories),
        teasers="".join(teasers),
    ).encode()


def _feed(paper: Paper, stories: Sequence[Story], round_: int) -> bytes:
    form = paper.feed_path == "/atom.xml"
    items = (_item(paper, story, round_, "atom-entry.xml" if form else "rss-item.xml") for story in stories)
    name = "atom.xml" if form else "rss.xml"
    return _fill(name, site=escape(paper.name), base=paper.base, lang=paper.lang, items="".join(items)).encode()


def _item(paper: Paper, story: Story, round_: int, template: str) -> str:
    when = datetime.fromisoformat(story.published) if story.published else None
    return _fill(
        template,
        title=escape(story.title),
        link=paper.base + story.link,
        guid=f"tag:newsroom.invalid,2026:{paper.key}:{story.path}",
        author=escape(story.author),
        section=escape(story.section),
        date=f"<pubDate>{format_datetime(when)}</pubDate>\n" if when else "",
        when=story.published or "",
        summary=escape(story.paragraphs(round_)[0]),
    )


def _sitemap(paper: Paper, stories: Iterable[Story]) -> bytes:
    items = (_fill("sitemap-url.xml", link=paper.base + story.path, when=(story.published or "")[:10]) for story in stories)
    return _fill("sitemap.xml", items="".join(items)).encode()


def _robots(paper: Paper) -> bytes:
    return _text("robots.txt" if paper.key == "wire" else "robots-open.txt").encode()


def _menu(paper: Paper, stories: Iterable[Story]) -> str:
    entries = {"/": _LABELS[paper.lang][0]} | {_section_path(section): section for section in _sections(stories)}
    return "".join(f'<li><a href="{path}">{escape(name)}</a></li>' for path, name in entries.items())


def _links(stories: Iterable[Story]) -> str:
    return "".join(f'<li><a href="{story.link}">{escape(story.title)}</a></li>' for story in stories)


def _sections(stories: Iterable[Story]) -> list[str]:
    return list(dict.fromkeys(story.section for story in stories if story.trouble != "private"))


def _section_path(section: str) -> str:
    return f"/section/{quote(section)}/"


def _listed(stories: Iterable[Story], where: str) -> list[Story]:
    return [story for story in stories if where in story.listed]


def _fill(template: str, **fields: str) -> str:
    return Template(_text(template)).substitute(fields)


@lru_cache
def _text(name: str) -> str:
    return (PAGES / name).read_text(encoding="utf-8")
