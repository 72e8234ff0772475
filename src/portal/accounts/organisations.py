"""Organisations and their people: whoever makes one owns it, owners decide in it, and one of them there always is."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from uuid import UUID

from msgspec import Struct

from portal.accounts import limits
from portal.accounts.names import parse_name
from portal.accounts.tables import Membership, Organisation, OrganisationKind
from portal.accounts.viewer import Viewer
from portal.audit import service as audit
from portal.audit.tables import Action
from portal.database import hold, transaction
from portal.errors import LastOwnerError, NotAllowedError

PER_PERSON_AND_DAY = 10


class Member(Struct, frozen=True):
    """One of an organisation's people. `id`: of their place in it; `name`: empty where they gave none."""

    id: UUID
    person: UUID
    pseudonym: str
    name: str
    address: str
    is_owner: bool
    joined_at: datetime


def subject_of(organisation: UUID) -> str:
    """How the audit log calls it."""
    return f"organisation:{organisation}"


async def make(kind: OrganisationKind, typed: str, owner: UUID, actor: str) -> Organisation:
    """A new one, which belongs to that person; `actor`: how the audit log calls them.

    Raises:
        UnusableNameError: it cannot be called that.
        TooManyRequestsError: this person made too many in a day.
    """
    name = parse_name(typed)
    await limits.take("organisations", str(owner), PER_PERSON_AND_DAY, timedelta(days=1))
    row = Organisation(kind=kind.value, name=name)
    async with transaction():
        await row.save()
        await Membership(person=owner, organisation=row.id, is_owner=True).save()
        await audit.record(Action.ORGANISATION_MADE, actor, subject_of(row.id), kind=kind.value)
    return row


async def by_id(organisation: UUID) -> Organisation:
    """Raises NotAllowedError where there is none any more."""
    row = await Organisation.objects().where(Organisation.id == organisation).first()
    if row is None:
        raise NotAllowedError
    return row


async def people_of(organisation: UUID) -> list[Member]:
    """Its people, the owners first."""
    found = (
        await Membership.select(
            Membership.id,
            Membership.person,
            Membership.person.pseudonym.as_alias("pseudonym"),
            Membership.person.name.as_alias("name"),
            Membership.person.address.as_alias("address"),
            Membership.is_owner,
            Membership.joined_at,
        )
        .where(Membership.organisation == organisation)
        .order_by(Membership.joined_at)
    )
    return sorted((Member(**row) for row in found), key=lambda each: not each.is_owner)


async def rename(organisation: UUID, typed: str, viewer: Viewer) -> None:
    """Raises UnusableNameError, and NotAllowedError where the viewer decides nothing there any more."""
    name = parse_name(typed)
    async with owned(organisation, viewer):
        await Organisation.update({Organisation.name: name}).where(Organisation.id == organisation)


async def make_owner(organisation: UUID, member: UUID, viewer: Viewer) -> None:
    """Lets another of its people decide, too. Raises NotAllowedError where there is no such place."""
    async with owned(organisation, viewer):
        raised = await _member(organisation, member)
        await Membership.update({Membership.is_owner: True}).where(Membership.id == member)
        if not raised.is_owner:
            whom, where = f"person:{raised.pseudonym}", str(organisation)
            await audit.record(Action.ROLE_GRANTED, viewer.pseudonym, whom, role="owner", organisation=where)


async def remove(organisation: UUID, member: UUID, viewer: Viewer) -> None:
    """Takes another of its people out; whoever wants to go themselves leaves. Raises NotAllowedError."""
    async with owned(organisation, viewer):
        gone = await _member(organisation, member)
        if gone.person == viewer.person:
            raise NotAllowedError
        await _take_out(organisation, gone, viewer)


async def leave(organisation: UUID, viewer: Viewer) -> None:
    """Takes the viewer out.

    Raises:
        LastOwnerError: nobody else decides there.
        NotAllowedError: they do not belong there any more.
    """
    async with transaction():
        await hold(subject_of(organisation))
        people = await people_of(organisation)
        mine = next((each for each in people if each.person == viewer.person), None)
        if mine is None:
            raise NotAllowedError
        if not any(each.is_owner for each in people if each is not mine):
            raise LastOwnerError
        await _take_out(organisation, mine, viewer)


@asynccontextmanager
async def owned(organisation: UUID, viewer: Viewer) -> AsyncIterator[None]:
    """A transaction in which the viewer still decides there; others who change its people wait for its end.

    Raises:
        NotAllowedError: they do not any more: somebody was faster.
    """
    async with transaction():
        await hold(subject_of(organisation))
        own = (Membership.organisation == organisation) & (Membership.person == viewer.person)
        if not await Membership.exists().where(own, Membership.is_owner.eq(True)):  # noqa: FBT003 - a column's value
            raise NotAllowedError
        yield


async def _member(organisation: UUID, member: UUID) -> Member:
    found = next((each for each in await people_of(organisation) if each.id == member), None)
    if found is None:
        raise NotAllowedError
    return found


async def _take_out(organisation: UUID, gone: Member, viewer: Viewer) -> None:
    await Membership.delete().where(Membership.id == gone.id)
    await audit.record(Action.MEMBER_LEFT, viewer.pseudonym, subject_of(organisation), person=gone.pseudonym)
