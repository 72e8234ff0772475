"""The deadline is the database's: many submit within its second, from two processes, and each hears the same as it."""

import asyncio
import dataclasses
import json
import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from msgspec.structs import replace

from portal import database, settings
from portal.accounts.tables import Membership, Organisation, Person
from portal.audit import service as audit
from portal.audit.tables import Action
from portal.calls.service import KnownCall
from portal.database import rows
from portal.entries import drafting, entering, service, submitting
from portal.entries.entering import Entering
from portal.entries.service import KnownEntry
from portal.entries.tables import Entry, Submission, Upload
from portal.errors import (
    AlreadyEnteredError,
    EntriesClosedError,
    EntryChangedError,
    EntryIncompleteError,
    NotAllowedError,
    NotEligibleError,
)
from portal.mail.tables import Letter
from tests.conftest import SOAK
from tests.portal.conftest import Installation
from tests.portal.entries import entered
from tests.portal.entries.entered import PILOT, complete, move_deadline, opened, viewer_of
from tests.portal.signing import city, person, startup_of

COUNT = 200 if SOAK else 12
ROOT = Path(__file__).resolve().parents[3]
TEAMS = 4


@pytest.fixture
async def call(portal: Installation) -> KnownCall:  # noqa: ARG001 - it is empty
    return await opened(await city("helsinki"))


@pytest.fixture
async def anna(call: KnownCall) -> Person:  # noqa: ARG001 - the portal is empty before
    return await person("anna@lukko.example")


@pytest.fixture
async def team(anna: Person) -> Organisation:
    return await startup_of(anna)


@pytest.fixture
async def ready(call: KnownCall, anna: Person, team: Organisation) -> KnownEntry:
    return await complete(await entered.entered(call, anna, team))


async def test_a_form_that_is_sent_twice_is_taken_once(ready: KnownEntry, anna: Person, team: Organisation) -> None:
    who = viewer_of(anna, team)
    first, second = await asyncio.gather(*(submitting.submit(ready, "key", ready.edits, who) for _ in range(2)))
    assert first == second
    assert await Submission.count() == 1
    assert len([each async for each in audit.entries(action=Action.ENTRY_SUBMITTED)]) == 1


async def test_the_newest_submission_counts_and_the_number_stays(
    call: KnownCall, ready: KnownEntry, anna: Person, team: Organisation
) -> None:
    who = viewer_of(anna, team)
    first = await submitting.submit(ready, "one", ready.edits, who)
    number = (await service.submitted(call.id))[0].number
    changed = (await drafting.save(ready, {"title": "Better"}, {})).entry
    second = await submitting.submit(changed, "two", changed.edits, who)
    kept = (await service.submitted(call.id))[0]
    assert (kept.number, kept.submission, kept.content.title) == (number, 2, "Better")
    assert first.receipt != second.receipt
    assert first.digest != second.digest
    assert [each.number for each in await service.submissions_of(ready.id)] == [2, 1]


async def test_what_was_changed_meanwhile_or_is_incomplete_is_not_taken(
    call: KnownCall, ready: KnownEntry, anna: Person, team: Organisation
) -> None:
    who = viewer_of(anna, team)
    with pytest.raises(EntryChangedError):
        await submitting.submit(ready, "key", ready.edits - 1, who)
    empty = await entered.entered(call, anna, team, entered.INVESTMENT)
    with pytest.raises(EntryIncompleteError) as caught:
        await submitting.submit(empty, "key", empty.edits, who)
    assert {"title", "closes", "price", "own-why", "file-deck"} <= set(caught.value.fields)
    assert not await Submission.count()


@pytest.mark.parametrize(
    ("since_s", "grace_s", "late"), [(-60, 0, False), (60, 120, True), (60, 0, None), (60, 30, None)]
)
async def test_the_databases_time_decides(  # noqa: PLR0913, PLR0917 - fixtures
    call: KnownCall,
    ready: KnownEntry,
    anna: Person,
    team: Organisation,
    since_s: int,
    grace_s: int,
    late: bool | None,  # noqa: FBT001 - a case
) -> None:
    await move_deadline(call, datetime.now(UTC) - timedelta(seconds=since_s), grace_s)
    if late is None:
        with pytest.raises(EntriesClosedError):
            await submitting.submit(ready, "key", ready.edits, viewer_of(anna, team))
        assert not await Submission.count()
    else:
        made = await submitting.submit(ready, "key", ready.edits, viewer_of(anna, team))
        assert made.is_late is late


async def test_a_submission_never_changes(ready: KnownEntry, anna: Person, team: Organisation) -> None:
    await submitting.submit(ready, "key", ready.edits, viewer_of(anna, team))
    for change in ("digest = ''", "is_late = NOT is_late", "number = number + 1"):
        with pytest.raises(Exception, match="a submission never changes"):
            await rows(f"UPDATE submission SET {change}")  # noqa: S608 - our own
    submitted = (await service.submissions_of(ready.id))[0]
    assert submitted.content.title == "Lukko for tills"


async def test_one_entry_of_a_startup_and_track_whoever_is_faster(
    call: KnownCall, anna: Person, team: Organisation
) -> None:
    said = Entering(team.id, PILOT, "helsinki", {"small": True}, "en")
    came = await asyncio.gather(
        *(entering.enter(call, said, viewer_of(anna, team)) for _ in range(8)), return_exceptions=True
    )
    made = [each for each in came if isinstance(each, KnownEntry)]
    assert len(made) == 1
    there = {each.entry for each in came if isinstance(each, AlreadyEnteredError)}
    assert there == {made[0].id}
    assert await Entry.count() == 1
    assert len([each async for each in audit.entries(action=Action.ENTRY_MADE)]) == 1


async def test_nobody_enters_who_may_not(call: KnownCall, anna: Person, team: Organisation) -> None:
    said = Entering(team.id, PILOT, "", {"small": True}, "en")
    who = viewer_of(anna, team)
    for wrong in ({"home": "atlantis"}, {"track": "none-such"}, {"organisation": UUID(int=7)}):
        with pytest.raises(NotAllowedError):
            await entering.enter(call, replace(said, **wrong), who)
    for answers in ({"small": False}, {}):
        with pytest.raises(NotEligibleError):
            await entering.enter(call, replace(said, answers=answers), who)
    await move_deadline(call, datetime.now(UTC))
    with pytest.raises(EntriesClosedError):
        await entering.enter(call, said, who)
    assert not await Entry.count()


async def test_everybody_in_the_team_gets_the_receipt_in_their_language(
    call: KnownCall, ready: KnownEntry, anna: Person, team: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    bo = await person("bo@lukko.example", language="fi")
    await Membership(person=bo.id, organisation=team.id).save()
    sending = dataclasses.replace(settings.current(), smtp_url="smtp://127.0.0.1:9", mail_from="k@kaupunki.example")
    monkeypatch.setattr(settings, "current", lambda: sending)
    made = await submitting.submit(ready, "key", ready.edits, viewer_of(anna, team))
    letters = {row.recipient: row for row in await Letter.objects()}
    assert {address: row.language for address, row in letters.items()} == {anna.address: "en", bo.address: "fi"}
    about = json.loads(letters[bo.address].about)
    assert (about["receipt"], about["digest"], about["late"]) == (made.receipt, made.digest, False)
    assert about["link"].endswith(f"/fi/organisation/{team.id}/entry/{ready.id}/receipt/1")
    assert call.lead.described.zone in about["when"]


SUBMITTER = """
import asyncio, json, sys
from uuid import UUID
from portal import database
from portal.accounts.viewer import Viewer
from portal.entries import service, submitting
from portal.errors import EntriesClosedError

async def one(entry, start, place):
    await asyncio.sleep(max(0.0, start + place - (await database.now()).timestamp()))
    try:
        made = await submitting.submit(entry, f"key-{entry.id}", entry.edits, Viewer(pseudonym="p" * 32))
    except EntriesClosedError as error:
        return {"entry": str(entry.id), "moment": error.moment.isoformat(), "verdict": "closed"}
    verdict = "late" if made.is_late else "in-time"
    told = {"entry": str(entry.id), "moment": made.submitted_at.isoformat(), "verdict": verdict}
    return {**told, "receipt": made.receipt}

async def main():
    ids = json.loads(sys.stdin.readline())
    async with database.pool():
        entries = [await service.of_team(UUID(team), UUID(entry)) for team, entry in ids]
        print("ready", flush=True)
        start = float(sys.stdin.readline())
        step = 2 / len(entries)
        print(json.dumps(await asyncio.gather(*(one(e, start, i * step) for i, e in enumerate(entries)))))

asyncio.run(main())
"""
"""What a web process does when many press the button, in the second before the deadline and the one after."""


@pytest.mark.soak
async def test_many_submit_within_a_second_of_the_deadline_from_two_processes(
    call: KnownCall, anna: Person, team: Organisation, portal: Installation
) -> None:
    ready = await complete(await entered.entered(call, anna, team))
    entries = [await _like(ready, call, number) for number in range(COUNT)]
    processes = [await _process(portal, half) for half in (entries[::2], entries[1::2])]
    start = (await database.now()).timestamp() + 1
    deadline, grace_s = datetime.fromtimestamp(start + 1, UTC), 60 if SOAK else 0
    await move_deadline(call, deadline, grace_s)
    said = [each for part in await asyncio.gather(*(_said(each, start) for each in processes)) for each in part]
    assert len(said) == COUNT
    for each in said:
        moment = datetime.fromisoformat(each["moment"])
        within = moment < deadline + timedelta(seconds=grace_s)
        assert each["verdict"] == ("in-time" if moment < deadline else "late" if within else "closed"), each
    if SOAK:  # on a busy machine a few may all come too late
        assert {each["verdict"] for each in said} == {"in-time", "late"}
    await _require_kept(call, said)


async def _like(ready: KnownEntry, call: KnownCall, number: int) -> tuple[UUID, UUID]:
    """Another startup's entry with the same content; files come along as rows."""
    who = await person(f"lead-{number}@startup.example")
    team = await startup_of(who, name=f"Startup {number}")
    row = Entry(call=call.id, organisation=team.id, track=PILOT, draft=service.kept(ready.draft), edits=1)
    await row.save()
    return team.id, row.id


async def _process(portal: Installation, half: list[tuple[UUID, UUID]]) -> asyncio.subprocess.Process:
    """One that knows its entries and waits for the moment."""
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", SUBMITTER, stdin=pipe, stdout=pipe, cwd=ROOT / "src",
        env={**_environment(), **portal.environment}, limit=1 << 20,
    )  # fmt: skip
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(json.dumps([[str(each) for each in ids] for ids in half]).encode() + b"\n")
    assert await process.stdout.readline() == b"ready\n"
    return process


async def _said(process: asyncio.subprocess.Process, start: float) -> list[dict[str, str]]:
    out, _ = await process.communicate(f"{start}\n".encode())
    assert process.returncode == 0
    found: list[dict[str, str]] = json.loads(out)
    return found


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("KYBERKUNTO_")}


async def _require_kept(call: KnownCall, said: list[dict[str, str]]) -> None:
    """What was told is what is kept: each that was taken once, with a receipt and a number of its own."""
    taken = {each["entry"]: each for each in said if each["verdict"] != "closed"}
    kept = await Submission.objects()
    assert len(kept) == len(taken)
    for row in kept:
        told = taken[str(row.entry)]
        assert row.receipt == told["receipt"]
        assert row.submitted_at == datetime.fromisoformat(told["moment"])
        assert row.is_late is (told["verdict"] == "late")
    assert len({row.receipt for row in kept}) == len(kept)
    takes_part = await service.submitted(call.id)
    assert len({each.number for each in takes_part}) == len(takes_part) == len(taken)
    assert len([each async for each in audit.entries(action=Action.ENTRY_SUBMITTED)]) == len(taken)
    assert await Upload.count() == 1
