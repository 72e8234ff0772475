"""The first administrator, made where the portal runs; the others are asked on its pages."""

from collections.abc import Sequence
from datetime import datetime
from uuid import uuid4

from msgspec import Struct

from portal import clock
from portal.accounts import people, roles, signing_in
from portal.accounts.tables import RoleKind
from portal.audit import service as audit
from portal.audit.tables import Action
from portal.database import hold, rows, transaction
from portal.mail_addresses import parse_mail_address

_GIVE = """
    INSERT INTO role (id, person, kind, granted_at) VALUES ({}, {}, {}, {}) ON CONFLICT DO NOTHING RETURNING id
"""


class Made(Struct, frozen=True):
    """`is_new`: whether they were no administrator before. `path`: of a link with which they sign in."""

    address: str
    is_new: bool
    path: str


async def make(typed: str, language: str) -> Made:
    """Makes whoever has that address an administrator, with a link to sign in; who is one only gets the link.

    Raises:
        UnusableAddressError: that is no address.
    """
    address = parse_mail_address(typed)
    async with transaction():
        person = await people.arrived(address, language)
        await hold("roles")
        given = await rows(_GIVE, uuid4(), person.id, RoleKind.ADMINISTRATOR.value, clock.now())
        path = await signing_in.link_for(address, language)
        if given:
            whom = f"person:{person.pseudonym}"
            await audit.record(Action.ADMINISTRATOR_MADE, audit.OPERATOR, whom)
    return Made(address, bool(given), path)


async def all_of_them() -> Sequence[tuple[datetime, str, str]]:
    """Since when, address and pseudonym, the oldest first."""
    found = [each for each in await roles.holders() if each.kind is RoleKind.ADMINISTRATOR]
    return [(each.granted_at, each.address, each.pseudonym) for each in found]
