"""What jurors think of entries: kept as they type, handed in, and given to those who rank. Only this writes scores."""

import json
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from msgspec import Struct

from challenge.marks import total
from challenge.terms import HIGHEST_MARK, Criterion
from portal.audit import service as audit
from portal.audit.tables import Action
from portal.calls import service as calls
from portal.database import now, rows, transaction
from portal.errors import NotAllowedError, SavedMeanwhileError
from portal.juries import service
from portal.juries.tables import Reading, ReadState, Score

LONGEST = 2000
"""Characters of a note and of the feedback, each."""
_ABOUT_AT_ONCE = 12
"""As much as the audit log takes in one entry."""

_KEEP = """
    INSERT INTO score (id, reading, marks, total, submission, private_note, note, feedback, edits, saved_at)
    VALUES ({}, {}, {}, {}, {}, {}, {}, {}, 1, {})
    ON CONFLICT (reading) DO UPDATE SET marks = excluded.marks, total = excluded.total,
        submission = excluded.submission, private_note = excluded.private_note, note = excluded.note,
        feedback = excluded.feedback, edits = score.edits + 1, saved_at = excluded.saved_at
    WHERE score.edits = {}
    RETURNING edits
"""
"""Whoever did not see the newest marks writes nothing."""


class Typed(Struct, frozen=True):
    """What a juror's form says. `marks`: by criterion, those that are given; `edits`: of what they saw."""

    marks: Mapping[str, int]
    private_note: str = ""
    note: str = ""
    feedback: str = ""
    edits: int = 0


class Kept(Struct, frozen=True):
    """What stands now. `missing`: ids of the criteria without a mark; `is_done`: it was handed in."""

    edits: int
    saved_at: datetime
    missing: tuple[str, ...]
    is_done: bool


class JurorScore(Struct, frozen=True):
    """One juror's finished word on one entry, both by their numbers within the call.

    `total`: in points of 100; `marks`: by criterion, 0 to 10.
    """

    entry: int
    juror: int
    total: float
    marks: Mapping[str, int]


async def of_reading(reading: UUID) -> Typed:
    """What was kept of it; nothing where nothing was."""
    row = await Score.objects().where(Score.reading == reading).first()
    if row is None:
        return Typed({})
    return Typed(json.loads(row.marks), row.private_note, row.note, row.feedback, row.edits)


async def saved_at(reading: UUID) -> datetime | None:
    """When something was kept of it last; None before the first time."""
    row = await Score.select(Score.saved_at).where(Score.reading == reading).first()
    return row["saved_at"] if row else None


async def keep(reading: UUID, juror: UUID, typed: Typed, actor: str, *, finish: bool = False) -> Kept:
    """Keeps what a juror typed; marks once given can change, and are not taken back.

    `finish`: hands it in too, where each criterion has a mark. `actor`: how the audit log calls the juror.

    Raises:
        NotAllowedError: it is not theirs (any more), or the round is over.
        SavedMeanwhileError: they kept something newer in another window.
    """
    async with transaction():
        row = await _theirs(reading, juror)
        round_ = await service.require_open(row["round"])
        criteria = (await calls.by_id(round_.call)).terms.criteria
        before = json.loads(row["marks"] or "{}")
        marks = _merged(criteria, before, typed.marks)
        moment, points = await now(), total(criteria, marks)
        edits = await _write(row, marks, points, typed, moment)
        missing = tuple(each.id for each in criteria if each.id not in marks)
        finished = finish and not missing and row["state"] == ReadState.OPEN
        if finished:
            await Reading.update({Reading.state: ReadState.DONE.value, Reading.ended_at: moment}).where(
                Reading.id == reading
            )
        await _record(reading, actor, marks if marks != before else {}, finished=finished)
    return Kept(edits, moment, missing, finished or row["state"] == ReadState.DONE)


async def scores_of(round_id: UUID, track: str) -> list[JurorScore]:
    """Everything that was handed in of a track in a round, by entry and juror. For organisers, and after the lock."""
    found = await rows(
        """
        SELECT entry.number AS entry, juror.number AS juror, score.total AS total, score.marks AS marks
        FROM score JOIN reading ON reading.id = score.reading JOIN entry ON entry.id = reading.entry
        JOIN juror ON juror.id = reading.juror
        WHERE reading.round = {} AND entry.track = {} AND reading.state = {} AND score.total IS NOT NULL
        AND entry.withdrawn_at IS NULL
        ORDER BY entry.number, juror.number
        """,
        round_id,
        track,
        ReadState.DONE.value,
    )
    return [JurorScore(**{**row, "marks": json.loads(row["marks"])}) for row in found]


async def notes_in(round_id: UUID) -> dict[UUID, str]:
    """By reading, what jurors write to the organisers, once they have handed in."""
    found = await Score.select(Score.reading, Score.note).where(
        Score.reading.round == round_id, Score.reading.state == ReadState.DONE.value, Score.note != ""
    )
    return {row["reading"]: row["note"] for row in found}


def key_of(criterion: str) -> str:
    """How the audit log calls a criterion."""
    return criterion.lower().replace("-", "_")


async def _theirs(reading: UUID, juror: UUID) -> dict[str, Any]:
    """The reading, with the marks that stand. Raises NotAllowedError where the juror has no such one to do."""
    found = await rows(
        """
        SELECT reading.id AS id, reading.round AS round, reading.state AS state, entry.submission AS submission,
            (SELECT score.marks FROM score WHERE score.reading = reading.id) AS marks
        FROM reading JOIN entry ON entry.id = reading.entry JOIN juror ON juror.id = reading.juror
        WHERE reading.id = {} AND juror.id = {} AND juror.left_at IS NULL AND entry.withdrawn_at IS NULL
        AND reading.state IN ('open', 'done')
        """,
        reading,
        juror,
    )
    if not found:
        raise NotAllowedError
    return found[0]


def _merged(criteria: Collection[Criterion], before: Mapping[str, int], typed: Mapping[str, int]) -> dict[str, int]:
    """All marks that stand then; what is no criterion or no mark counts for nothing."""
    known = [each.id for each in criteria]
    new = {name: mark for name, mark in typed.items() if 0 <= mark <= HIGHEST_MARK}
    return {name: mark for name, mark in {**before, **new}.items() if name in known}


async def _write(
    row: Mapping[str, Any], marks: Mapping[str, int], points: float | None, typed: Typed, moment: datetime
) -> int:
    """How often it is saved now."""
    texts = (each.replace("\0", "")[:LONGEST] for each in (typed.private_note, typed.note, typed.feedback))
    kept = (json.dumps(marks), points, row["submission"], *texts, moment)
    written = await rows(_KEEP, uuid4(), row["id"], *kept, typed.edits)
    if not written:
        raise SavedMeanwhileError
    return int(written[0]["edits"])


async def _record(reading: UUID, actor: str, marks: Mapping[str, int], *, finished: bool) -> None:
    """Where marks changed, all of them: the newest entries of a reading tell its score by themselves."""
    told = [(key_of(name), mark) for name, mark in marks.items()]
    for first in range(0, len(told), _ABOUT_AT_ONCE):
        about = dict(told[first : first + _ABOUT_AT_ONCE])
        await audit.record(Action.SCORE_KEPT, actor, f"reading:{reading}", **about)
    if finished:
        await audit.record(Action.SCORE_SUBMITTED, actor, f"reading:{reading}")
