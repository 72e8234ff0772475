"""Who belongs to an organisation and who decides there, also when several change it at once."""

import asyncio
from collections.abc import Awaitable, Sequence
from uuid import UUID, uuid4

import pytest

from portal.accounts import invitations, organisations
from portal.accounts.tables import Invitation, Membership, Organisation, OrganisationKind
from portal.assessments.sheets import service as sheets
from portal.assessments.sheets.domains import keep_domain
from portal.assessments.tables import AnswerSheet, Assessment, FindingRow, Reply, SheetDomain
from portal.audit import service as audit
from portal.errors import LastOwnerError, NotAllowedError, TooManyRequestsError, UnusableNameError
from portal.privacy import deleting
from portal.sharing.tables import ShareLink
from tests.conftest import SOAK
from tests.hostile_texts import hostile_texts
from tests.portal.accounts.asking import ask, viewer
from tests.portal.pages.asking import keep
from tests.portal.signing import firm_of, person

pytestmark = pytest.mark.usefixtures("portal")

RACES = 100 if SOAK else 5


async def owners(organisation: Organisation) -> list[UUID]:
    return [each.person for each in await organisations.people_of(organisation.id) if each.is_owner]


async def actions() -> list[str]:
    return [entry.action async for entry in audit.entries()]


async def outcomes(*acts: Awaitable[object]) -> Sequence[type]:
    """What became of acts that come at once: an error's type, or that of None."""
    return [type(each) for each in await asyncio.gather(*acts, return_exceptions=True)]


async def test_whoever_makes_one_owns_it() -> None:
    anna = await person("anna@kahvila.test")
    made = await organisations.make(OrganisationKind.STARTUP, "  Lukko\u202e \n Labs ", anna.id, anna.pseudonym)
    assert (made.name, made.kind) == ("Lukko Labs", "startup")
    assert await owners(made) == [anna.id]
    assert (await viewer(anna)).owns == {made.id}
    assert await actions() == ["organisation-made"]


@pytest.mark.parametrize(("typed", "code"), [("", "no-name"), (" \u200b\n", "no-name"), ("x" * 101, "too-long")])
async def test_name_that_is_none_makes_nothing(typed: str, code: str) -> None:
    anna = await person("anna@kahvila.test")
    with pytest.raises(UnusableNameError) as refused:
        await organisations.make(OrganisationKind.FIRM, typed, anna.id, anna.pseudonym)
    assert refused.value.code == code
    assert await Organisation.count() == 0


@pytest.mark.soak
async def test_hostile_names_are_one_line_or_refused() -> None:
    anna = await person("anna@kahvila.test")
    firm = await firm_of(anna)
    who = await viewer(anna)
    for typed in hostile_texts(2000 if SOAK else 60):
        try:
            await organisations.rename(firm.id, typed, who)
        except UnusableNameError:
            continue
        name = (await organisations.by_id(firm.id)).name
        assert 0 < len(name) <= 100
        assert name.isprintable(), ascii(typed)


async def test_one_person_makes_so_many_in_a_day() -> None:
    anna = await person("anna@kahvila.test")
    for _ in range(organisations.PER_PERSON_AND_DAY):
        await organisations.make(OrganisationKind.FIRM, "Kulma", anna.id, anna.pseudonym)
    with pytest.raises(TooManyRequestsError) as refused:
        await organisations.make(OrganisationKind.FIRM, "Kulma", anna.id, anna.pseudonym)
    assert refused.value.retry_after_s > 0


async def test_owner_makes_another_an_owner_and_may_then_leave() -> None:
    anna, berta = await person("anna@kahvila.test"), await person("berta@kahvila.test")
    firm = await firm_of(anna, berta)
    who = await viewer(anna)
    with pytest.raises(LastOwnerError):
        await organisations.leave(firm.id, who)
    place = (await organisations.people_of(firm.id))[1].id
    for _ in range(2):
        await organisations.make_owner(firm.id, place, who)
    await organisations.leave(firm.id, who)
    assert await owners(firm) == [berta.id]
    assert await actions() == ["role-granted", "member-left"]


async def test_member_decides_nothing_but_may_leave() -> None:
    anna, berta = await person("anna@kahvila.test"), await person("berta@kahvila.test")
    firm = await firm_of(anna, berta)
    who = await viewer(berta)
    place = (await organisations.people_of(firm.id))[0].id
    for act in (
        organisations.rename(firm.id, "Mine", who),
        organisations.make_owner(firm.id, place, who),
        organisations.remove(firm.id, place, who),
        deleting.delete_organisation(firm.id, who),
        invitations.into_organisation(firm, ask("c@kahvila.test", who)),
    ):
        with pytest.raises(NotAllowedError):
            await act
    await organisations.leave(firm.id, who)
    assert [each.person for each in await organisations.people_of(firm.id)] == [anna.id]


async def test_nobody_is_taken_out_of_another_organisation() -> None:
    anna, berta = await person("anna@kahvila.test"), await person("berta@kahvila.test")
    mine, theirs = await firm_of(anna), await firm_of(berta)
    place = (await organisations.people_of(theirs.id))[0].id
    for act in (organisations.remove, organisations.make_owner):
        for member in (place, uuid4()):
            with pytest.raises(NotAllowedError):
                await act(mine.id, member, await viewer(anna))
    assert await Membership.count() == 2


async def test_two_owners_who_remove_each_other_leave_one() -> None:
    for place in range(RACES):
        anna, berta = await person(f"anna{place}@kahvila.test"), await person(f"berta{place}@kahvila.test")
        firm = await firm_of(anna, berta)
        await Membership.update({Membership.is_owner: True}).where(Membership.organisation == firm.id)
        members = {each.person: each.id for each in await organisations.people_of(firm.id)}
        by_anna, by_berta = await viewer(anna), await viewer(berta)
        found = await outcomes(
            organisations.remove(firm.id, members[berta.id], by_anna),
            organisations.remove(firm.id, members[anna.id], by_berta),
        )
        assert sorted(each.__name__ for each in found) == ["NoneType", "NotAllowedError"]
        assert len(await owners(firm)) == 1


async def test_two_owners_who_leave_at_once_leave_one() -> None:
    for place in range(RACES):
        anna, berta = await person(f"anna{place}@kahvila.test"), await person(f"berta{place}@kahvila.test")
        firm = await firm_of(anna, berta)
        await Membership.update({Membership.is_owner: True}).where(Membership.organisation == firm.id)
        by_anna, by_berta = await viewer(anna), await viewer(berta)
        found = await outcomes(organisations.leave(firm.id, by_anna), organisations.leave(firm.id, by_berta))
        assert sorted(each.__name__ for each in found) == ["LastOwnerError", "NoneType"]
        assert len(await owners(firm)) == 1


async def test_deleting_one_removes_all_that_belongs_to_it_and_nothing_else() -> None:
    anna = await person("anna@kahvila.test")
    firm, other = await firm_of(anna), await firm_of(anna, name="Other")
    who = await viewer(anna)
    await invitations.into_organisation(firm, ask("berta@kahvila.test", who))
    for whose in (firm, other):
        check = await keep()
        await Assessment.update({Assessment.firm: whose.id}).where(Assessment.id == check.id)
        sheet = await sheets.start("en", f"client-{whose.id}")
        await AnswerSheet.update({AnswerSheet.firm: whose.id}).where(AnswerSheet.id == sheet.id)
        await keep_domain(sheet, check)
        await Reply(sheet=sheet.id, question="mail-sender", answer="yes").save()
        await FindingRow(
            assessment=check.id, seq=1, check_id="x", subject="x", status="pass", severity="none", outcome="x"
        ).save()
        await ShareLink(token=str(uuid4()), sheet=sheet.id, audience="report", language="en").save()
    await deleting.delete_organisation(firm.id, who)
    counts = {
        table.__name__: await table.count()
        for table in (Organisation, Membership, Assessment, AnswerSheet, SheetDomain, Reply, FindingRow, ShareLink)
    }
    assert counts == dict.fromkeys(counts, 1)
    assert await Invitation.count() == 0
    assert await actions() == ["member-invited", "organisation-deleted"]
    with pytest.raises(NotAllowedError):
        await organisations.by_id(firm.id)
