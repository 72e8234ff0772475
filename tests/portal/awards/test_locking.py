"""A round is locked once, whole, and for ever."""

import asyncio

import msgspec
import pytest

from challenge.ranking.ranking import rank
from challenge.ranking.result import Score as Value
from portal.accounts.viewer import Viewer
from portal.audit import service as audit
from portal.audit.tables import Action
from portal.awards import locking, reading, standings
from portal.awards.impartial import Acting
from portal.awards.tables import Standing
from portal.errors import AlreadyDoneError, NotAllowedError, ScoresMissingError
from portal.juries import scoring
from portal.juries.scoring import Typed
from portal.juries.tables import Reading, ReadState, Score
from tests.portal.awards.judged import Judged, judged

pytestmark = pytest.mark.usefixtures("portal")


async def read(**options: bool) -> Judged:
    """Everybody has handed in everything."""
    made = await judged(**options)
    await made.open()
    await made.score()
    return made


async def a_reading(made: Judged, entry: int, juror: int) -> Reading:
    row = (
        await Reading.objects()
        .where(Reading.entry == made.entries[entry], Reading.juror == made.jurors[juror].id)
        .first()
    )
    assert row is not None
    return row


async def test_locking_makes_the_ranking_of_what_was_scored() -> None:
    made = await read()
    round_ = await made.lock()
    standing = (await standings.of_round(round_.id))["pilot"]
    scored = await scoring.scores_of(round_.id, "pilot")
    assert len(scored) == 18
    again = rank([Value(str(each.entry), str(each.juror), each.total) for each in scored], top=2)
    assert standing.ranking == again
    assert standing.top == 2
    assert standing.ranking.connected
    told = [entry async for entry in audit.entries(action=Action.SCORE_LOCKED)]
    assert [each.subject for each in told] == ["call:moonshot"]


async def test_a_reading_that_is_open_keeps_the_round_open_and_is_named() -> None:
    made = await judged()
    await made.open()
    await made.score(but=(2, 3))
    with pytest.raises(ScoresMissingError):
        await made.lock()
    assert (await made.round()).locked_at is None, "nothing of it was kept"
    found = await reading.progress(made.call, await made.round())
    assert [(each.number, each.jurors) for each in found.unfinished] == [(2, (3,))]
    assert (found.reads, found.given, found.is_whole) == (17, 18, False)


@pytest.mark.parametrize("state", [ReadState.RECUSED, ReadState.CANNOT_JUDGE])
async def test_a_juror_who_gives_up_holds_nothing_up_once_replaced(state: ReadState) -> None:
    made = await judged()
    round_ = await made.open()
    await made.score(but=(2, 3))
    await Reading.update({Reading.state: state.value}).where(Reading.id == (await a_reading(made, 2, 3)).id)
    assert [each.number for each in (await reading.progress(made.call, round_)).short] == [2]
    with pytest.raises(ScoresMissingError):
        await made.lock()
    await Reading(round=round_.id, juror=made.jurors[2].id, entry=made.entries[2]).save()
    await made.score()
    await made.lock()
    scored = await scoring.scores_of(round_.id, "pilot")
    assert {each.juror for each in scored if each.entry == 2} == {1, 2, 4}, "what was given up does not count"


async def test_with_too_few_reads_the_organiser_can_lock_all_the_same() -> None:
    made = await judged()
    await made.open()
    await made.score(but=(2, 3))
    await Reading.update({Reading.state: ReadState.RECUSED.value}).where(Reading.id == (await a_reading(made, 2, 3)).id)
    await locking.lock(await made.acting(), await made.round(), accepts_short=True)
    told = [msgspec.json.decode(entry.about) async for entry in audit.entries(action=Action.SCORE_LOCKED)]
    assert [each["short"] for each in told] == [1]


async def test_an_entry_that_nobody_scored_is_never_left_out() -> None:
    made = await judged()
    round_ = await made.open()
    await made.score()
    ids = [row["id"] for row in await Reading.select(Reading.id).where(Reading.entry == made.entries[6])]
    await Score.delete().where(Score.reading.is_in(ids))
    await Reading.delete().where(Reading.id.is_in(ids))
    assert [each.number for each in (await reading.progress(made.call, round_)).unread] == [6]
    with pytest.raises(ScoresMissingError):
        await locking.lock(await made.acting(), round_, accepts_short=True)


async def test_two_who_lock_at_once_lock_it_once() -> None:
    made = await read()
    acting, round_ = await made.acting(), await made.round()
    found = await asyncio.gather(*(locking.lock(acting, round_) for _ in range(4)), return_exceptions=True)
    assert [type(each) for each in found if each is not None] == [AlreadyDoneError] * 3
    assert await Standing.count() == 1


async def test_a_score_saved_while_the_round_is_locked_counts_whole_or_not_at_all() -> None:
    made = await read()
    juror, row = made.people[3], await a_reading(made, 2, 3)
    acting, round_ = await made.acting(), await made.round()
    kept = scoring.keep(row.id, made.jurors[3].id, Typed({"effective": 0, "affordable": 0}, edits=1), juror.pseudonym)
    late, locked = await asyncio.gather(kept, locking.lock(acting, round_), return_exceptions=True)
    assert locked is None
    score = await Score.objects().where(Score.reading == row.id).first()
    assert score is not None
    assert isinstance(late, NotAllowedError) == (score.total != 0)
    standing = (await standings.of_round(round_.id))["pilot"]
    assert f"\n2,3,{score.total!r}\n" in standing.scores


async def test_after_the_lock_no_score_changes() -> None:
    made = await read()
    row = await a_reading(made, 2, 3)
    await made.lock()
    with pytest.raises(NotAllowedError):
        await scoring.keep(row.id, made.jurors[3].id, Typed({"effective": 9}, edits=1), "j" * 32)
    for change in ({Score.total: 100.0}, {Score.marks: "{}"}, {Score.submission: 2}):
        with pytest.raises(Exception, match="the round is locked"):
            await Score.update(change).where(Score.reading == row.id)
    await Score.update({Score.private_note: "", Score.note: ""}).where(Score.reading == row.id)


async def test_a_standing_never_changes() -> None:
    made = await read()
    await made.lock()
    with pytest.raises(Exception, match="a standing never changes"):
        await Standing.update({Standing.scores: ""}, force=True)


async def test_scores_stay_under_their_number_when_a_juror_deletes_the_account() -> None:
    made = await read()
    round_ = await made.lock()
    before = (await standings.of_round(round_.id))["pilot"]
    await type(made.people[3]).delete().where(type(made.people[3]).id == made.people[3].id)
    assert (await standings.of_round(round_.id))["pilot"] == before
    assert "3" in {each.juror for each in before.ranking.jurors}
    assert any(each.juror_number == 3 for each in await reading.reads_of(round_))


async def test_an_organiser_of_an_entrant_s_team_cannot_lock() -> None:
    made = await read()
    acting = await made.acting()
    viewer = Viewer(
        person=acting.viewer.person, pseudonym=acting.viewer.pseudonym, startups=frozenset({made.teams[3].id})
    )
    with pytest.raises(NotAllowedError):
        await locking.lock(Acting(made.call, acting.city, viewer), await made.round())


async def test_whoever_organises_nothing_cannot_lock() -> None:
    made = await read()
    acting = await made.acting()
    stranger = Viewer(person=made.people[1].id, pseudonym="s" * 32)
    with pytest.raises(NotAllowedError):
        await locking.lock(Acting(made.call, acting.city, stranger), await made.round())
