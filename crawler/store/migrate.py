"""Bring a store to today's tables: make a new one, mend an older one behind a backup, refuse what isn't ours."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final
from uuid import uuid4

from crawler import urls
from crawler.ports import StoreError
from crawler.store import statements
from crawler.store.connection import Database, Transaction

SQL: Final = statements.load("migrate")


async def open_store(path: Path, steps: Mapping[int, str]) -> tuple[Database, str]:
    """Open a store at the newest of `steps`; its archive's id with it.

    Raises:
        StoreError: the file can't be opened or isn't a store, or is one of a newer version or another dedupe key.
    """
    db = await Database.connect(path)
    try:
        await _migrate(db, steps)
        return db, await _archive_id(db)
    except BaseException:
        await db.close()
        raise


@asynccontextmanager
async def opened(path: Path) -> AsyncIterator[tuple[Database, str]]:
    """A store with today's tables, and its archive's id, for a command: made if it isn't there, closed at the end.

    Raises:
        StoreError: as `open_store`.
    """
    db, archive_id = await open_store(path, statements.migrations())
    try:
        yield db, archive_id
    finally:
        await db.close()


async def _migrate(db: Database, steps: Mapping[int, str]) -> None:
    newest = max(steps)
    async with db.outside() as inside:
        found = await _version(inside, db.path)
        _refuse_newer(found, newest, db.path)
        for setting in statements.split(statements.text("open.sql")):
            await inside.rows(setting)
    if 0 < found < newest:
        await db.backup(db.path.with_name(f"{db.path.name}.v{found}.bak"))
    if found < newest:
        await _climb(db, steps, newest)


async def _climb(db: Database, steps: Mapping[int, str], newest: int) -> None:
    """All missing steps in one transaction; another process may have been quicker, so look again inside it."""
    async with db.transaction() as tx:
        found = await _version(tx, db.path)
        for version in range(found + 1, newest + 1):
            for statement in statements.split(steps[version]):
                await tx.rows(statement)
        if found == 0:
            made = {"key_version": str(urls.KEY_VERSION), "archive_id": str(uuid4())}
            await tx.each(SQL["set_meta"], made.items())
        await tx.rows(SQL["set_meta"], ("schema_version", str(newest)))


async def _version(tx: Transaction, path: Path) -> int:
    """0: there is nothing in it yet."""
    tables = {str(name) for (name,) in await tx.rows(SQL["tables"])}
    if not tables:
        return 0
    meta: dict[str, str] = dict(await tx.rows(SQL["meta"])) if "meta" in tables else {}
    if "schema_version" not in meta:
        raise StoreError(f"{path}: a database, but no store of Warraq; name another file")
    return int(meta["schema_version"])


def _refuse_newer(found: int, newest: int, path: Path) -> None:
    if found > newest:
        raise StoreError(
            f"{path}: made by a newer Warraq (version {found} of the store, this one knows {newest}); "
            f"install that one, or go on with the backup {path.name}.v{newest}.bak"
        )


async def _archive_id(db: Database) -> str:
    async with db.outside() as inside:
        meta = {str(key): str(value) for key, value in await inside.rows(SQL["meta"])}
    if meta["key_version"] != str(urls.KEY_VERSION):
        raise StoreError(
            f"{db.path}: its addresses are hashed by version {meta['key_version']} of the dedupe key, this Warraq uses "
            f"{urls.KEY_VERSION}; `warraq archive rebuild --force` makes the store again from the archive"
        )
    return meta["archive_id"]
