"""A juror says to whom they are too close; what holds takes from them what they were to read."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import Struct

from portal.audit import service as audit
from portal.audit.chain import Plain
from portal.audit.tables import Action
from portal.calls.service import KnownCall
from portal.database import now
from portal.errors import NewEntrantsError
from portal.events import mentoring
from portal.juries import people
from portal.juries.closeness import FOR_GOOD, closeness_in, entrants_of, held, kept
from portal.juries.people import KnownJuror
from portal.juries.tables import Closeness, Conflict, Juror, Reading, ReadState

LONGEST_WORDS = 300
LONGEST_EMPLOYER = 100
LONGEST_INVESTS = 500


class Said(Struct, frozen=True):
    """What a juror declares. `close`: to whom; `shown`: the entrants that their page showed."""

    close: frozenset[UUID]
    shown: frozenset[UUID]
    words: str


async def remember(juror: KnownJuror, employer: str, invests_in: str) -> KnownJuror:
    """Keeps what they say of themselves, of which suggestions come; they as they are now."""
    said: dict[Any, Any] = {
        "employer": " ".join(employer.replace("\0", "").split())[:LONGEST_EMPLOYER],
        "invests_in": invests_in.replace("\0", "").strip()[:LONGEST_INVESTS],
    }
    await Juror.update(said).where(Juror.id == juror.id)
    return next(each for each in await people.jury_of(juror.call) if each.id == juror.id)


async def declare(juror: KnownJuror, said: Said, call: KnownCall) -> None:
    """Keeps to whom they are too close, and takes from them what they read of those. Only then entries open.

    Raises:
        NewEntrantsError: somebody entered since their page was made.
    """
    async with people.acting(call.id):
        entrants = await entrants_of(call.id)
        if any(each.organisation not in said.shown for each in entrants):
            raise NewEntrantsError
        found = (await closeness_in([juror], entrants, call.id))[juror.id]
        moment = await now()
        for each in entrants:
            is_close = each.organisation in said.close
            for kind in _to_say(found[each.organisation], is_close=is_close):
                await _say(juror.id, each.organisation, kind, is_close, moment, said.words)
        await Juror.update({Juror.declared_at: moment}).where(Juror.id == juror.id)
        await settle(call.id, juror.pseudonym)
        close = len(said.close & {each.organisation for each in entrants})
        about: dict[str, Plain] = {"entrants": len(entrants), "close": close, "call": call.slug}
        await audit.record(Action.CONFLICT_DECLARED, juror.pseudonym, f"juror:{juror.id}", **about)


async def settle(call: UUID, actor: str) -> None:
    """Writes down all that we suggest and that holds for good, and gives back what those it meets were to read.

    Within the caller's transaction, while nobody else changes the jury. What is locked stays as it is.
    """
    await mentoring.link(call)
    jurors = [each for each in await people.jury_of(call) if each.left_at is None]
    entrants = await entrants_of(call)
    before = await kept([each.id for each in jurors])
    found = await closeness_in(jurors, entrants, call)
    for juror, of_juror in found.items():
        for organisation, kinds in of_juror.items():
            for kind, holds in kinds.items():
                if before[juror].get(organisation, {}).get(kind) is not holds:
                    await _keep(juror, organisation, kind, holds=holds)
    await _give_back({juror: held(of_juror) for juror, of_juror in found.items()}, actor)


async def recuse(juror: UUID, organisation: UUID, words: str) -> None:
    """Keeps that they found out while reading, within the caller's transaction."""
    await _say(juror, organisation, Closeness.RECUSED, True, await now(), words)  # noqa: FBT003 - it holds


async def _give_back(held_of: Mapping[UUID, frozenset[UUID]], actor: str) -> None:
    standing = await Reading.select(
        Reading.id, Reading.juror, Reading.entry.organisation.as_alias("organisation")
    ).where(Reading.state.is_in([ReadState.OPEN.value, ReadState.DONE.value]), Reading.round.locked_at.is_null())
    for row in standing:
        if row["organisation"] in held_of.get(row["juror"], ()):
            ended: dict[Any, Any] = {Reading.state: ReadState.RECUSED.value, Reading.ended_at: await now()}
            await Reading.update(ended).where(Reading.id == row["id"])
            await audit.record(Action.READING_TAKEN, actor, f"reading:{row['id']}", why="conflict")


def _to_say(kinds: Mapping[Closeness, bool], *, is_close: bool) -> list[Closeness]:
    """Of which kinds their word is kept: all that they may decide; where there is none and they are close, theirs."""
    own = [kind for kind in kinds if kind not in FOR_GOOD]
    if is_close:
        return [*{kind for kind in own if kind is not Closeness.CITY}, Closeness.DECLARED]
    return own


async def _say(juror: UUID, organisation: UUID, kind: Closeness, holds: bool, moment: datetime, words: str) -> None:  # noqa: FBT001, PLR0913, PLR0917 - a row
    await _keep(juror, organisation, kind, holds=holds)
    said: dict[Any, Any] = {
        "said_at": moment,
        "words": words.replace("\0", "").strip()[:LONGEST_WORDS] if holds else "",
    }
    await Conflict.update(said).where(_row(juror, organisation, kind))


async def _keep(juror: UUID, organisation: UUID, kind: Closeness, *, holds: bool) -> None:
    row = Conflict(juror=juror, organisation=organisation, kind=kind.value, holds=holds)
    await Conflict.insert(row).on_conflict(
        target=(Conflict.juror, Conflict.organisation, Conflict.kind),
        action="DO UPDATE",
        values=[(Conflict.holds, holds)],
    )


def _row(juror: UUID, organisation: UUID, kind: Closeness) -> Any:  # noqa: ANN401 - Piccolo's conditions share no public type
    return (Conflict.juror == juror) & (Conflict.organisation == organisation) & (Conflict.kind == kind.value)
