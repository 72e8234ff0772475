"""Taking everything along and having it deleted, in a browser."""

import io
import json
import zipfile
from datetime import timedelta

import httpx
import jsonschema
import pytest

from portal import clock
from portal.accounts.tables import Membership, Person, Session
from portal.assessments.report.input import ReportInput
from portal.assessments.report.press import print_apart
from portal.assessments.report.writing import render_html
from portal.assessments.tables import AnswerSheet
from portal.privacy import exporting
from portal.privacy.tables import Export
from portal.settings import ROOT
from tests.portal.pages.asking import heading, send
from tests.portal.privacy.somebody import Somebody, enter, somebody
from tests.portal.signing import person, signed_in

SCHEMA = json.loads((ROOT / "src" / "portal" / "privacy" / "export.schema.json").read_text())
LONG_AGO = timedelta(hours=1)
PAGE, DELETE, FILE = "/fi/me/data", "/fi/me/data/delete", "/fi/me/data/kyberkunto.zip"


@pytest.fixture
async def owner(browser: httpx.AsyncClient) -> Somebody:
    """Signed in there, with the second step that they have."""
    made = await enter(await somebody())
    await signed_in(browser, made.person, stepped_up=True)
    return made


def printed(told: ReportInput) -> bytes:
    return print_apart(render_html(told))


async def archive_of(browser: httpx.AsyncClient) -> zipfile.ZipFile:
    answer = await send(browser, "/fi/me/data/take", "/fi/me/data/take")
    assert answer.headers["location"] == PAGE
    [row] = await Export.objects()
    await exporting.run(row.id, printed)
    content = await browser.get(FILE)
    assert content.headers["content-type"] == "application/zip"
    assert content.headers["cache-control"] == "no-store"
    return zipfile.ZipFile(io.BytesIO(content.content))


async def test_archive_holds_everything_in_its_published_form_and_no_secret(
    browser: httpx.AsyncClient, owner: Somebody
) -> None:
    archive = await archive_of(browser)
    names = set(archive.namelist())
    told = [json.loads(archive.read(f"organisation-{number}/organisation.json")) for number in (1, 2)]
    firm, startup = sorted(told, key=lambda each: str(each["kind"]))
    assert {"README.txt", "account.json"} <= names
    assert {firm["sheets"][0]["pdf"], firm["checks"][0]["pdf"]} <= names
    account = json.loads(archive.read("account.json"))
    jsonschema.validate(account, SCHEMA)
    jsonschema.validate(firm, SCHEMA)
    jsonschema.validate(startup, SCHEMA)
    assert archive.read(startup["entries"][0]["files"][0]["file"]) == b"deck of Aino Virtanen"
    assert account["competition"]["juries"][0]["scores"][0]["private_note"] == "Muistio, Aino Virtanen"
    assert account["person"]["address"] == owner.person.address
    assert [each["domain"] for each in account["watches"]] == ["kahvila.test"]
    assert account["second_factors"]["recovery_codes_left"] == 1
    everything = b"".join(archive.read(name) for name in names)
    for session in await Session.objects().where(Session.person == owner.person.id):
        assert session.id_hash.encode() not in everything
    assert owner.sheet.token.encode() in everything
    assert archive.read(firm["sheets"][0]["pdf"]).startswith(b"%PDF")


async def test_archive_that_cannot_be_had_leads_back_to_where_it_is_asked_for(
    browser: httpx.AsyncClient, owner: Somebody
) -> None:
    await Export.delete().where(Export.person == owner.person.id)
    answer = await browser.get(FILE)
    assert (answer.status_code, answer.headers["location"]) == (303, PAGE)


@pytest.mark.parametrize("path", ["/fi/me/data/take", DELETE, FILE])
async def test_who_signed_in_long_ago_shows_first_that_it_is_them(browser: httpx.AsyncClient, path: str) -> None:
    who = await person("yksin@kahvila.example", "fi")
    row = await signed_in(browser, who)
    await Session.update({Session.created_at: clock.now() - LONG_AGO}).where(Session.id == row.id)
    answer = await browser.get(path)
    assert heading(answer) == "Kirjaudu vielä kerran"
    assert f"/fi/sign-in?next={path}" in answer.text
    onward = await browser.get(f"/fi/sign-in?next={path}")
    assert (onward.status_code, 'name="address"' in onward.text or "sign-in" in onward.text) == (200, True)


async def test_who_has_a_second_factor_shows_it_first(browser: httpx.AsyncClient) -> None:
    made = await enter(await somebody())
    await signed_in(browser, made.person)
    answer = await browser.get(DELETE)
    assert answer.headers["location"] == "/fi/me/second-step?next=/fi/me/data/delete"
    refused = await send(browser, "/fi/accessibility/feedback", DELETE, sure="yes")
    assert refused.headers["location"].startswith("/fi/me/second-step")
    assert await Person.exists().where(Person.id == made.person.id)


async def test_everything_is_deleted_once_it_is_ticked(browser: httpx.AsyncClient, owner: Somebody) -> None:
    unticked = await send(browser, DELETE, DELETE)
    assert unticked.status_code == 422
    assert await Person.exists().where(Person.id == owner.person.id)
    answer = await send(browser, DELETE, DELETE, sure="yes")
    assert answer.headers["location"] == "/fi/data?told=deleted"
    assert not await Person.exists().where(Person.id == owner.person.id)
    assert not await AnswerSheet.exists().where(AnswerSheet.id == owner.sheet.id)
    assert "Kaikki tietosi on poistettu" in (await browser.get("/fi/data?told=deleted")).text
    assert (await browser.get(PAGE)).headers["location"].startswith("/fi/sign-in")


async def test_page_says_what_goes_what_stays_and_what_is_to_be_decided(
    browser: httpx.AsyncClient, owner: Somebody
) -> None:
    assert owner.firm.name in (await browser.get(DELETE)).text
    colleague = await person("kollega@kahvila.example")
    place = Membership(person=colleague.id, organisation=owner.firm.id)
    await place.save()
    refused = await send(browser, DELETE, DELETE, sure="yes")
    assert (refused.status_code, 'id="firm-1"' in refused.text) == (422, True)
    await Membership.update({Membership.is_owner: True}).where(Membership.id == place.id)
    shown = (await browser.get(DELETE)).text
    assert "Tämä jää" in shown
    assert 'id="firm-1"' not in shown
    await send(browser, DELETE, DELETE, sure="yes")
    assert await AnswerSheet.exists().where(AnswerSheet.id == owner.sheet.id)


async def test_what_goes_soon_is_kept_for_another_year(browser: httpx.AsyncClient, owner: Somebody) -> None:
    almost_a_year = clock.now() - timedelta(days=340)
    await AnswerSheet.update({AnswerSheet.updated_at: almost_a_year}).where(AnswerSheet.id == owner.sheet.id)
    assert "Tämä poistetaan pian" in (await browser.get(PAGE)).text
    await send(browser, PAGE, f"{PAGE}/keep", of=str(owner.sheet.id))
    assert "Tämä poistetaan pian" not in (await browser.get(PAGE)).text
    stranger = await somebody("muu@putki.example", "Muu")
    await AnswerSheet.update({AnswerSheet.updated_at: almost_a_year}).where(AnswerSheet.id == stranger.sheet.id)
    answer = await send(browser, DELETE, f"{PAGE}/keep", of=str(stranger.sheet.id))
    assert answer.status_code == 404
