"""The call that is over, from its screening to its winners, gallery and letters; each step is dated back at once."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from msgspec import Struct

from challenge.marks import total
from challenge.terms import PhaseKind
from portal.awards import decisions, letters, locking, publishing, reading, standings
from portal.awards import service as awards
from portal.awards.decisions import Choice
from portal.awards.impartial import Acting
from portal.awards.tables import Stage, Verdict
from portal.calls.service import KnownCall
from portal.demo import dating, marking, panels, texts
from portal.demo.calling import at
from portal.demo.cast import Cast
from portal.demo.texts import Days
from portal.entries import service as entries
from portal.entries.service import SubmittedEntry
from portal.juries import assigning, people
from portal.juries import service as juries
from portal.juries.closeness import held_by
from portal.juries.people import KnownJuror
from portal.juries.service import KnownRound
from portal.juries.tables import Reading, ReadState, Round, RoundEntry, Score

_VERDICTS: Mapping[PhaseKind, Mapping[str, Sequence[Verdict]]] = {
    PhaseKind.SCREENING: {"pilot": (Verdict.FINALIST,) * 4, "investment": (Verdict.FINALIST,) * 2},
    PhaseKind.FINAL: {
        "pilot": (Verdict.WINNER, Verdict.WINNER, Verdict.PILOT),
        "investment": (Verdict.WINNER,),
    },
}
"""By rank; the others are not chosen."""


class _Marked(Struct, frozen=True):
    """One juror with one entry."""

    entry: SubmittedEntry
    juror: KnownJuror


async def to_winners(call: KnownCall, days: Days, cast: Cast) -> None:
    """Everything that has happened since the deadline."""
    acting = Acting(call, cast.lead, await cast.organiser())
    await panels.gathered(call, cast)
    for juror in await people.jury_of(call.id):
        await panels.declared(call, juror)
    await panels.date_back(call, call.deadline + timedelta(days=1))
    taking_part = [each.id for each in await entries.submitted(call.id)]
    screening = await _round(call, PhaseKind.SCREENING, taking_part)
    await _read(call, screening, await _assigned(call, screening))
    await _close(acting, screening, Stage.FINALISTS, at(days.screening[1] + 2, cast.lead, 12))
    final = await _round(call, PhaseKind.FINAL, await awards.finalists(call.id))
    await _read(call, final, await _whole_panel(call, final))
    await _close(acting, final, Stage.WINNERS, at(days.winners, cast.lead, 12))
    await publishing.publish(acting, Stage.GALLERY)
    await dating.published(call.id, Stage.GALLERY, at(days.gallery, cast.lead, 12))


async def _round(call: KnownCall, kind: PhaseKind, chosen: Collection[UUID]) -> KnownRound:
    """A round that was opened when its phase began: no service opens one whose phase is over."""
    phase = call.terms.phase(kind)
    assert phase is not None  # noqa: S101 - each call of ours has all phases
    row = Round(call=call.id, kind=kind.value, opened_at=phase.begins)
    await row.save()
    await RoundEntry.insert(*(RoundEntry(round=row.id, entry=each) for each in chosen))
    return await juries.round_of(call.id, kind)


async def _assigned(call: KnownCall, round_: KnownRound) -> list[_Marked]:
    panel = await assigning.panel_of(call, round_, undeclared=False)
    proposal = await assigning.propose(panel)
    inside = {each.number: each for each in panel.entries}
    jurors = {each.number: each for each in panel.jurors}
    return [
        _Marked(inside[assigning.number(pair.entry)], jurors[assigning.number(pair.juror)])
        for pair in sorted(proposal.pairs)
    ]


async def _whole_panel(call: KnownCall, round_: KnownRound) -> list[_Marked]:
    inside = await reading.entered(round_)
    found = []
    for juror in await people.jury_of(call.id):
        apart = await held_by(juror)
        found += [_Marked(each, juror) for each in inside if each.organisation not in apart]
    return found


async def _read(call: KnownCall, round_: KnownRound, marked: Sequence[_Marked]) -> None:
    """Readings with their scores, as jurors would have handed them in while the round was open."""
    for number, each in enumerate(marked):
        told = next(one for one in texts.entries("finished") if one.by == each.entry.organisation_name)
        typed = marking.scored(call.terms, told, panels.somebody(each.juror), round_.kind.value)
        given, ended = round_.opened_at, round_.opened_at + timedelta(days=2, minutes=53 * number)
        row = Reading(round=round_.id, juror=each.juror.id, entry=each.entry.id, given_at=given, ended_at=ended)
        row.state = ReadState.DONE.value
        await row.save()
        score = Score(reading=row.id, submission=each.entry.submission, feedback=typed.feedback, edits=2)
        score.marks, score.total, score.saved_at = marking.kept(typed), total(call.terms.criteria, typed.marks), ended
        await score.save()


async def _close(acting: Acting, round_: KnownRound, stage: Stage, moment: datetime) -> None:
    """Locks the round, decides, publishes and keeps the letters for the teams' pages, without mailing any."""
    await locking.lock(acting, round_)
    await dating.locked(round_.id, moment)
    fresh = await juries.round_of(acting.call.id, round_.kind)
    for track in acting.call.terms.tracks:
        await _decide(acting, fresh, track.id)
    await dating.decided(round_.id, moment)
    await publishing.publish(acting, stage)
    await dating.published(acting.call.id, stage, moment)
    await letters.send(acting, fresh, None)
    await dating.sent(round_.id, moment + timedelta(hours=1))


async def _decide(acting: Acting, round_: KnownRound, track: str) -> None:
    standing = (await standings.of_round(round_.id))[track]
    numbers = {each.id: each.number for each in await reading.entered(round_, track)}
    ids = {str(number): entry for entry, number in numbers.items()}
    wanted = _VERDICTS[round_.kind][track]
    ranked = [ids[each.entry] for each in standing.ranking.entries]
    levels = [*wanted, *(Verdict.NOT_CHOSEN for _ in ranked[len(wanted) :])]
    choices = {entry: Choice(verdict) for entry, verdict in zip(ranked, levels, strict=True)}
    needed = decisions.reasons_needed(standing.ranking, numbers, choices)
    reason = texts.feedback().reasons["band"]
    said = {entry: Choice(each.verdict, reason if entry in needed else "") for entry, each in choices.items()}
    await decisions.decide(acting, round_, track, said)
