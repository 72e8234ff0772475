"""Every kind of tampering is found, and the first entry that is wrong is named."""

from dataclasses import astuple
from datetime import UTC, datetime

import pytest

from portal.audit import chain, heads, service
from portal.audit.chain import START, Entry, Flaw, Head
from portal.audit.heads import Heads, Noted
from portal.audit.tables import Action
from portal.audit.verifying import Fault, verify
from portal.database import rows
from tests.portal.tampering import empty_log, without_triggers

LENGTH = 12

pytestmark = pytest.mark.usefixtures("portal")


async def fill(length: int = LENGTH, actor: str = "p1") -> list[Entry]:
    return [await service.record(Action.SIGN_IN, actor, f"person:p{number}") for number in range(length)]


async def tamper(sql: str, *values: object) -> None:
    async with without_triggers():
        await rows(sql, *values)


async def move(*moves: tuple[int, int]) -> None:
    for old, new in moves:
        await tamper("UPDATE audit_entry SET seq = {} WHERE seq = {}", new, old)


async def put(entries: list[Entry]) -> None:
    """In the place of all there is."""
    await empty_log()
    async with without_triggers():
        for entry in entries:
            await rows("INSERT INTO audit_entry (seq, at, action, actor, subject, about, previous, hash) "
                       "VALUES ({}, {}, {}, {}, {}, {}, {}, {})", *astuple(entry))  # fmt: skip


def remade(entries: list[Entry], changed: int) -> list[Entry]:
    """What somebody writes who changes one entry and knows how hashes are made."""
    made: list[Entry] = []
    for entry in entries:
        actor = "somebody" if entry.seq == changed else entry.actor
        made.append(
            chain.sealed(
                made[-1].head if made else START,
                at=datetime(2026, 11, 23, tzinfo=UTC),
                action=entry.action,
                actor=actor,
                subject=entry.subject,
                about={},
            )
        )
    return made


def noted(*entries: Entry, where: str = "2026-11-22") -> Heads:
    return Heads(tuple(Noted(entry.head, where) for entry in entries))


async def test_whole_chain_is_whole() -> None:
    made = await fill()
    verdict = await verify(noted(made[3], made[-1]), made[5].head)
    assert (verdict.whole, verdict.entries, verdict.head) == (True, LENGTH, made[-1].head)
    assert (verdict.restored, verdict.apart) == ([], [])


async def test_empty_log_is_whole() -> None:
    verdict = await verify(Heads())
    assert (verdict.whole, verdict.head) == (True, START)


@pytest.mark.parametrize("field", ["at", "actor", "action", "subject", "about", "hash"])
@pytest.mark.parametrize("seq", [1, 5, LENGTH])
async def test_flipped_field_is_found(field: str, seq: int) -> None:
    await fill()
    await tamper(f"UPDATE audit_entry SET {field} = '2026' WHERE seq = {{}}", seq)  # noqa: S608 - our own columns
    assert (await verify(Heads())).fault == Fault(seq, Flaw.CHANGED)


async def test_flipped_previous_hash_is_found() -> None:
    await fill()
    await tamper("UPDATE audit_entry SET previous = 'x' WHERE seq = 5")
    assert (await verify(Heads())).fault == Fault(5, Flaw.OUT_OF_PLACE)


@pytest.mark.parametrize("seq", [1, 5, LENGTH - 1])
async def test_entry_deleted_in_the_middle_is_found(seq: int) -> None:
    await fill()
    await tamper("DELETE FROM audit_entry WHERE seq = {}", seq)
    assert (await verify(Heads())).fault == Fault(seq, Flaw.MISSING)


async def test_deleted_entry_whose_gap_was_closed_is_found() -> None:
    await fill()
    await tamper("DELETE FROM audit_entry WHERE seq = 5")
    await move(*((seq, seq - 1) for seq in range(6, LENGTH + 1)))
    assert (await verify(Heads())).fault == Fault(5, Flaw.OUT_OF_PLACE)


async def test_exchanged_entries_are_found() -> None:
    await fill()
    await move((5, 99), (6, 5), (99, 6))
    assert (await verify(Heads())).fault == Fault(5, Flaw.OUT_OF_PLACE)


async def test_entry_before_the_first_is_found() -> None:
    await fill()
    await tamper("INSERT INTO audit_entry SELECT -4, at, actor, action, subject, about, previous, hash "
                 "FROM audit_entry WHERE seq = 5")  # fmt: skip
    assert (await verify(Heads())).fault == Fault(1, Flaw.OUT_OF_PLACE)


@pytest.mark.parametrize("left", [0, 1, LENGTH - 1])
async def test_cut_end_is_found_by_a_head_of_before(left: int) -> None:
    made = await fill()
    await tamper("DELETE FROM audit_entry WHERE seq > {}", left)
    assert (await verify(Heads())).whole
    by_file = await verify(noted(made[0], made[-1]))
    assert by_file.fault == Fault(left + 1, Flaw.CUT, Noted(made[-1].head, "2026-11-22"))
    by_hand = await verify(Heads(), made[-1].head)
    assert by_hand.fault == Fault(left + 1, Flaw.CUT, Noted(made[-1].head, "--head"))


async def test_log_made_anew_is_found_by_a_head_of_before() -> None:
    made = await fill()
    await put(remade(made, 5))
    assert (await verify(Heads())).whole
    assert (await verify(noted(made[-1]))).fault == Fault(LENGTH, Flaw.REWRITTEN, Noted(made[-1].head, "2026-11-22"))
    assert (await verify(noted(made[6]), made[-1].head)).fault == Fault(
        7, Flaw.REWRITTEN, Noted(made[6].head, "2026-11-22")
    )


async def test_log_cut_and_filled_up_again_is_found() -> None:
    made = await fill()
    await tamper("DELETE FROM audit_entry WHERE seq > 6")
    await fill(20, "somebody")
    assert (await verify(Heads())).whole
    assert (await verify(noted(made[-1]))).fault == Fault(LENGTH, Flaw.REWRITTEN, Noted(made[-1].head, "2026-11-22"))


async def test_made_up_head_of_the_beginning_is_found() -> None:
    await fill(1)
    given = Head(0, "f" * 64)
    assert (await verify(Heads(), given)).fault == Fault(0, Flaw.REWRITTEN, Noted(given, "--head"))


async def restored_from(backup: list[Entry]) -> None:
    """What `kyberkunto restore` does to the log and its file."""
    written = heads.file().read_bytes() if heads.file().exists() else b""
    await put(backup)
    heads.file().write_bytes(written)
    await heads.note_restore()


async def test_restore_is_a_warning_that_says_what_is_gone() -> None:
    made = await fill(8)
    await heads.keep()
    await fill(4)
    await restored_from(made[:6])
    await fill(9, "p2")
    verdict = await verify(heads.read(heads.file()))
    [restored] = verdict.restored
    today = made[0].at[:10]
    assert verdict.whole
    assert (restored.seq, restored.ended, restored.ended_on, restored.known) == (7, 6, today, True)
    assert restored.lost == Noted(made[7].head, today)


async def test_cut_end_is_found_after_a_restore_as_well() -> None:
    made = await fill(8)
    await heads.keep()
    await restored_from(made[:6])
    await tamper("DELETE FROM audit_entry WHERE seq = 7")
    fault = (await verify(heads.read(heads.file()))).fault
    assert fault is not None
    assert (fault.seq, fault.flaw) == (7, Flaw.CUT)


async def test_restored_log_that_is_made_anew_before_the_restore_is_found() -> None:
    made = await fill(8)
    await heads.keep()
    await restored_from(made[:6])
    await put(remade([entry async for entry in service.entries()], 3))
    heads.file().write_text(f"2026-11-22 restored {made[5].head}\n", encoding="ascii")
    fault = (await verify(heads.read(heads.file()))).fault
    assert fault is not None
    assert (fault.seq, fault.flaw) == (6, Flaw.REWRITTEN)


async def test_cut_that_calls_itself_a_restore_is_found() -> None:
    made = await fill(8)
    await heads.keep()
    await tamper("DELETE FROM audit_entry WHERE seq > 6")
    await service.record(Action.RESTORED, service.OPERATOR)
    verdict = await verify(heads.read(heads.file()))
    assert verdict.fault == Fault(8, Flaw.CUT, Noted(made[7].head, made[7].at[:10]))
    assert [restored.known for restored in verdict.restored] == [False]


async def test_older_then_newer_backup_leaves_the_log_whole_and_says_so() -> None:
    made = await fill(8)
    await heads.keep()
    await restored_from(made[:3])
    await fill(2, "p2")
    await restored_from(made)
    verdict = await verify(heads.read(heads.file()))
    assert verdict.whole
    assert [(restored.seq, restored.ended) for restored in verdict.restored] == [(9, 8)]
    assert [one.head.seq for one in verdict.apart] == [4]


async def test_same_backup_twice_leaves_the_log_whole() -> None:
    made = await fill(8)
    await heads.keep()
    await restored_from(made[:6])
    await restored_from(made[:6])
    verdict = await verify(heads.read(heads.file()))
    assert (verdict.whole, [restored.lost for restored in verdict.restored]) == (
        True,
        [Noted(made[7].head, made[7].at[:10])],
    )


async def test_backup_without_entries_leaves_the_log_whole() -> None:
    await fill(8)
    await heads.keep()
    await restored_from([])
    verdict = await verify(heads.read(heads.file()))
    assert verdict.whole
    assert [(restored.seq, restored.ended, restored.ended_on) for restored in verdict.restored] == [(1, 0, "")]
