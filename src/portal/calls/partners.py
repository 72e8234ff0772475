"""Several cities in one call: the one that leads it asks others in, and they say yes or no."""

from typing import Any
from uuid import UUID

from msgspec import Struct

from portal.accounts import cities, roles
from portal.accounts.cities import KnownCity
from portal.accounts.tables import RoleKind
from portal.accounts.viewer import Viewer
from portal.audit import service as audit
from portal.audit.tables import Action
from portal.calls import drafts
from portal.calls.drafts import Draft, held
from portal.calls.tables import CallCity
from portal.errors import AlreadyThereError, NotAllowedError


class Request(Struct, frozen=True):
    """That a city is asked to make a call. `id`: the row's."""

    id: UUID
    call: UUID
    city: KnownCity


async def ask(draft: Draft, other: str, city: KnownCity, viewer: Viewer) -> None:
    """Asks the city of that slug to make the call as well; it sees nothing but the title until it has said yes.

    Raises:
        AlreadyThereError: it makes the call, or was asked already.
        NotAllowedError: there is no such city, `city` does not lead the call, or the viewer organises it no more.
        EditedMeanwhileError: as `drafts.save` has it.
    """
    asked = await cities.by_slug(other)
    async with held(draft, city, viewer) as fresh:
        if fresh.lead.id != city.id:
            raise NotAllowedError
        if await CallCity.exists().where(CallCity.call == fresh.id, CallCity.city == asked.id):
            raise AlreadyThereError
        await CallCity(call=fresh.id, city=asked.id, is_asked=True).save()


async def requests_of(call: UUID) -> list[Request]:
    """Whom the call's lead asked and who has not answered."""
    return await _requests(call=call)


async def requests_to(city: KnownCity) -> list[tuple[Request, Draft]]:
    """What that city is asked, with the call."""
    found = await _requests(city=city.id)
    calls = {each.id: each for each in await drafts.by_ids([request.call for request in found])}
    return [(request, calls[request.call]) for request in found if calls[request.call].cancelled_at is None]


async def take_back(draft: Draft, request: UUID, city: KnownCity, viewer: Viewer) -> None:
    """Asks that city no more. Raises as `ask` does; NotAllowedError as well where it has answered meanwhile."""
    async with held(draft, city, viewer) as fresh:
        if fresh.lead.id != city.id:
            raise NotAllowedError
        await _answered(request, CallCity.call == fresh.id)
        await CallCity.delete().where(CallCity.id == request)


async def answer(request: UUID, city: KnownCity, viewer: Viewer, *, joins: bool) -> None:
    """What that city's organiser says. Raises NotAllowedError where it is not asked (any more)."""
    async with roles.in_force(RoleKind.ORGANISER, city.id, viewer):
        slug = await _answered(request, CallCity.city == city.id)
        if joins:
            await CallCity.update({CallCity.is_asked: False}).where(CallCity.id == request)
            await audit.record(Action.CALL_JOINED, viewer.pseudonym, f"call:{slug}", city=city.slug)
        else:
            await CallCity.delete().where(CallCity.id == request)


async def _answered(request: UUID, where: Any) -> str:  # noqa: ANN401 - Piccolo's conditions share no public type
    """The slug of the call that the open request is about."""
    asked = CallCity.select(CallCity.call.slug.as_alias("slug")).where(CallCity.id == request, where)
    row = await asked.where(CallCity.is_asked.eq(True)).first()  # noqa: FBT003 - a column's value
    if row is None:
        raise NotAllowedError
    return str(row["slug"])


async def _requests(call: UUID | None = None, city: UUID | None = None) -> list[Request]:
    where = CallCity.call == call if call is not None else CallCity.city == city
    found = await CallCity.objects().where(where, CallCity.is_asked.eq(True))  # noqa: FBT003 - a column's value
    return [Request(row.id, row.call, await cities.by_id(row.city)) for row in found]
