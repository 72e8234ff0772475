"""The call whose jury reads: everything by the juries' own services, since it happens today."""

from challenge.terms import PhaseKind
from portal.calls.service import KnownCall
from portal.demo import marking, panels, texts
from portal.demo.calling import at
from portal.demo.cast import Cast
from portal.entries import service as entries
from portal.juries import assigning, opening, people, readings, scoring
from portal.juries.people import KnownJuror
from portal.juries.readings import KnownReading
from portal.juries.service import KnownRound
from portal.juries.tables import ReadState

_DONE = {"chair": 1.0, "juror-2": 0.6, "juror-3": 0.5, "juror": 0.5, "juror-5": 0.0}
"""How much of theirs each juror has handed in; who is not in it has not even declared."""
_RECUSES = "juror-2"


async def half_way(call: KnownCall, cast: Cast) -> None:
    """Opens the round, assigns everything, and lets the jurors read about half of it."""
    organiser = await cast.organiser()
    round_ = await opening.open_round(PhaseKind.SCREENING, call, cast.lead, organiser)
    await panels.gathered(call, cast)
    for juror in await people.jury_of(call.id):
        if panels.somebody(juror).signs_in in _DONE:
            await panels.declared(call, juror)
    await panels.date_back(call, at(-7, cast.lead, 12))
    panel = await assigning.panel_of(call, round_, undeclared=True)
    proposal = await assigning.propose(panel)
    await assigning.apply(proposal.state, call, cast.lead, round_, organiser, undeclared=True)
    for juror in await people.jury_of(call.id):
        await _read(call, round_, juror)


async def _read(call: KnownCall, round_: KnownRound, juror: KnownJuror) -> None:
    who = panels.somebody(juror)
    given = sorted(await readings.of_juror(round_.id, juror), key=lambda each: each.number)
    if who.signs_in == _RECUSES and given:
        why = texts.feedback().reasons["recused"]
        await readings.give_back(given.pop(), juror, ReadState.RECUSED, why)
    done = round(len(given) * _DONE.get(who.signs_in, 0.0))
    for number, reading in enumerate(given[: done + 1] if done else []):
        await _mark(call, reading, juror, finish=number < done)


async def _mark(call: KnownCall, reading: KnownReading, juror: KnownJuror, *, finish: bool) -> None:
    """Hands it in; or begins it, with the first two marks."""
    entered = next(each for each in await entries.submitted(call.id) if each.number == reading.number)
    told = next(each for each in texts.entries("screening") if each.by == entered.organisation_name)
    typed = marking.scored(call.terms, told, panels.somebody(juror), "screening")
    if not finish:
        typed = scoring.Typed(dict(list(typed.marks.items())[:2]))
    await scoring.keep(reading.id, juror.id, typed, juror.pseudonym, finish=finish)
