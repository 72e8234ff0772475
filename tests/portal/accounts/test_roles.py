"""Who may take a role away, and that somebody always administers."""

import asyncio
from uuid import uuid4

import pytest

from portal.accounts import roles
from portal.accounts.tables import Role, RoleKind
from portal.audit import service as audit
from portal.errors import LastAdministratorError, NotAllowedError
from tests.conftest import SOAK
from tests.portal.accounts.asking import viewer
from tests.portal.signing import city, give_role, person

pytestmark = pytest.mark.usefixtures("portal")

RACES = 100 if SOAK else 5


async def test_administrator_withdraws_any_role_but_the_last_of_their_own() -> None:
    admin, juror = await person("admin@kaupunki.test"), await person("j@espoo.test")
    own = await give_role(admin, RoleKind.ADMINISTRATOR)
    given = await give_role(juror, RoleKind.JUROR, await city("espoo"))
    who = await viewer(admin)
    await roles.withdraw(given.id, who)
    assert (await viewer(juror)).judges == set()
    with pytest.raises(LastAdministratorError):
        await roles.withdraw(own.id, who)
    with pytest.raises(NotAllowedError):
        await roles.withdraw(uuid4(), who)
    [entry] = [entry async for entry in audit.entries()]
    assert (entry.action, entry.actor) == ("role-withdrawn", admin.pseudonym)
    assert entry.subject == f"person:{juror.pseudonym}"


async def test_organiser_withdraws_in_their_city_only() -> None:
    espoo, turku = await city("espoo"), await city("turku")
    admin, organiser, juror = [await person(f"{name}@kaupunki.test") for name in "aoj"]
    top = await give_role(admin, RoleKind.ADMINISTRATOR)
    await give_role(organiser, RoleKind.ORGANISER, espoo)
    here = await give_role(juror, RoleKind.JUROR, espoo)
    there = await give_role(juror, RoleKind.JUROR, turku)
    who = await viewer(organiser)
    for role, where in ((there, espoo.id), (there, turku.id), (top, espoo.id), (here, None)):
        with pytest.raises(NotAllowedError):
            await roles.withdraw(role.id, who, where)
    await roles.withdraw(here.id, who, espoo.id)
    assert (await viewer(juror)).judges == {"turku"}


async def test_two_administrators_who_withdraw_each_other_leave_one() -> None:
    for place in range(RACES):
        await Role.delete(force=True)
        pair = [await person(f"{name}{place}@kaupunki.test") for name in "ab"]
        given = [await give_role(each, RoleKind.ADMINISTRATOR) for each in pair]
        by_a, by_b = [await viewer(each) for each in pair]
        found = await asyncio.gather(
            roles.withdraw(given[1].id, by_a), roles.withdraw(given[0].id, by_b), return_exceptions=True
        )
        assert sorted(type(each).__name__ for each in found) == ["NoneType", "NotAllowedError"]
        assert await Role.count() == 1


async def test_two_administrators_who_resign_at_once_leave_one() -> None:
    for place in range(RACES):
        await Role.delete(force=True)
        pair = [await person(f"{name}{place}@kaupunki.test") for name in "ab"]
        given = [await give_role(each, RoleKind.ADMINISTRATOR) for each in pair]
        found = await asyncio.gather(
            *[roles.withdraw(role.id, await viewer(each)) for role, each in zip(given, pair, strict=True)],
            return_exceptions=True,
        )
        assert sorted(type(each).__name__ for each in found) == ["LastAdministratorError", "NoneType"]
        assert await Role.count() == 1
