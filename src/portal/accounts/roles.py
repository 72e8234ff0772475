"""Roles that are given and withdrawn: administrators anywhere, organisers and jurors in a city."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from uuid import UUID

from msgspec import Struct

from portal.accounts.tables import Role, RoleKind
from portal.accounts.viewer import Viewer
from portal.audit import service as audit
from portal.audit.tables import Action
from portal.database import hold, transaction
from portal.errors import LastAdministratorError, NotAllowedError

IN_CITIES = (RoleKind.ORGANISER, RoleKind.JUROR)
"""What an organiser may give in their city."""


class Holder(Struct, frozen=True):
    """Somebody who has a role. `id`: the role's; `city`: its slug, None for an administrator's."""

    id: UUID
    kind: RoleKind
    city: str | None
    person: UUID
    pseudonym: str
    name: str
    address: str
    granted_at: datetime


async def holders(city: UUID | None = None) -> list[Holder]:
    """Who has which role, the oldest first: in that city, or anywhere."""
    asked = Role.select(
        Role.id,
        Role.kind,
        Role.city.slug.as_alias("city"),
        Role.person,
        Role.person.pseudonym.as_alias("pseudonym"),
        Role.person.name.as_alias("name"),
        Role.person.address.as_alias("address"),
        Role.granted_at,
    ).order_by(Role.granted_at)
    found = await (asked.where(Role.city == city) if city is not None else asked)
    return [Holder(**{**row, "kind": RoleKind(row["kind"])}) for row in found]


async def withdraw(role: UUID, viewer: Viewer, city: UUID | None = None) -> None:
    """Takes a role away: any, as an administrator; with a `city`, one of those in it, as its organiser.

    Raises:
        LastAdministratorError: nobody else administers.
        NotAllowedError: there is no such role there, or the viewer's own was taken meanwhile.
    """
    acts_as = RoleKind.ADMINISTRATOR if city is None else RoleKind.ORGANISER
    async with in_force(acts_as, city, viewer):
        given = await holders(city)
        gone = next((each for each in given if each.id == role), None)
        if gone is None:
            raise NotAllowedError
        if gone.kind is RoleKind.ADMINISTRATOR and sum(each.kind is gone.kind for each in given) == 1:
            raise LastAdministratorError
        await Role.delete().where(Role.id == role)
        whom = f"person:{gone.pseudonym}"
        await audit.record(
            Action.ROLE_WITHDRAWN, viewer.pseudonym, whom, role=gone.kind.value, city=gone.city or "everywhere"
        )


@asynccontextmanager
async def in_force(kind: RoleKind, city: UUID | None, viewer: Viewer) -> AsyncIterator[None]:
    """A transaction in which the viewer still has that role; others who give or take roles wait for its end.

    Raises:
        NotAllowedError: they have it no more: somebody was faster.
    """
    async with transaction():
        await hold("roles")
        place = Role.city == city if city is not None else Role.city.is_null()
        if not await Role.exists().where(Role.person == viewer.person, Role.kind == kind.value, place):
            raise NotAllowedError
        yield
