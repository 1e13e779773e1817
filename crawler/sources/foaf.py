"""Feeds of a FOAF document in RDF, by the names of its elements alone: planets and Yandex publish their lists so."""

from __future__ import annotations

from crawler.model import Value


class FoafFeed(Value, frozen=True, kw_only=True):
    """A feed, of whom, in which group."""

    address: str
    name: str = ""
    group: str = ""


class FoafReader:
    """Takes the elements of a document one after the other. A name may stand behind what it names."""

    def __init__(self) -> None:
        self._names: list[tuple[str, list[str]]] = []
        """The open elements, each with the name it gets."""
        self._found: list[tuple[str, list[str], list[str]]] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        local = _local(name)
        self._names.append((local, []))
        said = {_local(key): value.strip() for key, value in attributes.items()}
        address = said.get("about") if local == "channel" else said.get("resource") if local == "feed" else None
        if address and self._names[0][0] == "rdf":
            self._found.append((address, self._around("agent", "person"), self._around("group")))

    def end(self, name: str, text: str) -> None:
        """The element that was begun last ends; `text` is what stood in it."""
        self._names.pop()
        if _local(name) == "name" and self._names:
            self._names[-1][1].append(" ".join(text.split()))

    def feeds(self) -> tuple[FoafFeed, ...]:
        """All feeds so far, in their order."""
        return tuple(FoafFeed(address=at, name="".join(who[:1]), group="".join(group[:1])) for at, who, group in self._found)

    def _around(self, *locals_: str) -> list[str]:
        """The name of the innermost open element of these."""
        return next((names for local, names in reversed(self._names) if local in locals_), [])


def _local(name: str) -> str:
    return name.rpartition(":")[2].lower()
