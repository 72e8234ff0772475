"""Taking a check or a sheet along: its files, its calendar's address, and what browsers are told about them."""

import csv
import io
import json
import re
from html import unescape
from uuid import uuid4

import httpx
import pytest
from icalendar import Calendar
from jsonschema import Draft202012Validator

from checks.names import parse_domain
from portal.assessments.tables import Assessment, Stage
from portal.exports.tickets import Ticket, Whose
from tests.portal.assessments.findings import NO_DMARC, made
from tests.portal.pages.answering import everything, sheet_with
from tests.portal.pages.asking import DOMAIN, keep

pytestmark = pytest.mark.usefixtures("portal")

CERTIFICATE = made("tls.expiry", "valid", DOMAIN, expires="2027-02-03T22:30:00+00:00", authority="Some CA")
REGISTRATION = made("dns.domain_expiry", "registered", expires="2027-05-03T00:00:00Z", statuses="active", days_left=9)
OF_CHECK = ("data.json", "tables.xlsx", "plan.csv", "findings.csv", "calendar.ics")


def titles(answer: httpx.Response) -> list[str]:
    return [str(event["summary"]) for event in Calendar.from_ical(answer.content).walk("VEVENT")]


@pytest.mark.parametrize("form", OF_CHECK)
async def test_file_of_a_check_is_for_its_holder_alone(browser: httpx.AsyncClient, form: str) -> None:
    assessment = await keep(NO_DMARC, CERTIFICATE)
    answer = await browser.get(f"/en/a/{assessment.token}/take/{form}")
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert "noindex" in answer.headers["x-robots-tag"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-disposition"].startswith(f'attachment; filename="kyberkunto-{DOMAIN}-{form}"')
    assert "set-cookie" not in answer.headers


async def test_name_of_a_file_is_safe_and_in_the_domain_s_own_letters(browser: httpx.AsyncClient) -> None:
    assessment = await keep(NO_DMARC)
    await Assessment.update({Assessment.domain: parse_domain("kahvilä.fi")}).where(Assessment.id == assessment.id)
    answer = await browser.get(f"/en/a/{assessment.token}/take/plan.csv")
    assert answer.headers["content-disposition"] == (
        'attachment; filename="kyberkunto-xn--kahvil-gua.fi-plan.csv"; '
        "filename*=UTF-8''kyberkunto-kahvil%C3%A4.fi-plan.csv"
    )


async def test_data_name_the_form_that_they_keep_to(browser: httpx.AsyncClient) -> None:
    assessment = await keep(NO_DMARC, CERTIFICATE)
    row = await sheet_with(everything(0), assessment)
    for path, name in ((f"/fi/a/{assessment.token}", "check.json"), (f"/fi/q/{row.token}", "sheet.json")):
        answer = await browser.get(f"{path}/take/data.json")
        assert answer.headers["link"] == f'</schema/{name}>; rel="describedby"'
        published = await browser.get(f"/schema/{name}")
        assert published.headers["content-type"] == "application/schema+json"
        Draft202012Validator.check_schema(published.json())
    assert [each["domain"] for each in answer.json()["domains"]] == [DOMAIN]
    assert (await browser.get("/schema/other.json")).status_code == 404


async def test_sheet_s_tables_come_in_the_page_s_language(browser: httpx.AsyncClient) -> None:
    row = await sheet_with(everything(0))
    for language, first in (("fi", "Nro"), ("sv", "Nr"), ("en", "No.")):
        answer = await browser.get(f"/{language}/q/{row.token}/take/plan.csv")
        assert answer.headers["content-type"] == "text/csv; charset=utf-8"
        [title, *_] = next(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))
        assert title == first
    answers = await browser.get(f"/en/q/{row.token}/take/answers.csv")
    assert len(list(csv.reader(io.StringIO(answers.text, newline="")))) > 30


async def test_there_is_no_file_of_what_is_not_there(browser: httpx.AsyncClient) -> None:
    assessment = await keep(NO_DMARC)
    row = await sheet_with({})
    for path in (
        f"/en/a/{assessment.token}/take/answers.csv",
        f"/en/a/{assessment.token}/take/other.csv",
        f"/en/q/{row.token}/take/findings.csv",
        "/en/a/nobody/take/plan.csv",
        "/en/q/nobody/take/plan.csv",
        f"/xx/a/{assessment.token}/take/plan.csv",
    ):
        assert (await browser.get(path)).status_code == 404, path
    running = await keep(stage=Stage.RUNNING)
    assert (await browser.get(f"/en/a/{running.token}/take/plan.csv")).status_code == 409


async def test_calendar_is_fetched_by_an_address_that_opens_nothing_else(browser: httpx.AsyncClient) -> None:
    assessment = await keep(CERTIFICATE)
    row = await sheet_with(everything(0), assessment)
    page = await browser.get(f"/en/q/{row.token}/plan")
    found = re.search(r'href="webcal://127\.0\.0\.1:8000(/en/calendar/[^"]+\.ics)"', page.text)
    assert found is not None
    assert row.token not in found[1]
    answer = await browser.get(found[1])
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert answer.headers["cache-control"] == "no-store"
    assert "noindex" in answer.headers["x-robots-tag"]
    assert titles(answer) == [
        f"Check {DOMAIN} again", f"The certificate of {DOMAIN} ends", "Look through your answers again",
    ]  # fmt: skip
    assert row.token not in answer.text
    assert assessment.token not in answer.text
    await row.remove()
    assert (await browser.get(found[1])).status_code == 404


async def test_calendar_of_a_check_follows_to_what_was_asked_again(browser: httpx.AsyncClient) -> None:
    first = await keep(CERTIFICATE)
    page = await browser.get(f"/en/a/{first.token}")
    found = re.search(r'href="webcal://127\.0\.0\.1:8000(/en/calendar/[^"]+\.ics)"', page.text)
    assert found is not None
    again = await keep(CERTIFICATE, REGISTRATION)
    await Assessment.update({Assessment.previous: first.id}).where(Assessment.id == again.id)
    running = await keep(stage=Stage.RUNNING)
    await Assessment.update({Assessment.previous: again.id}).where(Assessment.id == running.id)
    assert f"The registration of {DOMAIN} ends" in titles(await browser.get(found[1]))


async def test_calendar_of_a_check_can_be_fetched_too(browser: httpx.AsyncClient) -> None:
    assessment = await keep(CERTIFICATE)
    answer = await browser.get(f"/en/calendar/{Ticket(Whose.CHECK, assessment.id).text()}.ics")
    assert titles(answer) == [f"Check {DOMAIN} again", f"The certificate of {DOMAIN} ends"]
    for wrong in (Ticket(Whose.SHEET, assessment.id).text(), Ticket(Whose.CHECK, uuid4()).text(), "x", "c" * 65):
        assert (await browser.get(f"/en/calendar/{wrong}.ics")).status_code == 404


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
async def test_pages_offer_what_can_be_taken_and_every_link_leads_to_it(
    browser: httpx.AsyncClient, language: str
) -> None:
    assessment = await keep(NO_DMARC, CERTIFICATE)
    with_domain, alone = await sheet_with(everything(0), assessment), await sheet_with(everything(0))
    for path, count in (
        (f"/{language}/a/{assessment.token}", 6),
        (f"/{language}/q/{with_domain.token}/plan", 6),
        (f"/{language}/q/{alone.token}/plan", 5),
    ):
        page = await browser.get(path)
        links = [unescape(link) for link in re.findall(r'href="([^"]+/take/[^"]+|/schema/[^"]+)"', page.text)]
        assert len(links) == count, path
        for link in links:
            answer = await browser.get(link)
            assert answer.status_code == 200, link
            if link.endswith(".json"):
                assert json.loads(answer.content)
