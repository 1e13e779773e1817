"""One connection to the store's file and who may use it: one at a time, in a transaction that is kept or undone, never left."""

from __future__ import annotations

import asyncio
import os
import sqlite3
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from pathlib import Path
from typing import Any, Final, TypeVar

import aiosqlite
import msgspec

from crawler.ports import StoreError

T = TypeVar("T")
Column = int | float | str | bytes | None
Row = tuple[Any, ...]
"""What SQLite gives; `rows` makes values of it, and nothing else looks inside."""

PATIENCE: Final = 5.0
"""Seconds to wait for another process that writes."""

_MAY_PASS: Final = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_FULL})
_WHAT_TO_DO: Final[Mapping[int, str]] = {
    sqlite3.SQLITE_BUSY: "another process holds it; try again when it is done",
    sqlite3.SQLITE_CANTOPEN: "check that its folder exists and may be written",
    sqlite3.SQLITE_READONLY: "make the file and its folder writable",
    sqlite3.SQLITE_NOTADB: "name another file, or move this one away",
    sqlite3.SQLITE_CORRUPT: "restore it from a backup",
    sqlite3.SQLITE_FULL: "free some space",
    sqlite3.SQLITE_IOERR: "check the disk",
    sqlite3.SQLITE_IOERR_SHMSIZE: "its disk is full: free some space",
}


class _Ahead(sqlite3.Connection):
    """A connection that first does what was put off: the way to its thread and back takes 60 us, most statements 5.

    Who appends to `put_off` and who takes from it never do so at once: a statement is waited for.
    """

    put_off: list[Callable[[], object]]

    def execute(self, sql: str, parameters: Any = (), /) -> sqlite3.Cursor:
        """As ever, behind what was put off."""
        self._catch_up()
        return super().execute(sql, parameters)

    def commit(self) -> None:
        """As ever, behind what was put off."""
        self._catch_up()
        super().commit()

    def rollback(self) -> None:
        """As ever; what was put off is undone with the rest."""
        self.put_off.clear()
        super().rollback()

    def begin(self) -> None:
        """Take the write lock."""
        super().execute("BEGIN IMMEDIATE")

    def many(self, sql: str, rows: Sequence[Sequence[Column]]) -> None:
        """Run a statement for each of these rows."""
        super().executemany(sql, rows)

    def hits(self, sql: str, rows: Sequence[Sequence[Column]], found: list[bool]) -> None:
        """Run a statement for each of these rows; whether it changed anything."""
        found += [super(_Ahead, self).execute(sql, row).rowcount > 0 for row in rows]

    def _catch_up(self) -> None:
        while self.put_off:  # an errand puts off statements of its own
            steps, self.put_off = self.put_off, []
            for step in steps:
                step()


class Transaction:
    """What may be done inside: few statements, many rows each (an await costs as much as thirty rows)."""

    def __init__(self, connection: aiosqlite.Connection, beneath: _Ahead) -> None:
        self._connection = connection
        self._beneath = beneath

    def begin(self) -> None:
        """Take the write lock, with the first statement that is waited for."""
        self._beneath.put_off.append(self._beneath.begin)

    async def rows(self, sql: str, parameters: Sequence[Column] = ()) -> list[Row]:
        """Run a statement to its end; the rows it gives."""
        return [tuple(row) for row in await self._connection.execute_fetchall(sql, parameters)]

    async def each(self, sql: str, rows: Iterable[Sequence[Column]]) -> None:
        """Run a statement for each of these rows, in one go, before the next statement or the end; no rows: not at all.

        What is wrong with it is told there.
        """
        listed = list(rows)
        if listed:
            self._beneath.put_off.append(partial(self._beneath.many, sql, listed))

    async def hits(self, sql: str, rows: Sequence[Sequence[Column]]) -> list[bool]:
        """Run a statement that gives nothing for each of these rows; whether it changed anything, row by row.

        A key costs 2.3 us where one DELETE of a list from `json_each`, RETURNING what was there, costs 10.
        """
        found: list[bool] = []
        self._beneath.put_off.append(partial(self._beneath.hits, sql, rows, found))
        await self.rows("SELECT 1")
        return found


class _There(Transaction):
    """The same in the connection's own thread, where nothing is waited for."""

    async def rows(self, sql: str, parameters: Sequence[Column] = ()) -> list[Row]:
        """As ever."""
        found: list[Row] = self._beneath.execute(sql, parameters).fetchall()
        return found


Errand = Callable[[Transaction], Coroutine[Any, Any, T]]
"""What is to be done inside, and waits for nothing but its own statements."""


def _run(errand: Errand[T], tx: Transaction, brought: list[T]) -> None:
    coroutine = errand(tx)
    try:
        coroutine.send(None)
    except StopIteration as end:
        brought.append(end.value)
    else:
        coroutine.close()
        raise AssertionError("an errand waits for something besides its statements")


class Database:
    """A file, a connection and a lock."""

    def __init__(self, path: Path, connection: aiosqlite.Connection, beneath: _Ahead) -> None:
        self.path = path
        # SQLite opens what it can't write for reading only, and such a connection never gets better.
        self._was_writable = os.access(path, os.W_OK)
        self._connection = connection
        self._beneath = beneath
        self._lock = asyncio.Lock()
        self._inside = Transaction(connection, beneath)
        self._there = _There(connection, beneath)

    @classmethod
    async def connect(cls, path: Path) -> Database:
        """Open a file, or begin one. Nothing is read yet, but for what SQLite asks of its header.

        Raises:
            StoreError: there is no such folder, or it can't be written.
        """
        with told(path):
            opened = await asyncio.to_thread(_open, path)
        # Opened by ourselves: where aiosqlite can't open a file, it leaves a thread that may outlive the loop it reports to.
        return cls(path, await aiosqlite.Connection(lambda: opened, iter_chunk_size=64), opened)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        """All or nothing: kept at the end, undone by whatever is raised, a cancellation too.

        A cancellation during the last step, the commit, comes through at the caller's next await: so who gets one from
        here can rely on nothing having been written.

        Raises:
            StoreError: the file can't be read or written.
        """
        async with self._lock:
            with told(self.path, was_writable=self._was_writable):
                try:
                    self._inside.begin()
                    yield self._inside
                    await to_the_end(self._commit())
                except BaseException:
                    await to_the_end(self._connection.rollback())
                    raise

    @asynccontextmanager
    async def outside(self) -> AsyncIterator[Transaction]:
        """The connection without a transaction: for single reads, and for settings that can't be changed in one."""
        async with self._lock:
            with told(self.path):
                yield self._inside
                if self._beneath.put_off:
                    await self._connection.commit()

    async def write(self, errand: Errand[T]) -> T:
        """Do a whole transaction in one trip to the connection's thread: a commit of 32 pages takes eight, each 60 us.

        All of it is the last step of `transaction`: whoever gets a cancellation from here has written nothing.
        """
        brought: list[T] = []
        async with self.transaction():
            self._beneath.put_off.append(partial(_run, errand, self._there, brought))
        return brought[0]

    async def read(self, errand: Errand[T]) -> T:
        """The same without a transaction."""
        brought: list[T] = []
        await self._there_do(partial(_run, errand, self._there, brought))
        return brought[0]

    async def lend(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Have blocking work done by the connection itself, in its thread; its transactions are its own to begin and to end.

        For whoever would have another connection: at each commit there this one forgets all it has read, up to 32 MB.
        """
        brought: list[T] = []
        await self._there_do(lambda: brought.append(work(self._beneath)))
        return brought[0]

    async def _there_do(self, step: Callable[[], object]) -> None:
        async with self._lock:
            with told(self.path):
                self._beneath.put_off.append(step)
                try:
                    await to_the_end(self._connection.commit())
                finally:
                    self._beneath.put_off.clear()  # what an errand that failed still meant to do

    async def _commit(self) -> None:
        """The one place where what was written becomes durable."""
        await self._connection.commit()

    async def backup(self, path: Path) -> None:
        """Copy the whole store to another file, whose content is replaced."""
        async with self._lock:
            with told(path):
                async with aiosqlite.connect(path) as copy:
                    await self._connection.backup(copy)

    async def close(self) -> None:
        """Let whoever is inside finish, then close. Closing again changes nothing."""
        async with self._lock:
            await to_the_end(self._connection.close())


def listed(values: object) -> str:
    """The parameter of `json_each(?)`: a list of numbers, texts, or lists of these."""
    return msgspec.json.encode(values).decode()


def _open(path: Path) -> _Ahead:
    opened = sqlite3.connect(path, timeout=PATIENCE, isolation_level=None, check_same_thread=False, factory=_Ahead)
    opened.put_off = []
    return opened


@contextmanager
def told(path: Path, *, was_writable: bool = False) -> Iterator[None]:
    """Say which file it was, and what to do. `was_writable`: when it was opened, so that what refuses it now may pass."""
    try:
        yield
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
        refused = was_writable and _refused(path, code)
        known = code if code in _WHAT_TO_DO else code & 0xFF  # the primary one
        hint = _WHAT_TO_DO.get(sqlite3.SQLITE_READONLY if refused else known)
        again = refused or _may_pass(code)
        raise StoreError(f"{path}: {error}; {hint}" if hint else f"{path}: {error}", again=again) from error


def _may_pass(code: int) -> bool:
    # A full disk can't lengthen the index of the log either, and SQLite has no code of its own for that.
    return code & 0xFF in _MAY_PASS or code == sqlite3.SQLITE_IOERR_SHMSIZE


def _refused(path: Path, code: int) -> bool:
    """Whether the file may not be written any more: its disk became read-only, or its permissions were changed."""
    if code & 0xFF == sqlite3.SQLITE_READONLY:
        return code != sqlite3.SQLITE_READONLY_DBMOVED  # what we have open has no name any more
    # Of EROFS and EACCES at a write SQLite says "disk I/O error" and nothing more, as it does of a disk that breaks.
    return code & 0xFF == sqlite3.SQLITE_IOERR and path.exists() and not os.access(path, os.W_OK)


async def to_the_end(work: Coroutine[Any, Any, object]) -> None:
    """Wait until it is done, also when cancelled meanwhile; the cancellation is put off to the next await."""
    task = asyncio.ensure_future(work)
    cancelled = False
    while not task.done():
        try:
            await asyncio.wait({task})
        except asyncio.CancelledError:
            cancelled = True
    me = asyncio.current_task()
    if cancelled and me is not None:
        me.uncancel()  # the request we swallowed; a timeout counts them
        me.cancel()
    task.result()
