"""Rounds that open in time, assignments that keep what stands, and entries that cannot stall."""

from datetime import timedelta

import pytest

from challenge.errors import UnreadableEntriesError
from challenge.terms import PhaseKind
from portal.errors import NotAllowedError, RoundError, StalePanelError, TooCloseError
from portal.juries import assigning, closeness, people, progress, readings, scoring
from portal.juries import service as juries
from portal.juries.service import KnownRound
from portal.juries.tables import Reading, ReadState
from tests.portal.juries.sitting import Sitting, sitting, terms

pytestmark = pytest.mark.usefixtures("portal")


async def lacking(made: Sitting, round_: KnownRound) -> list[progress.EntryProgress]:
    """What organisers see at once."""
    panel = await assigning.panel_of(made.call, round_, undeclared=True)
    entrants = await closeness.entrants_of(made.call.id)
    jury = await made.jurors()
    declared = {each.id: closeness.is_declared(each, entrants) for each in jury}
    return [each for each in progress.of_entries(panel, jury, declared) if each.lacks]


@pytest.mark.parametrize(("ended_ago", "grace_s"), [(timedelta(hours=-1), 0), (timedelta(seconds=30), 60)])
async def test_a_round_opens_only_after_the_last_moment_for_entries(ended_ago: timedelta, grace_s: int) -> None:
    made = await sitting(said=terms(ended_ago=ended_ago), grace_s=grace_s)
    with pytest.raises(RoundError, match="too-early"):
        await made.open()


async def test_a_round_opens_once_the_grace_period_is_over() -> None:
    made = await sitting(said=terms(ended_ago=timedelta(seconds=61)), grace_s=60)
    opened = await made.open()
    assert (opened.kind, await made.open()) == (PhaseKind.SCREENING, opened)


async def test_the_final_waits_for_the_lock_and_reads_the_finalists() -> None:
    made = await sitting()
    round_ = await made.ready()
    with pytest.raises(RoundError, match="not-locked"):
        await made.open(PhaseKind.FINAL, (1,))
    await juries.lock(round_.id)
    with pytest.raises(RoundError, match="no-entries"):
        await made.open(PhaseKind.FINAL)
    final = await made.open(PhaseKind.FINAL, (1, 3))
    assert await juries.entries_in(final.id) == {made.entries[1], made.entries[3]}
    assert await made.assign() == 8
    assert [each.kind for each in await juries.rounds_of(made.call.id)] == [PhaseKind.SCREENING, PhaseKind.FINAL]


async def test_assigning_is_even_keeps_to_the_rules_and_is_applied_as_shown() -> None:
    made = await sitting(entered=6, judges=4)
    [first, *others] = await made.add()
    await made.declare(first, 1, 2)
    for each in others:
        await made.declare(each)
    round_ = await made.open()
    assert await made.assign() == 12
    given = await readings.in_round(round_.id)
    loads = {juror.id: sum(each.juror == juror.id for each in given) for juror in await made.jurors()}
    assert set(loads.values()) == {3}
    assert not {each.number for each in given if each.juror == first.id} & {1, 2}
    cities = {juror.id: juror.city for juror in await made.jurors()}
    for number in made.entries:
        assert [cities[each.juror] for each in given if each.number == number].count("helsinki") <= 1
    assert await made.assign() == 0


async def test_what_stands_is_kept_and_what_changed_meanwhile_is_refused() -> None:
    made = await sitting(entered=6, judges=4)
    round_ = await made.ready()
    jurors = await made.jurors()
    begun, *_ = await readings.of_juror(round_.id, jurors[0])
    await scoring.keep(begun.id, jurors[0].id, scoring.Typed({"effective": 1}), jurors[0].pseudonym)
    free = next(each for each in await lacking_or_all(made, round_) if each.others)
    await readings.give(round_.id, free.entry.number, free.others[0].id, made.call, await made.city(), made.viewer)
    panel = await assigning.panel_of(made.call, round_, undeclared=False)
    shown = await assigning.propose(panel)
    await people.change(jurors[1].id, 2, made.call, await made.city(), made.viewer, chairs=True)
    with pytest.raises(StalePanelError):
        await assigning.apply(shown.state, made.call, await made.city(), round_, made.viewer, undeclared=False)
    await made.assign()
    after = {(each.number, each.juror) for each in await readings.in_round(round_.id)}
    assert (begun.number, jurors[0].id) in after
    assert (free.entry.number, free.others[0].id) in after
    assert sum(juror == jurors[1].id for _, juror in after) <= 2


async def lacking_or_all(made: Sitting, round_: KnownRound) -> list[progress.EntryProgress]:
    panel = await assigning.panel_of(made.call, round_, undeclared=True)
    return progress.of_entries(panel, await made.jurors(), {})


@pytest.mark.parametrize("state", [ReadState.RECUSED, ReadState.CANNOT_JUDGE])
async def test_an_entry_that_was_given_back_does_not_stall(state: ReadState) -> None:
    made = await sitting()
    round_ = await made.ready()
    [juror, *_] = await made.jurors()
    reading, *_ = await readings.of_juror(round_.id, juror)
    assert await lacking(made, round_) == []
    await readings.give_back(reading, juror, state, "")
    [short] = await lacking(made, round_)
    assert (short.entry.number, short.lacks) == (reading.number, 1)
    assert short.next_best is not None
    assert short.next_best.id != juror.id
    city = await made.city()
    with pytest.raises((NotAllowedError, TooCloseError)):
        await readings.give(round_.id, reading.number, juror.id, made.call, city, made.viewer)
    await readings.give(round_.id, reading.number, short.next_best.id, made.call, city, made.viewer)
    assert await lacking(made, round_) == []


async def test_assigning_anew_fills_what_was_given_back() -> None:
    made = await sitting()
    round_ = await made.ready()
    [juror, *_] = await made.jurors()
    reading, *_ = await readings.of_juror(round_.id, juror)
    await readings.give_back(reading, juror, ReadState.CANNOT_JUDGE, "I know nothing of doors")
    await made.assign()
    assert await lacking(made, round_) == []
    assert reading.number not in {each.number for each in await readings.of_juror(round_.id, juror)}


async def test_who_leaves_frees_what_they_did_not_finish() -> None:
    made = await sitting()
    round_ = await made.ready()
    [juror, *_] = await made.jurors()
    done, begun, *_ = await readings.of_juror(round_.id, juror)
    marks = dict.fromkeys(("effective", "affordable", "easy-to-use"), 7)
    await scoring.keep(done.id, juror.id, scoring.Typed(marks), juror.pseudonym, finish=True)
    await scoring.keep(begun.id, juror.id, scoring.Typed({"effective": 3}), juror.pseudonym)
    await people.take_out(juror.id, made.call, await made.city(), made.viewer)
    assert begun.number in {each.entry.number for each in await lacking(made, round_)}
    assert [each.juror for each in await scoring.scores_of(round_.id, "pilot")] == [juror.number]
    with pytest.raises(NotAllowedError):
        await scoring.keep(begun.id, juror.id, scoring.Typed({}, edits=1), juror.pseudonym)
    await made.assign()
    assert await lacking(made, round_) == []


async def test_what_cannot_be_is_said_with_its_reason() -> None:
    made = await sitting(judges=2)
    jurors = await made.add()
    await made.declare(jurors[0], 1)
    await made.declare(jurors[1])
    round_ = await made.open()
    panel = await assigning.panel_of(made.call, round_, undeclared=False)
    with pytest.raises(UnreadableEntriesError) as caught:
        await assigning.propose(panel)
    assert caught.value.short == {assigning.name(1): 1}


async def test_nothing_is_given_once_the_round_is_locked() -> None:
    made = await sitting()
    round_ = await made.ready()
    shown = await assigning.propose(await assigning.panel_of(made.call, round_, undeclared=False))
    await Reading.delete(force=True)
    await juries.lock(round_.id)
    with pytest.raises((NotAllowedError, StalePanelError)):
        await assigning.apply(shown.state, made.call, await made.city(), round_, made.viewer, undeclared=False)
    assert await Reading.count() == 0
