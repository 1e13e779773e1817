"""What a check found."""

from __future__ import annotations

from typing import Literal

from crawler.model import Value

State = Literal["ok", "warn", "fail"]


class Checkup(Value, frozen=True, kw_only=True, omit_defaults=False):
    """One line of `warraq doctor`."""

    name: str
    state: State = "ok"
    """`warn`: it works, but not as well or not for long; `fail`: a crawl won't work."""
    said: str
    advice: str | None = None
    """What to do; None: nothing."""
