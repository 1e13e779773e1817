"""Write a boosted forest as the table `crawler.extraction.forest` reads: its trees in preorder, four digits a number."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from typing import Any

WIDTH = 124


def table(dumped: Mapping[str, Any]) -> str:
    """Of `Booster.dump_model()` of LightGBM (binary, no categories, nothing missing); lines short enough for a source file."""
    words = [word for tree in dumped["tree_info"] for word in _words(tree["tree_structure"])]
    return "\n".join(textwrap.wrap(" ".join(words), WIDTH, break_on_hyphens=False))


def _words(node: Mapping[str, Any]) -> Iterator[str]:
    if "split_feature" not in node:
        yield f"{node['leaf_value']:.3g}"
        return
    yield f"{node['split_feature']}<{node['threshold']:.4g}"
    yield from _words(node["left_child"])
    yield from _words(node["right_child"])
