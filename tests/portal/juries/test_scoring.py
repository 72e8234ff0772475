"""Marks as they are kept: their total, who may change them until when, and many jurors at once."""

import asyncio
import json
import random
from uuid import UUID

import pytest

from challenge.marks import total
from challenge.terms import Criterion
from portal.audit import service as audit
from portal.audit.tables import Action
from portal.errors import NotAllowedError, SavedMeanwhileError
from portal.juries import readings, scoring
from portal.juries import service as juries
from portal.juries.scoring import Typed
from portal.juries.tables import Reading, ReadState, Score
from tests.conftest import SOAK
from tests.portal.juries.sitting import CRITERIA, sitting, terms

JURORS = 50 if SOAK else 8
SAVES = 6 if SOAK else 3
MARKS = dict.fromkeys((name for name, _ in CRITERIA), 7)

pytestmark = pytest.mark.usefixtures("portal")


def test_total_is_the_weighted_mean_in_points_of_100() -> None:
    criteria = [Criterion(name, {}, {}, weight, {}) for name, weight in CRITERIA]
    assert total(criteria, {"effective": 10, "affordable": 5, "easy-to-use": 0}) == pytest.approx(100 * 40 / 60)
    assert total(criteria, {"effective": 10, "affordable": 5}) is None
    assert total(criteria, dict.fromkeys(MARKS, 10)) == 100
    assert total([], {}) is None


async def test_marks_are_kept_merged_handed_in_and_changed() -> None:
    made = await sitting()
    round_ = await made.ready()
    [juror, *_] = await made.jurors()
    [one, *_] = await readings.of_juror(round_.id, juror)
    kept = await scoring.keep(one.id, juror.id, Typed({"effective": 4, "evil": 9}, "p", "n", "f"), juror.pseudonym)
    assert (kept.edits, kept.missing, kept.is_done) == (1, ("affordable", "easy-to-use"), False)
    kept = await scoring.keep(one.id, juror.id, Typed({}, edits=1), juror.pseudonym, finish=True)
    assert (kept.edits, kept.is_done) == (2, False)
    assert await scoring.scores_of(round_.id, "pilot") == []
    rest = Typed({"affordable": 10, "easy-to-use": 1}, edits=2)
    assert (await scoring.keep(one.id, juror.id, rest, juror.pseudonym, finish=True)).is_done
    [score] = await scoring.scores_of(round_.id, "pilot")
    assert (score.entry, score.juror) == (one.number, juror.number)
    assert score.total == pytest.approx(10 * (3 * 4 + 2 * 10 + 1) / 6, abs=1e-12)
    await scoring.keep(one.id, juror.id, Typed({"effective": 5}, edits=3), juror.pseudonym)
    [score] = await scoring.scores_of(round_.id, "pilot")
    assert score.marks == {"effective": 5, "affordable": 10, "easy-to-use": 1}
    assert [each.action async for each in audit.entries(action=Action.SCORE_SUBMITTED)] == ["score-submitted"]


async def test_a_second_window_overwrites_nothing() -> None:
    made = await sitting()
    round_ = await made.ready()
    [juror, *_] = await made.jurors()
    [one, *_] = await readings.of_juror(round_.id, juror)
    await scoring.keep(one.id, juror.id, Typed(MARKS), juror.pseudonym)
    with pytest.raises(SavedMeanwhileError):
        await scoring.keep(one.id, juror.id, Typed({"effective": 0}), juror.pseudonym, finish=True)
    assert (await scoring.of_reading(one.id)).marks == MARKS
    assert (await Reading.objects().get(Reading.id == one.id)).state == ReadState.OPEN  # type: ignore[union-attr]


async def test_nobody_marks_what_is_not_theirs_or_is_locked() -> None:
    made = await sitting()
    round_ = await made.ready()
    mine, other, *_ = await made.jurors()
    [one, *_] = await readings.of_juror(round_.id, mine)
    with pytest.raises(NotAllowedError):
        await scoring.keep(one.id, other.id, Typed(MARKS), other.pseudonym)
    await juries.lock(round_.id)
    with pytest.raises(NotAllowedError):
        await scoring.keep(one.id, mine.id, Typed(MARKS), mine.pseudonym)
    assert await Score.count() == 0
    with pytest.raises(NotAllowedError):
        await juries.lock(round_.id)


async def recomputed() -> dict[UUID, float | None]:
    """By reading, the total that the audit log tells."""
    marks: dict[UUID, dict[str, int]] = {}
    async for entry in audit.entries(action=Action.SCORE_KEPT):
        marks.setdefault(UUID(entry.subject.partition(":")[2]), {}).update(json.loads(entry.about))
    criteria = [Criterion(scoring.key_of(each.id), each.name, each.text, each.weight, {}) for each in terms().criteria]
    return {reading: total(criteria, found) for reading, found in marks.items()}


@pytest.mark.soak
async def test_jurors_who_save_at_once_leave_what_the_audit_log_tells() -> None:
    made = await sitting(entered=6, judges=JURORS, said=terms(reads=JURORS))
    for each in await made.add():
        await made.declare(each)
    round_ = await made.open()
    for juror in await made.jurors():
        for entry in made.entries.values():
            await Reading(round=round_.id, juror=juror.id, entry=entry).save()

    async def marks(number: int) -> None:
        """One juror, in two windows that save over each other."""
        luck = random.Random(number)  # noqa: S311 - a test's marks
        juror = next(each for each in await made.jurors() if each.number == number)
        for reading in await readings.of_juror(round_.id, juror):
            for _ in range(SAVES):
                seen = (await scoring.of_reading(reading.id)).edits
                both = [Typed({name: luck.randint(0, 10) for name in MARKS}, edits=seen) for _ in range(2)]
                said = await asyncio.gather(
                    *(scoring.keep(reading.id, juror.id, typed, juror.pseudonym, finish=True) for typed in both),
                    return_exceptions=True,
                )
                assert sum(isinstance(each, SavedMeanwhileError) for each in said) == 1

    await asyncio.gather(*(marks(number) for number in range(1, JURORS + 1)))
    kept = {row["reading"]: row["total"] for row in await Score.select(Score.reading, Score.total)}
    assert len(kept) == JURORS * len(made.entries)
    assert kept == await recomputed()
    assert len(await scoring.scores_of(round_.id, "pilot")) == len(kept)
