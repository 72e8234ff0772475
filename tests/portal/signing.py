"""People who are signed in, with real rows and real cookies, for tests that are about something else."""

import secrets
from datetime import UTC, datetime

import httpx

from portal.accounts import sessions
from portal.accounts.sessions import Rise
from portal.accounts.tables import (
    City,
    Membership,
    Organisation,
    OrganisationKind,
    Person,
    Role,
    RoleKind,
    Session,
)
from portal.mail_addresses import pseudonym

COOKIE = "session"
"""Its name on plain http."""


async def person(address: str, language: str = "en", name: str = "") -> Person:
    """Somebody who signed in once."""
    row = Person(
        address=address,
        address_hash=pseudonym(address),
        name=name,
        language=language,
        pseudonym=secrets.token_hex(16),
    )
    await row.save()
    return row


async def signed_in(browser: httpx.AsyncClient, somebody: Person, *, stepped_up: bool = False) -> Session:
    """Signs them in there, in place of whoever was; `stepped_up`: they showed their second factor just now."""
    shown = await sessions.keep_under_new_id(None, {}, Rise(somebody.id, stepped_up, "Firefox, Linux"))
    browser.cookies.delete(COOKIE)
    browser.cookies.set(COOKIE, shown, domain=browser.base_url.host)  # as the portal sets it, which may replace it
    row = await sessions.load(shown)
    assert row is not None
    return row


async def organisation(kind: OrganisationKind, name: str, owner: Person, *members: Person) -> Organisation:
    """One with its people."""
    row = Organisation(kind=kind.value, name=name)
    await row.save()
    for each in (owner, *members):
        await Membership(person=each.id, organisation=row.id, is_owner=each.id == owner.id).save()
    return row


async def firm_of(owner: Person, *members: Person, name: str = "Kahvila Kulma") -> Organisation:
    """A firm."""
    return await organisation(OrganisationKind.FIRM, name, owner, *members)


async def startup_of(owner: Person, *members: Person, name: str = "Lukko Labs") -> Organisation:
    """A startup."""
    return await organisation(OrganisationKind.STARTUP, name, owner, *members)


async def city(slug: str, name: str = "") -> City:
    """A city with all three languages."""
    shown = name or slug.capitalize()
    row = City(
        slug=slug,
        name={"fi": shown, "sv": shown, "en": shown},
        country="FI",
        languages="fi,sv,en",
        zone="Europe/Helsinki",
        contact=f"yritykset@{slug}.example",
        privacy={},
        created_at=datetime.now(UTC),
    )
    await row.save()
    return row


async def give_role(somebody: Person, kind: RoleKind, where: City | None = None) -> Role:
    """A role of theirs."""
    row = Role(person=somebody.id, kind=kind.value, city=where.id if where is not None else None)
    await row.save()
    return row
