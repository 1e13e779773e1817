"""robots.txt: what it allows us (RFC 9309). Pure; an adapter over protego, which matches paths and percent-encoding.

Agent names are ours: protego lets `User-agent: War` govern `Warraq`, doesn't cut `foo/1.2` at the token, and takes any
unknown line for the end of a list of agents. So lines are tidied before it sees them: one of ours, the star, or another's.
"""

from __future__ import annotations

import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from typing import Final, Self

from protego import Protego

from crawler.model import RobotsCopy, Seconds

PRODUCT: Final = "Warraq"
"""Our product token: first in the User-Agent we send, and the one looked for in `User-agent:` lines."""

MOST_BYTES: Final = 500 * 1024
"""What comes behind is ignored (RFC 9309, section 2.5)."""

PATH: Final = "/robots.txt"

_SUCCESS: Final = range(200, 300)
_UNAVAILABLE: Final = range(300, 500)
_TOO_MANY_REQUESTS: Final = 429

_LINE: Final = re.compile(r"\r\n|\n|\r")
_AGENT: Final = re.compile(r"user[- ]?agent(?:\s*:|\s)\s*(.*)", re.IGNORECASE)
# The misspellings are those protego knows.
_RULE: Final = re.compile(r"(?:d[ias]{3,4}l{1,2}[oa]w|allow|site-?maps?|crawl[- ]delay)\b", re.IGNORECASE)
_TOKEN: Final = re.compile(r"[a-z0-9_-]+", re.IGNORECASE)
_STAR: Final = re.compile(r"\*(?![a-z0-9_-])", re.IGNORECASE)
_BOM: Final = re.compile(rb"\xef?\xbb?\xbf?")
_SOMEBODY_ELSE: Final = "!"


class Rules:
    """What one robots.txt says to us."""

    def __init__(self, parsed: Protego, *, product: str, everything: bool | None = None) -> None:
        self._parsed = parsed
        self._product = product
        self._everything = everything

    @classmethod
    def parse(cls, body: bytes, product: str = PRODUCT) -> Self:
        """Read a robots.txt; anything that can't be read is passed over. Only the first `MOST_BYTES` count."""
        lines = (_tidy(line, product) for line in _LINE.split(_text(body)))
        return cls(Protego.parse("\n".join(line for line in lines if line)), product=product)

    @classmethod
    def all_allowed(cls) -> Self:
        """No rules: there is no robots.txt."""
        return cls(Protego.parse(""), product=PRODUCT, everything=True)

    @classmethod
    def none_allowed(cls) -> Self:
        """Nothing but robots.txt itself: we couldn't read what we may do."""
        return cls(Protego.parse(""), product=PRODUCT, everything=False)

    def allows(self, url: str) -> bool:
        """Whether we may ask for an absolute URL; robots.txt itself always."""
        if self._everything is not None:
            return self._everything or _is_robots(url)
        return self._parsed.can_fetch(url, self._product)

    @property
    def crawl_delay(self) -> Seconds | None:
        """The Crawl-delay that speaks to us, as written there (an extension; `politeness.gap` bounds it)."""
        return self._parsed.crawl_delay(self._product)

    @property
    def sitemaps(self) -> tuple[str, ...]:
        """The sitemaps it names, as written there; they belong to the site, not to an agent."""
        return tuple(self._parsed.sitemaps)


def verdict(copy: RobotsCopy, product: str = PRODUCT) -> Rules:
    """What a copy means (RFC 9309, section 2.3.1).

    2xx: its rules. 4xx but 429, and redirects that lead to no file: no restrictions. 5xx, 429 and unreachable (0): nothing
    is allowed.
    """
    if copy.status in _SUCCESS:
        return Rules.parse(copy.body, product)
    return Rules.all_allowed() if reachable(copy.status) else Rules.none_allowed()


def reachable(status: int) -> bool:
    """Whether a status says anything about what is allowed; if not, an older copy is better."""
    return status in _SUCCESS or (status in _UNAVAILABLE and status != _TOO_MANY_REQUESTS)


def _is_robots(url: str) -> bool:
    path = "/" + url.partition("//")[2].partition("/")[2]
    return re.split(r"[?#]", path, maxsplit=1)[0] == PATH


def _text(body: bytes) -> str:
    whole = body[:MOST_BYTES]
    if len(body) > MOST_BYTES:
        # Half a line would be another rule: `/` of `/private`.
        whole = whole[: max(whole.rfind(b"\n"), whole.rfind(b"\r")) + 1]
    if whole.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        return whole.decode("utf-16", "replace")
    return _BOM.sub(b"", whole, count=1).decode("utf-8", "replace")


def _tidy(line: str, product: str) -> str:
    """A line as protego shall see it: empty for what it doesn't know, the agent cut to a token it can't get wrong."""
    rule = line.partition("#")[0].strip()
    agent = _AGENT.match(rule)
    if agent is None:
        return rule if _RULE.match(rule) else ""
    return f"User-agent: {_agent(agent[1], product)}"


def _agent(name: str, product: str) -> str:
    if _STAR.match(name):
        return "*"
    token = _TOKEN.match(name)
    return product if token and token[0].lower() == product.lower() else _SOMEBODY_ELSE
