"""Which implementation answers which port: the only room that knows them all."""

from crawler.wiring.opening import Role, Shot, make_folders, on_index, open_oneshot, open_tools, parsers, store_path
from crawler.wiring.shares import ONESHOT_PATIENCE, children, oneshot_policy, policy, settings
from crawler.wiring.watched import enter_sources, first_poll, source_of, sources, span_of, sync_sources

__all__ = [
    "ONESHOT_PATIENCE",
    "Role",
    "Shot",
    "children",
    "enter_sources",
    "first_poll",
    "make_folders",
    "on_index",
    "oneshot_policy",
    "open_oneshot",
    "open_tools",
    "parsers",
    "policy",
    "settings",
    "source_of",
    "sources",
    "span_of",
    "store_path",
    "sync_sources",
]
