"""Who asks: one value with all that decides what they may see and do."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from msgspec import Struct

from portal import clock
from portal.accounts.tables import Membership, OrganisationKind, Person, Role, RoleKind, Session

SECOND_STEP_LASTS = timedelta(hours=12)
SECOND_STEP_IDLE = timedelta(hours=1)
"""What needs a second factor needs it again after so long, or after so long without a request (ASVS 5.0, V7.3)."""
FRESH_FOR = timedelta(minutes=15)
"""So long after the mailed link somebody without a second factor may set the first one up."""


class Viewer(Struct, frozen=True):
    """Who asks. Without a `person` it is a visitor, who may have everything that is nobody's.

    `firms`, `startups`: the organisations that they belong to, `owns` those of them in which they decide who does.
    `organises`, `judges`: cities by their slugs. `stepped_up`: they showed their second factor in this session and not
    long ago; the roles in cities and the administrator's hold only then, and `portal.accounts.permissions` sees to it.
    `fresh`: they signed in just now.
    """

    person: UUID | None = None
    session: UUID | None = None
    pseudonym: str = ""
    firms: frozenset[UUID] = frozenset()
    startups: frozenset[UUID] = frozenset()
    owns: frozenset[UUID] = frozenset()
    organises: frozenset[str] = frozenset()
    judges: frozenset[str] = frozenset()
    administers: bool = False
    stepped_up: bool = False
    fresh: bool = False

    @property
    def organisations(self) -> frozenset[UUID]:
        """All that they belong to."""
        return self.firms | self.startups

    @property
    def has_role(self) -> bool:
        """Whether they have any role for which a second factor is needed."""
        return bool(self.organises or self.judges or self.administers)


VISITOR = Viewer()


async def viewer_in(session: Session | None) -> Viewer:
    """Who is signed in there; a visitor where nobody is."""
    if session is None or session.person is None:
        return VISITOR
    person = await Person.objects().where(Person.id == session.person).first()
    if person is None:
        return VISITOR
    memberships = await Membership.select(
        Membership.organisation, Membership.is_owner, Membership.organisation.kind.as_alias("kind")
    ).where(Membership.person == person.id)
    roles = await Role.select(Role.kind, Role.city.slug.as_alias("city")).where(Role.person == person.id)
    return Viewer(
        person=person.id,
        session=session.id,
        pseudonym=person.pseudonym,
        firms=_organisations(memberships, OrganisationKind.FIRM),
        startups=_organisations(memberships, OrganisationKind.STARTUP),
        owns=frozenset(each["organisation"] for each in memberships if each["is_owner"]),
        organises=_cities(roles, RoleKind.ORGANISER),
        judges=_cities(roles, RoleKind.JUROR),
        administers=any(each["kind"] == RoleKind.ADMINISTRATOR for each in roles),
        stepped_up=is_stepped_up(session),
        fresh=clock.now() - session.created_at < FRESH_FOR,
    )


def is_stepped_up(session: Session) -> bool:
    """Whether the second factor was shown in it, not too long ago."""
    now = clock.now()
    shown = session.second_step_at
    return shown is not None and now - shown < SECOND_STEP_LASTS and now - session.seen_at < SECOND_STEP_IDLE


def _organisations(memberships: list[dict[str, Any]], kind: OrganisationKind) -> frozenset[UUID]:
    return frozenset(each["organisation"] for each in memberships if each["kind"] == kind)


def _cities(roles: list[dict[str, Any]], kind: RoleKind) -> frozenset[str]:
    return frozenset(each["city"] for each in roles if each["kind"] == kind)
