"""Pilots: cities try an awarded solution with firms that agree to be counted; what came of it is told once.

A firm's part is kept from when it agrees until it takes that back, its sheet goes or the pilot ends. Then its rows are
deleted; what is published are counts (`outcomes`) that never change.
"""

import asyncio
from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

import msgspec
from msgspec import Struct

from portal import clock, tombstones
from portal.accounts import roles
from portal.accounts.cities import KnownCity
from portal.accounts.tables import RoleKind
from portal.accounts.viewer import Viewer
from portal.assessments.catalogue import current
from portal.assessments.sheets import storage
from portal.assessments.sheets.storage import KeptSheet
from portal.assessments.solutions import reading
from portal.assessments.solutions.offers import Offer
from portal.audit import service as audit
from portal.audit.tables import Action
from portal.database import hold, rows, transaction
from portal.errors import NotAllowedError, PilotNotOpenError, SheetNotFoundError
from portal.programme.admitting import LEAST
from portal.programme.outcomes import Outcome, Standing, outcome, standing
from portal.programme.tables import Participation, Pilot

AFTER = timedelta(days=28)
"""So long a firm has to have taken part to be counted: before that nothing can have changed."""

_END = "UPDATE pilot SET ended_at = {}, outcome = {} WHERE id = {} AND ended_at IS NULL RETURNING id"


class KnownPilot(Struct, frozen=True):
    """One pilot. `outcome`: None while it goes on."""

    id: UUID
    solution: UUID
    began_at: datetime
    ended_at: datetime | None
    outcome: Outcome | None


class Running(Struct, frozen=True):
    """A solution of a call with its pilot, for organisers. `is_countable`: whether ten firms could be counted now."""

    offer: Offer
    pilot: KnownPilot | None
    is_countable: bool


class Joinable(Struct, frozen=True):
    """A pilot that goes on, for one firm. `joined_at`: None where it does not take part."""

    offer: Offer
    pilot: KnownPilot
    joined_at: datetime | None


async def of_solution(solution: UUID) -> KnownPilot | None:
    """Its pilot; None where there was none."""
    row = await Pilot.objects().where(Pilot.solution == solution).first()
    return _known(row) if row is not None else None


async def open_for(solutions: Iterable[UUID]) -> frozenset[UUID]:
    """Those of these solutions that firms can try now."""
    found = await Pilot.select(Pilot.solution).where(Pilot.solution.is_in([*solutions]), Pilot.ended_at.is_null())
    return frozenset(row["solution"] for row in found)


async def of_call(call: str, city: KnownCity) -> list[Running]:
    """All that this city awarded in that call, by title."""
    made = [each for each in await reading.of_call(call) if _is_of(each, city)]
    found = []
    for offer in made:
        pilot = await of_solution(offer.id)
        ready = len(await _ready(pilot.id)) if pilot and pilot.ended_at is None else 0
        found.append(Running(offer, pilot, ready >= LEAST))
    return found


async def for_firm(sheet: KeptSheet, language: str) -> list[Joinable]:
    """The pilots that go on and fit the firm, and all in which it takes part."""
    country = sheet.given["country"].answer if "country" in sheet.given else ""
    mine = (
        await Participation.select(Participation.pilot, Participation.joined_at).where(
            Participation.firm == sheet.row.firm
        )
        if sheet.row.firm
        else []
    )
    joined = {row["pilot"]: row["joined_at"] for row in mine}
    found = []
    for offer in await reading.all_standing():
        pilot = await of_solution(offer.id)
        if pilot is None or pilot.ended_at is not None:
            continue
        if pilot.id in joined or offer.is_for(country, language):
            found.append(Joinable(offer, pilot, joined.get(pilot.id)))
    return sorted(found, key=lambda each: (each.pilot.began_at, each.offer.id))


async def begin(solution: UUID, call: str, city: KnownCity, viewer: Viewer) -> None:
    """Begins the pilot of a solution that the city awarded in that call; where there is one already, nothing happens.

    Raises:
        NotAllowedError: there is no such award in force, or the viewer organises the city no more.
    """
    offer = await reading.by_id(solution)
    if offer.call != call or not _is_of(offer, city):
        raise NotAllowedError
    async with roles.in_force(RoleKind.ORGANISER, city.id, viewer):
        row = Pilot(solution=solution, began_at=clock.now(), began_by=viewer.pseudonym)
        if await Pilot.insert(row).on_conflict(target=Pilot.solution, action="DO NOTHING"):
            await audit.record(Action.PILOT_BEGUN, viewer.pseudonym, f"pilot:{row.id}", city=city.slug)


async def end(pilot: UUID, call: str, city: KnownCity, viewer: Viewer) -> None:
    """Ends it for good and publishes what came of it; what was kept of each firm is deleted.

    Raises:
        NotAllowedError: there is no such pilot of the city, it ended before, or the viewer organises the city no more.
    """
    mine = [each for each in await of_call(call, city) if each.pilot is not None and each.pilot.id == pilot]
    if not mine:
        raise NotAllowedError
    closes = mine[0].offer.closes
    now = {name: found for name, sheet in (await _ready(pilot)).items() if (found := await _stands(sheet, closes))}
    async with roles.in_force(RoleKind.ORGANISER, city.id, viewer):
        await hold(f"pilot:{pilot}")
        agreed = await Participation.select(Participation.id, Participation.before).where(Participation.pilot == pilot)
        pairs = [(_standing(row["before"]), now[row["id"]]) for row in agreed if row["id"] in now]
        if not await rows(_END, clock.now(), kept(outcome(pairs, closes)), pilot):
            raise NotAllowedError
        await tombstones.bury(("participation", row["id"]) for row in agreed)
        await Participation.delete().where(Participation.pilot == pilot)
        await audit.record(Action.PILOT_ENDED, viewer.pseudonym, f"pilot:{pilot}", city=city.slug)


async def join(sheet: KeptSheet, pilot: UUID, viewer: Viewer) -> None:
    """Keeps that the firm agrees to be counted, and how it stands now; a second time it changes nothing.

    Raises:
        NotAllowedError: the sheet is not of a firm of the viewer's, or there is no such pilot.
        PilotNotOpenError: the pilot has ended or its award was taken back (`over`), or too few questions are
            answered to say how the firm stands (`too-few-answers`).
    """
    firm = sheet.row.firm
    row = await Pilot.objects().where(Pilot.id == pilot).first()
    if firm is None or firm not in viewer.firms or row is None:
        raise NotAllowedError
    offer = next((each for each in await reading.all_standing() if each.id == row.solution), None)
    if offer is None or row.ended_at is not None:
        raise PilotNotOpenError("over")
    before = await asyncio.to_thread(standing, sheet, current(), offer.closes)
    if before is None:
        raise PilotNotOpenError("too-few-answers")
    kept_before = msgspec.json.encode(before).decode()
    mine = Participation(pilot=pilot, firm=firm, sheet=sheet.row.id, before=kept_before, joined_at=clock.now())
    async with transaction():
        await hold(f"pilot:{pilot}")
        if not await Pilot.exists().where(Pilot.id == pilot, Pilot.ended_at.is_null()):
            raise PilotNotOpenError("over")
        once = (Participation.pilot, Participation.firm)
        if await Participation.insert(mine).on_conflict(target=once, action="DO NOTHING"):
            await audit.record(Action.PILOT_JOINED, viewer.pseudonym, f"pilot:{pilot}")


async def leave(sheet: KeptSheet, pilot: UUID, viewer: Viewer) -> None:
    """Takes the firm's consent back: what was kept of it in that pilot is deleted at once.

    Raises:
        NotAllowedError: the sheet is not of a firm of the viewer's.
    """
    firm = sheet.row.firm
    if firm is None or firm not in viewer.firms:
        raise NotAllowedError
    async with transaction():
        await hold(f"pilot:{pilot}")
        mine = (Participation.pilot == pilot) & (Participation.firm == firm)
        if gone := await Participation.delete().where(mine).returning(Participation.id):
            await tombstones.bury(("participation", row["id"]) for row in gone)
            await audit.record(Action.PILOT_LEFT, viewer.pseudonym, f"pilot:{pilot}")


def kept(came: Outcome) -> str:
    """An outcome as the database keeps it."""
    return msgspec.json.encode(came).decode()


async def _ready(pilot: UUID) -> dict[UUID, UUID]:
    """By participation, the sheets of those who have taken part long enough."""
    found = await Participation.select(Participation.id, Participation.sheet).where(
        Participation.pilot == pilot, Participation.joined_at <= clock.now() - AFTER
    )
    return {row["id"]: row["sheet"] for row in found}


async def _stands(sheet: UUID, closes: Iterable[str]) -> Standing | None:
    try:
        kept = await storage.by_id(sheet)
    except SheetNotFoundError:  # deleted since it was listed
        return None
    return await asyncio.to_thread(standing, kept, current(), closes)


def _is_of(offer: Offer, city: KnownCity) -> bool:
    return city.slug in {each.slug for each in offer.cities}


def _standing(text: str) -> Standing:
    return msgspec.json.decode(text, type=Standing)


def _known(row: Pilot) -> KnownPilot:
    came = msgspec.json.decode(row.outcome, type=Outcome) if row.ended_at is not None else None
    return KnownPilot(row.id, row.solution, row.began_at, row.ended_at, came)
