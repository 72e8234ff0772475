"""People with an account: found by their address's pseudonym, and made when they first spend a sign-in link."""

import secrets
from uuid import UUID

from portal import clock
from portal.accounts.names import parse_name
from portal.accounts.tables import Membership, Organisation, OrganisationKind, Person
from portal.mail_addresses import pseudonym

PSEUDONYM_BYTES = 16


async def arrived(address: str, language: str) -> Person:
    """Who has that address (as `portal.mail_addresses` gives it), made where nobody has; keeps that they were here.

    `language`: their own from then on, where they are new.
    """
    hashed, now = pseudonym(address), clock.now()
    new = Person(
        address=address,
        address_hash=hashed,
        language=language,
        pseudonym=secrets.token_hex(PSEUDONYM_BYTES),
        created_at=now,
        seen_at=now,
    )
    await Person.insert(new).on_conflict(target=Person.address_hash, action="DO NOTHING")
    await Person.update({Person.seen_at: now}).where(Person.address_hash == hashed)
    [kept] = await Person.objects().where(Person.address_hash == hashed)
    return kept


async def by_id(person: UUID) -> Person | None:
    """The person with that id; None where they had everything of theirs deleted meanwhile."""
    return await Person.objects().where(Person.id == person).first()


async def call(person: UUID, name: str, language: str) -> None:
    """Keeps how they want to be called (empty: by their address), and in which language we write to them.

    Raises:
        UnusableNameError: `too-long`.
    """
    kept = parse_name(name) if name.strip() else ""
    await Person.update({Person.name: kept, Person.language: language}).where(Person.id == person)


async def organisations_of(person: UUID, kind: OrganisationKind) -> list[Organisation]:
    """Those that they belong to, by name."""
    named = await Membership.select(Membership.organisation).where(
        Membership.person == person, Membership.organisation.kind == kind.value
    )
    mine = [each["organisation"] for each in named]
    return await Organisation.objects().where(Organisation.id.is_in(mine)).order_by(Organisation.name) if mine else []
