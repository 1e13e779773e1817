"""The lines of a robots.txt, and what they say to one agent (RFC 9309, sections 2.1 and 2.2). Pure.

Bytes are read as Latin-1, one character each: a path in windows-1256 is then the escapes its address has, as one in UTF-8 is.
"""

from __future__ import annotations

import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal, NamedTuple

MOST_BYTES: Final = 500 * 1024
"""What comes behind is ignored (RFC 9309, section 2.5)."""

_MOST_SIGNAL: Final = 2_000  # characters, for it is written into every record of the host
_MOST_SIGNALS: Final = 20
_BLANK: Final = " \t\v\f\0"

# A half-written UTF-8 mark is met, too (google/robotstxt skips it bytewise).
_BOM: Final = re.compile(rb"\xef?\xbb?\xbf?")
_LINE: Final = re.compile(
    r"^[ \t\v\f\0]*([A-Za-z]{1,20}(?:[-_ ][A-Za-z]{1,20})?)(?:[ \t]*:|[ \t]+)([^\n#]*)", re.MULTILINE | re.ASCII
)
# A robots.txt that was saved as a web page: `Disallow: /<BR>`.
_MARKUP: Final = re.compile(r"</?(?:!doctype|html|head|title|body|pre|p|br|div|span)\b[^<>\n]*>", re.IGNORECASE | re.ASCII)
_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)
_STAR: Final = re.compile(r"\*(?![A-Za-z0-9_-])", re.ASCII)
_SECONDS: Final = re.compile(r"\d{0,9}\.?\d{1,9}", re.ASCII)

_Field = Literal["agent", "allow", "disallow", "delay", "sitemap", "license", "content-signal", "content-usage", ""]

_RULES: Final = frozenset({"allow", "disallow"})
_FIELDS: Final[dict[str, _Field]] = {
    "user-agent": "agent",
    "allow": "allow",
    "disallow": "disallow",
    "crawl-delay": "delay",
    "crawl delay": "delay",
    "crawldelay": "delay",
    "sitemap": "sitemap",
    "sitemaps": "sitemap",
    "site-map": "sitemap",
    "license": "license",
    "content-signal": "content-signal",
    "content-usage": "content-usage",
}
# Typing errors that are met: Google and crawler-commons accept about a dozen between them (`dissalow`, `useg-agent`).
_AGENT_LIKE: Final = re.compile(r"u?s[a-z]{1,4}[-_ ]?ag(?:en|ne)ts?")
_DISALLOW_LIKE: Final = re.compile(r"d[a-z]{1,4}l{1,3}[ao]ws?")


class Said(NamedTuple):
    """What a file says to one agent."""

    rules: Mapping[str, bool] = MappingProxyType({})
    """The path of each rule as written, a character a byte; True: `Allow`, also where there is such a `Disallow`."""
    delay: float | None = None
    sitemaps: tuple[str, ...] = ()
    rights: tuple[tuple[str, str], ...] = ()
    """`content-signal` and `content-usage` of the agent's group, `license` of the file."""


class _Group:
    """The lines of all groups of one agent."""

    def __init__(self) -> None:
        self.named = False
        self.rules: dict[str, bool] = {}
        self.delay: float | None = None
        self.signals: dict[tuple[str, str], None] = {}

    def take(self, field: _Field, value: str) -> None:
        if field == "delay":
            self.delay = max(filter(None, (self.delay, _seconds(value))), default=None)
        elif value and len(self.signals) < _MOST_SIGNALS:
            self.signals[field, _readable(value)] = None


class _Reader:
    """Goes from line to line; knows to whom the next one speaks."""

    def __init__(self, product: str) -> None:
        token = _TOKEN.match(product)
        self._product = token[0].lower() if token else ""
        self._ours, self._everyones = _Group(), _Group()
        self._to: tuple[_Group, ...] = ()
        self._listing = False
        self._sitemaps: list[str] = []
        self._licenses: dict[str, None] = {}

    def read(self, text: str) -> Said:
        fields: dict[str, _Field] = dict(_FIELDS)
        for name, value in _LINE.findall(text):
            field = fields.get(name)
            if field is None:
                field = fields[name] = _field(name.lower())
            if field in _RULES:
                self._rule(value.strip(_BLANK), field == "allow")
            elif field:
                self._take(field, value.strip(_BLANK))
        group = self._ours if self._ours.named else self._everyones
        licenses = (("license", text) for text in list(self._licenses)[:_MOST_SIGNALS])
        return Said(group.rules, group.delay, tuple(self._sitemaps), (*group.signals, *licenses))

    def _rule(self, path: str, allow: bool) -> None:  # noqa: FBT001 - 40,000 calls
        # Only a rule ends a list of agents: other records "MUST NOT interfere" (RFC 9309, section 2.2.4).
        self._listing = False
        for group in self._to:
            if path:
                group.rules[path] = allow or group.rules.get(path, False)

    def _take(self, field: _Field, value: str) -> None:
        match field:
            case "agent":
                self._name(value)
            case "sitemap":
                self._sitemaps.append(_readable(value))
            case "license":
                self._licenses[_readable(value)] = None
            case _:
                for group in self._to:
                    group.take(field, value)

    def _name(self, value: str) -> None:
        if not self._listing:
            self._to, self._listing = (), True
        token = _TOKEN.match(value)
        if token and token[0].lower() == self._product:
            self._speak(self._ours)
        elif _STAR.match(value):
            self._speak(self._everyones)

    def _speak(self, group: _Group) -> None:
        group.named = True
        if group not in self._to:
            self._to = (*self._to, group)


def read(body: bytes, product: str) -> Said:
    """What a robots.txt says to a product; what can't be read is passed over. Only the first `MOST_BYTES` count."""
    return _Reader(product).read(_text(body))


def _text(body: bytes) -> str:
    whole = body[:MOST_BYTES]
    if len(body) > MOST_BYTES:
        # Half a line would be another rule: `/` of `/private`.
        whole = whole[: max(whole.rfind(b"\n"), whole.rfind(b"\r")) + 1]
    if whole.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        whole = whole.decode("utf-16", "replace").encode()
    text = _BOM.sub(b"", whole, count=1).decode("latin-1")
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _MARKUP.sub("", text) if "<" in text else text


def _field(name: str) -> _Field:
    known = _FIELDS.get(name)
    if known is not None:
        return known
    if _AGENT_LIKE.fullmatch(name):
        return "agent"
    return "disallow" if _DISALLOW_LIKE.fullmatch(name) else ""


def _seconds(value: str) -> float | None:
    found = _SECONDS.match(value)
    return float(found[0]) if found else None


def _readable(value: str) -> str:
    """On one line, without what can't be seen: it ends in records, and in a WARC's metadata."""
    text = value[:_MOST_SIGNAL].encode("latin-1").decode("utf-8", "replace")
    return text if text.isprintable() else " ".join("".join(char if char.isprintable() else " " for char in text).split())
