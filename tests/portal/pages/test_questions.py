"""The questionnaire: begun, left, come back to, answered, changed."""

import asyncio

import httpx
import pytest

from portal import settings
from portal.accounts.viewer import VISITOR
from portal.assessments.catalogue import current
from portal.assessments.sheets import storage
from portal.assessments.tables import AnswerSheet, Reply
from tests.portal.pages.answering import PROFILE, begun, choose, chosen, everything, sheet_with, text
from tests.portal.pages.asking import form_token, heading, send

pytestmark = pytest.mark.usefixtures("portal")


async def test_a_sheet_is_begun_without_an_account_and_its_address_cannot_be_guessed(
    browser: httpx.AsyncClient,
) -> None:
    path = await begun(browser, "sv")
    [row] = await AnswerSheet.objects()
    assert path == f"/sv/q/{row.token}"
    assert len(row.token) == 32
    assert (row.language, row.catalogue_version) == ("sv", current().version)
    assert (row.budget_eur, row.minutes) == (0, 480)


async def test_pages_of_a_sheet_are_kept_by_nobody_and_tell_nobody_their_address(browser: httpx.AsyncClient) -> None:
    path = await begun(browser)
    for rest in ("", "/country", "/answers", "/plan", "/domain"):
        page = await browser.get(path + rest)
        assert page.status_code == 200, rest
        assert page.headers["x-robots-tag"] == "noindex, nofollow"
        assert page.headers["cache-control"] == "no-store"
        assert page.headers["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize("rest", ["", "/country", "/answers", "/plan", "/domain"])
async def test_a_stranger_s_guess_is_no_page(browser: httpx.AsyncClient, rest: str) -> None:
    assert (await browser.get(f"/en/q/guessed{rest}")).status_code == 404


@pytest.mark.parametrize("path", ["q/%00", "q/%00/plan", "q/%00/country", "a/%00", "s/%00"])
async def test_an_address_that_no_database_takes_is_no_page(browser: httpx.AsyncClient, path: str) -> None:
    assert (await browser.get(f"/en/{path}")).status_code == 404


async def test_a_check_that_no_database_takes_begins_nothing(browser: httpx.AsyncClient) -> None:
    assert (await send(browser, "/en/questions", "/en/questions", check="x\0")).status_code == 404
    assert not await AnswerSheet.count()


async def test_the_link_to_come_back_with_stands_whole_on_the_list_of_topics(browser: httpx.AsyncClient) -> None:
    path = await begun(browser)
    page = await browser.get(path)
    assert f"<code>http://127.0.0.1:8000{path}</code>" in page.text
    assert f"%0D%0Ahttp%3A//127.0.0.1%3A8000{path}" in page.text


async def test_who_begins_very_many_is_asked_to_wait(browser: httpx.AsyncClient) -> None:
    token = form_token(await browser.get("/en/questions"))
    for _ in range(settings.current().sheets_per_client_per_hour):
        assert (await browser.post("/en/questions", data={"_csrf": token})).status_code == 303
    assert (await browser.post("/en/questions", data={"_csrf": token})).status_code == 429


async def test_the_question_is_the_heading_and_its_answers_end_with_dont_know(browser: httpx.AsyncClient) -> None:
    row = await sheet_with(PROFILE)
    page = await browser.get(f"/en/q/{row.token}/backup")
    question = current().question("backup")
    assert question is not None
    assert question.text["en"] in heading(page)
    shown = page.text
    assert [shown.index(f'value="{answer.id}"') for answer in question.answers] == sorted(
        shown.index(f'value="{answer.id}"') for answer in question.answers
    )
    assert question.answers[-1].id == "dont-know"
    assert "of about" in shown


async def test_answers_lead_through_everything_once_and_end_at_the_answers(browser: httpx.AsyncClient) -> None:
    path = await begun(browser)
    wanted, asked, here = everything(0), [], "country"
    while here != "answers":
        asked.append(here)
        answer = await choose(browser, f"{path}/{here}", wanted[here])
        assert answer.status_code == 303
        here = answer.headers["location"].removeprefix(f"{path}/")
    assert len(asked) == len(set(asked))
    assert asked[: len(current().profile)] == [each.id for each in current().profile]
    kept = {reply["question"]: reply["answer"] for reply in await Reply.select()}
    assert kept == {name: wanted[name] for name in asked}


async def test_what_the_profile_hides_is_not_asked(browser: httpx.AsyncClient) -> None:
    row = await sheet_with({**PROFILE, "cards": "no"})
    page = await browser.get(f"/en/q/{row.token}/answers")
    assert 'id="card-payments"' not in page.text
    row = await sheet_with(PROFILE)
    page = await browser.get(f"/en/q/{row.token}/answers")
    assert 'id="card-payments"' in page.text


async def test_an_answered_question_is_skipped_and_one_left_behind_comes_last(browser: httpx.AsyncClient) -> None:
    answers = everything(0)
    del answers["mail-mfa"]
    row = await sheet_with({**answers, "backup": "none"})
    answer = await choose(browser, f"/en/q/{row.token}/backup", "none")
    assert answer.headers["location"] == f"/en/q/{row.token}/mail-mfa"


async def test_an_answer_is_kept_before_the_form_is_answered_and_sent_twice_is_kept_once(
    browser: httpx.AsyncClient,
) -> None:
    path = await begun(browser)
    page = await browser.get(f"{path}/country")
    form = {"answer": "fi", "_csrf": form_token(page)}
    answers = await asyncio.gather(*(browser.post(f"{path}/country", data=form) for _ in range(5)))
    assert {answer.headers["location"] for answer in answers} == {f"{path}/sector"}
    assert [(reply["question"], reply["answer"]) for reply in await Reply.select()] == [("country", "fi")]


async def test_two_tabs_keep_both_their_answers(browser: httpx.AsyncClient) -> None:
    path = await begun(browser)
    one, other = await browser.get(f"{path}/country"), await browser.get(f"{path}/sector")
    await browser.post(f"{path}/sector", data={"answer": "food", "_csrf": form_token(other)})
    await browser.post(f"{path}/country", data={"answer": "fi", "_csrf": form_token(one)})
    assert {(reply["question"], reply["answer"]) for reply in await Reply.select()} == {
        ("country", "fi"),
        ("sector", "food"),
    }


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
@pytest.mark.parametrize("answer", ["", "no-such-answer"])
async def test_no_answer_comes_back_with_the_reason_and_a_link_to_the_field(
    browser: httpx.AsyncClient, language: str, answer: str
) -> None:
    path = await begun(browser, language)
    await choose(browser, f"{path}/size", "2-9")
    page = await choose(browser, f"{path}/size", answer)
    assert page.status_code == 422
    error = {"fi": "Virhe:", "sv": "Fel:", "en": "Error:"}[language]
    assert f"<title>{error} " in page.text
    assert '<li><a href="#answer-1">' in page.text
    assert 'id="answer-1"' in page.text
    assert chosen(page) == "2-9"
    assert await Reply.count() == 1


async def test_a_question_that_there_is_not_is_no_page(browser: httpx.AsyncClient) -> None:
    path = await begun(browser)
    assert (await browser.get(f"{path}/no-such-question")).status_code == 404
    answer = await send(browser, f"{path}/country", f"{path}/no-such-question", answer="fi")
    assert answer.status_code == 404


async def test_a_given_answer_is_there_when_one_comes_back_on_another_device(browser: httpx.AsyncClient) -> None:
    path = await begun(browser)
    await choose(browser, f"{path}/country", "us-ny")
    browser.cookies.clear()
    assert chosen(await browser.get(f"{path}/country")) == "us-ny"
    assert "You have answered 1 of about" in text(await browser.get(path))


async def test_a_changed_answer_leads_back_to_where_it_was_changed(browser: httpx.AsyncClient) -> None:
    row = await sheet_with(everything(0))
    path = f"/en/q/{row.token}"
    for back in ("answers", "plan"):
        page = await browser.get(f"{path}/backup?back={back}")
        assert f'<a class="back" href="{path}/{back}"' in page.text
        answer = await choose(browser, f"{path}/backup?back={back}", "automatic", back)
        assert answer.headers["location"] == f"{path}/{back}#backup"
    answer = await choose(browser, f"{path}/backup", "automatic", "//elsewhere.test")
    assert answer.headers["location"] == f"{path}/answers"
    kept = await storage.by_token(row.token, VISITOR)
    assert kept.given["backup"].answer == "automatic"


async def test_back_leads_to_the_question_before_and_from_a_topic_s_first_to_the_topics(
    browser: httpx.AsyncClient,
) -> None:
    row = await sheet_with(PROFILE)
    path = f"/en/q/{row.token}"
    assert f'<a class="back" href="{path}"' in (await browser.get(f"{path}/backup")).text
    assert f'<a class="back" href="{path}/backup"' in (await browser.get(f"{path}/backup-offline")).text


async def test_help_is_open_in_the_first_topic_and_folded_after(browser: httpx.AsyncClient) -> None:
    row = await sheet_with(PROFILE)
    first, last = current().topics[0].questions[0].id, current().topics[-1].questions[0].id
    assert '<details class="help" open>' in (await browser.get(f"/en/q/{row.token}/{first}")).text
    assert '<details class="help">' in (await browser.get(f"/en/q/{row.token}/{last}")).text


async def test_topics_say_how_far_each_is_and_lead_to_what_is_open(browser: httpx.AsyncClient) -> None:
    answers = everything(0)
    del answers["backup-offline"]
    row = await sheet_with(answers)
    page = await browser.get(f"/en/q/{row.token}")
    assert "Backups 2 of 3" in text(page)
    assert f'href="/en/q/{row.token}/backup-offline">Backups' in page.text
    assert f'href="/en/q/{row.token}/answers#devices"' in page.text


async def test_renewed_questions_keep_the_answers_and_say_so_until_they_were_looked_through(
    browser: httpx.AsyncClient,
) -> None:
    row = await sheet_with({**PROFILE, "backup": "automatic"})
    await AnswerSheet.update({AnswerSheet.catalogue_version: "2020.1"}).where(AnswerSheet.id == row.id)
    await Reply(sheet=row.id, question="no-longer-asked", answer="yes").save()
    await Reply(sheet=row.id, question="backup-offline", answer="no-longer-offered").save()
    path = f"/en/q/{row.token}"
    for rest in ("", "/answers", "/plan"):
        assert "The questions were renewed" in text(await browser.get(path + rest)), rest
    page = await browser.get(f"{path}/answers")
    assert "automatic" in (await storage.by_token(row.token, VISITOR)).given["backup"].answer
    assert "They are made by themselves" in text(page)
    answer = await send(browser, path, f"{path}/answers")
    assert answer.headers["location"] == f"{path}/answers"
    assert "The questions were renewed" not in text(await browser.get(path))
    assert await Reply.count() == len(PROFILE) + 3


def test_no_question_has_the_address_of_another_page() -> None:
    names = {each.id for each in (*current().profile, *current().questions)}
    assert not names & {"answers", "plan", "domain", "firm"}
    assert not names & {topic.id for topic in current().topics} - {"backup"}
