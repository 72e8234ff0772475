import logging
import stat
from datetime import UTC, datetime

import pytest

from portal import clock
from portal.audit import heads, service
from portal.audit.heads import Heads, Noted
from portal.audit.tables import Action
from portal.database import rows
from tests.portal.tampering import without_triggers

pytestmark = pytest.mark.usefixtures("portal")


def on(day: int, monkeypatch: pytest.MonkeyPatch) -> str:
    moment = datetime(2026, 11, day, 12, tzinfo=UTC)
    monkeypatch.setattr(clock, "now", lambda: moment)
    return f"2026-11-{day}"


async def test_head_is_written_down_once_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = []
    for day in (21, 22, 23):
        today = on(day, monkeypatch)
        entry = await service.record(Action.SIGN_IN, "p1")
        await heads.keep()
        await service.record(Action.SIGN_OUT, "p1")
        await heads.keep()
        lines.append(f"{today} {entry.head}")
    assert heads.file().read_text(encoding="ascii").splitlines() == lines
    assert stat.S_IMODE(heads.file().stat().st_mode) == 0o600


async def test_head_of_an_empty_log_is_not_written_down() -> None:
    await heads.keep()
    assert not heads.file().exists()
    assert heads.read(heads.file()) == Heads()


async def test_line_that_broke_off_stands_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    today = on(23, monkeypatch)
    entry = await service.record(Action.SIGN_IN, "p1")
    heads.file().write_text(f"{today} 1:00", encoding="ascii")
    await heads.keep()
    assert heads.read(heads.file()) == Heads((Noted(entry.head, today),), unreadable=(1,))


@pytest.mark.parametrize("line", ["", "nonsense", "2026-11-23 1", f"2026-11-23 gone 1:{'0' * 64}", "\xff"])
async def test_line_that_says_nothing_is_told(line: str) -> None:
    heads.file().write_text(f"2026-11-23 1:{'a' * 64}\n{line}\n", encoding="utf-8")
    found = heads.read(heads.file())
    assert (len(found.noted), found.unreadable) == (1, (2,))


async def test_head_that_is_gone_is_said_in_the_journal(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    on(22, monkeypatch)
    for _ in range(3):
        await service.record(Action.SIGN_IN, "p1")
    await heads.keep()
    with caplog.at_level(logging.ERROR):
        await heads.keep()
        assert caplog.messages == []
        async with without_triggers():
            await rows("DELETE FROM audit_entry WHERE seq = 3")
        on(23, monkeypatch)
        await heads.keep()
    assert caplog.messages == [
        "the audit log no longer holds what was written down of it: run `kyberkunto audit verify`"
    ]
    assert len(heads.read(heads.file()).noted) == 2
