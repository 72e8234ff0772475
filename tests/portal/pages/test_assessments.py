"""The page of one check at each of its stages, its report, objections to it, and the proof for its ports."""

import httpx
import pytest

from checks.contract import NOT_STATED, Finding, Severity, Status
from checks.limits import Limit
from portal.accounts.tables import DomainProof
from portal.assessments import queries
from portal.assessments.tables import Assessment, Report, Stage
from tests.portal.assessments.findings import CLOSED, NO_DMARC, OF_ANOTHER_TIME, ONE_NAME_SERVER
from tests.portal.pages.asking import DOMAIN, heading, keep, keep_report, send
from tests.portal.responder import Responder

pytestmark = pytest.mark.usefixtures("portal")


async def test_a_running_check_shows_what_it_found_and_looks_again(browser: httpx.AsyncClient) -> None:
    row = await keep(NO_DMARC, stage=Stage.RUNNING)
    page = await browser.get(f"/en/a/{row.token}")
    assert heading(page) == DOMAIN
    assert "Anyone can send mail in your company&#39;s name." in page.text
    assert f'<noscript><meta http-equiv="refresh" content="3; url=/en/a/{row.token}"></noscript>' in page.text
    assert f'sse-connect="/en/a/{row.token}/events"' in page.text


async def test_a_result_shows_first_later_and_fine(browser: httpx.AsyncClient) -> None:
    row = await keep(NO_DMARC, ONE_NAME_SERVER, CLOSED, limits=Limit.NO_IPV6.value)
    page = await browser.get(f"/en/a/{row.token}")
    order = ["One thing needs fixing now, one more can wait.", ">Do first<", ">Do later<", ">Fine<", "no IPv6"]
    places = [page.text.index(part) for part in order]
    assert places == sorted(places)
    assert "http-equiv" not in page.text
    assert "style=" not in page.text


async def test_a_domain_that_is_not_there_can_be_corrected(browser: httpx.AsyncClient) -> None:
    row = await keep(stage=Stage.FAILED, failure="no-such-domain")
    page = await browser.get(f"/en/a/{row.token}")
    assert heading(page) == f"There is no domain {DOMAIN}"
    assert f'value="{DOMAIN}"' in page.text


async def test_a_fault_of_ours_says_so(browser: httpx.AsyncClient) -> None:
    row = await keep(stage=Stage.FAILED, failure="our-error")
    assert heading(await browser.get(f"/en/a/{row.token}")) == "The check broke off"


async def test_events_show_the_whole_progress_each_time(browser: httpx.AsyncClient) -> None:
    row = await keep(NO_DMARC, ONE_NAME_SERVER)
    answer = await browser.get(f"/en/a/{row.token}/events", headers={"last-event-id": "1"})
    assert answer.text.count("event: finding") == 1
    assert "Anyone can send mail" in answer.text
    assert "vanish from the internet" in answer.text
    assert "event: end" in answer.text


@pytest.mark.parametrize("rest", ["", "/events", "/report", "/report.pdf", "/wrong", "/ports"])
async def test_an_address_that_nobody_was_given_leads_nowhere(browser: httpx.AsyncClient, rest: str) -> None:
    assert (await browser.get(f"/en/a/not-a-token{rest}")).status_code == 404


async def test_a_report_is_asked_for_then_fetched(browser: httpx.AsyncClient) -> None:
    row = await keep(NO_DMARC)
    shown = f"/en/a/{row.token}"
    assert (await browser.get(f"{shown}/report.pdf")).status_code == 404
    answer = await send(browser, shown, f"{shown}/report")
    assert (answer.status_code, answer.headers["location"]) == (303, shown)
    assert "The report is being made." in (await browser.get(shown)).text
    await Report.update({Report.status: Stage.DONE.value, Report.pdf: b"%PDF-"}, force=True)
    assert f'href="{shown}/report.pdf"' in (await browser.get(shown)).text
    fetched = await browser.get(f"{shown}/report.pdf")
    assert fetched.content == b"%PDF-"
    assert fetched.headers["content-disposition"] == f'attachment; filename="kyberkunto-{DOMAIN}-en.pdf"'


async def test_scripts_get_only_the_part_that_changes(browser: httpx.AsyncClient) -> None:
    row = await keep(NO_DMARC)
    await keep_report(row, Stage.RUNNING)
    part = await browser.get(f"/en/a/{row.token}/report", headers={"hx-request": "true"})
    assert part.text.startswith('<div id="report"')
    whole = await browser.get(f"/en/a/{row.token}/report")
    assert whole.headers["location"] == f"/en/a/{row.token}"


async def test_a_failed_report_can_be_asked_for_again(browser: httpx.AsyncClient) -> None:
    row = await keep(NO_DMARC)
    await keep_report(row, Stage.FAILED)
    page = await browser.get(f"/en/a/{row.token}")
    assert "The report could not be made." in page.text
    assert "Make the report (PDF)" in page.text


@pytest.mark.parametrize(("language", "thanks"), [("en", "Thank you."), ("fi", "Kiitos."), ("sv", "Tack.")])
async def test_an_objection_is_kept_for_the_operator(browser: httpx.AsyncClient, language: str, thanks: str) -> None:
    row = await keep(NO_DMARC)
    form = f"/{language}/a/{row.token}/wrong"
    about = {"check": NO_DMARC.id, "subject": NO_DMARC.subject}
    shown = f"{form}?check={NO_DMARC.id}&subject={NO_DMARC.subject}"
    answer = await send(browser, shown, form, message="We have one.", **about)
    assert answer.headers["location"] == f"/{language}/a/{row.token}?told=wrong"
    assert thanks in (await browser.get(answer.headers["location"])).text
    [kept] = await queries.disputes()
    assert (kept["check_id"], kept["message"]) == (NO_DMARC.id, "We have one.")


@pytest.mark.parametrize("message", ["", "   ", "x" * 2001])
async def test_an_empty_or_endless_objection_comes_back(browser: httpx.AsyncClient, message: str) -> None:
    row = await keep(NO_DMARC)
    form = f"/en/a/{row.token}/wrong"
    shown = f"{form}?check={NO_DMARC.id}&subject={NO_DMARC.subject}"
    answer = await send(browser, shown, form, message=message, check=NO_DMARC.id, subject=NO_DMARC.subject)
    assert answer.status_code == 422
    assert message in answer.text
    assert await queries.disputes() == []


async def test_an_objection_to_no_finding_is_not_found(browser: httpx.AsyncClient) -> None:
    row = await keep(NO_DMARC)
    assert (await browser.get(f"/en/a/{row.token}/wrong?check=mail.dmarc&subject=x")).status_code == 404


async def test_ports_need_the_record_that_the_page_shows(browser: httpx.AsyncClient) -> None:
    row = await keep(NO_DMARC)
    shown = f"/en/a/{row.token}/ports"
    page = await browser.get(shown)
    [proof] = await DomainProof.select()
    assert f"_kyberkunto-challenge.{DOMAIN}" in page.text
    assert proof["token"] in page.text
    answer = await send(browser, shown, shown, mine="yes")
    assert answer.status_code == 409
    assert "We do not see the record yet" in answer.text
    assert " checked" in answer.text


@pytest.mark.parametrize(("language", "word"), [("en", "Tick that"), ("fi", "Vahvista, että"), ("sv", "Kryssa för")])
async def test_ports_need_a_statement_besides_the_record(
    browser: httpx.AsyncClient, responder: Responder, language: str, word: str
) -> None:
    row = await keep(NO_DMARC)
    shown = f"/{language}/a/{row.token}/ports"
    await browser.get(shown)
    [proof] = await DomainProof.select()
    responder.texts[f"_kyberkunto-challenge.{DOMAIN}"] = proof["token"]
    refused = await send(browser, shown, shown)
    assert (refused.status_code, refused.text.count(word)) == (422, 2)
    assert await Assessment.count() == 1
    begun = await send(browser, shown, shown, mine="yes")
    assert begun.status_code == 303
    [started] = await Assessment.objects().where(Assessment.id != row.id)
    assert (started.stated, started.proof_token) == (True, proof["token"])
    responder.texts.clear()


@pytest.mark.parametrize(
    ("language", "title"),
    [("en", "We leave kahvila.test alone"), ("fi", "Jätämme rauhaan"), ("sv", "Vi lämnar kahvila.test i fred")],
)
async def test_a_domain_whose_holder_wants_no_check_is_told_how_to_undo_it(
    browser: httpx.AsyncClient, language: str, title: str
) -> None:
    row = await keep(stage=Stage.FAILED, failure="opted-out")
    page = await browser.get(f"/{language}/a/{row.token}")
    assert page.status_code == 200
    assert title in heading(page)
    assert "<code>_kyberkunto-optout</code>" in page.text


async def test_a_result_says_what_was_left_out_and_how_to_have_it_asked(browser: httpx.AsyncClient) -> None:
    left_out = Finding("tls.protocols", Status.NOT_APPLICABLE, Severity.INFO, DOMAIN, NOT_STATED.name, {})
    page = await browser.get(f"/en/a/{(await keep(CLOSED, left_out)).token}")
    assert "What we left out" in page.text
    assert '<a href="#again">Say so and check again</a>' in page.text
    assert 'id="again"' in page.text
    complete = await browser.get(f"/en/a/{(await keep(CLOSED)).token}")
    assert "What we left out" not in complete.text


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "This was found with an earlier version of our checks."),
        ("fi", "Tämä havainto on tarkistustemme aiemmasta versiosta."),
        ("sv", "Det här är en iakttagelse av en tidigare version av våra kontroller."),
    ],
)
async def test_a_result_of_an_earlier_version_is_still_shown(
    browser: httpx.AsyncClient, language: str, words: str
) -> None:
    row = await keep(NO_DMARC, *OF_ANOTHER_TIME)
    page = await browser.get(f"/{language}/a/{row.token}")
    assert page.status_code == 200
    assert page.text.count(f'finding__headline">{words}') == len(OF_ANOTHER_TIME)
