"""Rules for single sites: which one holds for an address, and whether what it says can be looked for. Pure.

A selector is CSS as Lexbor knows it; `@name` behind it asks for an attribute instead of the text: `time.posted@datetime`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from selectolax.lexbor import LexborHTMLParser, SelectolaxError

from crawler import urls
from crawler.model import Rule, Url

MOST_SELECTORS: Final = 50
"""Of one key."""
LONGEST: Final = 500
"""Characters of a selector: a compiled one takes memory in each child."""

_ATTRIBUTE: Final = re.compile(r"^(.*\S)@([a-zA-Z][a-zA-Z0-9_:-]*)$", re.DOTALL)


def parted(selector: str) -> tuple[str, str | None]:
    """The CSS of a selector, and the attribute that is asked for."""
    found = _ATTRIBUTE.match(selector)
    return (found[1], found[2].lower()) if found else (selector, None)


def objection(selector: str) -> str | None:
    """Why a selector can't be used; None for one that can."""
    if len(selector) > LONGEST:
        return f"{len(selector)} characters - write a selector of at most {LONGEST}"
    try:
        LexborHTMLParser("").css(parted(selector)[0])
    except SelectolaxError:
        return f"`{selector[:80]}` is no CSS that can be used here - try it in a browser's inspector first"
    return None


def by_host(rules: Iterable[Rule]) -> Mapping[str, Rule]:
    """Rules by their hosts."""
    return {rule.host: rule for rule in rules}


def choose(rules: Mapping[str, Rule], url: Url) -> Rule | None:
    """The rule for an address: of its host (`www.` or not), else of the nearest domain above that a `*.` rule is for."""
    if not rules:
        return None
    host = urls.hostname(url)
    bare = host.removeprefix("www.")
    own = rules.get(host) or rules.get(bare) or rules.get(f"www.{bare}")
    if own is not None:
        return own
    labels = host.split(".")
    above = (rules.get("*." + ".".join(labels[start:])) for start in range(len(labels)))
    return next((rule for rule in above if rule is not None), None)
