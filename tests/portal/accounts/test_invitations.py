"""Asking somebody in: bound to their address, the same for everybody, once, for fourteen days."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from portal import clock
from portal.accounts import cities, invitations, limits, organisations, roles
from portal.accounts.tables import Invitation, Membership, Person, Role, RoleKind
from portal.accounts.viewer import Viewer
from portal.audit import service as audit
from portal.errors import (
    AlreadyThereError,
    NotAllowedError,
    TooManyInvitationsError,
    TooManyPeopleError,
    UnusableAddressError,
)
from portal.mail.tables import Letter
from portal.privacy import deleting
from tests.conftest import SOAK
from tests.portal.accounts.asking import ask, viewer
from tests.portal.signing import city, firm_of, give_role, person
from tests.portal.watching.year import Clock

pytestmark = pytest.mark.usefixtures("portal")

BERTA = "berta@kahvila.test"
RACES = 100 if SOAK else 5


async def told() -> list[tuple[str, str, str, dict[str, str]]]:
    """The letters: to whom, of which kind, in which language, about what."""
    found = await Letter.select().order_by(Letter.created_at)
    return [(each["recipient"], each["kind"], each["language"], json.loads(each["about"])) for each in found]


async def test_invited_person_says_yes_and_belongs_to_it() -> None:
    anna, berta = await person("anna@kahvila.test"), await person("Berta@kahvila.test")
    firm = await firm_of(anna)
    await invitations.into_organisation(firm, ask(BERTA, await viewer(anna), "sv"))
    link = "/sv/sign-in?next=/sv/me/invitations"
    about = {"link": link, "what": "firm", "city": "", "invited_by": "anna@kahvila.test"}
    assert await told() == [(BERTA, "invitation", "sv", about)]
    [offer] = await invitations.waiting_for(await viewer(berta))
    assert offer.organisation is not None
    assert (offer.organisation.name, offer.invited_by) == (firm.name, "anna@kahvila.test")
    await invitations.accept(offer.id, await viewer(berta))
    assert [each.person for each in await organisations.people_of(firm.id)] == [anna.id, berta.id]
    assert not (await viewer(berta)).owns
    assert await Invitation.count() == 0
    assert [entry.action async for entry in audit.entries()] == ["member-invited", "member-joined"]


async def test_with_and_without_an_account_the_same_is_kept_and_sent() -> None:
    anna = await person("anna@kahvila.test")
    firm = await firm_of(anna)
    await person(BERTA)
    who = await viewer(anna)
    for address in (BERTA, "nobody@kahvila.test"):
        assert await invitations.into_organisation(firm, ask(address, who)) is None  # type: ignore[func-returns-value]
    [known, unknown] = await Invitation.select().order_by(Invitation.created_at)
    different = {name for name in known if known[name] != unknown[name]}
    assert different == {"id", "address", "address_hash", "created_at", "expires_at"}
    [one, other] = await told()
    assert one[1:] == other[1:]


async def test_nobody_else_may_answer() -> None:
    anna, carla = await person("anna@kahvila.test"), await person("carla@kahvila.test")
    firm = await firm_of(anna)
    await invitations.into_organisation(firm, ask(BERTA, await viewer(anna)))
    [row] = await Invitation.objects()
    for somebody in (anna, carla):
        for act in (invitations.accept, invitations.decline):
            with pytest.raises(NotAllowedError):
                await act(row.id, await viewer(somebody))
        assert await invitations.waiting_for(await viewer(somebody)) == []
    assert await Membership.count() == 1


async def test_it_ends_after_fourteen_days_and_the_address_is_erased(monkeypatch: pytest.MonkeyPatch) -> None:
    anna, berta = await person("anna@kahvila.test"), await person(BERTA)
    firm = await firm_of(anna)
    by_anna, by_berta = await viewer(anna), await viewer(berta)
    await invitations.into_organisation(firm, ask(BERTA, by_anna))
    [row] = await Invitation.objects()
    time = Clock(monkeypatch)
    time.at = row.expires_at - timedelta(seconds=1)
    await invitations.forget_expired()
    assert len(await invitations.waiting_for(by_berta)) == len(await invitations.into(firm.id)) == 1
    time.at = row.expires_at
    assert row.expires_at - row.created_at == timedelta(days=14)
    with pytest.raises(NotAllowedError):
        await invitations.accept(row.id, by_berta)
    assert await invitations.waiting_for(by_berta) == await invitations.into(firm.id) == []
    await invitations.forget_expired()
    assert await Invitation.count() == 0


async def test_invited_again_it_lasts_longer_and_is_one() -> None:
    anna = await person("anna@kahvila.test")
    firm = await firm_of(anna)
    who = await viewer(anna)
    await invitations.into_organisation(firm, ask(BERTA, who))
    [first] = await Invitation.objects()
    await invitations.into_organisation(firm, ask(BERTA.upper().replace("KAHVILA.TEST", "kahvila.test"), who))
    [second] = await Invitation.objects()
    assert second.expires_at > first.expires_at
    assert await Letter.count() == 2


async def test_withdrawn_or_declined_it_is_gone() -> None:
    anna, berta = await person("anna@kahvila.test"), await person(BERTA)
    firm, other = await firm_of(anna), await firm_of(berta)
    by_anna, by_berta = await viewer(anna), await viewer(berta)
    await invitations.into_organisation(firm, ask(BERTA, by_anna))
    [row] = await Invitation.objects()
    for organisation, who in ((other.id, by_berta), (firm.id, by_berta)):
        with pytest.raises(NotAllowedError):
            await invitations.withdraw_from_organisation(organisation, row.id, who)
    await invitations.withdraw_from_organisation(firm.id, row.id, by_anna)
    with pytest.raises(NotAllowedError):
        await invitations.accept(row.id, by_berta)
    await invitations.into_organisation(firm, ask(BERTA, by_anna))
    [offer] = await invitations.waiting_for(by_berta)
    await invitations.decline(offer.id, by_berta)
    with pytest.raises(NotAllowedError):
        await invitations.decline(offer.id, by_berta)
    assert await Membership.count() == 2


async def withdrawn(row: Invitation, by_owner: Viewer, _invited: Viewer) -> None:
    await invitations.withdraw_from_organisation(row.organisation, row.id, by_owner)


async def deleted(row: Invitation, by_owner: Viewer, _invited: Viewer) -> None:
    await deleting.delete_organisation(row.organisation, by_owner)


async def accepted(row: Invitation, _by_owner: Viewer, invited: Viewer) -> None:
    await invitations.accept(row.id, invited)


@pytest.mark.parametrize("rival", [accepted, withdrawn, deleted])
async def test_said_yes_to_while_something_else_happens_one_of_the_two_counts(
    rival: Callable[[Invitation, Viewer, Viewer], Awaitable[None]],
) -> None:
    for place in range(RACES):
        anna, berta = await person(f"anna{place}@kahvila.test"), await person(f"berta{place}@kahvila.test")
        firm = await firm_of(anna)
        by_anna, by_berta = await viewer(anna), await viewer(berta)
        await invitations.into_organisation(firm, ask(berta.address, by_anna))
        [row] = await Invitation.objects().where(Invitation.organisation == firm.id)
        acts = invitations.accept(row.id, by_berta), rival(row, by_anna, by_berta)
        found = await asyncio.gather(*acts, return_exceptions=True)
        failed = [each for each in found if each.__class__ is NotAllowedError]
        others = [each for each in found if isinstance(each, BaseException) and each not in failed]
        assert others == []
        assert len(failed) == 1 or (rival is deleted and not failed)
        joined = await Membership.exists().where(Membership.organisation == firm.id, Membership.person == berta.id)
        said_yes = rival is accepted or found[0] not in failed
        assert joined is (said_yes and rival is not deleted)


async def test_whoever_belongs_to_it_is_not_invited_again() -> None:
    anna, berta = await person("anna@kahvila.test"), await person(BERTA)
    firm = await firm_of(anna, berta)
    with pytest.raises(AlreadyThereError):
        await invitations.into_organisation(firm, ask(BERTA, await viewer(anna)))
    assert await Letter.count() == 0


async def test_there_is_room_for_so_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(invitations, "MOST_PEOPLE", 3)
    anna, berta = await person("anna@kahvila.test"), await person(BERTA)
    firm = await firm_of(anna, berta)
    who = await viewer(anna)
    for _ in range(2):
        await invitations.into_organisation(firm, ask("c@kahvila.test", who))
    with pytest.raises(TooManyPeopleError):
        await invitations.into_organisation(firm, ask("d@kahvila.test", who))


async def test_limits_of_person_client_and_address_say_when_again() -> None:
    anna = await person("anna@kahvila.test")
    firm = await firm_of(anna)
    who = await viewer(anna)
    for _ in range(invitations.PER_ADDRESS_AND_DAY):
        await invitations.into_organisation(firm, ask(BERTA, who))
    with pytest.raises(TooManyInvitationsError) as refused:
        await invitations.into_organisation(firm, ask(BERTA, who))
    assert (refused.value.limit, refused.value.retry_after_s > 0) == ("invitations-address", True)
    for limit, key, count, period in (
        ("invitations-client", "one client", invitations.PER_CLIENT_AND_HOUR, timedelta(hours=1)),
        ("invitations-person", str(anna.id), invitations.PER_PERSON_AND_DAY, timedelta(days=1)),
    ):
        for _ in range(count):
            if await limits.next_at(limit, key, count, period) is None:
                await limits.take(limit, key, count, period)
        asked = invitations.Ask("c@kahvila.test", "en", who, "one client")
        with pytest.raises(TooManyInvitationsError) as refused:
            await invitations.into_organisation(firm, asked)
        assert refused.value.limit == "invitations-client"
    with pytest.raises(TooManyInvitationsError) as refused:
        await invitations.into_organisation(firm, ask("c@kahvila.test", who))
    assert refused.value.limit == "invitations-person"


@pytest.mark.parametrize("typed", ["", "anna", "a@b@c", "anna@kahvila.test\r\nBcc: b@kahvila.test", "ä@kahvila.test"])
async def test_what_is_no_address_invites_nobody(typed: str) -> None:
    anna = await person("anna@kahvila.test")
    firm = await firm_of(anna)
    with pytest.raises(UnusableAddressError):
        await invitations.into_organisation(firm, ask(typed, await viewer(anna)))
    assert (await Invitation.count(), await Letter.count()) == (0, 0)


async def administrator(address: str = "admin@kaupunki.test") -> Person:
    somebody = await person(address)
    await give_role(somebody, RoleKind.ADMINISTRATOR)
    return somebody


async def test_administrator_asks_for_any_role_and_organiser_for_those_of_their_city() -> None:
    admin = await viewer(await administrator())
    espoo, turku = await city("espoo"), await city("turku")
    here = await cities.by_slug("espoo")
    berta = await person(BERTA)
    await invitations.to_role(RoleKind.ORGANISER, here, ask(BERTA, admin, "fi"), RoleKind.ADMINISTRATOR)
    assert (await told())[0][3]["city"] == "Espoo"
    [offer] = await invitations.waiting_for(await viewer(berta))
    await invitations.accept(offer.id, await viewer(berta))
    organiser = await viewer(berta)
    assert organiser.organises == {"espoo"}
    for kind in roles.IN_CITIES:
        await invitations.to_role(kind, here, ask(f"{kind}@kahvila.test", organiser), RoleKind.ORGANISER)
    foreign = await cities.by_slug("turku")
    for kind, where in ((RoleKind.JUROR, foreign), (RoleKind.ADMINISTRATOR, None)):
        for acts_as in (RoleKind.ORGANISER, RoleKind.ADMINISTRATOR):
            with pytest.raises(NotAllowedError):
                await invitations.to_role(kind, where, ask(f"{kind}@{acts_as}.test", organiser), acts_as)
    with pytest.raises(NotAllowedError):
        await invitations.to_role(RoleKind.ADMINISTRATOR, here, ask("z@kahvila.test", admin), RoleKind.ADMINISTRATOR)
    await invitations.to_role(RoleKind.ADMINISTRATOR, None, ask("y@kahvila.test", admin), RoleKind.ADMINISTRATOR)
    assert len(await invitations.to_roles()) == 3
    assert len(await invitations.to_roles(espoo.id)) == 2
    assert await invitations.to_roles(turku.id) == []
    assert [entry.action async for entry in audit.entries()][:2] == ["member-invited", "role-granted"]


async def test_organiser_ends_invitations_of_their_city_only() -> None:
    admin = await viewer(await administrator())
    espoo, turku = await city("espoo"), await city("turku")
    berta = await person(BERTA)
    await give_role(berta, RoleKind.ORGANISER, espoo)
    for where in ("espoo", "turku"):
        known = await cities.by_slug(where)
        await invitations.to_role(RoleKind.JUROR, known, ask(f"j@{where}.test", admin), RoleKind.ADMINISTRATOR)
    [here] = await invitations.to_roles(espoo.id)
    [there] = await invitations.to_roles(turku.id)
    organiser = await viewer(berta)
    for place in (espoo.id, turku.id):
        with pytest.raises(NotAllowedError):
            await invitations.withdraw_from_role(there.id, organiser, place)
    await invitations.withdraw_from_role(here.id, organiser, espoo.id)
    await invitations.withdraw_from_role(there.id, admin)
    assert await Invitation.count() == 0


async def test_accepting_twice_gives_one_role() -> None:
    admin = await viewer(await administrator())
    await city("espoo")
    here = await cities.by_slug("espoo")
    berta = await person(BERTA)
    await invitations.to_role(RoleKind.JUROR, here, ask(BERTA, admin), RoleKind.ADMINISTRATOR)
    who = await viewer(berta)
    [offer] = await invitations.waiting_for(who)
    found = await asyncio.gather(*(invitations.accept(offer.id, who) for _ in range(4)), return_exceptions=True)
    assert sum(isinstance(each, NotAllowedError) for each in found) == 3
    assert await Role.count().where(Role.person == berta.id) == 1
    assert clock.now() < offer.expires_at
    with pytest.raises(AlreadyThereError):
        await invitations.to_role(RoleKind.JUROR, here, ask(BERTA, admin), RoleKind.ADMINISTRATOR)
