"""What other rooms need to know of a call's awards."""

from uuid import UUID

from challenge.terms import PhaseKind
from portal.awards import decisions, standings
from portal.awards.tables import Verdict
from portal.entries import service as entries
from portal.juries import service as juries


async def finalists(call: UUID) -> list[UUID]:
    """The entries that the jury chose in the locked screening and that still take part, by number; often none yet.

    Whoever opens the final gives them to `portal.juries`, which knows nothing of decisions. Until they are published
    they are for organisers alone.
    """
    screening = next((each for each in await juries.rounds_of(call) if each.kind is PhaseKind.SCREENING), None)
    if screening is None or not await standings.of_round(screening.id):
        return []
    decided = await decisions.of_round(screening.id)
    chosen = {entry for entry, choice in decided.items() if choice.verdict is Verdict.FINALIST}
    return [each.id for each in await entries.submitted(call) if each.id in chosen]
