"""The portal on real databases: every test that uses `portal` runs on SQLite, and on PostgreSQL where there is one.

KYBERKUNTO_TEST_POSTGRES is the URL of a server in which databases may be made (`tools/test` starts one).
"""

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4
from zlib import crc32

import httpx
import psycopg
import pytest
from litestar import Litestar
from piccolo.apps.migrations.tables import Migration
from piccolo.table import Table

from portal import database, jobs, settings
from portal.accounts.tables import (
    Allowance,
    Authenticator,
    City,
    DomainProof,
    Invitation,
    Membership,
    Organisation,
    Passkey,
    PasskeyChallenge,
    Person,
    RecoveryCode,
    Role,
    Session,
    SignInLink,
)
from portal.app import build_app
from portal.assessments.solutions.tables import Solution
from portal.assessments.tables import (
    AnswerSheet,
    Assessment,
    CheckLog,
    Dispute,
    DoneFix,
    FindingRow,
    Reply,
    Report,
    SheetDomain,
    SheetReport,
    Worker,
)
from portal.awards.tables import Comparison, Decision, FeedbackLetter, Publication, Standing
from portal.calls.tables import Call, CallCity, CallVersion
from portal.entries.tables import Entry, Submission, Upload
from portal.events.tables import Event, Mentorship, Registration, Slot
from portal.juries.tables import Conflict, Juror, Reading, Round, RoundEntry, Score
from portal.mail.tables import Letter
from portal.migrating import migrate
from portal.privacy.tables import Export, Feedback
from portal.programme.tables import Contribution, Participation, Pilot, Snapshot
from portal.sharing.tables import Badge, ShareLink
from portal.watching.tables import Notice, Watch, Watcher
from tests.conftest import SOAK
from tests.portal.responder import Responder
from tests.portal.tampering import empty_log

TABLES: tuple[type[Table], ...] = (
    FeedbackLetter, Publication, Comparison, Decision, Standing, Score, Reading, Conflict, Juror, RoundEntry, Round,
    Mentorship, Registration, Slot, Event, Upload, Submission, Entry, CallVersion, CallCity, Call,
    Export, Feedback, CheckLog, Participation, Pilot, Solution, Contribution, Snapshot,
    Notice, Watch, Watcher, Allowance, DomainProof, ShareLink, Badge, FindingRow, Report, SheetReport,
    SheetDomain, Dispute, DoneFix, Reply, AnswerSheet, Assessment, Worker, Letter,
    SignInLink, PasskeyChallenge, Session, Passkey, Authenticator, RecoveryCode, Membership, Role, Invitation,
    Organisation, City, Person,
)  # fmt: skip


_FILLED = " UNION ALL ".join(
    f"SELECT '{name}' AS name WHERE EXISTS (SELECT 1 FROM {name})"  # noqa: S608 - our own names
    for name in (table._meta.tablename for table in TABLES)  # noqa: SLF001 - Piccolo's own documented way
)


@dataclass(frozen=True, slots=True)
class Installation:
    """One portal's environment: a folder and a database of its own, and a resolver that answers everything."""

    kind: str
    environment: dict[str, str]

    def bind(self) -> None:
        """Makes this process work with this installation's database."""
        for name in [name for name in os.environ if name.startswith("KYBERKUNTO_") and "TEST" not in name]:
            if name != "KYBERKUNTO_SOAK":
                del os.environ[name]
        os.environ.update(self.environment)
        settings.current.cache_clear()
        engine = database.make_engine(settings.current())
        import piccolo_conf  # noqa: PLC0415 - reads the environment

        piccolo_conf.DB = engine
        for table in (*TABLES, Migration):
            table._meta.db = engine  # noqa: SLF001 - Piccolo's own documented way


def new_installation(kind: str, folder: Path, resolver: str) -> Installation:
    """A fresh, migrated one."""
    environment = {"KYBERKUNTO_VAR": str(folder / "var"), "KYBERKUNTO_RESOLVERS": resolver}
    if kind == "postgresql":
        environment["KYBERKUNTO_DATABASE_URL"] = _new_database(os.environ["KYBERKUNTO_TEST_POSTGRES"])
    made = Installation(kind, environment)
    made.bind()
    asyncio.run(migrate(settings.current()))
    return made


def _new_database(server: str) -> str:
    name = f"kyberkunto_{uuid4().hex[:12]}"
    with closing(psycopg.connect(server, autocommit=True)) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    parts = urlsplit(server)
    return urlunsplit((parts.scheme, parts.netloc, f"/{name}", parts.query, ""))


POSTGRES_IS_MISSING = "KYBERKUNTO_TEST_POSTGRES" not in os.environ
SERVED = {
    *("test_worker.py", "test_sending.py", "test_kill_looking.py", "test_year.py"),
    *("test_logs.py", "test_feedback.py", "test_my_data.py", "test_demo.py"),
}
"""Tests that serve whole portals for minutes. On PostgreSQL they run under soak."""


BOTH = frozenset({"accounts", "audit", "sharing"})
"""Rooms whose every test meets both databases. Elsewhere each meets one, drawn by its name; under soak both."""


IN_FULL = "KYBERKUNTO_TEST_MATRIX" in os.environ
"""`make matrix` asks on both."""

TWIN = {"sqlite": "postgresql", "postgresql": "sqlite"}


def _is_long(item: pytest.Item, collected: frozenset[str]) -> bool:
    """Whether only the soak has the time for it."""
    if item.path.name in SERVED:
        return "[postgresql" in item.name
    if POSTGRES_IS_MISSING or IN_FULL or not BOTH.isdisjoint(item.path.parts):
        return False
    kind = next((kind for kind in TWIN if f"[{kind}" in item.name), "")
    twin = item.nodeid.replace(f"[{kind}", f"[{TWIN.get(kind, kind)}")
    drawn = sorted(TWIN)[crc32(min(item.nodeid, twin).encode()) % 2]
    return twin in collected and twin != item.nodeid and kind == drawn


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leaves out what only the soak has the time for."""
    collected = frozenset(item.nodeid for item in items)
    long = {item for item in items if _is_long(item, collected)}
    for item in long:
        item.add_marker(pytest.mark.soak)
    if not SOAK:
        config.hook.pytest_deselected(items=list(long))
        items[:] = [item for item in items if item not in long]


KINDS = ("sqlite", pytest.param("postgresql", marks=pytest.mark.postgres))


@pytest.fixture(scope="session")
def responder() -> Iterator[Responder]:
    """A DNS server on loopback that answers at once."""
    with Responder() as running:
        yield running


@pytest.fixture(scope="session", params=KINDS)
def installation(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, responder: Responder
) -> Installation:
    """One for all tests of that database."""
    return new_installation(request.param, tmp_path_factory.mktemp(request.param), responder.address)


@pytest.fixture
async def portal(installation: Installation) -> AsyncIterator[Installation]:
    """The installation, empty, with its connections open."""
    installation.bind()
    async with database.pool():
        filled = {
            row["name"] for row in await database.rows(_FILLED)
        }  # to delete from each would cost more than most tests
        for table in TABLES:
            if table._meta.tablename in filled:  # noqa: SLF001 - Piccolo's own documented way
                await table.delete(force=True)
        await empty_log()
        yield installation
    jobs.disconnect()


@pytest.fixture(scope="session")
def application(installation: Installation) -> Litestar:
    """One for all tests of that database, as a process has: to build it takes longer than most of them."""
    installation.bind()
    return build_app(secure_cookies=False)


@pytest.fixture
async def browser(portal: Installation, application: Litestar) -> AsyncIterator[httpx.AsyncClient]:  # noqa: ARG001 - the app needs it
    """Somebody's browser, on plain http on loopback."""
    transport = httpx.ASGITransport(app=application, client=("127.0.0.1", 50000))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as client:
        yield client
