"""What a page says of itself in JSON-LD (schema.org): the article's node, and who publishes it.

Read as it is found: several scripts, graphs, lists, references by `@id`, raw line breaks and comment marks in between. Never
recursive, never more than `MOST_NODES` nodes.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final, TypeAlias

import msgspec

from crawler.model import Value

Json: TypeAlias = "dict[str, Json] | list[Json] | str | int | float | bool | None"
Node: TypeAlias = tuple[dict[str, Json], frozenset[str]]
"""An object, and its types in lower case; those are asked for eight times."""

MOST_NODES: Final = 2_000
MOST_CHARS: Final = 1_000_000
MOST_NAMES: Final = 50
MOST_TYPE: Final = 200

_ARTICLE_TYPES: Final = (
    "article newsarticle reportagenewsarticle analysisnewsarticle opinionnewsarticle backgroundnewsarticle reviewnewsarticle "
    "askpublicnewsarticle advertisercontentarticle blogposting liveblogposting socialmediaposting techarticle scholarlyarticle "
    "report satiricalarticle posting discussionforumposting"
)
_ARTICLES: Final = frozenset(_ARTICLE_TYPES.split())
_WEAKER: Final = frozenset(
    {
        "webpage",
        "itempage",
        "videoobject",
        "imagegallery",
        "creativework",
        "recipe",
        "review",
        "event",
        "howto",
        "podcastepisode",
    }
)
_OFFICES: Final = frozenset({"organization", "newsmediaorganization", "corporation", "brand"})
_OF_ARTICLE: Final = re.compile(r'"@type"\s*:\s*\[?\s*"\w*(?:Article|Posting)"')
_ASKED: Final = frozenset({"question"})
"""What a page of questions and answers opens with; on others it is a customer's, or the site's own."""
_THREADS: Final = frozenset({"discussionforumposting", "question"})
_SITES: Final = ("newsmediaorganization", "website", "organization")
_NO_TYPE: Final = frozenset[str]()
_INNER: Final = frozenset({dict, list})
_QUICK: Final[msgspec.json.Decoder[Json]] = msgspec.json.Decoder()
"""Four times as fast as the other one, and stricter: it reads 97 scripts of 100."""
_READER: Final = json.JSONDecoder(strict=False)
_PAIR: Final = re.compile(r'"(headline|datePublished|dateModified)"\s*:\s*"((?:[^"\\]|\\.){1,500})"')
_TRAILING: Final = re.compile(r",\s*(?=[}\]])")


class Story(Value, frozen=True, kw_only=True):
    """The fields of an article's node, as they stand there: strings, unjudged."""

    headline: str | None = None
    authors: tuple[str, ...] = ()
    offices: tuple[str, ...] = ()
    """Authors that are said to be organisations."""
    published: str | None = None
    modified: str | None = None
    sections: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    language: str | None = None
    publisher: str | None = None
    image: str | None = None
    caption: str | None = None
    free: bool = True
    """False only where it says that not everybody may read all of it."""
    summary: str | None = None
    source: str | None = None
    crumbs: tuple[str, ...] = ()
    """Names of the breadcrumb trail, the home page's and the article's own included."""
    thread: bool = False
    """Whether it is what opens a discussion: its author may go by any name."""
    types: tuple[str, ...] = ()
    """The type of every node of the page, in lower case, each once."""


def story(scripts: Iterable[str]) -> Story:
    """What the scripts of a page say together; an empty Story if nothing can be read."""
    nodes = _nodes(scripts)
    if not nodes:
        return Story()
    ids = _by_id(nodes)
    article, kinds = _article(nodes)
    persons, offices = _writers(article, ids)
    return Story(
        headline=_text(article.get("headline")) or (_text(article.get("name")) if kinds & _ARTICLES else None),
        authors=persons,
        offices=offices,
        published=_text(article.get("datePublished")) or _text(article.get("dateCreated")),
        modified=_text(article.get("dateModified")),
        sections=tuple(_texts(article.get("articleSection"))),
        tags=tuple(_keywords(article.get("keywords"))),
        language=_text(article.get("inLanguage")),
        publisher=_first_name(article.get("publisher"), ids) or _site(nodes),
        image=_image(article.get("image"), ids),
        caption=_caption(article.get("image"), ids),
        free=str(article.get("isAccessibleForFree")).lower() not in ("false", "0", "no"),
        summary=_text(article.get("description")),
        source=_first_name(article.get("isBasedOn") or article.get("sourceOrganization"), ids),
        crumbs=tuple(_crumbs(nodes)),
        thread=not _THREADS.isdisjoint(kinds),
        types=tuple(sorted(_NO_TYPE.union(*(kinds for _, kinds in nodes))))[:MOST_NAMES],
    )


def _by_id(nodes: list[Node]) -> dict[str, dict[str, Json]]:
    """The objects that others may mean by their `@id`; one that has nothing else is itself such a reference."""
    return {name: node for node, _ in nodes if isinstance(name := node.get("@id"), str) and len(node) > 1}


def _nodes(scripts: Iterable[str]) -> list[Node]:
    """Every object of every script, outermost first; of a story's comments nothing is read."""
    waiting, found = list(map(_load, scripts)), list[Node]()
    for value in waiting:  # it grows meanwhile
        if isinstance(value, dict):
            found.append((value, _kinds(value)))
            if len(found) == MOST_NODES:
                break
            waiting += [inner for name, inner in value.items() if type(inner) in _INNER and name != "comment"]
        elif isinstance(value, list):
            waiting += [inner for inner in value[:MOST_NODES] if type(inner) in _INNER]
    return found


def _load(script: str) -> Json:
    """The JSON of a script: where it isn't all of it, from its first bracket to its last, so that comment marks do no harm."""
    text = script[:MOST_CHARS]
    try:
        return _QUICK.decode(text)
    except (ValueError, RecursionError):
        text = _bare(text)
    for attempt in (text, _TRAILING.sub("", text)):
        try:
            loaded: Json = _READER.decode(attempt)
        except (ValueError, RecursionError):
            continue
        return loaded
    return _torn(text)


def _bare(text: str) -> str:
    """From the first bracket to the last."""
    text = text.replace("<![CDATA[", "").replace("]]>", "")
    starts = [place for place in (text.find("{"), text.find("[")) if place >= 0]
    return text[min(starts, default=0) : max(text.rfind("}"), text.rfind("]")) + 1]


def _torn(text: str) -> Json:
    """What can be told of a script that is no JSON: the first of each field that is written as it should be."""
    if not _OF_ARTICLE.search(text):
        return None
    found: dict[str, Json] = dict(reversed(_PAIR.findall(text)))
    return {"@type": "Article", **found} if found else None


def _kinds(node: dict[str, Json]) -> frozenset[str]:
    said = node.get("@type")
    if isinstance(said, str):
        return _kind(said[:MOST_TYPE])
    return frozenset().union(*map(_kind, _texts(said))) if said else _NO_TYPE


# Of the thirty types in use each page has three or four.
@lru_cache(maxsize=256)
def _kind(said: str) -> frozenset[str]:
    text = _text(said)
    return frozenset((text.rpartition("/")[2].lower(),)) if text else _NO_TYPE


def _article(nodes: list[Node]) -> Node:
    """The first article, best one with a headline and a date; else the page itself."""
    articles = [(node, kinds) for node, kinds in nodes if kinds & _ARTICLES and ("headline" in node or len(node) > 2)]
    ranked = sorted(
        articles, key=lambda n: ("discussionforumposting" in n[1]) - ("headline" in n[0]) - ("datePublished" in n[0])
    )
    weaker = _WEAKER | _ASKED if any("qapage" in kinds for _, kinds in nodes) else _WEAKER
    pages = ((node, kinds) for node, kinds in nodes if kinds & weaker and ("datePublished" in node or "headline" in node))
    return next(iter(ranked), None) or next(pages, ({}, _NO_TYPE))


def _texts(value: Json) -> list[str]:
    if value is None:
        return []
    values = value if isinstance(value, list) else [value]
    return [text for v in values[:MOST_NAMES] if (text := _text(v))]


def _text(value: Json) -> str | None:
    """A string as text: entities read (many write them here too), blanks folded. Also of `{"@value": …}` and `{"name": …}`."""
    if value is None:
        return None
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, dict):
        value = value.get("@value") or value.get("name")
    if not isinstance(value, str):
        return None
    value = value[:20_000]
    return " ".join((html.unescape(value) if "&" in value else value).split()) or None


def _writers(article: dict[str, Json], ids: dict[str, dict[str, Json]]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Names of authors: persons and what isn't said to be anything, and those said to be organisations."""
    persons: list[str] = []
    offices: list[str] = []
    for one in _resolved(article.get("author") or article.get("creator"), ids):
        if isinstance(one, dict):
            (offices if _kinds(one) & _OFFICES else persons).extend(_texts(one.get("name") or _in_parts(one)))
        else:
            persons.extend(_texts(one))
    return tuple(persons), tuple(offices)


def _in_parts(person: dict[str, Json]) -> str | None:
    """A name that is given in two fields."""
    return " ".join(part for name in ("givenName", "familyName") if (part := _text(person.get(name)))) or None


def _first_name(value: Json, ids: dict[str, dict[str, Json]]) -> str | None:
    named = (_texts(one.get("name") if isinstance(one, dict) else one) for one in _resolved(value, ids))
    return next((names[0] for names in named if names), None)


def _resolved(value: Json, ids: dict[str, dict[str, Json]]) -> list[Json]:
    if value is None:
        return []
    values = value if isinstance(value, list) else [value]
    found: list[Json] = []
    for one in values[:MOST_NAMES]:
        name = one.get("@id") if isinstance(one, dict) and "name" not in one else None
        found.append(ids.get(name, one) if isinstance(name, str) else one)
    return found


def _image(value: Json, ids: dict[str, dict[str, Json]]) -> str | None:
    for one in _resolved(value, ids):
        address = (one.get("url") or one.get("contentUrl")) if isinstance(one, dict) else one
        if text := _text(address):
            return text
    return None


def _caption(value: Json, ids: dict[str, dict[str, Json]]) -> str | None:
    first = next(iter(_resolved(value, ids)), None)
    return _text(first.get("caption")) if isinstance(first, dict) else None


def _keywords(value: Json) -> list[str]:
    texts = _texts(value)
    return [part.strip() for text in texts for part in text.split(",")] if len(texts) == 1 else texts


def _site(nodes: list[Node]) -> str | None:
    return next((name for kind in _SITES for n, kinds in nodes if kind in kinds and (name := _text(n.get("name")))), None)


def _crumbs(nodes: list[Node]) -> Iterator[str]:
    trail: dict[str, Json] = next((node for node, kinds in nodes if "breadcrumblist" in kinds), {})
    items = trail.get("itemListElement")
    for item in items[:MOST_NAMES] if isinstance(items, list) else []:
        inner = item.get("item") if isinstance(item, dict) else None
        name = _text(item) or _text(inner if isinstance(inner, dict) else None)
        if name:
            yield name
