"""A startup enters, edits and submits, without scripts and with them; what it may not do; what closes when."""

import json
import re
from datetime import UTC, datetime, timedelta
from html import unescape

import httpx
import pytest

from challenge import decks
from portal.accounts.tables import Organisation, Person
from portal.assessments.catalogue import current
from portal.audit import service as audit
from portal.audit.tables import Action
from portal.calls.service import KnownCall
from portal.entries import service
from portal.entries.tables import Entry, Submission, Upload
from tests.portal.entries import entered
from tests.portal.entries.entered import PILOT, SLUG, complete, move_deadline, opened, pdf
from tests.portal.pages.asking import form_token, heading, send
from tests.portal.signing import city, person, signed_in, startup_of

ENTER = f"/en/call/{SLUG}/enter"


@pytest.fixture
async def anna(browser: httpx.AsyncClient) -> Person:
    """Of a startup, signed in."""
    row = await person("anna@lukko.example", name="Anna")
    await signed_in(browser, row)
    return row


@pytest.fixture
async def team(anna: Person) -> Organisation:
    return await startup_of(anna)


@pytest.fixture
async def call(anna: Person) -> KnownCall:  # noqa: ARG001 - the portal is empty before
    return await opened(await city("helsinki"))


async def home(call: KnownCall, anna: Person, team: Organisation) -> str:
    entry = await entered.entered(call, anna, team)
    return f"/en/organisation/{team.id}/entry/{entry.id}"


def fields_of(page: httpx.Response) -> dict[str, str | list[str]]:
    """What a browser would send of the entry's form, tokens and marks included."""
    form = page.text[page.text.index('id="entry"') : page.text.index("</form>", page.text.index('id="entry"'))]
    found: dict[str, str | list[str]] = {}
    for tag in re.findall(r"<input [^>]+>", form):
        name, value = (re.search(rf'\b{each}="([^"]*)"', tag) for each in ("name", "value"))
        if name is None or 'type="file"' in tag:
            continue
        text = unescape(value[1]) if value else ""
        if 'type="checkbox"' in tag and " checked" in tag:
            several = found.setdefault(name[1], [])
            assert isinstance(several, list)
            several.append(text)
        elif ('type="radio"' not in tag and 'type="checkbox"' not in tag) or " checked" in tag:
            found[name[1]] = text
    for name, text in re.findall(r'<textarea[^>]* name="([^"]+)"[^>]*>\n(.*?)</textarea>', form, re.DOTALL):
        found[name] = unescape(text)
    return found


WHOLE: dict[str, str | list[str]] = {
    "title": "Lukko for tills", "summary": "Backs up the till each night.", "language": "en",
    "closes": [current().questions[0].id], "price": "120,50", "hours": "2", "skills": "owner", "speaks": ["fi", "en"],
    "countries": ["FI"], "own-why": "It is time.", "own-stage": "pilot",
}  # fmt: skip


async def test_a_startup_enters_edits_and_submits(browser: httpx.AsyncClient, call: KnownCall, anna: Person) -> None:
    page = await browser.get(ENTER)
    assert "Are you fewer than 250? (en)" in page.text
    said = {"eligible-small": "yes", "team": "new", "name": "Lukko Labs", "track": PILOT, "home": "helsinki"}
    made = await send(browser, ENTER, ENTER, **said)
    assert made.status_code == 303, made.text
    entry = made.headers["location"].partition("?")[0]
    page = await browser.get(made.headers["location"])
    assert "Nothing is submitted yet" in page.text
    assert "Title: It is empty." in page.text
    saved = await browser.post(f"{entry}/save", data={**fields_of(page), **WHOLE})
    assert saved.headers["location"] == f"{entry}?told=saved", saved.text
    page = await browser.get(entry)
    assert "Pitch deck: The file is missing." in page.text
    assert fields_of(page)["price"] == "120.5"
    deck = {"file-deck": ("../Pitch \u202edeck.PDF", pdf(), "application/pdf")}
    sent = await browser.post(f"{entry}/file/deck", data=fields_of(page), files=deck)
    assert sent.headers["location"].endswith("#file-deck"), sent.text
    review = await browser.get(f"{entry}/submit")
    assert "Lukko for tills" in review.text
    submitted = await _submit(browser, entry)
    receipt = await browser.get(submitted.headers["location"])
    assert heading(receipt) == "Your entry was received"
    kept = (await service.submitted(call.id))[0]
    assert (await service.file_of(kept)).name == "Pitch deck.pdf"
    assert (kept.home, kept.track, kept.is_late, kept.content.title) == ("helsinki", PILOT, False, "Lukko for tills")
    assert kept.digest in receipt.text
    assert str((await service.submission(kept.id, 1)).receipt) in receipt.text
    assert [each.action async for each in audit.entries(action=Action.ENTRY_SUBMITTED)] == ["entry-submitted"]
    for where in ("/en/me", f"/en/organisation/{kept.organisation}", ENTER):
        assert "Lukko for tills" in (await browser.get(where)).text
    assert anna.pseudonym == (await Submission.objects().first()).by  # type: ignore[union-attr]


async def _submit(browser: httpx.AsyncClient, entry: str) -> httpx.Response:
    review = await browser.get(f"{entry}/submit")
    hidden = dict(re.findall(r'name="(key|edits)" value="([^"]+)"', review.text))
    return await browser.post(f"{entry}/submit", data={**hidden, "_csrf": form_token(review)})


async def test_who_is_not_eligible_is_told_why_and_nothing_is_kept(browser: httpx.AsyncClient, call: KnownCall) -> None:
    said = {"eligible-small": "no", "team": "new", "name": "Lukko", "track": PILOT, "home": "none"}
    answer = await send(browser, ENTER, ENTER, **said)
    assert answer.status_code == 422
    assert "Only small firms. (en)" in answer.text
    assert not await Entry.count()
    assert not await Organisation.count()
    assert call.slug == SLUG


async def test_what_was_not_said_comes_back_to_its_field(browser: httpx.AsyncClient, call: KnownCall) -> None:
    answer = await send(browser, ENTER, ENTER, team="new", track="none-such", home="atlantis")
    assert answer.status_code == 422
    for field in ("eligible-small", "name", "track", "home"):
        assert f'href="#{field}"' in answer.text, field
    assert call.slug == SLUG


async def test_the_same_track_again_leads_to_the_entry(
    browser: httpx.AsyncClient, call: KnownCall, anna: Person, team: Organisation
) -> None:
    entry = await home(call, anna, team)
    said = {"eligible-small": "yes", "team": str(team.id), "track": PILOT, "home": "none"}
    assert (await send(browser, ENTER, ENTER, **said)).headers["location"] == entry
    assert await Entry.count() == 1


async def test_two_who_edit_keep_both_and_see_where_they_differ(
    browser: httpx.AsyncClient, call: KnownCall, anna: Person, team: Organisation
) -> None:
    entry = await home(call, anna, team)
    first = second = fields_of(await browser.get(entry))
    await browser.post(f"{entry}/save", data={**first, "title": "Anna's title", "summary": "Anna's summary"})
    answer = await browser.post(f"{entry}/save", data={**second, "title": "Bo's title", "own-why": "Bo's reason"})
    assert answer.status_code == 409
    assert "Anna&#39;s title" in answer.text
    assert fields_of(answer)["title"] == "Bo's title"
    kept = (await service.of_organisations([team.id]))[0].draft
    assert (kept.title, kept.summary, kept.fields) == ("Anna's title", "Anna's summary", {"why": "Bo's reason"})
    again = await browser.post(f"{entry}/save", data=fields_of(answer))
    assert again.status_code == 303
    assert (await service.of_organisations([team.id]))[0].draft.title == "Bo's title"


async def test_the_script_saves_and_hears_what_is_missing(
    browser: httpx.AsyncClient, call: KnownCall, anna: Person, team: Organisation
) -> None:
    entry = await home(call, anna, team)
    fields = fields_of(await browser.get(entry))
    script = {"accept": "application/json"}
    said = (await browser.post(f"{entry}/save", data={**fields, "title": "T"}, headers=script)).json()
    assert said["is_kept"]
    assert said["told"].startswith("Saved: ")
    assert "title" not in {each["field"] for each in said["missing"]}
    assert {"field": "summary", "text": "Summary: It is empty."} in said["missing"]
    other = await browser.post(f"{entry}/save", data={**fields, "title": "Another"}, headers=script)
    assert other.status_code == 409
    assert "Title" in other.json()["told"]
    was = json.dumps({**json.loads(str(fields["was"])), **said["was"]})
    mine = (await browser.post(f"{entry}/save", data={**fields, "title": "T2", "was": was}, headers=script)).json()
    assert mine["is_kept"]


async def test_a_price_that_is_no_number_comes_back_as_it_was_typed(
    browser: httpx.AsyncClient, call: KnownCall, anna: Person, team: Organisation
) -> None:
    entry = await home(call, anna, team)
    fields = fields_of(await browser.get(entry))
    answer = await browser.post(f"{entry}/save", data={**fields, "price": "cheap", "title": "Kept"})
    assert answer.status_code == 422
    assert fields_of(answer)["price"] == "cheap"
    assert "Type a number, such as 250." in answer.text
    assert (await service.of_organisations([team.id]))[0].draft.title == "Kept"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "Choose a file first."),
        (b"%PDF-" + b"0" * decks.LARGEST, "MB too large. At most 10 MB are taken."),
        (b"PK\x03\x04", "This is no plain PDF file."),
        (pdf(21), "The file has 1 pages too many: at most 20."),
    ],
)
async def test_a_file_that_is_refused_says_why_and_loses_nothing_typed(  # noqa: PLR0913, PLR0917 - fixtures
    browser: httpx.AsyncClient, call: KnownCall, anna: Person, team: Organisation, content: bytes, told: str
) -> None:
    entry = await home(call, anna, team)
    fields = fields_of(await browser.get(entry))
    files = {"file-deck": ("deck.pdf", content, "application/pdf")}
    answer = await browser.post(f"{entry}/file/deck", data={**fields, "title": "Kept"}, files=files)
    assert answer.status_code == 422
    assert told in answer.text
    assert (await service.of_organisations([team.id]))[0].draft.title == "Kept"
    assert not await Upload.count()


async def test_a_request_that_is_far_too_large_says_by_how_much(
    browser: httpx.AsyncClient, call: KnownCall, anna: Person, team: Organisation
) -> None:
    entry = await home(call, anna, team)
    fields = fields_of(await browser.get(entry))
    files = {"file-deck": ("deck.pdf", b"0" * (13 << 20), "application/pdf")}
    answer = await browser.post(f"{entry}/file/deck", data=fields, files=files)
    assert answer.status_code == 413
    assert "The file is 3 MB too large. At most 10 MB are taken." in answer.text
    elsewhere = await browser.post(f"{entry}/gallery", data=fields, files=files)
    assert elsewhere.status_code == 413


async def test_files_are_taken_along_as_files_and_kept_while_submitted(
    browser: httpx.AsyncClient, call: KnownCall, anna: Person, team: Organisation
) -> None:
    entry = await home(call, anna, team)
    await complete((await service.of_organisations([team.id]))[0])
    assert (await _submit(browser, entry)).status_code == 303
    for _ in range(2):
        fields = fields_of(await browser.get(entry))
        files = {"file-deck": ("new.pdf", pdf(2), "application/pdf")}
        assert (await browser.post(f"{entry}/file/deck", data=fields, files=files)).status_code == 303
    assert await Upload.count() == 2
    now, then = await browser.get(f"{entry}/file/deck"), await browser.get(f"{entry}/file/deck?submission=1")
    assert now.content != then.content
    for file in (now, then):
        assert file.headers["content-disposition"].startswith("attachment;")
        assert file.headers["x-content-type-options"] == "nosniff"
        assert file.headers["content-type"] == "application/pdf"
    submitted = (await service.submitted(call.id))[0]
    assert (await service.file_of(submitted)).content == then.content
    assert (await browser.get(f"{entry}/file/plan")).status_code == 404
    removed = await browser.post(
        f"{entry}/file/deck", data={**fields_of(await browser.get(entry)), "remove": "deck"},
        files={"file-plan": ("", b"", "application/octet-stream")},
    )  # fmt: skip
    assert removed.status_code == 303
    assert await Upload.count() == 1


async def test_after_the_deadline_nothing_is_saved_and_what_was_typed_is_shown(
    browser: httpx.AsyncClient, call: KnownCall, anna: Person, team: Organisation
) -> None:
    entry = await home(call, anna, team)
    fields = fields_of(await browser.get(entry))
    await move_deadline(call, datetime.now(UTC) - timedelta(minutes=5))
    answer = await browser.post(f"{entry}/save", data={**fields, "summary": "Typed <too> late"})
    assert answer.status_code == 409
    assert heading(answer) == "The call is closed"
    assert "Typed &lt;too&gt; late" in answer.text
    page = await browser.get(entry)
    assert "Not submitted; the call is closed." in page.text
    assert 'id="entry"' not in page.text
    script = {"accept": "application/json"}
    said = await browser.post(f"{entry}/save", data=fields, headers=script)
    assert (said.status_code, said.json()["is_kept"]) == (409, False)
    files = {"file-deck": ("deck.pdf", pdf(), "application/pdf")}
    assert (await browser.post(f"{entry}/file/deck", data=fields, files=files)).status_code == 409
    assert (await browser.post(f"{entry}/submit", data={"_csrf": fields["_csrf"], "key": "k"})).status_code == 409
    assert (await browser.get(ENTER)).status_code == 200


async def test_within_the_grace_it_is_taken_and_marked_late(
    browser: httpx.AsyncClient, call: KnownCall, anna: Person, team: Organisation
) -> None:
    entry = await home(call, anna, team)
    await complete((await service.of_organisations([team.id]))[0])
    await move_deadline(call, datetime.now(UTC) - timedelta(minutes=5), grace_s=600)
    receipt = await browser.get((await _submit(browser, entry)).headers["location"])
    assert "marked as late" in receipt.text
    assert [each.is_late for each in await service.submitted(call.id)] == [True]


async def test_a_withdrawn_entry_takes_no_part_until_it_is_submitted_again(
    browser: httpx.AsyncClient, call: KnownCall, anna: Person, team: Organisation
) -> None:
    entry = await home(call, anna, team)
    await complete((await service.of_organisations([team.id]))[0])
    await _submit(browser, entry)
    asked = await browser.get(f"{entry}/withdraw")
    assert "the jury does not read it" in asked.text
    answer = await send(browser, f"{entry}/withdraw", f"{entry}/withdraw")
    assert answer.headers["location"] == f"{entry}?told=withdrawn"
    assert not await service.submitted(call.id)
    assert "Withdrawn: it does not take part." in (await browser.get(entry)).text
    await _submit(browser, entry)
    assert [each.submission for each in await service.submitted(call.id)] == [2]


async def test_a_draft_that_was_never_submitted_can_be_deleted(
    browser: httpx.AsyncClient, call: KnownCall, anna: Person, team: Organisation
) -> None:
    entry = await home(call, anna, team)
    answer = await send(browser, f"{entry}/withdraw", f"{entry}/withdraw")
    assert answer.headers["location"] == f"/en/organisation/{team.id}"
    assert not await Entry.count()


async def test_the_gallery_is_the_teams_choice(
    browser: httpx.AsyncClient, call: KnownCall, anna: Person, team: Organisation
) -> None:
    entry = await home(call, anna, team)
    for said, shows in (({"shows": "yes"}, True), ({}, False)):
        await send(browser, entry, f"{entry}/gallery", **said)
        assert (await service.of_organisations([team.id]))[0].shows_gallery is shows


async def test_what_is_changed_after_the_look_is_looked_at_again(
    browser: httpx.AsyncClient, call: KnownCall, anna: Person, team: Organisation
) -> None:
    entry = await home(call, anna, team)
    await complete((await service.of_organisations([team.id]))[0])
    review = await browser.get(f"{entry}/submit")
    hidden = dict(re.findall(r'name="(key|edits)" value="([^"]+)"', review.text))
    await browser.post(f"{entry}/save", data={**fields_of(await browser.get(entry)), "title": "Changed"})
    answer = await browser.post(f"{entry}/submit", data={**hidden, "_csrf": form_token(review)})
    assert answer.status_code == 409
    assert "Changed" in answer.text
    assert not await Submission.count()


async def test_another_teams_entry_is_not_there(
    browser: httpx.AsyncClient, call: KnownCall, team: Organisation
) -> None:
    other = await person("bo@other.example")
    theirs = await startup_of(other, name="Other")
    entry = await entered.entered(call, other, theirs)
    for owner in (theirs, team):
        assert (await browser.get(f"/en/organisation/{owner.id}/entry/{entry.id}")).status_code == 404
        assert (await browser.get(f"/en/organisation/{owner.id}/entry/{entry.id}/file/deck")).status_code == 404


@pytest.mark.parametrize("language", ["fi", "sv"])
async def test_every_page_speaks_the_readers_language(
    browser: httpx.AsyncClient, call: KnownCall, anna: Person, team: Organisation, language: str
) -> None:
    entry = (await home(call, anna, team)).replace("/en/", f"/{language}/")
    await complete((await service.of_organisations([team.id]))[0])
    await _submit(browser, entry)
    for path in (f"/{language}/call/{SLUG}/enter", entry, f"{entry}/submit", f"{entry}/receipt/1", f"{entry}/withdraw"):
        page = await browser.get(path)
        assert page.status_code == 200, path
        assert f'<html lang="{language}">' in page.text
