"""What the jury decides of each entry, and why. It stays changeable, and with organisers, until it is published."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from msgspec import Struct

from challenge.deciding import Why, needing_reasons
from challenge.ranking.result import Ranking
from challenge.terms import PhaseKind, Terms
from portal.audit import service as audit
from portal.audit.tables import Action
from portal.awards import impartial, reading, standings
from portal.awards.impartial import Acting
from portal.awards.tables import Decision, Publication, Stage, Verdict
from portal.calls.service import KnownCall
from portal.database import now
from portal.errors import NotAllowedError, ReasonsNeededError, SavedMeanwhileError
from portal.juries import service as juries
from portal.juries.service import KnownRound

LONGEST_REASON = 2000
LEVELS = {Verdict.NOT_CHOSEN: 0, Verdict.FINALIST: 1, Verdict.PILOT: 1, Verdict.WINNER: 2}
"""How high a verdict places an entry; what ranks higher is placed as high, or there is a reason."""


class Choice(Struct, frozen=True):
    """What was decided of an entry. `verdict`: None while nothing is; `edits`: how often what they saw was changed."""

    verdict: Verdict | None
    reason: str = ""
    edits: int = 0
    decided_at: datetime | None = None


NOTHING = Choice(None)


def verdicts(terms: Terms, kind: PhaseKind) -> tuple[Verdict, ...]:
    """What can be decided in a round of that kind: finalists come of a screening before a final, else winners."""
    if kind is PhaseKind.SCREENING and terms.phase(PhaseKind.FINAL) is not None:
        return (Verdict.FINALIST, Verdict.NOT_CHOSEN)
    return (Verdict.WINNER, Verdict.PILOT, Verdict.NOT_CHOSEN)


def stage(terms: Terms, kind: PhaseKind) -> Stage:
    """With what a round's decisions are published."""
    return Stage.FINALISTS if Verdict.FINALIST in verdicts(terms, kind) else Stage.WINNERS


def reasons_needed(ranking: Ranking, numbers: Mapping[UUID, int], choices: Mapping[UUID, Choice]) -> dict[UUID, Why]:
    """The decided entries that need a reason. `numbers`: of the track's entries, as the ranking calls them."""
    levels = {
        str(numbers[entry]): LEVELS[choice.verdict]
        for entry, choice in choices.items()
        if choice.verdict is not None and entry in numbers
    }
    found = needing_reasons(ranking, levels)
    return {entry: found[str(number)] for entry, number in numbers.items() if str(number) in found}


def without_reason(ranking: Ranking, numbers: Mapping[UUID, int], choices: Mapping[UUID, Choice]) -> dict[UUID, Why]:
    """Those of them that have none."""
    needed = reasons_needed(ranking, numbers, choices)
    return {entry: why for entry, why in needed.items() if not choices[entry].reason.strip()}


async def of_round(round_id: UUID) -> dict[UUID, Choice]:
    """By entry."""
    found = await Decision.objects().where(Decision.round == round_id)
    return {row.entry: Choice(Verdict(row.verdict), row.reason, row.edits, row.decided_at) for row in found}


async def is_settled(call: KnownCall, round_: KnownRound) -> bool:
    """Whether what was decided in the round stays: it is published, or the next round reads by it."""
    if await Publication.exists().where(
        Publication.call == call.id, Publication.stage == stage(call.terms, round_.kind).value
    ):
        return True
    opened = {each.kind for each in await juries.rounds_of(call.id)}
    return round_.kind is PhaseKind.SCREENING and PhaseKind.FINAL in opened


async def decide(acting: Acting, round_: KnownRound, track: str, choices: Mapping[UUID, Choice]) -> None:
    """Keeps what was decided of a track's entries, all of it or nothing. What says no verdict stays as it is.

    Raises:
        ReasonsNeededError: a decision that the ranking alone does not make says no reason.
        SavedMeanwhileError: somebody else decided on one of them meanwhile.
        NotAllowedError: the round is not locked, or settled; an entry or a verdict is not of it; or the viewer may not.
    """
    made = {entry: choice for entry, choice in choices.items() if choice.verdict is not None}
    async with impartial.deciding(acting):
        standing = (await standings.of_round(round_.id)).get(track)
        if standing is None or await is_settled(acting.call, round_):
            raise NotAllowedError
        numbers = {each.id: each.number for each in await reading.entered(round_, track)}
        allowed = verdicts(acting.call.terms, round_.kind)
        if any(entry not in numbers or choice.verdict not in allowed for entry, choice in made.items()):
            raise NotAllowedError
        before = await of_round(round_.id)
        if any(choice.edits != before.get(entry, NOTHING).edits for entry, choice in made.items()):
            raise SavedMeanwhileError
        missing = without_reason(standing.ranking, numbers, {**before, **made})
        if missing:
            raise ReasonsNeededError({str(numbers[entry]): why.value for entry, why in missing.items()})
        new = {entry: choice for entry, choice in made.items() if _differs(choice, before.get(entry, NOTHING))}
        for entry, choice in new.items():
            await _keep(round_, entry, choice, acting.viewer.pseudonym)
        for entry, choice in new.items():
            about = {"round": round_.kind.value, "entry": numbers[entry], "verdict": str(choice.verdict)}
            await audit.record(Action.DECIDED, acting.viewer.pseudonym, f"call:{acting.call.slug}", **about)


def _differs(choice: Choice, stood: Choice) -> bool:
    return (choice.verdict, _fit(choice.reason)) != (stood.verdict, stood.reason)


def _fit(reason: str) -> str:
    return reason.replace("\0", "").strip()[:LONGEST_REASON]


async def _keep(round_: KnownRound, entry: UUID, choice: Choice, actor: str) -> None:
    row = await Decision.objects().get_or_create((Decision.round == round_.id) & (Decision.entry == entry))
    row.verdict, row.reason, row.by = str(choice.verdict), _fit(choice.reason), actor
    row.edits, row.decided_at = choice.edits + 1, await now()
    await row.save()
