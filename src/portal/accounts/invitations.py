"""Asking somebody by mail into an organisation, or to take a role.

An invitation waits for an address, and whoever signs in with that address says yes or no. Whether the address has an
account decides nothing here: the row, the letter and the answer are the same.
"""

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote
from uuid import UUID, uuid4

from msgspec import Struct

from portal import clock, settings
from portal.accounts import cities, limits, organisations, roles
from portal.accounts.cities import KnownCity
from portal.accounts.tables import Invitation, Membership, Organisation, Person, RoleKind
from portal.accounts.viewer import Viewer
from portal.audit import service as audit
from portal.audit.tables import Action
from portal.database import hold, rows, transaction
from portal.errors import (
    AlreadyThereError,
    NotAllowedError,
    TooManyInvitationsError,
    TooManyPeopleError,
    TooManyRequestsError,
)
from portal.mail import service as letterbox
from portal.mail.tables import Kind, Letter
from portal.mail_addresses import parse_mail_address, pseudonym

LASTS = timedelta(days=14)
MOST_PEOPLE = 50
"""Of one organisation, with those who are invited."""
PER_CLIENT_AND_HOUR = 40
"""A jury is invited in one go."""
PER_PERSON_AND_DAY = 60
PER_ADDRESS_AND_DAY = 3

_KEEP = """
    INSERT INTO invitation (id, address, address_hash, organisation, role, city, invited_by, created_at, expires_at)
    VALUES ({}, {}, {}, {}, {}, {}, {}, {}, {})
    ON CONFLICT (address_hash, role, COALESCE(CAST(organisation AS VARCHAR), CAST(city AS VARCHAR), ''))
    DO UPDATE SET invited_by = excluded.invited_by, expires_at = excluded.expires_at
"""
"""Who is invited again has longer, and another letter."""
_GIVE = "INSERT INTO role (id, person, kind, city, granted_at) VALUES ({}, {}, {}, {}, {}) ON CONFLICT DO NOTHING"


class Ask(Struct, frozen=True):
    """Whom somebody would invite: the address as it was typed, the letter's language, and who asks from where.

    `client`: the asker's pseudonym (`portal.web.clients`).
    """

    typed: str
    language: str
    viewer: Viewer
    client: str


class Offer(Struct, frozen=True):
    """An invitation as whoever is invited sees it: into an organisation, or to a role (in a city).

    `invited_by`: the address of whoever asks.
    """

    id: UUID
    organisation: Organisation | None
    role: RoleKind | None
    city: KnownCity | None
    invited_by: str
    expires_at: datetime


async def into_organisation(organisation: Organisation, ask: Ask) -> None:
    """Invites that address into an organisation that the viewer owns.

    Raises:
        UnusableAddressError: that is no address that we can write to.
        AlreadyThereError: whoever has it belongs there.
        TooManyPeopleError: there is no place left.
        TooManyInvitationsError: from this client, by this person or to this address.
        NotAllowedError: the viewer decides nothing there any more.
    """
    address = await _allowed(ask)
    async with organisations.owned(organisation.id, ask.viewer):
        people = await organisations.people_of(organisation.id)
        if any(pseudonym(each.address) == pseudonym(address) for each in people):
            raise AlreadyThereError
        others = [each for each in await into(organisation.id) if each.address_hash != pseudonym(address)]
        if len(people) + len(others) >= MOST_PEOPLE:
            raise TooManyPeopleError
        by = await _keep(address, ask.viewer, organisation=organisation.id)
        letter = await _write(address, ask, {"what": organisation.kind, "city": "", "invited_by": by})
        subject = organisations.subject_of(organisation.id)
        await audit.record(Action.MEMBER_INVITED, ask.viewer.pseudonym, subject)
    await letterbox.post(letter)


async def to_role(kind: RoleKind, city: KnownCity | None, ask: Ask, acts_as: RoleKind) -> None:
    """Asks that address to take a role: any, as an administrator; in the viewer's city, as its organiser.

    Raises:
        UnusableAddressError: that is no address that we can write to.
        AlreadyThereError: whoever has it has that role.
        TooManyInvitationsError: from this client, by this person or to this address.
        NotAllowedError: there is no such role, or the viewer may not give it (any more).
    """
    if (city is not None) is not (kind in roles.IN_CITIES):
        raise NotAllowedError
    address = await _allowed(ask)
    where = city.id if city is not None else None
    async with roles.in_force(acts_as, where if acts_as is RoleKind.ORGANISER else None, ask.viewer):
        there = [each for each in await roles.holders(where) if each.kind is kind]
        if any(pseudonym(each.address) == pseudonym(address) for each in there):
            raise AlreadyThereError
        by = await _keep(address, ask.viewer, role=kind, city=where)
        named = city.name_in(ask.language).text if city is not None else ""
        letter = await _write(address, ask, {"what": kind.value, "city": named, "invited_by": by})
        subject = f"city:{city.slug}" if city is not None else ""
        await audit.record(Action.MEMBER_INVITED, ask.viewer.pseudonym, subject, role=kind.value)
    await letterbox.post(letter)


async def into(organisation: UUID) -> list[Invitation]:
    """Whom that organisation waits for, by when they were invited."""
    found: list[Invitation] = await _open().where(Invitation.organisation == organisation)
    return found


async def to_roles(city: UUID | None = None) -> list[Invitation]:
    """Who was asked to take a role: in that city, or any."""
    asked = _open().where(Invitation.organisation.is_null())
    found: list[Invitation] = await (asked.where(Invitation.city == city) if city is not None else asked)
    return found


async def withdraw_from_organisation(organisation: UUID, invitation: UUID, viewer: Viewer) -> None:
    """Ends an invitation into it at once. Raises NotAllowedError where there is none."""
    async with organisations.owned(organisation, viewer):
        mine = (Invitation.id == invitation) & (Invitation.organisation == organisation)
        if not await Invitation.delete().where(mine).returning(Invitation.id):
            raise NotAllowedError


async def withdraw_from_role(invitation: UUID, viewer: Viewer, city: UUID | None = None) -> None:
    """Ends an invitation to a role at once: any, as an administrator; with a `city`, one in it, as its organiser.

    Raises:
        NotAllowedError: there is none there.
    """
    async with roles.in_force(RoleKind.ADMINISTRATOR if city is None else RoleKind.ORGANISER, city, viewer):
        found = (Invitation.id == invitation) & Invitation.organisation.is_null()
        here = found & (Invitation.city == city) if city is not None else found
        if not await Invitation.delete().where(here).returning(Invitation.id):
            raise NotAllowedError


async def waiting_for(viewer: Viewer) -> list[Offer]:
    """What that person is asked."""
    person = await _person(viewer)
    return [await _offer(row) for row in await _open().where(Invitation.address_hash == person.address_hash)]


async def accept(invitation: UUID, viewer: Viewer) -> Offer:
    """Says yes. Raises NotAllowedError where that person is not asked so (any more)."""
    async with transaction():
        row, offer = await _taken(invitation, viewer)
        if offer.organisation is not None:
            place = Membership(person=viewer.person, organisation=row.organisation)
            await Membership.insert(place).on_conflict(
                target=(Membership.person, Membership.organisation), action="DO NOTHING"
            )
            subject = organisations.subject_of(offer.organisation.id)
            await audit.record(Action.MEMBER_JOINED, viewer.pseudonym, subject)
        else:
            await rows(_GIVE, uuid4(), viewer.person, row.role, row.city, clock.now())
            where = offer.city.slug if offer.city is not None else "everywhere"
            whom = f"person:{viewer.pseudonym}"
            await audit.record(Action.ROLE_GRANTED, viewer.pseudonym, whom, role=row.role, city=where)
    return offer


async def decline(invitation: UUID, viewer: Viewer) -> None:
    """Says no. Raises NotAllowedError where that person is not asked so (any more)."""
    async with transaction():
        await _taken(invitation, viewer)


async def forget_expired() -> None:
    """Removes what nobody can say yes to any more, with its address."""
    await Invitation.delete().where(Invitation.expires_at <= clock.now())


async def _allowed(ask: Ask) -> str:
    """The address, where it may be written to now."""
    address = parse_mail_address(ask.typed)
    day = timedelta(days=1)
    try:
        await limits.take("invitations-client", ask.client, PER_CLIENT_AND_HOUR, timedelta(hours=1))
        await limits.take("invitations-person", str(ask.viewer.person), PER_PERSON_AND_DAY, day)
        await limits.take("invitations-address", pseudonym(address), PER_ADDRESS_AND_DAY, day)
    except TooManyRequestsError as error:
        raise TooManyInvitationsError(error.limit, error.retry_after_s) from None
    return address


async def _keep(
    address: str,
    viewer: Viewer,
    *,
    organisation: UUID | None = None,
    role: RoleKind | None = None,
    city: UUID | None = None,
) -> str:
    """Keeps the invitation; the address of whoever asks."""
    by = (await _person(viewer)).address
    now = clock.now()
    kind = role.value if role is not None else ""
    await rows(_KEEP, uuid4(), address, pseudonym(address), organisation, kind, city, by, now, now + LASTS)
    return by


async def _write(address: str, ask: Ask, about: dict[str, str]) -> Letter:
    """The letter, kept with the invitation. It tells nothing that a stranger could have chosen but their address."""
    onward = quote(f"/{ask.language}/me/invitations")
    link = f"{settings.current().public_url}/{ask.language}/sign-in?next={onward}"
    letter = letterbox.written(Kind.INVITATION, ask.language, address, {"link": link, **about})
    await letter.save()
    return letter


async def _taken(invitation: UUID, viewer: Viewer) -> tuple[Invitation, Offer]:
    """The invitation, which is gone from now on."""
    person = await _person(viewer)
    mine = (Invitation.id == invitation) & (Invitation.address_hash == person.address_hash)
    row = await _open().where(mine).first()
    if row is None:
        raise NotAllowedError
    await hold(organisations.subject_of(row.organisation) if row.organisation is not None else "roles")
    offer = await _offer(row)
    if not await Invitation.delete().where(mine).returning(Invitation.id):
        raise NotAllowedError
    return row, offer


async def _offer(row: Invitation) -> Offer:
    return Offer(
        id=row.id,
        organisation=await organisations.by_id(row.organisation) if row.organisation is not None else None,
        role=RoleKind(row.role) if row.role else None,
        city=await cities.by_id(row.city) if row.city is not None else None,
        invited_by=row.invited_by,
        expires_at=row.expires_at,
    )


async def _person(viewer: Viewer) -> Person:
    row = await Person.objects().where(Person.id == viewer.person).first()
    if row is None:
        raise NotAllowedError
    return row


def _open() -> Any:  # noqa: ANN401 - Piccolo's query
    return Invitation.objects().where(Invitation.expires_at > clock.now()).order_by(Invitation.created_at)
