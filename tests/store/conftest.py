import pytest

from crawler.store.memory import MemoryStore
from crawler.store.sqlite import SqliteStore


@pytest.fixture(params=["memory", "sqlite"])
async def store(request, tmp_path):
    opened = MemoryStore() if request.param == "memory" else await SqliteStore.open(tmp_path / "warraq.db")
    yield opened
    await opened.close()
