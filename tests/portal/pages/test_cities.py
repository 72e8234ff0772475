"""Cities as everybody sees them, as their organisers do, and as administrators do."""

import json
import re
from datetime import UTC, datetime

import httpx
import pytest

from portal.accounts import cities
from portal.accounts.tables import City, Invitation, Person, Role, RoleKind
from portal.assessments.tables import AnswerSheet
from portal.mail.tables import Letter
from tests.conftest import SOAK
from tests.hostile_texts import hostile_texts
from tests.portal.pages.answering import begun
from tests.portal.pages.asking import form_token, heading, send
from tests.portal.signing import city, firm_of, give_role, person, signed_in

NEW_YORK = {
    "slug": "new-york",
    "country": "US",
    "zone": "America/New_York",
    "own": "en",
    "languages": "fi",
    "name-en": "New York",
    "privacy-en": "The city counts.\nNothing else.",
    "contact": "business@nyc.test",
}
MANAGED = ("", "/texts", "/invite", "/end-invitation", "/withdraw")


async def post(browser: httpx.AsyncClient, action: str, **fields: str) -> httpx.Response:
    """A form that some page of ours showed."""
    token = form_token(await browser.get("/en/questions"))
    return await browser.post(action, data={**fields, "_csrf": token})


async def with_role(
    browser: httpx.AsyncClient, kind: RoleKind, where: City | None = None, *, stepped_up: bool = True
) -> Person:
    """Somebody who has it and is signed in."""
    somebody = await person(f"{kind}@kaupunki.test")
    await give_role(somebody, kind, where)
    await signed_in(browser, somebody, stepped_up=stepped_up)
    return somebody


async def statuses(browser: httpx.AsyncClient, slug: str) -> set[int]:
    """What a city's organisers' pages answer."""
    home = f"/en/city/{slug}/manage"
    shown = {(await browser.get(f"{home}{rest}")).status_code for rest in MANAGED[:2]}
    return shown | {(await post(browser, f"{home}{rest}")).status_code for rest in MANAGED[1:]}


async def test_administrator_makes_a_city_and_invites_its_organiser(browser: httpx.AsyncClient) -> None:
    await with_role(browser, RoleKind.ADMINISTRATOR)
    assert "There is no city yet. Begin by making one" in (await browser.get("/en/administration")).text
    answer = await send(browser, "/en/administration/city", "/en/administration/city", **NEW_YORK)
    onward = answer.headers["location"]
    assert onward == "/en/administration/invite?city=new-york&told=made"
    page = await browser.get(onward)
    assert re.findall(r'value="([^"]+)" checked', page.text) == ["organiser", "new-york", "en"]
    fields = {"duty": "organiser", "city": "new-york", "address": "o@nyc.test", "tongue": "en"}
    answer = await send(browser, onward, "/en/administration/invite", **fields)
    page = await browser.get(answer.headers["location"])
    assert ("on its way" in page.text, "o@nyc.test" in page.text, "America/New_York" in page.text) == (True, True, True)
    about = json.loads((await Letter.select(Letter.about))[0]["about"])
    assert (about["what"], about["city"]) == ("organiser", "New York")
    [row] = await Invitation.objects()
    await signed_in(browser, await person("o@nyc.test"))
    answer = await send(browser, "/en/me/invitations", "/en/me/invitations", invitation=str(row.id), do="yes")
    assert answer.headers["location"] == "/en/city/new-york/manage"
    answer = await browser.get(answer.headers["location"])
    assert answer.headers["location"] == "/en/me/second-step?next=/en/city/new-york/manage"


async def test_what_is_wrong_with_a_city_comes_back_to_its_field(browser: httpx.AsyncClient) -> None:
    await with_role(browser, RoleKind.ADMINISTRATOR)
    wrong = {
        **NEW_YORK,
        "slug": "New York",
        "zone": "Atlantis",
        "name-en": "",
        "contact": "x",
        "own": "",
        "languages": "",
    }
    page = await send(browser, "/en/administration/city", "/en/administration/city", **{**NEW_YORK, **wrong})
    assert page.status_code == 422
    summary = page.text.partition("There is a problem")[2].partition("</ul>")[0]
    fields = re.findall(r'href="#([^"]+)"', summary)
    assert fields == ["slug", "own", "contact", "zone"]
    assert all(f'id="{field}"' in page.text for field in fields)
    assert (await City.count(), 'value="Atlantis"' in page.text) == (0, True)


async def test_administrator_changes_all_but_the_address(browser: httpx.AsyncClient) -> None:
    await with_role(browser, RoleKind.ADMINISTRATOR)
    await city("espoo")
    place = "/en/administration/city/espoo"
    assert (await send(browser, place, place, **NEW_YORK)).headers["location"] == "/en/administration?told=changed"
    known = await cities.by_slug("espoo")
    assert (known.described.zone, known.described.languages) == ("America/New_York", ("en", "fi"))
    page = await send(browser, place, place, **{**NEW_YORK, "zone": "x"})
    assert page.status_code == 422
    assert (await browser.get("/en/administration/city/nowhere")).status_code == 404


async def test_administrator_takes_tasks_away_but_not_the_last_of_their_own(browser: httpx.AsyncClient) -> None:
    await with_role(browser, RoleKind.ADMINISTRATOR)
    given = await give_role(await person("j@espoo.test", name="Jussi"), RoleKind.JUROR, await city("espoo"))
    page = await browser.get("/en/administration")
    assert ("Jussi" in page.text, "j@espoo.test" in page.text) == (True, True)
    await send(browser, "/en/administration", "/en/administration/withdraw", given=str(given.id))
    [own] = await Role.objects()
    page = await send(browser, "/en/administration", "/en/administration/withdraw", given=str(own.id))
    assert (page.status_code, "Invite another administrator first." in page.text) == (409, True)
    answer = await send(
        browser,
        "/en/administration/invite",
        "/en/administration/invite",
        duty="administrator",
        address="b@kaupunki.test",
    )
    assert answer.status_code == 303
    [row] = await Invitation.objects()
    await send(browser, "/en/administration", "/en/administration/end-invitation", invitation=str(row.id))
    assert await Invitation.count() == 0


async def test_invitation_without_task_or_city_comes_back(browser: httpx.AsyncClient) -> None:
    await with_role(browser, RoleKind.ADMINISTRATOR)
    place = "/en/administration/invite"
    page = await send(browser, place, place, address="o@espoo.test")
    assert (page.status_code, "Choose what they are to do." in page.text) == (422, True)
    page = await send(browser, place, place, duty="juror", city="nowhere", address="o@espoo.test")
    assert (page.status_code, "Choose the city." in page.text) == (422, True)
    page = await send(browser, place, place, duty="administrator", address="")
    assert (page.status_code, "Type the mail address" in page.text) == (422, True)


async def test_organiser_writes_texts_that_everybody_reads(browser: httpx.AsyncClient) -> None:
    espoo = await city("espoo")
    await with_role(browser, RoleKind.ORGANISER, espoo)
    home = "/en/city/espoo/manage"
    assert "First write what the city does" in (await browser.get(home)).text
    texts = {
        "name-fi": "Espoo",
        "name-sv": "Esbo",
        "privacy-fi": "Kaupunki laskee.\n\nEi muuta.",
        "contact": "o@espoo.test",
    }
    answer = await send(browser, f"{home}/texts", f"{home}/texts", zone="Asia/Tokyo", own="en", **texts)
    page = await browser.get(answer.headers["location"])
    assert ("The texts are saved." in page.text, "Still missing in:" in page.text) == (True, True)
    browser.cookies.clear()
    page = await browser.get("/sv/city/espoo")
    assert heading(page) == "Esbo"
    assert '<div lang="fi">\n<p>Kaupunki laskee.</p>\n<p>Ei muuta.</p>' in page.text
    assert 'href="mailto:o@espoo.test"' in page.text
    assert "/manage" not in page.text
    assert heading(await browser.get("/en/city/espoo")) == '<span lang="fi">Espoo</span>'
    assert (await cities.by_slug("espoo")).described.zone == "Europe/Helsinki"


async def test_organiser_invites_and_takes_away_in_their_city(browser: httpx.AsyncClient) -> None:
    espoo = await city("espoo")
    await with_role(browser, RoleKind.ORGANISER, espoo)
    given = await give_role(await person("j@espoo.test"), RoleKind.JUROR, espoo)
    home = "/en/city/espoo/manage"
    page = await send(browser, home, f"{home}/invite", address="k@espoo.test", duty="administrator")
    assert (page.status_code, "Choose what they are to do." in page.text) == (422, True)
    page = await send(browser, home, f"{home}/invite", address="j@espoo.test", duty="juror")
    assert (page.status_code, "is already in the list above" in page.text) == (422, True)
    await send(browser, home, f"{home}/invite", address="k@espoo.test", duty="juror")
    [row] = await Invitation.objects()
    await send(browser, home, f"{home}/end-invitation", invitation=str(row.id))
    await send(browser, home, f"{home}/withdraw", given=str(given.id))
    assert (await Invitation.count(), await Role.count()) == (0, 1)


async def test_times_are_on_the_citys_clock(browser: httpx.AsyncClient) -> None:
    await with_role(browser, RoleKind.ADMINISTRATOR)
    await send(browser, "/en/administration/city", "/en/administration/city", **NEW_YORK)
    [there] = await City.objects()
    organiser = await with_role(browser, RoleKind.ORGANISER, there)
    given = datetime(2026, 11, 23, 12, 30, tzinfo=UTC)
    await Role.update({Role.granted_at: given}).where(Role.person == organiser.id)
    assert "23 November 2026, 7:30 am" in (await browser.get("/en/city/new-york/manage")).text


async def test_foreign_city_is_as_absent_and_the_second_step_is_asked_first(browser: httpx.AsyncClient) -> None:
    espoo = await city("espoo")
    await city("turku")
    assert {(await browser.get(f"/en/city/{slug}/manage")).status_code for slug in ("espoo", "nowhere")} == {303}
    await with_role(browser, RoleKind.ORGANISER, espoo)
    assert await statuses(browser, "turku") == await statuses(browser, "nowhere") == {404}
    for rest in ("", "/city", "/city/espoo", "/invite"):
        assert (await browser.get(f"/en/administration{rest}")).status_code == 404
    for rest in ("/city", "/city/espoo", "/invite", "/end-invitation", "/withdraw"):
        assert (await post(browser, f"/en/administration{rest}", **NEW_YORK)).status_code == 404
    await with_role(browser, RoleKind.JUROR, espoo)
    assert await statuses(browser, "espoo") == {404}
    await signed_in(browser, await person("admin@kaupunki.test"), stepped_up=True)
    assert (await browser.get("/en/administration")).status_code == 404


async def test_without_the_second_step_nothing_is_shown_and_nothing_done(browser: httpx.AsyncClient) -> None:
    espoo = await city("espoo")
    await with_role(browser, RoleKind.ORGANISER, espoo, stepped_up=False)
    assert await statuses(browser, "espoo") == {303}
    await with_role(browser, RoleKind.ADMINISTRATOR, stepped_up=False)
    answer = await browser.get("/en/administration")
    assert answer.headers["location"] == "/en/me/second-step?next=/en/administration"
    assert (await post(browser, "/en/administration/city", **NEW_YORK)).status_code == 303
    assert await City.count() == 1


async def test_juror_sees_that_they_are_one(browser: httpx.AsyncClient) -> None:
    await with_role(browser, RoleKind.JUROR, await city("espoo"))
    page = await browser.get("/en/me")
    assert ("You are a juror of this city:" in page.text, "Espoo" in page.text) == (True, True)
    assert "/city/espoo/manage" not in page.text


async def test_without_cities_nobody_is_asked_for_one(browser: httpx.AsyncClient) -> None:
    path = await begun(browser)
    for shown in ("/en/", "/en/questions", path):
        assert "programme" not in (await browser.get(shown)).text
    assert [row["city"] for row in await AnswerSheet.select(AnswerSheet.city)] == [None]


async def test_sheet_counts_in_the_programme_that_its_owner_chose_until_they_leave(browser: httpx.AsyncClient) -> None:
    espoo, turku = await city("espoo"), await city("turku")
    assert "/en/city/espoo" in (await browser.get("/en/")).text
    page = await browser.get("/en/questions")
    assert ("None of these" in page.text, " checked" in page.text) == (True, False)
    assert 'value="turku" checked' in (await browser.get("/en/questions?city=turku")).text
    assert " checked" not in (await browser.get("/en/questions?city=nowhere")).text
    answer = await send(browser, "/en/city/espoo", "/en/questions", city="espoo")
    sheet = answer.headers["location"]
    page = await browser.get(sheet)
    assert ("Your answers count in this city’s programme:" in page.text, ">Espoo<" in page.text) == (True, True)
    assert "counts of ten or more" in page.text
    found = []
    for chosen in ("", "turku", "nowhere"):
        answer = await send(browser, sheet, f"{sheet}/programme", city=chosen)
        assert answer.headers["location"] == f"{sheet}#programme"
        found += [row["city"] for row in await AnswerSheet.select(AnswerSheet.city)]
    assert found == [None, turku.id, None]
    assert espoo.id not in found


async def test_only_a_firms_people_choose_its_programme(browser: httpx.AsyncClient) -> None:
    await city("espoo")
    sheet = await begun(browser)
    firm = await firm_of(await person("anna@kahvila.test"))
    await AnswerSheet.update({AnswerSheet.firm: firm.id}, force=True)
    answer = await post(browser, f"{sheet}/programme", city="espoo")
    assert answer.status_code == 404
    assert [row["city"] for row in await AnswerSheet.select(AnswerSheet.city)] == [None]


@pytest.mark.parametrize("slug", ["nowhere", "ESPOO", "espoo%00", "..%2Fespoo", "%F0%9F%98%80"])
async def test_city_that_there_is_not_is_absent(browser: httpx.AsyncClient, slug: str) -> None:
    await city("espoo")
    assert (await browser.get(f"/en/city/{slug}")).status_code == 404


@pytest.mark.soak
async def test_hostile_texts_of_a_city_stay_text(browser: httpx.AsyncClient) -> None:
    espoo = await city("espoo")
    await with_role(browser, RoleKind.ORGANISER, espoo)
    place = "/en/city/espoo/manage/texts"
    tags = None
    for typed in hostile_texts(500 if SOAK else 10):
        whole = typed.encode(errors="ignore").decode()[:90] + "."
        fields = {"name-fi": whole, "name-en": whole, "contact": "o@espoo.test", "privacy-en": " ".join(whole.split())}
        assert (await send(browser, place, place, **fields)).status_code == 303
        for path in ("/en/city/espoo", "/en/", "/en/questions", "/en/city/espoo/manage"):
            assert (await browser.get(path)).status_code == 200
        found = re.findall(r"<[a-z][a-z0-9]*", (await browser.get("/en/city/espoo")).text)
        tags = tags or found
        assert found == tags, ascii(whole)
