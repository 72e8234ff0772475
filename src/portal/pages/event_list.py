"""The events that somebody comes to, or would, for their account's page."""

from uuid import UUID

from msgspec import Struct

from portal.calls import service as calls
from portal.events import service
from portal.events.service import KnownEvent, KnownPlace


class Coming(Struct, frozen=True):
    """One of them: `path`: of its page, without the language; `mine`: what they have there."""

    path: str
    event: KnownEvent
    mine: KnownPlace


async def listed(person: UUID | None) -> list[Coming]:
    """Those that are not over, the next one first."""
    made = []
    for event in await service.of_person(person):
        mine = await service.place_of(event, person)
        if mine is not None and not event.is_over:
            call = await calls.by_id(event.call)
            made.append(Coming(f"/call/{call.slug}/event/{event.id}", event, mine))
    return made
