import asyncio
import os
import sys
from datetime import UTC, date, datetime

import pytest

from portal import clock
from portal.audit import chain, service
from portal.audit.chain import Entry
from portal.audit.heads import Heads
from portal.audit.tables import Action
from portal.audit.verifying import verify
from portal.database import is_sqlite, rows, transaction
from portal.errors import AuditEntryError
from portal.mail.tables import Letter
from tests.portal.conftest import Installation

PROCESSES = 2
ENTRIES_EACH = 200
AT_ONCE = 4
APPENDS = """
import asyncio
from portal.audit.service import record
from portal.audit.tables import Action
from portal.database import pool, rows, transaction

async def some() -> None:
    for number in range({each}):
        async with transaction():
            await rows("SELECT count(*) FROM letter")
            await record(Action.SIGN_IN, "p{process}", number=number)

async def main() -> None:
    async with pool():
        await asyncio.gather(*(some() for _ in range({at_once})))

asyncio.run(main())
"""
REFUSED = (
    "UPDATE audit_entry SET actor = 'somebody'",
    "UPDATE audit_entry SET seq = seq + 10 WHERE seq = 2",
    "DELETE FROM audit_entry WHERE seq = 2",
    "DELETE FROM audit_entry",
    *(
        f"INSERT INTO audit_entry SELECT {seq}, at, actor, action, subject, about, previous, hash FROM audit_entry"  # noqa: S608 - a number
        for seq in (0, 3, 4)
    ),
)
REPLACES = "INSERT OR REPLACE INTO audit_entry SELECT * FROM audit_entry WHERE seq = 2"
TRUNCATES = "TRUNCATE audit_entry"

pytestmark = pytest.mark.usefixtures("portal")


async def kept() -> list[Entry]:
    return [entry async for entry in service.entries()]


async def test_entries_are_kept_as_they_were_recorded() -> None:
    before = clock.now()
    made = [
        await service.record(Action.CITY_MADE, service.OPERATOR, "city:helsinki", languages="fi sv en"),
        await service.record(Action.ROLE_GRANTED, "p1", "person:p2", role="juror", fresh=True, number=-3),
        await service.record(Action.DELETED, service.SYSTEM),
    ]
    assert await kept() == made
    assert [entry.seq for entry in made] == [1, 2, 3]
    assert [entry.about for entry in made] == [
        '{"languages":"fi sv en"}',
        '{"fresh":true,"number":-3,"role":"juror"}',
        "{}",
    ]
    assert chain.as_text(before) <= made[0].at <= chain.as_text(clock.now())
    assert await service.head() == made[-1].head
    assert (await verify(Heads())).whole


async def test_umlauts_and_quotes_come_back_as_they_were() -> None:
    await service.record(Action.CITY_CHANGED, "p1", "city:aanekoski", name='Äänekoski "Ä"\\')
    assert (await verify(Heads())).entries == 1


async def test_transaction_that_fails_leaves_no_entry() -> None:
    async def act_and_fail() -> None:
        async with transaction():
            await Letter(kind="sheet-link", language="fi", recipient="").save()
            await service.record(Action.PUBLISHED, "p1")
            raise RuntimeError("no")

    with pytest.raises(RuntimeError, match="no"):
        await act_and_fail()
    assert (await kept(), await Letter.count()) == ([], 0)
    await service.record(Action.PUBLISHED, "p1")
    assert [entry.seq for entry in await kept()] == [1]


async def test_entry_that_is_refused_fails_the_act_with_it() -> None:
    async def act() -> None:
        async with transaction():
            await Letter(kind="sheet-link", language="fi", recipient="").save()
            await service.record(Action.SIGN_IN, "anna@kahvila.test")

    with pytest.raises(AuditEntryError):
        await act()
    assert await Letter.count() == 0


async def test_processes_that_append_at_once_leave_no_gap(portal: Installation) -> None:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("KYBERKUNTO_")}
    programs = [
        APPENDS.format(each=ENTRIES_EACH // AT_ONCE, at_once=AT_ONCE, process=number) for number in range(PROCESSES)
    ]
    writers = [
        await asyncio.create_subprocess_exec(sys.executable, "-c", program, env={**environment, **portal.environment})
        for program in programs
    ]
    codes = [await asyncio.wait_for(writer.wait(), 120) for writer in writers]
    found = await kept()
    assert codes == [0] * PROCESSES
    assert [entry.seq for entry in found] == list(range(1, PROCESSES * ENTRIES_EACH + 1))
    for process in range(PROCESSES):
        assert sum(entry.actor == f"p{process}" for entry in found) == ENTRIES_EACH
    assert (await verify(Heads())).whole


async def test_database_takes_nothing_but_the_next_entry() -> None:
    await service.record(Action.SIGN_IN, "p1")
    await service.record(Action.SIGN_OUT, "p1")
    before = await kept()
    for sql in (*REFUSED, REPLACES if is_sqlite() else TRUNCATES):
        with pytest.raises(Exception, match="the audit log is append-only"):
            await rows(sql)
        assert await kept() == before, sql


@pytest.mark.parametrize("actor", ["", "anna@kahvila.test", "kahvila.fi", "anna maija", "a" * 65, "a\n"])
async def test_actor_is_a_pseudonym(actor: str) -> None:
    with pytest.raises(AuditEntryError, match="actor"):
        await service.record(Action.SIGN_IN, actor)


@pytest.mark.parametrize("subject", ["helsinki", "domain:kahvila.fi", "person:a@b.test", "City:a", "city:", "city:a b"])
async def test_subject_is_a_kind_and_an_id(subject: str) -> None:
    with pytest.raises(AuditEntryError, match="subject"):
        await service.record(Action.CITY_CHANGED, "p1", subject)


@pytest.mark.parametrize(
    "value",
    ["anna@kahvila.test", "of kahvila.fi", "äiti.fi", "192.0.2.1", "2001:db8::1", "x" * 65, "a\nb", "\x1b[2J",
     "\ud800", 2**53, 1.5, None, ["a"]],
)  # fmt: skip
async def test_what_could_tell_of_somebody_is_refused(value: object) -> None:
    with pytest.raises(AuditEntryError) as refused:
        await service.record(Action.CITY_CHANGED, "p1", "city:a", name=value)  # type: ignore[arg-type]
    assert str(refused.value) == "name is told by no short plain value"
    assert await kept() == []


@pytest.mark.parametrize(
    "value", ["2026.11.1", "fi sv en", "Äänekoski", "10:30", "1.5 h", "e.g. all", 2**53 - 1, False]
)
async def test_short_plain_values_are_taken(value: chain.Plain) -> None:
    await service.record(Action.CITY_CHANGED, "p1", "city:a", name=value)
    assert len(await kept()) == 1


async def test_names_and_number_of_values_are_limited() -> None:
    with pytest.raises(AuditEntryError):
        await service.record(Action.EXPORTED, "p1", "", **{"Not a name": 1})
    with pytest.raises(AuditEntryError, match="too much"):
        await service.record(Action.EXPORTED, "p1", "", **{f"a{number}": number for number in range(13)})


async def test_entries_are_found_by_day_and_action(monkeypatch: pytest.MonkeyPatch) -> None:
    for day, action in ((21, Action.SIGN_IN), (22, Action.SIGN_OUT), (23, Action.SIGN_IN)):
        moment = datetime(2026, 11, day, 0, 0, 0, tzinfo=UTC)
        monkeypatch.setattr(clock, "now", lambda moment=moment: moment)
        await service.record(action, "p1")

    async def found(since: date | None = None, action: Action | None = None) -> list[int]:
        return [entry.seq async for entry in service.entries(since, action)]

    assert await found() == [1, 2, 3]
    assert await found(date(2026, 11, 22)) == [2, 3]
    assert await found(action=Action.SIGN_IN) == [1, 3]
    assert await found(date(2026, 11, 22), Action.SIGN_IN) == [3]
    assert await found(date(2026, 11, 24)) == []
