"""The jury of a call: who is in it, for which city, how much they read, who chairs."""

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import Struct

from portal.accounts import roles
from portal.accounts.cities import KnownCity
from portal.accounts.tables import Role, RoleKind
from portal.accounts.viewer import Viewer
from portal.audit import service as audit
from portal.audit.tables import Action
from portal.calls.service import KnownCall
from portal.database import hold, now, transaction
from portal.errors import NotAllowedError
from portal.juries.tables import Juror, Reading, ReadState, Score

MOST_READS = 500


class KnownJuror(Struct, frozen=True):
    """One of a jury, as `portal.juries.tables.Juror` has them. `city`: its slug; `city_id`: its id.

    `name`, `address`: empty where they have deleted their account. `has_role`: they are a juror of a city still.
    """

    id: UUID
    call: UUID
    person: UUID | None
    number: int
    city: str
    city_id: UUID
    name: str
    address: str
    language: str
    pseudonym: str
    employer: str
    invests_in: str
    most_reads: int | None
    chairs: bool
    joined_at: datetime
    declared_at: datetime | None
    left_at: datetime | None
    reminded_at: datetime | None
    has_role: bool

    @property
    def called(self) -> str:
        """How organisers call them."""
        return self.name or self.address

    @property
    def judges(self) -> bool:
        """Whether they are in the jury now."""
        return self.left_at is None and self.has_role


async def jury_of(call: UUID) -> list[KnownJuror]:
    """All that were ever in it, by their numbers."""
    return await _known(Juror.call == call)


async def juror_of(call: KnownCall, city: str, viewer: Viewer) -> KnownJuror:
    """The viewer as a juror of that call, for that city. Raises NotAllowedError where they are none."""
    mine = (Juror.call == call.id) & (Juror.person == viewer.person)
    found = next((each for each in await _known(mine) if each.judges and each.city == city), None)
    if found is None:
        raise NotAllowedError
    return found


async def juries_of(viewer: Viewer) -> list[KnownJuror]:
    """The viewer as a juror of whatever calls they are in."""
    found = await _known(Juror.person == viewer.person) if viewer.judges else []
    return [each for each in found if each.judges]


async def waiting_to_join(call: KnownCall) -> int:
    """How many jurors of the call's cities are not in its jury yet."""
    return len(await _candidates(call))


async def add_all(call: KnownCall, city: KnownCity, viewer: Viewer) -> int:
    """Makes all jurors of the call's cities jurors of the call, with numbers drawn by lot; how many came.

    Raises:
        NotAllowedError: the viewer organises nothing there any more.
    """
    async with changing(call, city, viewer):
        coming = await _candidates(call)
        secrets.SystemRandom().shuffle(coming)
        first = max((each.number for each in await jury_of(call.id)), default=0) + 1
        for number, (person, where) in enumerate(coming, start=first):
            row = Juror(call=call.id, person=person, city=where, number=number, joined_at=await now())
            await row.save()
            await audit.record(Action.JUROR_ADDED, viewer.pseudonym, f"juror:{row.id}", call=call.slug)
    return len(coming)


async def change(  # noqa: PLR0913 - what organisers say of a juror, and where
    juror: UUID, most_reads: int | None, call: KnownCall, city: KnownCity, viewer: Viewer, *, chairs: bool
) -> None:
    """Says how many entries they read at most, and whether they lead the meeting; one of a jury does at most.

    Raises:
        NotAllowedError: there is no such juror, or the viewer organises nothing there any more.
    """
    async with changing(call, city, viewer):
        before = await _only(call, juror)
        if chairs and not before.chairs:
            await Juror.update({Juror.chairs: False}).where(Juror.call == call.id)
            await audit.record(Action.ROLE_GRANTED, viewer.pseudonym, f"juror:{juror}", role="chair")
        values: dict[Any, Any] = {Juror.most_reads: most_reads, Juror.chairs: chairs}
        await Juror.update(values).where(Juror.id == juror)


async def take_out(juror: UUID, call: KnownCall, city: KnownCity, viewer: Viewer) -> None:
    """Takes them out. What they handed in stays; what they did not is given back, so that others read it.

    Raises:
        NotAllowedError: there is no such juror, or the viewer organises nothing there any more.
    """
    async with changing(call, city, viewer):
        await _only(call, juror)
        moment = await now()
        gone: dict[Any, Any] = {Juror.left_at: moment, Juror.chairs: False}
        await Juror.update(gone).where(Juror.id == juror)
        open_ones = (Reading.juror == juror) & (Reading.state == ReadState.OPEN.value)
        begun = [row["reading"] for row in await Score.select(Score.reading).where(Score.reading.juror == juror)]
        given_back: dict[Any, Any] = {Reading.state: ReadState.CANNOT_JUDGE.value, Reading.ended_at: moment}
        await Reading.update(given_back).where(open_ones, Reading.id.is_in(begun or [juror]))
        await Reading.delete().where(open_ones)
        await audit.record(Action.JUROR_LEFT, viewer.pseudonym, f"juror:{juror}", call=call.slug)


async def take_back(juror: UUID, call: KnownCall, city: KnownCity, viewer: Viewer) -> None:
    """Lets somebody who was taken out in again. Raises NotAllowedError as `take_out` does."""
    async with changing(call, city, viewer):
        await _only(call, juror)
        await Juror.update({Juror.left_at: None}).where(Juror.id == juror)
        await audit.record(Action.JUROR_ADDED, viewer.pseudonym, f"juror:{juror}", call=call.slug)


@asynccontextmanager
async def changing(call: KnownCall, city: KnownCity, viewer: Viewer) -> AsyncIterator[None]:
    """A transaction of an organiser in which nobody else changes the jury or who reads what.

    Raises:
        NotAllowedError: the viewer organises nothing in that city any more.
    """
    async with roles.in_force(RoleKind.ORGANISER, city.id, viewer):
        await hold(_lock_of(call.id))
        yield


@asynccontextmanager
async def acting(call: UUID) -> AsyncIterator[None]:
    """The same for a juror's own act."""
    async with transaction():
        await hold(_lock_of(call))
        yield


def _lock_of(call: UUID) -> str:
    return f"jury:{call}"


async def _only(call: KnownCall, juror: UUID) -> KnownJuror:
    found = await _known((Juror.call == call.id) & (Juror.id == juror))
    if not found:
        raise NotAllowedError
    return found[0]


async def _candidates(call: KnownCall) -> list[tuple[UUID, UUID]]:
    """People with their cities; whoever judges for several comes for the first of the call's."""
    order = [each.id for each in call.cities]
    held = await Role.select(Role.person, Role.city).where(Role.kind == RoleKind.JUROR.value, Role.city.is_in(order))
    there = {row["person"] for row in await Juror.select(Juror.person).where(Juror.call == call.id)}
    found: dict[UUID, UUID] = {}
    for row in sorted(held, key=lambda row: order.index(row["city"])):
        if row["person"] not in there:
            found.setdefault(row["person"], row["city"])
    return list(found.items())


async def _known(condition: Any) -> list[KnownJuror]:  # noqa: ANN401 - Piccolo's conditions share no public type
    found = await (
        Juror.select(
            *(Juror.id, Juror.call, Juror.person, Juror.number, Juror.employer, Juror.invests_in, Juror.most_reads),
            *(Juror.chairs, Juror.joined_at, Juror.declared_at, Juror.left_at, Juror.reminded_at),
            Juror.city.as_alias("city_id"),
            Juror.city.slug.as_alias("city"),
            Juror.person.name.as_alias("name"),
            Juror.person.address.as_alias("address"),
            Juror.person.language.as_alias("language"),
            Juror.person.pseudonym.as_alias("pseudonym"),
        )
        .where(condition)
        .order_by(Juror.number)
    )
    held = await Role.select(Role.person, Role.city).where(Role.kind == RoleKind.JUROR.value)
    pairs = {(row["person"], row["city"]) for row in held}
    return [KnownJuror(**{**row, **_said_of(row)}, has_role=(row["person"], row["city_id"]) in pairs) for row in found]


def _said_of(row: dict[str, Any]) -> dict[str, Any]:
    """What a person says of themselves; empty where they have deleted their account."""
    return {name: row[name] or "" for name in ("name", "address", "language", "pseudonym")}
