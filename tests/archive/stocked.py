"""Archives with their stores, made once and copied for each test: to make one takes 0.3 s, to copy it 5 ms."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

import pytest

from crawler.config import Config, load
from crawler.rebuild.order import rebuild
from tests.archive.kept import fill
from tests.archive.samples import NOW


def config(root: Path) -> Config:
    """A configuration for an archive, in a file beside it."""
    path = root.with_name("config.yaml")
    path.write_text("archive: {dir: archive}\n")
    return load(path, {}, root.parent)


async def _stock(root: Path) -> None:
    await fill(root, (1, 2), seal=True)
    await fill(root, (3,), seal=False)
    await rebuild(config(root), force=False, now=NOW)


@pytest.fixture(scope="session")
def stock(tmp_path_factory) -> Path:
    """Two sealed segments and one that isn't, with their store. Not to be touched."""
    root = tmp_path_factory.mktemp("stock") / "archive"
    asyncio.run(_stock(root))
    return root


@pytest.fixture
def root(stock, tmp_path) -> Path:
    """A copy of it, with a configuration beside."""
    root = Path(shutil.copytree(stock, tmp_path / "archive"))
    config(root)
    return root
