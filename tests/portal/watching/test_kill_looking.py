"""The worker process is killed at random moments of a simulated year: no reminder is lost, none is told twice."""

import asyncio
import os
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pytest

from portal.mail.tables import Letter
from portal.watching.tables import Notice, Watch, Watcher
from tests.conftest import SOAK
from tests.portal.conftest import Installation
from tests.portal.mail.conftest import mail_settings
from tests.portal.mail.post_office import PostOffice
from tests.portal.test_worker import until
from tests.portal.watching.year import BEGIN, DAY, Clock, watched

BEGINS = BEGIN if SOAK else BEGIN + 58 * DAY
ENDS = BEGIN + (360 if SOAK else 90) * DAY
KILLS = 80 if SOAK else 2
OFTEN = 0.6
"""How many of the looks are cut off, until there were so many."""
LONGEST_S = 4.0


@contextmanager
def worker(portal: Installation, file: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    inherited = {name: text for name, text in os.environ.items() if not name.startswith("KYBERKUNTO_")}
    limits = {f"KYBERKUNTO_CHECKS_PER_{limit}_PER_HOUR": "100000" for limit in ("CLIENT", "TARGET")}
    environment = {**inherited, **portal.environment, **mail_settings(port), **limits}
    with (Path(portal.environment["KYBERKUNTO_VAR"]) / "worker.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.portal.watching.moved_worker", str(file)],
            env=environment,
            stdin=subprocess.PIPE,
            stderr=log,
        )
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        assert process.stdin is not None
        process.stdin.close()


def move(file: Path, at: datetime) -> None:
    draft = file.with_suffix(".draft")
    draft.write_text(at.isoformat(), encoding="ascii")
    draft.replace(file)


async def settled(at: datetime) -> bool:
    """Whether nothing is under way, and nothing is due at that moment."""
    looking = await Watch.exists().where((Watch.next_check_at <= at) | Watch.checking.is_not_null())
    writing = await Watcher.exists().where(Watcher.letter.is_not_null())
    today = await Watcher.exists().where(Watcher.mailed_at >= at.replace(hour=0))
    return not looking and not writing and (today or not await waiting())


async def waiting() -> bool:
    return bool(await Notice.exists().where(Notice.letter.is_null()))


@pytest.mark.soak
async def test_worker_killed_at_any_moment_tells_each_reminder_once(
    portal: Installation,
    office: PostOffice,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    record_property: Callable[[str, object], None],
) -> None:
    Clock(monkeypatch, BEGINS)
    await watched()
    dice, file, at, kills = random.Random(), tmp_path / "now", BEGINS, 0  # noqa: S311 - any moments will do
    move(file, at)
    while at < ENDS or await waiting():
        with worker(portal, file, office.port) as running:
            while (at < ENDS or await waiting()) and not (kills < KILLS and dice.random() < OFTEN):
                await until(lambda at=at: settled(at))
                [watch] = await Watch.select(Watch.next_check_at)
                at = min(watch["next_check_at"], at + DAY) if await waiting() else watch["next_check_at"]
                move(file, at)
            await asyncio.sleep(dice.uniform(0.0, LONGEST_S) if kills < KILLS else 0.0)
            running.kill()
            running.wait()
            kills += 1
    told = Counter([(row["kind"], row["thing"], row["moment"]) for row in await Notice.select()])
    assert {kind for kind, _, _ in told} >= {"ends-30", "ends-14", "ends-7", "ends-1"}
    assert set(told.values()) == {1}
    received = Counter(letter["Message-ID"].partition("@")[0].strip("<") for _, letter in office.taken)
    assert set(received.values()) == {1}
    unknown = 0
    for row in await Notice.select(Notice.letter):
        [letter] = await Letter.select(Letter.status).where(Letter.id == row["letter"])
        assert letter["status"] in {"sent", "unknown"}
        assert letter["status"] == "unknown" or str(row["letter"]) in received
        unknown += letter["status"] == "unknown"
    record_property("kills", kills)
    record_property("reminders", len(told))
    record_property("reminders whose letter's way is unknown", unknown)
