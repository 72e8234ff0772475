"""Puts what was done just now where it belongs in the past. What never changes is taken out and put in anew."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from portal.assessments.solutions.service import LASTS
from portal.assessments.solutions.tables import Solution
from portal.awards.tables import Decision, FeedbackLetter, Publication, Stage, Standing
from portal.juries.tables import Round

_BEFORE = timedelta(hours=2)
"""The round was locked so long before its outcome was published."""


async def locked(round_: UUID, moment: datetime) -> None:
    """The round, and the rankings that were made of it."""
    await Round.update({Round.locked_at: moment - _BEFORE}).where(Round.id == round_)
    for row in await Standing.select().where(Standing.round == round_):
        await Standing.delete().where(Standing.id == row["id"])
        await Standing.insert(Standing(**{**row, "made_at": moment - _BEFORE}))


async def decided(round_: UUID, moment: datetime) -> None:
    """What the jury decided in that round."""
    await Decision.update({Decision.decided_at: moment - _BEFORE / 2}).where(Decision.round == round_)


async def published(call: UUID, stage: Stage, moment: datetime) -> None:
    """A stage; with the winners, what was awarded."""
    ours = (Publication.call == call) & (Publication.stage == stage.value)
    for row in await Publication.select().where(ours):
        await Publication.delete().where(Publication.id == row["id"])
        await Publication.insert(Publication(**{**row, "published_at": moment}))
    if stage is Stage.WINNERS:
        day = moment.date()
        dates: dict[Any, Any] = {Solution.awarded_on: day, Solution.expires_on: day + LASTS, Solution.made_at: moment}
        await Solution.update(dates).where(Solution.id.is_not_null())


async def sent(round_: UUID, moment: datetime) -> None:
    """The letters on the teams' pages."""
    await FeedbackLetter.update({FeedbackLetter.sent_at: moment}).where(FeedbackLetter.round == round_)
