"""`kyberkunto audit`, and what a restore leaves in the log, run as programs."""

import asyncio
import json
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import astuple
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from portal import database
from portal.audit import chain, heads, service
from portal.audit.chain import Entry
from portal.audit.tables import Action
from portal.database import rows
from tests.conftest import SOAK
from tests.portal.conftest import KINDS, Installation, new_installation
from tests.portal.responder import Responder
from tests.portal.serving import wait_for
from tests.portal.tampering import without_triggers

MANY = 100_000 if SOAK else 2_000
MORE_MEMORY_KB = 10_000


def kyberkunto(portal: Installation, *arguments: str) -> tuple[int, str, str]:
    ended = subprocess.run(
        [sys.executable, "-m", "portal.cli", *arguments],
        env={"PATH": os.environ["PATH"], **portal.environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    return ended.returncode, ended.stdout, ended.stderr


def test_log_wants_an_up_to_date_database(tmp_path: Path) -> None:
    nowhere = Installation("sqlite", {"KYBERKUNTO_VAR": str(tmp_path)})
    for job in ("verify", "list"):
        code, said, error = kyberkunto(nowhere, "audit", job)
        assert (code, said, error.startswith("kyberkunto: the database is not up to date")) == (2, "", True)


async def test_whole_log_is_said_to_be_whole(portal: Installation) -> None:
    await service.record(Action.SIGN_IN, "p1")
    await heads.keep()
    entry = await service.record(Action.CITY_MADE, "p1", "city:helsinki")
    said = f"2 entries, chain whole; head {entry.head}\n"
    assert kyberkunto(portal, "audit", "verify") == (0, said, "")
    assert kyberkunto(portal, "audit", "verify", "--head", str(entry.head)) == (0, said, "")


async def test_log_without_written_heads_says_what_would_not_show(portal: Installation) -> None:
    await service.record(Action.SIGN_IN, "p1")
    code, said, _ = kyberkunto(portal, "audit", "verify")
    assert code == 0
    assert said.splitlines()[1].startswith("Warning: no head stands in audit-heads")


async def test_cut_log_is_exit_code_1_and_names_the_entry(portal: Installation) -> None:
    entries = [await service.record(Action.SIGN_IN, "p1") for _ in range(5)]
    await heads.keep()
    async with without_triggers():
        await rows("DELETE FROM audit_entry WHERE seq > 3")
    day = entries[0].at[:10]
    message = f"Entry 4 is missing: the log ends at 3 and had come to 5 (audit-heads, {day})."
    assert kyberkunto(portal, "audit", "verify") == (1, f"{message} (3 entries before it whole.)\n", "")
    code, said, _ = kyberkunto(portal, "audit", "verify", "--json")
    assert (code, json.loads(said)) == (
        1,
        {
            "whole": False,
            "entries": 3,
            "head": str(entries[2].head),
            "fault": {"entry": 4, "flaw": "cut", "message": message},
            "warnings": [],
        },
    )


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("UPDATE audit_entry SET actor = 'p2' WHERE seq = 2", "Entry 2 was changed."),
        ("DELETE FROM audit_entry WHERE seq = 1", "Entry 1 is missing."),
        ("UPDATE audit_entry SET previous = 'x' WHERE seq = 2", "Entry 2 does not follow on the one before it"),
    ],
)
async def test_each_flaw_has_its_words(portal: Installation, sql: str, said: str) -> None:
    for _ in range(3):
        await service.record(Action.SIGN_IN, "p1")
    async with without_triggers():
        await rows(sql)
    code, out, _ = kyberkunto(portal, "audit", "verify")
    assert (code, out.startswith(said)) == (1, True)


async def test_other_head_is_said_to_be_another(portal: Installation) -> None:
    await service.record(Action.SIGN_IN, "p1")
    code, said, _ = kyberkunto(portal, "audit", "verify", "--head", f"1:{'a' * 64}")
    assert (code, said.splitlines()[0]) == (
        1,
        "Entry 1, or one before it, was made anew: its hash is not the one of --head. (1 entry before it whole.)",
    )


@pytest.mark.parametrize("head", ["1", "nonsense", f"1:{'g' * 64}"])
async def test_what_is_no_head_is_refused(portal: Installation, head: str) -> None:
    code, said, error = kyberkunto(portal, "audit", "verify", "--head", head)
    assert (code, said, error.startswith("kyberkunto: argument --head: must be like 480:")) == (2, "", True)


async def test_log_is_listed_by_day_and_action(portal: Installation) -> None:
    first = await service.record(Action.SIGN_IN, "p1", way="link")
    second = await service.record(Action.CITY_MADE, service.OPERATOR, "city:helsinki")
    code, said, _ = kyberkunto(portal, "audit", "list")
    assert (code, said.splitlines()) == (
        0,
        [
            f'1 {first.at[:19]}Z sign-in p1 - {{"way":"link"}}',
            f"2 {second.at[:19]}Z city-made operator city:helsinki {{}}",
        ],
    )
    assert [entry["seq"] for entry in listed(portal, "--action", "city-made")] == [2]
    assert listed(portal)[0] == {
        "seq": 1, "at": first.at, "actor": "p1", "action": "sign-in", "subject": "", "about": {"way": "link"},
        "previous": first.previous, "hash": first.hash,
    }  # fmt: skip
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).date().isoformat()
    assert listed(portal, "--since", tomorrow) == []
    assert len(listed(portal, "--since", "2026-01-01")) == 2


def listed(portal: Installation, *arguments: str) -> list[dict[str, object]]:
    code, said, error = kyberkunto(portal, "audit", "list", "--json", *arguments)
    assert (code, error) == (0, "")
    found: list[dict[str, object]] = json.loads(said)
    return found


async def test_listed_log_cannot_steer_a_terminal(portal: Installation) -> None:
    await service.record(Action.SIGN_IN, "p1")
    async with without_triggers():
        await rows("UPDATE audit_entry SET about = {}, actor = {}", "\x1b[2J\n", "\x1b[31m")
    _, said, _ = kyberkunto(portal, "audit", "list")
    assert ("\x1b" in said, said.count("\n")) == (False, 1)
    assert listed(portal)[0]["about"] == "\x1b[2J\n"


@pytest.fixture(params=KINDS if SOAK else KINDS[:1])
def place(request: pytest.FixtureRequest, tmp_path: Path, responder: Responder) -> Installation:
    """One of its own, which a restore may replace."""
    return new_installation(request.param, tmp_path, responder.address)


async def entries(number: int) -> list[Entry]:
    async with database.pool():
        made = [await service.record(Action.SIGN_IN, "p1") for _ in range(number)]
        await heads.keep()
    return made


def test_worker_writes_the_head_down(place: Installation, tmp_path: Path) -> None:
    [*_, last] = asyncio.run(entries(2))
    heads.file().unlink()
    with (tmp_path / "log").open("wb") as log:
        worker = subprocess.Popen(
            [sys.executable, "-m", "portal.cli", "worker"],
            env={"PATH": os.environ["PATH"], **place.environment},
            stderr=log,
        )
    try:
        wait_for(lambda: bool(heads.read(heads.file()).noted), tmp_path / "log")
    finally:
        worker.terminate()
        worker.wait(30)
    assert [noted.head for noted in heads.read(heads.file()).noted] == [last.head]


async def test_restore_is_recorded_and_explained(place: Installation, tmp_path: Path) -> None:
    backup = str(tmp_path / "backup.tar")
    made = await entries(3)
    assert kyberkunto(place, "backup", backup)[0] == 0
    heads.file().unlink()
    lost = await entries(4)
    assert kyberkunto(place, "restore", backup)[1:] == ("Restored.\n", "")
    code, said, _ = kyberkunto(place, "audit", "verify")
    day = made[0].at[:10]
    assert code == 0
    assert said.splitlines()[0].startswith("4 entries, chain whole; head 4:")
    warning = f"restored on {day} (entry 4) from a backup that ended at entry 3 ({day}); what came after it is gone"
    assert said.splitlines()[1:] == [f"Warning: {warning}: the log had come to entry 7 ({day})"]
    assert [entry["action"] for entry in listed(place)] == ["sign-in"] * 3 + ["restored"]
    cut = kyberkunto(place, "audit", "verify", "--head", str(lost[-1].head))
    assert cut[0] == 1
    assert cut[1].splitlines()[1:] == said.splitlines()[1:]


async def test_triggers_hold_after_a_restore(place: Installation, tmp_path: Path) -> None:
    backup = str(tmp_path / "backup.tar")
    await entries(3)
    assert kyberkunto(place, "backup", backup)[0] == 0
    assert kyberkunto(place, "restore", backup)[0] == 0
    place.bind()
    async with database.pool():
        with pytest.raises(Exception, match="the audit log is append-only"):
            await rows("DELETE FROM audit_entry WHERE seq = 4")


async def test_file_of_heads_on_a_new_machine_begins_with_the_restore(place: Installation, tmp_path: Path) -> None:
    backup = str(tmp_path / "backup.tar")
    await entries(3)
    assert kyberkunto(place, "backup", backup)[0] == 0
    heads.file().unlink()
    assert kyberkunto(place, "restore", backup)[0] == 0
    code, said, _ = kyberkunto(place, "audit", "verify")
    assert (code, said.splitlines()[1].endswith("; what came after it is gone")) == (0, True)


def insert(place: Installation, made: list[tuple[object, ...]]) -> None:
    """As one whole, past the pool: a hundred thousand in seconds."""
    sql = "INSERT INTO audit_entry (seq, at, action, actor, subject, about, previous, hash) VALUES ({})"
    if place.kind == "sqlite":
        with closing(sqlite3.connect(Path(place.environment["KYBERKUNTO_VAR"]) / "kyberkunto.sqlite")) as file, file:
            file.executemany(sql.format("?, ?, ?, ?, ?, ?, ?, ?"), made)
        return
    with psycopg.connect(place.environment["KYBERKUNTO_DATABASE_URL"]) as connection:
        connection.cursor().executemany(sql.format("%s, %s, %s, %s, %s, %s, %s, %s"), made)


def most_memory_kb(place: Installation) -> int:
    """What `audit verify` holds at most, in KiB; it must find the chain whole."""
    process = subprocess.Popen(
        [sys.executable, "-m", "portal.cli", "audit", "verify"],
        env={"PATH": os.environ["PATH"], **place.environment},
        stdout=subprocess.DEVNULL,
    )
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    return used.ru_maxrss


@pytest.mark.soak
def test_long_log_is_verified_in_constant_memory(
    place: Installation, record_property: Callable[[str, object], None]
) -> None:
    head, made = chain.START, []
    for number in range(MANY):
        entry = chain.sealed(
            head, at=datetime.now(UTC), action="sign-in", actor="p" * 32, subject="city:helsinki", about={"n": number}
        )
        made.append(astuple(entry))
        head = entry.head
    insert(place, made[:1000])
    few = most_memory_kb(place)
    insert(place, made[1000:])
    began = time.monotonic()
    many = most_memory_kb(place)
    record_property("entries", MANY)
    record_property("seconds", round(time.monotonic() - began, 1))
    record_property("more MB", round((many - few) / 1000, 1))
    assert many - few < MORE_MEMORY_KB
