import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest

from portal import database, settings
from portal.accounts.tables import Allowance
from portal.database import PooledSQLiteEngine, rows, transaction
from tests.portal.conftest import Installation

WRITERS = 2
ROUNDS = 60
READS_THEN_WRITES = """
import asyncio
from portal.accounts.tables import Allowance
from portal.database import pool, transaction

async def add() -> None:
    for _ in range({rounds}):
        async with transaction():
            row = await Allowance.select(Allowance.used_until).first()
            await Allowance.update({{Allowance.used_until: row["used_until"] + 1}}, force=True)

async def main() -> None:
    async with pool():
        await asyncio.gather(*(add() for _ in range(5)))

asyncio.run(main())
"""
ENDS_WITH_OPEN_CONNECTIONS = """
import asyncio
from portal.database import rows

asyncio.run(rows("SELECT 1 AS one"))
"""


def only_sqlite(portal: Installation) -> PooledSQLiteEngine:
    if portal.kind != "sqlite":
        pytest.skip("about our SQLite engine")
    engine = database.engine()
    assert isinstance(engine, PooledSQLiteEngine)
    return engine


def run(code: str, portal: Installation) -> subprocess.Popen[bytes]:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("KYBERKUNTO_")}
    return subprocess.Popen([sys.executable, "-c", code], env={**environment, **portal.environment})


async def test_connections_have_wal_and_check_foreign_keys(portal: Installation) -> None:
    only_sqlite(portal)
    assert [row["journal_mode"] for row in await rows("PRAGMA journal_mode")] == ["wal"]
    assert [row["foreign_keys"] for row in await rows("PRAGMA foreign_keys")] == [1]
    assert [row["synchronous"] for row in await rows("PRAGMA synchronous")] == [1]


async def test_two_processes_that_read_and_then_write_lose_nothing(portal: Installation) -> None:
    only_sqlite(portal)
    await Allowance(key_hash="shared", used_until=0).save()
    writers = [run(READS_THEN_WRITES.format(rounds=ROUNDS), portal) for _ in range(WRITERS)]
    codes = [await asyncio.to_thread(writer.wait, 120) for writer in writers]
    found = await Allowance.select(Allowance.used_until).first()
    assert codes == [0] * WRITERS
    assert found == {"used_until": WRITERS * 5 * ROUNDS}


async def test_open_connections_do_not_keep_a_process_from_ending(portal: Installation) -> None:
    process = run(ENDS_WITH_OPEN_CONNECTIONS, portal)
    assert await asyncio.to_thread(process.wait, 30) == 0


@pytest.mark.usefixtures("portal")
async def test_failed_transaction_leaves_nothing() -> None:
    async def write_and_fail() -> None:
        async with transaction():
            await Allowance(key_hash="a").save()
            raise RuntimeError("no")

    with pytest.raises(RuntimeError, match="no"):
        await write_and_fail()
    assert await Allowance.count() == 0


@pytest.mark.usefixtures("portal")
async def test_cancelled_transaction_leaves_nothing_and_gives_its_connection_back() -> None:
    inside = asyncio.Event()

    async def write_and_wait() -> None:
        async with transaction():
            await Allowance(key_hash="a").save()
            inside.set()
            await asyncio.sleep(60)

    for _ in range(database.KEPT_CONNECTIONS + 1):
        inside.clear()
        task = asyncio.create_task(write_and_wait())
        await inside.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert await Allowance.count() == 0
    await Allowance(key_hash="a").save()
    assert await Allowance.count() == 1


async def test_cancelled_query_gives_its_connection_back(portal: Installation) -> None:
    engine = only_sqlite(portal)
    for _ in range(3 * database.KEPT_CONNECTIONS):
        task = asyncio.create_task(rows("SELECT 1 AS one"))
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    async with asyncio.timeout(5):
        found = await asyncio.gather(*(rows("SELECT 1 AS one") for _ in range(20)))
    assert found == [[{"one": 1}]] * 20
    assert isinstance(engine, PooledSQLiteEngine)


@pytest.mark.usefixtures("portal")
async def test_more_queries_than_connections_wait_for_their_turn() -> None:
    await asyncio.gather(*(Allowance(key_hash=str(number)).save() for number in range(100)))
    assert await Allowance.count() == 100


def test_database_is_the_one_that_the_settings_name(tmp_path: Path) -> None:
    chosen = settings.read({"KYBERKUNTO_VAR": str(tmp_path)})
    assert database.make_engine(chosen).path == str(tmp_path / "kyberkunto.sqlite")  # type: ignore[attr-defined]
