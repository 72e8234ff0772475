"""A round is locked: nobody scores any more, and each track's ranking is made of what stands then."""

from datetime import datetime

from portal.audit import service as audit
from portal.audit.tables import Action
from portal.awards import impartial, reading, standings
from portal.awards.impartial import Acting
from portal.errors import AlreadyDoneError, NotAllowedError, ScoresMissingError
from portal.juries import people
from portal.juries import service as juries
from portal.juries.service import KnownRound


async def lock(acting: Acting, round_: KnownRound, *, accepts_short: bool = False) -> None:
    """Locks the round for that organiser, with all that comes of its scores, in one transaction.

    `accepts_short`: entries that a juror gave up, and that nobody reads in their place, are ranked with fewer reads.

    Raises:
        ScoresMissingError: somebody has not finished, an entry has no score, or (unless accepted) too few reads.
        AlreadyDoneError: somebody locked it before.
        NotAllowedError: the viewer organises nothing there any more, or has entered the call themselves.
    """
    await impartial.require(acting)
    call = acting.call
    async with people.changing(call, acting.city, acting.viewer):
        moment = await _locked(round_)
        found = await reading.progress(call, round_)
        if found.unfinished or found.unread or (found.short and not accepts_short):
            raise ScoresMissingError
        for track in call.terms.tracks:
            await standings.make(round_, track, moment)
        about = {"round": round_.kind.value, "entries": found.entries, "reads": found.reads, "short": len(found.short)}
        await audit.record(Action.SCORE_LOCKED, acting.viewer.pseudonym, f"call:{call.slug}", **about)


async def _locked(round_: KnownRound) -> datetime:
    """Waits for whoever saves a score just then; nobody can afterwards."""
    try:
        return await juries.lock(round_.id)
    except NotAllowedError:
        raise AlreadyDoneError from None
