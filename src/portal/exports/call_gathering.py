"""What a call's organisers take along, as one value: entries, submissions, who reads what, and scores in their time."""

from datetime import datetime
from typing import Any

from msgspec import Struct

from challenge.terms import PhaseKind
from portal import clock
from portal.awards.tables import Publication, Stage
from portal.calls.service import KnownCall
from portal.entries import service as entries
from portal.entries.service import SubmittedEntry
from portal.entries.tables import Submission
from portal.juries import scoring
from portal.juries import service as juries
from portal.juries.scoring import JurorScore
from portal.juries.service import KnownRound
from portal.juries.tables import Reading


class TakenSubmission(Struct, frozen=True):
    """One time that an entry was handed in. `entry`: its number; `digest`: SHA-256, hexadecimal."""

    entry: int
    number: int
    startup: str
    submitted_at: datetime
    is_late: bool
    call_version: int
    receipt: str
    digest: str


class Assignment(Struct, frozen=True):
    """Who reads what, by numbers within the call. `juror_name`: as organisers call them, empty for who is gone."""

    round: str
    entry: int
    juror: int
    juror_name: str
    city: str
    state: str
    by_hand: bool
    given_at: datetime
    ended_at: datetime | None


class TakenRound(Struct, frozen=True):
    """A round. `scores`: empty before it is locked.

    `is_named`: names may stand beside them: the call is not blind, or what came of the round is public.
    """

    known: KnownRound
    scores: tuple[JurorScore, ...]
    is_named: bool


class TakenCall(Struct, frozen=True):
    """A call at one moment, for those who organise it. Entries that were withdrawn are left out of all of it."""

    call: KnownCall
    language: str
    made_at: datetime
    entries: tuple[SubmittedEntry, ...]
    submissions: tuple[TakenSubmission, ...]
    assignments: tuple[Assignment, ...]
    rounds: tuple[TakenRound, ...]


async def of_call(call: KnownCall, language: str) -> TakenCall:
    """Everything that organisers may take. Drafts, jurors' notes and marks of an open round are not among it."""
    submitted = await entries.submitted(call.id)
    return TakenCall(
        call=call,
        language=language,
        made_at=clock.now(),
        entries=tuple(submitted),
        submissions=await _submissions(call),
        assignments=await _assignments(call),
        rounds=await _rounds(call),
    )


async def _submissions(call: KnownCall) -> tuple[TakenSubmission, ...]:
    entry: Any = Submission.entry  # mypy sees a column in it, not the table
    found = await Submission.select(
        entry.number.as_alias("entry"),
        Submission.number,
        entry.organisation.name.as_alias("startup"),
        Submission.submitted_at,
        Submission.is_late,
        Submission.call_version,
        Submission.receipt,
        Submission.digest,
    ).where(entry.call == call.id, entry.withdrawn_at.is_null())
    return tuple(sorted((TakenSubmission(**row) for row in found), key=lambda each: (each.entry, each.number)))


async def _assignments(call: KnownCall) -> tuple[Assignment, ...]:
    juror: Any = Reading.juror  # the same
    found = await Reading.select(
        Reading.round.kind.as_alias("round"),
        Reading.entry.number.as_alias("entry"),
        juror.number.as_alias("juror"),
        juror.person.name.as_alias("name"),
        juror.person.address.as_alias("address"),
        juror.city.slug.as_alias("city"),
        Reading.state,
        Reading.by_hand,
        Reading.given_at,
        Reading.ended_at,
    ).where(Reading.round.call == call.id, Reading.entry.withdrawn_at.is_null())
    made = (_assignment(row) for row in found)
    order = [kind.value for kind in juries.KINDS]
    return tuple(sorted(made, key=lambda each: (order.index(each.round), each.entry, each.juror)))


def _assignment(row: dict[str, Any]) -> Assignment:
    name, address = row.pop("name"), row.pop("address")
    return Assignment(juror_name=name or address or "", **row)


async def _rounds(call: KnownCall) -> tuple[TakenRound, ...]:
    published = {row["stage"] for row in await Publication.select(Publication.stage).where(Publication.call == call.id)}
    return tuple([await _round(call, each, published) for each in await juries.rounds_of(call.id)])


async def _round(call: KnownCall, known: KnownRound, published: set[str]) -> TakenRound:
    scores: list[JurorScore] = []
    if known.locked_at is not None:
        for track in call.terms.tracks:
            scores += await scoring.scores_of(known.id, track.id)
    told = {Stage.WINNERS.value} | ({Stage.FINALISTS.value} if known.kind is PhaseKind.SCREENING else set())
    scores.sort(key=lambda each: (each.entry, each.juror))
    return TakenRound(known, tuple(scores), is_named=not call.terms.is_blind or bool(told & published))
