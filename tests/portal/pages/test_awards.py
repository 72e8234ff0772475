"""The pages of a call's awards: who sees them, what stands there, and that nothing of it is told before its time."""

import hashlib
import re
from collections.abc import Mapping
from uuid import uuid4

import httpx
import pytest

from challenge.terms import PhaseKind
from portal.accounts.tables import Membership, Person, RoleKind
from portal.assessments.catalogue import current
from portal.awards import comparing, letters, publishing
from portal.awards.tables import Comparison, Decision, Publication, Stage, Verdict
from portal.juries.tables import Closeness, Conflict, Reading
from portal.mail.tables import Letter
from tests.portal.awards.judged import Judged, judged, through_finalists, through_winners
from tests.portal.pages.answering import text
from tests.portal.pages.asking import form_token, heading, send
from tests.portal.signing import city, give_role, person, signed_in

ORGANISERS = "/en/city/helsinki/call/moonshot"
JURY = "/en/city/helsinki/jury/moonshot"
PUBLIC = "/en/call/moonshot"
ADDRESSES = (
    *(f"{ORGANISERS}/{name}" for name in ("ranking", "lock", "decide", "publish-results", "feedback")),
    *(f"{JURY}/{name}" for name in ("meeting", "compare")),
    *(f"{PUBLIC}/{name}" for name in ("results", "gallery", "results.json", "scores.csv")),
)


@pytest.fixture
async def made(browser: httpx.AsyncClient) -> Judged:
    """Everybody has handed in everything; the organiser is signed in."""
    found = await judged()
    await found.open()
    await found.score()
    await signed_in(browser, found.organiser, stepped_up=True)
    return found


async def decided(browser: httpx.AsyncClient, verdicts: Mapping[int, str], reason: str = "") -> httpx.Response:
    """The form of decisions, filled in and sent."""
    shown = f"{ORGANISERS}/decide?round=screening&track=pilot"
    fields = {f"verdict-{number}": verdict for number, verdict in verdicts.items()}
    reasons = {f"reason-{number}": reason for number in verdicts}
    page = await browser.get(shown)
    edits = dict(re.findall(r'name="(edits-\d+)" value="(\d+)"', page.text))
    own = {"round": "screening", "track": "pilot", "_csrf": form_token(page)}
    return await browser.post(f"{ORGANISERS}/decide", data={**own, **edits, **fields, **reasons})


async def test_before_the_lock_organisers_see_how_far_it_is_and_no_score(
    browser: httpx.AsyncClient, made: Judged
) -> None:
    page = await browser.get(f"{ORGANISERS}/ranking")
    assert heading(page) == "Scores and ranking"
    assert "18 of 18 reads are done." in text(page)
    for hidden in ("Rank", "Adjusted value", "Solution", "86", "Feedback"):
        assert hidden not in text(page), hidden
    assert (await browser.get(f"{ORGANISERS}/decide")).status_code == 404
    assert made.call.slug == "moonshot"


async def test_an_organiser_locks_decides_publishes_and_writes(browser: httpx.AsyncClient, made: Judged) -> None:
    answer = await send(browser, f"{ORGANISERS}/lock?round=screening", f"{ORGANISERS}/lock", round="screening")
    page = await browser.get(answer.headers["location"])
    assert "The round is locked." in text(page)
    assert page.text.count('class="standing-plot"') == 6
    assert "The jury decides" in text(page)
    again = await browser.post(
        f"{ORGANISERS}/lock",
        data={"round": "screening", "_csrf": form_token(await browser.get(f"{ORGANISERS}/decide"))},
    )
    assert again.headers["location"].endswith("told=before")

    verdicts = {**dict.fromkeys((1, 3, 4), "finalist"), **dict.fromkeys((2, 5, 6), "not-chosen")}
    page = await decided(browser, verdicts)
    assert page.status_code == 422
    assert "Entry 1: the ranking cannot tell it from its neighbour" in text(page)
    assert await Decision.count() == 0
    page = await decided(browser, verdicts, "It suits kiosks.")
    assert page.status_code == 303
    page = await browser.get(f"{ORGANISERS}/publish-results")
    assert page.text.count("Publish for everybody") == 1
    await send(browser, f"{ORGANISERS}/publish-results", f"{ORGANISERS}/publish-results", stage="finalists")
    assert await Publication.count() == 1
    settled = await browser.get(f"{ORGANISERS}/decide?round=screening")
    assert "These decisions are settled" in text(settled)
    assert "It suits kiosks." in text(settled)

    letters_page = await browser.get(f"{ORGANISERS}/feedback?round=screening")
    assert letters_page.text.count("<textarea") == 6
    await send(browser, f"{ORGANISERS}/feedback", f"{ORGANISERS}/feedback/send", round="screening")
    assert await Letter.count() == 0, "this installation sends no letters"
    await signed_in(browser, made.leads[2])
    own = f"/fi/organisation/{made.teams[2].id}/entry/{made.entries[2]}/feedback"
    told = await browser.get(own)
    assert "Feedback. Entry 2" in text(told)
    assert "Note." not in text(told)
    assert "It suits kiosks." not in text(told)
    assert (await browser.get(own.replace(str(made.entries[2]), str(made.entries[1])))).status_code == 404


async def test_who_saves_over_another_s_decisions_keeps_what_they_typed(
    browser: httpx.AsyncClient, made: Judged
) -> None:
    await made.lock()
    shown = await browser.get(f"{ORGANISERS}/decide")
    await made.decide({1: Verdict.FINALIST}, "Hers.")
    fields = {"round": "screening", "track": "pilot", "verdict-1": "finalist", "reason-1": "Mine.", "edits-1": "0"}
    page = await browser.post(f"{ORGANISERS}/decide", data={**fields, "_csrf": form_token(shown)})
    assert page.status_code == 422
    assert "Mine." in page.text
    assert "Hers." in page.text
    assert 'name="edits-1" value="1"' in page.text


async def test_a_panel_that_is_not_connected_is_told_in_words(browser: httpx.AsyncClient) -> None:
    found = await judged()
    await signed_in(browser, found.organiser, stepped_up=True)
    await found.open()
    for juror, numbers in ((1, (1, 2, 3)), (2, (4, 5, 6))):
        await _only(found, juror, numbers)
    await found.score()
    await found.lock()
    page = await browser.get(f"{ORGANISERS}/ranking")
    assert "There is no ranking of this track" in text(page)
    assert "standing-plot__dot" not in page.text
    assert "How strict the jurors are" not in text(page)


async def _only(found: Judged, juror: int, numbers: tuple[int, ...]) -> None:
    """Of these entries, only that juror reads."""
    entries = [found.entries[number] for number in numbers]
    await Reading.delete().where(Reading.entry.is_in(entries), Reading.juror != found.jurors[juror].id)
    have = {row["entry"] for row in await Reading.select(Reading.entry).where(Reading.entry.is_in(entries))}
    for entry in set(entries) - have:
        await Reading(round=(await found.round()).id, juror=found.jurors[juror].id, entry=entry).save()


async def test_an_organiser_of_an_entrant_s_team_sees_nothing_of_it(browser: httpx.AsyncClient, made: Judged) -> None:
    await made.lock()
    await Membership(person=made.organiser.id, organisation=made.teams[6].id).save()
    page = await browser.get(f"{ORGANISERS}/ranking")
    assert "You belong to a team that has entered this call." in text(page)
    assert "Solution" not in page.text
    for rest in ("lock?round=screening", "decide", "publish-results", "feedback"):
        assert (await browser.get(f"{ORGANISERS}/{rest}")).status_code == 404


async def test_nothing_of_results_is_told_before_they_are_published(browser: httpx.AsyncClient) -> None:
    found = await through_winners()
    other = await person("organiser@tampere.example")
    await give_role(other, RoleKind.ORGANISER, await city("tampere"))
    readers: tuple[tuple[Person | None, tuple[str, ...]], ...] = (
        (None, ADDRESSES),
        (found.leads[1], ADDRESSES),
        (found.people[3], ADDRESSES),
        (other, ADDRESSES),
    )
    for reader, addresses in readers:
        browser.cookies.clear()
        if reader is not None:
            await signed_in(browser, reader, stepped_up=True)
        for address in addresses:
            answer = await browser.get(address)
            assert answer.status_code in {303, 404}, (address, reader)
    own = f"/en/organisation/{found.teams[1].id}/entry/{found.entries[1]}/feedback"
    await signed_in(browser, found.leads[1])
    assert (await browser.get(own)).status_code == 404
    for address in (PUBLIC, "/en/calls", f"/en/organisation/{found.teams[1].id}/entry/{found.entries[1]}"):
        answer = await browser.get(address)
        for hidden in ("Solution 2", "Winner", "fits the smallest", "Feedback. Entry", "/results"):
            assert hidden not in text(answer), (address, hidden)


async def test_the_public_results_tell_who_won_and_how_to_work_it_out_again(browser: httpx.AsyncClient) -> None:
    found = await through_winners()
    for stage in (Stage.FINALISTS, Stage.WINNERS, Stage.GALLERY):
        await publishing.publish(await found.acting(), stage)
    for language in ("fi", "sv", "en"):
        page = await browser.get(f"/{language}/call/moonshot/results")
        assert page.status_code == 200
        assert '<span lang="sv">Solution 1</span>' in page.text
        assert "Solution 4" not in page.text
        assert "Team1, Helsinki" in text(page)
        assert "--top 2 --json" in text(page)
        assert page.text.count(f"<li>{current().question('mail-mfa').text[language]}</li>") == 5, "one for each entry"
    served = await browser.get(f"{PUBLIC}/results.json")
    assert hashlib.sha256(served.content).hexdigest() in page.text
    table = await browser.get(f"{PUBLIC}/scores.csv")
    assert table.text.startswith("entry,juror,score\n")
    assert len(table.text.splitlines()) == 1 + 12
    screening = await browser.get(f"{PUBLIC}/scores.csv?round=screening&track=pilot")
    assert len(screening.text.splitlines()) == 1 + 18
    gallery = await browser.get(f"{PUBLIC}/gallery")
    assert "Solution 5" in gallery.text
    assert "Entry 5" not in text(gallery)
    for wrong in ("?round=nothing", "?track=nothing", "?round=final&track=x"):
        assert (await browser.get(f"{PUBLIC}/scores.csv{wrong}")).status_code == 404


async def test_the_chair_sees_the_locked_round_sorted_without_what_is_too_close(
    browser: httpx.AsyncClient, made: Judged
) -> None:
    await signed_in(browser, made.people[1], stepped_up=True)
    page = await browser.get(f"{JURY}/meeting")
    assert "opens once the organisers have locked the round" in text(page)
    assert "Solution" not in page.text
    await made.lock()
    orders = {}
    for sort in ("disagreement", "number", "rank", "raw", "reads", "nonsense"):
        page = await browser.get(f"{JURY}/meeting?sort={sort}")
        orders[sort] = re.findall(r"Solution (\d)</span><span", page.text)
    assert orders["number"] == list("123456")
    assert orders["nonsense"] == orders["disagreement"]
    assert "Note. Entry 2, seen by 3." in text(page)
    assert "Nobody else reads this." not in page.text
    assert "standard deviation" in text(page)
    await Conflict(juror=made.jurors[1].id, organisation=made.teams[2].id, kind=Closeness.DECLARED.value).save()
    page = await browser.get(f"{JURY}/meeting")
    assert "Solution 2" not in page.text
    assert "Entry 2" not in text(page)
    assert "One entry is left out" in text(page)
    assert "sort=rank" not in page.text, "a gap in the ranks would tell the hidden one's"


async def test_a_blind_chair_is_not_told_who_entered(browser: httpx.AsyncClient) -> None:
    found = await judged(is_blind=True)
    await found.open()
    await found.score()
    await found.lock()
    await signed_in(browser, found.people[1], stepped_up=True)
    page = await browser.get(f"{JURY}/meeting")
    assert "Solution 2" in page.text
    assert "Team2" not in page.text


async def test_only_the_chair_meets(browser: httpx.AsyncClient, made: Judged) -> None:
    await made.lock()
    await signed_in(browser, made.people[3], stepped_up=True)
    assert (await browser.get(f"{JURY}/meeting")).status_code == 404


async def test_jurors_compare_finalists_in_pairs_and_the_result_stands_beside_the_scores(
    browser: httpx.AsyncClient,
) -> None:
    found = await through_finalists()
    await found.open(PhaseKind.FINAL, (1, 2, 3))
    await signed_in(browser, found.people[1], stepped_up=True)
    assert (await browser.get(f"{JURY}/compare")).status_code == 404, "first the scores"
    await found.score(PhaseKind.FINAL)
    page = await browser.get(f"{JURY}/compare")
    assert "3 of 3 pairs left." in text(page)
    for better, worse in (("1", "2"), ("2", "1"), ("2", "3")):
        await send(browser, f"{JURY}/compare", f"{JURY}/compare", better=better, worse=worse)
    assert await Comparison.count() == 2, "the contrary takes its place"
    for better, worse in (("1", "1"), ("1", "5"), ("x", "1")):
        answer = await send(browser, f"{JURY}/compare", f"{JURY}/compare", better=better, worse=worse)
        assert answer.status_code == 404
    final = await found.round(PhaseKind.FINAL)
    assert await comparing.of_round(final) == [], "not before the lock"
    await found.lock(PhaseKind.FINAL)
    answer = await browser.post(f"{JURY}/compare", data={"better": "1", "worse": "3", "_csrf": form_token(page)})
    assert answer.status_code == 404
    await signed_in(browser, found.organiser, stepped_up=True)
    page = await browser.get(f"{ORGANISERS}/ranking")
    assert "In pairs" in text(page)


async def test_letters_wait_for_the_publication(browser: httpx.AsyncClient) -> None:
    found = await through_finalists()
    await signed_in(browser, found.organiser, stepped_up=True)
    assert (await browser.get(f"{ORGANISERS}/feedback")).status_code == 404
    await publishing.publish(await found.acting(), Stage.FINALISTS)
    page = await browser.get(f"{ORGANISERS}/feedback")
    fields = {
        "round": "screening",
        "entry": str(found.entries[1]),
        "edits": "0",
        "text": "Mine.",
        "_csrf": form_token(page),
    }
    assert (await browser.post(f"{ORGANISERS}/feedback", data=fields)).status_code == 303
    page = await browser.post(f"{ORGANISERS}/feedback", data={**fields, "text": "Mine again."})
    assert page.status_code == 409
    assert "Mine again." in page.text
    assert (await browser.post(f"{ORGANISERS}/feedback", data={**fields, "entry": str(uuid4())})).status_code == 404
    assert await letters.told_to(found.call.id, found.entries[1]) == []
