"""A city's figures as everybody sees them, as open data, and as its organisers do."""

import csv
import io
import json

import httpx
import pytest
from jsonschema import Draft202012Validator, FormatChecker

from portal import clock
from portal.accounts.tables import City, RoleKind
from portal.assessments.tables import AnswerSheet
from portal.programme import snapshots
from portal.programme.document import SCHEMA
from portal.programme.tables import Contribution, Snapshot
from tests.portal.programme.populating import NOW, populated
from tests.portal.signing import give_role, person, signed_in

pytestmark = pytest.mark.usefixtures("portal")
HERE = "/en/city/helsinki/programme"


@pytest.fixture(autouse=True)
def monday(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


async def shown(browser: httpx.AsyncClient, path: str = HERE) -> str:
    answer = await browser.get(path)
    assert answer.status_code == 200, answer.text[:300]
    return answer.text


async def test_page_data_and_table_say_the_same(browser: httpx.AsyncClient) -> None:
    await snapshots.make_due(await populated(count=150))
    data = (await browser.get(f"{HERE}.json")).json()
    schema = json.loads(SCHEMA.read_text())
    Draft202012Validator(schema, format_checker=FormatChecker()).validate(data)
    assert (await browser.get("/schema/programme.json")).json() == schema
    table = await browser.get(f"{HERE}.csv")
    lines = list(csv.DictReader(io.StringIO(table.content.decode("utf-8-sig"))))
    assert {line["licence"] for line in lines} == {"CC BY 4.0, Helsinki"}
    whole = {line["id"]: int(line["count"]) for line in lines if line["figure"] == "gap" and not line["group"]}
    assert whole == {gap["id"]: gap["short"] for gap in data["gaps"]}
    html = await shown(browser)
    assert f"{data['assessments']} firms have looked at" in html
    assert f"{data['gaps'][0]['short']} of {data['assessments']} firms" in html
    assert f"<td>{data['fixed'][0]['done']}</td>" in html
    assert "fewer than ten, or not counted yet" in html  # transport has two firms
    assert "23 November 2026" in html
    assert "CC BY 4.0" in html


async def test_licence_and_form_are_stated_with_the_files(browser: httpx.AsyncClient) -> None:
    await snapshots.make_due(await populated(count=30))
    answer = await browser.get(f"{HERE}.json")
    assert answer.json()["licence"]["id"] == "CC-BY-4.0"
    assert 'rel="license"' in answer.headers["link"]
    assert '</schema/programme.json>; rel="describedby"' in answer.headers["link"]
    assert 'rel="license"' in (await browser.get(f"{HERE}.csv")).headers["link"]


async def test_formula_as_a_city_name_does_nothing_in_a_spreadsheet(browser: httpx.AsyncClient) -> None:
    city = await populated(count=30)
    evil = '{"fi": "=1+2", "en": "=cmd|\' /C calc\'!A0"}'
    await City.update({City.name: evil}).where(City.id == city.id)
    await snapshots.make_due(city)
    rows = csv.reader(io.StringIO((await browser.get(f"{HERE}.csv")).content.decode("utf-8-sig")))
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
async def test_city_of_nine_is_told_as_fewer_than_ten(browser: httpx.AsyncClient, language: str) -> None:
    city = await populated(count=9)
    before = await shown(browser, f"/{language}/city/helsinki/programme")
    await snapshots.make_due(city)
    after = await shown(browser, f"/{language}/city/helsinki/programme")
    assert "<table" not in before
    assert "<table" not in after


async def test_page_reads_the_snapshot_and_no_live_row(browser: httpx.AsyncClient) -> None:
    await snapshots.make_due(await populated(count=30))
    before = await shown(browser), (await browser.get(f"{HERE}.json")).content
    await AnswerSheet.delete(force=True)
    await Contribution.delete(force=True)
    assert before == (await shown(browser), (await browser.get(f"{HERE}.json")).content)


async def test_absent_city_and_one_without_figures_have_no_data(browser: httpx.AsyncClient) -> None:
    await populated(count=0)
    paths = ("/en/city/turku/programme", "/en/city/turku/programme.csv", f"{HERE}.csv", f"{HERE}.json")
    assert [(await browser.get(path)).status_code for path in paths] == [404] * 4


async def test_organisers_see_the_pace_and_no_others_do(browser: httpx.AsyncClient) -> None:
    city = await populated(count=0)
    await Snapshot(city=city.id, week="2026-W48", catalogue_version="1", pace='{"began": 25, "finished": null}').save()
    answer = await browser.get(f"{HERE}/organisers")
    assert (answer.status_code, answer.headers["location"][:12]) == (303, "/en/sign-in?")
    row = await City.objects().get(City.id == city.id)
    organiser, other = await person("o@helsinki.example"), await person("x@helsinki.example")
    await give_role(organiser, RoleKind.ORGANISER, row)
    await signed_in(browser, other, stepped_up=True)
    assert (await browser.get(f"{HERE}/organisers")).status_code == 404
    await signed_in(browser, organiser, stepped_up=True)
    html = await shown(browser, f"{HERE}/organisers")
    assert "<td>25</td><td>not shown</td>" in html
    assert 'href="/en/city/helsinki/manage"' in html
