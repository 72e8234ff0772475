"""The page of an organisation's people, and what is asked of somebody: who sees it, who may do what."""

import json
import re
from uuid import uuid4

import httpx
import pytest

from portal.accounts.tables import Invitation, Membership, Organisation, Person
from portal.mail.tables import Letter
from tests.conftest import SOAK
from tests.hostile_texts import hostile_texts
from tests.portal.pages.answering import text
from tests.portal.pages.asking import form_token, heading, send
from tests.portal.signing import firm_of, person, signed_in, startup_of

OWNERS_ONLY = ("rename", "invite", "end-invitation", "owner", "remove", "delete")


@pytest.fixture
async def anna(browser: httpx.AsyncClient) -> Person:
    """Who is signed in."""
    somebody = await person("anna@kahvila.test", name="Anna")
    await signed_in(browser, somebody)
    return somebody


def place_of(firm: Organisation, rest: str = "", language: str = "en") -> str:
    return f"/{language}/organisation/{firm.id}{rest}"


async def post(browser: httpx.AsyncClient, action: str, **fields: str) -> httpx.Response:
    """A form that some page of ours showed."""
    token = form_token(await browser.get("/en/questions"))
    return await browser.post(action, data={**fields, "_csrf": token})


async def test_a_startup_is_made_and_its_page_leads_on(browser: httpx.AsyncClient, anna: Person) -> None:
    answer = await send(browser, "/en/organisation?kind=startup", "/en/organisation", kind="startup", name="Lukko Labs")
    page = await browser.get(answer.headers["location"])
    assert heading(page) == "Lukko Labs"
    assert "Now you can invite others" in page.text
    [place] = await Membership.select(Membership.person, Membership.is_owner)
    assert (place["person"], place["is_owner"]) == (anna.id, True)


@pytest.mark.usefixtures("anna")
async def test_what_is_missing_comes_back_with_what_was_typed(browser: httpx.AsyncClient) -> None:
    page = await send(browser, "/en/organisation", "/en/organisation", name="<b>Kulma</b>")
    assert (page.status_code, "Choose what it is." in page.text) == (422, True)
    assert "&lt;b&gt;Kulma" in page.text
    page = await send(browser, "/en/organisation", "/en/organisation", kind="firm", name=" ")
    assert (page.status_code, "Type a name." in page.text) == (422, True)
    assert await Organisation.count() == 0


@pytest.mark.usefixtures("anna")
async def test_foreign_organisation_is_as_absent(browser: httpx.AsyncClient) -> None:
    firm = await firm_of(await person("berta@kahvila.test"))
    absent = Organisation(id=uuid4())
    for rest in ("", "/delete"):
        [there, nowhere] = [await browser.get(place_of(each, rest)) for each in (firm, absent)]
        assert (there.status_code, nowhere.status_code) == (404, 404)
        assert there.text.replace(str(firm.id), "") == nowhere.text.replace(str(absent.id), "")
    for act in (*OWNERS_ONLY, "leave"):
        for each in (firm, absent):
            assert (await post(browser, place_of(each, f"/{act}"), name=firm.name)).status_code == 404
    assert (await browser.get("/en/organisation/nothing")).status_code == 404
    assert await Organisation.count() == 1


async def test_who_is_not_signed_in_is_led_to_it(browser: httpx.AsyncClient) -> None:
    firm = await firm_of(await person("berta@kahvila.test"))
    for path in (place_of(firm), "/en/organisation", "/en/me/invitations"):
        answer = await browser.get(path)
        assert (answer.status_code, answer.headers["location"]) == (303, f"/en/sign-in?next={path}")


async def test_member_sees_the_people_without_the_owners_forms(browser: httpx.AsyncClient, anna: Person) -> None:
    owner = await person("berta@kahvila.test", name="Berta")
    firm = await firm_of(owner, anna)
    page = await browser.get(place_of(firm))
    assert ("Berta" in page.text, "berta@kahvila.test" in page.text) == (True, False)
    for act in OWNERS_ONLY:
        assert f"/{act}" not in page.text
        assert (await post(browser, place_of(firm, f"/{act}"), name=firm.name)).status_code == 404
    assert (await browser.get(place_of(firm, "/delete"))).status_code == 404
    answer = await send(browser, place_of(firm), place_of(firm, "/leave"))
    assert answer.headers["location"] == "/en/me"
    assert (await browser.get(place_of(firm))).status_code == 404


async def test_owner_invites_and_the_invited_says_yes(browser: httpx.AsyncClient, anna: Person) -> None:
    firm = await firm_of(anna)
    answers = []
    await person("berta@kahvila.test")
    for address in ("berta@kahvila.test", "nobody@kahvila.test"):
        answer = await send(browser, place_of(firm), place_of(firm, "/invite"), address=address, tongue="sv")
        page = await browser.get(answer.headers["location"])
        answers.append((answer.status_code, answer.headers["location"], "on its way" in page.text))
    assert answers[0] == answers[1] == (303, place_of(firm, "?told=invited"), True)
    assert [row["language"] for row in await Letter.select(Letter.language)] == ["sv", "sv"]
    berta = await person("Nobody@kahvila.test", name="Berta")
    await signed_in(browser, berta)
    link = json.loads((await Letter.select(Letter.about).order_by(Letter.created_at))[1]["about"])["link"]
    assert link.endswith("/sv/sign-in?next=/sv/me/invitations")
    page = await browser.get("/en/me/invitations")
    assert ("Kahvila Kulma" in page.text, "anna@kahvila.test" in page.text) == (True, True)
    [row] = await Invitation.objects().where(Invitation.address == "nobody@kahvila.test")
    answer = await send(browser, "/en/me/invitations", "/en/me/invitations", invitation=str(row.id), do="yes")
    assert answer.headers["location"] == place_of(firm, "?told=joined")
    assert "You belong to it now" in (await browser.get(answer.headers["location"])).text
    again = await post(browser, "/en/me/invitations", invitation=str(row.id), do="yes")
    assert again.status_code == 404


async def test_the_invited_says_no(browser: httpx.AsyncClient, anna: Person) -> None:
    firm = await firm_of(anna)
    await send(browser, place_of(firm), place_of(firm, "/invite"), address="berta@kahvila.test")
    [row] = await Invitation.objects()
    await signed_in(browser, await person("berta@kahvila.test"))
    answer = await send(browser, "/en/me/invitations", "/en/me/invitations", invitation=str(row.id), do="no")
    page = await browser.get(answer.headers["location"])
    assert ("You said no" in page.text, "Nobody asks you anything" in page.text) == (True, True)
    assert await Membership.count() == 1


async def test_owner_ends_an_invitation_makes_an_owner_and_takes_out(browser: httpx.AsyncClient, anna: Person) -> None:
    berta, carla = await person("berta@kahvila.test"), await person("carla@kahvila.test")
    firm = await firm_of(anna, berta, carla)
    home = place_of(firm)
    await send(browser, home, f"{home}/invite", address="d@kahvila.test")
    [row] = await Invitation.objects()
    await send(browser, home, f"{home}/end-invitation", invitation=str(row.id))
    assert await Invitation.count() == 0
    places = {each["person"]: str(each["id"]) for each in await Membership.select()}
    await send(browser, home, f"{home}/owner", member=places[berta.id])
    await send(browser, home, f"{home}/remove", member=places[carla.id])
    left = {each["person"]: each["is_owner"] for each in await Membership.select()}
    assert left == {anna.id: True, berta.id: True}
    assert (await post(browser, f"{home}/remove", member="nonsense")).status_code == 404
    await send(browser, home, f"{home}/rename", name="Kahvila Torni")
    assert heading(await browser.get(home)) == "Kahvila Torni"


async def test_last_owner_stays_and_is_told_why(browser: httpx.AsyncClient, anna: Person) -> None:
    firm = await firm_of(anna, await person("berta@kahvila.test"))
    assert "/leave" not in (await browser.get(place_of(firm))).text
    page = await post(browser, place_of(firm, "/leave"))
    assert (page.status_code, "You are its only owner." in page.text) == (409, True)
    assert await Membership.count() == 2


async def test_deleting_needs_its_name(browser: httpx.AsyncClient, anna: Person) -> None:
    firm = await startup_of(anna)
    place = place_of(firm, "/delete")
    page = await send(browser, place, place, name="lukko")
    assert (page.status_code, "Nothing was deleted." in page.text) == (422, True)
    answer = await send(browser, place, place, name=" lukko  LABS ")
    assert (answer.headers["location"], await Organisation.count()) == ("/en/me", 0)
    assert (await browser.get(place_of(firm))).status_code == 404


async def test_what_cannot_be_invited_comes_back_with_a_reason(browser: httpx.AsyncClient, anna: Person) -> None:
    firm = await firm_of(anna)
    home = place_of(firm)
    for typed, reason in (("", "Type the mail address"), ("x", "does not look like"), (anna.address, "already in")):
        page = await send(browser, home, f"{home}/invite", address=typed)
        assert (page.status_code, reason in page.text) == (422, True)
    for _ in range(3):
        await send(browser, home, f"{home}/invite", address="berta@kahvila.test")
    page = await send(browser, home, f"{home}/invite", address="berta@kahvila.test")
    assert (page.status_code, int(page.headers["retry-after"]) > 0) == (429, True)
    assert heading(page) == "Many invitations in a short time"


@pytest.mark.soak
async def test_hostile_names_stay_text(browser: httpx.AsyncClient, anna: Person) -> None:
    firm = await firm_of(anna)
    tags = None
    for typed in hostile_texts(500 if SOAK else 12):
        whole = typed.encode(errors="ignore").decode()[:90] + "."
        await send(browser, place_of(firm), place_of(firm, "/rename"), name=whole)
        await Person.update({Person.name: whole.replace("\0", "")}).where(Person.id == anna.id)
        page = await browser.get(place_of(firm))
        assert page.status_code == 200
        found = re.findall(r"<[a-z][a-z0-9]*", page.text)
        tags = tags or found
        assert found == tags, ascii(whole)
        assert "kahvila.test" in text(page)
