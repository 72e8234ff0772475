"""The one way to the database: pooled SQLite by default, PostgreSQL where the operator asks for it.

Piccolo's own SQLite engine opens a connection and a thread for each query and knows no WAL. Ours keeps a few open,
each with WAL, synchronous=NORMAL (a power cut may lose the last moments, never the consistency) and a patient wait
for the write lock. Transactions that write must be IMMEDIATE: a deferred one that reads first fails under load.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

import aiosqlite
from piccolo.engine.base import Engine
from piccolo.engine.postgres import PostgresEngine
from piccolo.engine.sqlite import SQLiteEngine, SQLiteTransaction, TransactionType, dict_factory
from piccolo.querystring import QueryString
from piccolo.table import Table

from portal.settings import Settings

WAIT_FOR_LOCK_S = 30
KEPT_CONNECTIONS = 8
"""As many SQLite connections as are open at most; the next query waits for its turn."""
POSTGRES_POOL = (1, 8)

_PRAGMAS = (
    "foreign_keys = 1",
    "journal_mode = WAL",
    "synchronous = NORMAL",
    "temp_store = MEMORY",
    "secure_delete = ON",
)


class PooledTransaction(SQLiteTransaction):
    """A transaction that gives its connection back, and never one whose transaction is still open."""

    async def __aexit__(
        self,
        exception_type: type[BaseException] | None,
        exception: BaseException | None,
        traceback: TracebackType | None,
    ) -> bool:
        """Commits, or rolls back after an exception; a cancellation rolls back too and cannot interrupt that."""
        if self._parent:
            return exception is None
        try:
            await asyncio.shield(self._end(rolled_back=exception is not None))
        finally:
            self.engine.current_transaction.reset(self.context)
        return exception is None

    async def _end(self, *, rolled_back: bool) -> None:
        engine = self.engine
        assert isinstance(engine, PooledSQLiteEngine)  # noqa: S101 - only that engine makes these
        try:
            if rolled_back and not self._rolled_back:
                await self.rollback()  # type: ignore[no-untyped-call]
            elif not rolled_back and not self._committed and not self._rolled_back:
                await self.commit()  # type: ignore[no-untyped-call]
        finally:
            await engine.give_back(self.connection)

    async def begin(self) -> None:
        """Begins; where that fails (the lock was not to be had), the connection goes back at once."""
        try:
            await super().begin()  # type: ignore[no-untyped-call]
        except BaseException:
            assert isinstance(self.engine, PooledSQLiteEngine)  # noqa: S101 - only that engine makes these
            await asyncio.shield(self.engine.give_back(self.connection))
            raise


class PooledSQLiteEngine(SQLiteEngine):
    """SQLite with a small pool of open connections, which never hold up the end of the process."""

    def __init__(self, path: str) -> None:
        super().__init__(path=path, timeout=WAIT_FOR_LOCK_S)
        self._idle: list[aiosqlite.Connection] = []
        self._turns = asyncio.Semaphore(KEPT_CONNECTIONS)

    async def start_connection_pool(self, **_: Any) -> None:  # noqa: ANN401 - Piccolo's signature
        """Nothing to do: connections are opened as they are wanted."""

    async def close_connection_pool(self) -> None:
        """Closes what is idle; a later query opens anew."""
        while self._idle:
            await self._idle.pop().close()
        self._turns = asyncio.Semaphore(KEPT_CONNECTIONS)

    async def get_connection(self) -> aiosqlite.Connection:
        """A connection for one transaction or query; to be returned with `give_back`."""
        await self._turns.acquire()
        try:
            return self._idle.pop() if self._idle else await self._open()
        except BaseException:
            self._turns.release()
            raise

    async def give_back(self, connection: aiosqlite.Connection) -> None:
        """Takes a connection back; one whose transaction could not be ended is closed instead."""
        try:
            if connection.in_transaction:
                await connection.close()
            else:
                self._idle.append(connection)
        finally:
            self._turns.release()

    async def _open(self) -> aiosqlite.Connection:
        connection = aiosqlite.connect(**self.connection_kwargs)
        # aiosqlite's thread is not a daemon: a connection still open would keep the process from ending.
        connection._thread.daemon = True  # noqa: SLF001 - there is no public way (omnilib/aiosqlite#299)
        await connection
        connection.row_factory = dict_factory  # type: ignore[assignment]
        for pragma in _PRAGMAS:
            await connection.execute_fetchall(f"PRAGMA {pragma}")
        return connection

    async def _run_in_new_connection(
        self,
        query: str,
        args: list[Any] | None = None,
        query_type: str = "generic",  # noqa: ARG002 - Piccolo's signature
        table: type[Table] | None = None,  # noqa: ARG002
    ) -> Sequence[Any]:
        connection = await self.get_connection()
        try:
            return list(await connection.execute_fetchall(query, args or []))
        finally:
            await asyncio.shield(self.give_back(connection))

    async def _run_in_existing_connection(
        self,
        connection: aiosqlite.Connection,
        query: str,
        args: list[Any] | None = None,
        query_type: str = "generic",  # noqa: ARG002 - Piccolo's signature
        table: type[Table] | None = None,  # noqa: ARG002
    ) -> Sequence[Any]:
        return list(await connection.execute_fetchall(query, args or []))

    def transaction(
        self,
        transaction_type: TransactionType = TransactionType.immediate,
        allow_nested: bool = True,  # noqa: FBT001, FBT002 - Piccolo's signature
    ) -> PooledTransaction:
        """A transaction that has the write lock from its start."""
        return PooledTransaction(engine=self, transaction_type=transaction_type, allow_nested=allow_nested)


def make_engine(settings: Settings) -> Engine[Any]:
    """The engine that the settings ask for."""
    if settings.database_url:
        return PostgresEngine(config={"dsn": settings.database_url}, extensions=())
    settings.var.mkdir(parents=True, exist_ok=True)
    return PooledSQLiteEngine(str(settings.database_file))


def engine() -> Engine[Any]:
    """The engine of this process, which Piccolo's tables use as well."""
    import piccolo_conf  # noqa: PLC0415 - which itself asks us to make the engine

    return piccolo_conf.DB


def transaction() -> Any:  # noqa: ANN401 - Piccolo's transactions share no type
    """A transaction fit to write in: IMMEDIATE on SQLite. Tasks started inside it would share it: start none."""
    return engine().transaction()


@asynccontextmanager
async def pool() -> AsyncIterator[None]:
    """Connections for the life of a process."""
    database: Any = engine()
    low, high = POSTGRES_POOL
    await database.start_connection_pool(min_size=low, max_size=high)
    try:
        yield
    finally:
        await database.close_connection_pool()


async def rows(sql: str, *values: object) -> list[dict[str, Any]]:
    """The rows of one SQL statement that both databases take; `{}` stands for each value."""
    found = await engine().run_querystring(QueryString(sql, *values))
    return [dict(row) for row in found or []]


async def hold(name: str) -> None:
    """Until the transaction ends, all others who would hold that name wait; SQLite's writers do so anyway."""
    if not is_sqlite():
        await rows("SELECT pg_advisory_xact_lock(hashtext({}))", name)


async def now() -> datetime:
    """The database's time, aware and in UTC: one clock for all processes. It goes on during a transaction."""
    if is_sqlite():
        found = await rows("SELECT strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now') AS moment")
        return datetime.fromisoformat(found[0]["moment"])
    found = await rows("SELECT clock_timestamp() AS moment")
    moment: datetime = found[0]["moment"]
    return moment.astimezone(UTC)


async def overwrite_deleted() -> None:
    """Empties SQLite's write-ahead log, which still holds pages as they were; in the file, deleted rows are zeros.

    Where somebody reads just then, the next one does it. PostgreSQL's vacuum has its own times.
    """
    if is_sqlite():
        await rows("PRAGMA wal_checkpoint(TRUNCATE)")


def is_sqlite() -> bool:
    """Whether our database is SQLite."""
    return isinstance(engine(), SQLiteEngine)
