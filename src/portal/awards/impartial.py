"""Who organises a call's judging: nobody who belongs to a startup that has entered it, whatever their role."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from msgspec import Struct

from portal.accounts import roles
from portal.accounts.cities import KnownCity
from portal.accounts.tables import RoleKind
from portal.accounts.viewer import Viewer
from portal.calls.service import KnownCall
from portal.database import hold
from portal.entries import service as entries
from portal.errors import NotAllowedError


class Acting(Struct, frozen=True):
    """An organiser of a city at a call that the city makes."""

    call: KnownCall
    city: KnownCity
    viewer: Viewer


async def is_entrant(call: KnownCall, viewer: Viewer) -> bool:
    """Whether the viewer belongs to a team of this call. What they saw of the others would tell of their own."""
    return any(each.withdrawn_at is None for each in await entries.of_organisations(viewer.startups, call.id))


async def require(acting: Acting) -> None:
    """Raises NotAllowedError for an organiser who is an entrant; another one does it for them."""
    if await is_entrant(acting.call, acting.viewer):
        raise NotAllowedError


@asynccontextmanager
async def deciding(acting: Acting) -> AsyncIterator[None]:
    """A transaction in which nobody else decides or publishes anything of that call.

    Raises:
        NotAllowedError: the viewer organises nothing there any more, or is an entrant.
    """
    await require(acting)
    async with roles.in_force(RoleKind.ORGANISER, acting.city.id, acting.viewer):
        await hold(f"awards:{acting.call.id}")
        yield
