"""By which names it may be called. Pure.

A page elsewhere can have a browser ask any name that its DNS then points to us (DNS rebinding); the browser sends that name.
So only addresses, `localhost` and names from the configuration are answered.
"""

from __future__ import annotations

from collections.abc import Collection
from ipaddress import ip_address


def called(host: str, names: Collection[str]) -> bool:
    """Whether a request with this Host field is for us; a port behind the name doesn't matter."""
    if host.startswith("["):
        return _is_address(host[1:].partition("]")[0])
    name = host.partition(":")[0].lower().rstrip(".")
    return name == "localhost" or name in {one.partition(":")[0].lower() for one in names} or _is_address(name)


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
