"""What two readers of a feed must see alike."""

from __future__ import annotations

from typing import Any

from crawler.sources.fields import Soup

# What `xmlfeed` asks of an item, and of its channel, as it stands there.
OF_ITEM = ("title", "summary", "id", "link", "guidislink", "published", "updated", "author", "feedburner_origlink")
OF_CHANNEL = ("title", "language", "ttl", "sy_updateperiod", "sy_updatefrequency")


def plain(fields: object, *names: str) -> dict[str, Any]:
    """These fields, where they are; of feedparser's own dictionaries, too, which tell others in the place of missing ones."""
    assert isinstance(fields, dict)
    there = dict(fields)
    return {name: there[name] for name in names if name in there}


def of_item(entry: object) -> dict[str, Any]:
    """What of an item is asked for."""
    lists = plain(entry, "content", "links", "media_content", "media_thumbnail", "tags", "authors")
    details = plain(entry, "title_detail", "summary_detail")
    return {
        **plain(entry, *OF_ITEM),
        "types": {name: detail["type"] for name, detail in details.items()},
        "content": [(one["type"], one["value"]) for one in lists.get("content", ())],
        "links": [(one["rel"], one.get("href") or one.get("url"), one.get("length")) for one in lists.get("links", ())],
        "media": [dict(one) for name in ("media_content", "media_thumbnail") for one in lists.get(name, ())],
        "tags": [one["term"] for one in lists.get("tags", ())],
        # where an address is, nobody asks for the names
        "names": [one.get("name") or "" for one in lists.get("authors", ()) if "@" not in plain(entry, "author")["author"]],
    }


def same(one: Soup, other: Soup) -> None:
    assert plain(one.channel, *OF_CHANNEL) == plain(other.channel, *OF_CHANNEL)
    assert [of_item(entry) for entry in one.entries] == [of_item(entry) for entry in other.entries]
