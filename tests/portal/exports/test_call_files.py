"""What a call's organisers take along: whole, in its form, harmless, recorded, and never a score before its time."""

import csv
import io
import json
from datetime import UTC, datetime
from zipfile import ZipFile

import httpx
import msgspec
import pytest
from jsonschema import Draft202012Validator

from challenge.entry import Content, Deck
from challenge.terms import PhaseKind
from portal.accounts.tables import City, RoleKind
from portal.audit import service as audit
from portal.audit.tables import Action
from portal.awards.tables import Publication, Stage
from portal.calls.service import KnownCall
from portal.entries.tables import Entry, Submission
from portal.exports.call_files import FORMS, SCHEMA
from portal.juries.tables import Juror, Reading, ReadState, Round, Score
from tests.portal.events.happening import SLUG, published_call
from tests.portal.signing import city, give_role, person, signed_in, startup_of

FORMULA = '=HYPERLINK("https://evil.example","click")'
PRIVATE = "what-only-the-juror-may-read"
HOME = f"/en/city/helsinki/call/{SLUG}/take"


async def judged(*, is_blind: bool = False) -> KnownCall:
    """Helsinki's call with an entry that Jaana has read, in a round that goes on."""
    where = await city("helsinki")
    call = await published_call(where, is_blind=is_blind)
    startup = await startup_of(await person("founder@lukko.example"), name="Lukko Labs")
    content = Content(title=FORMULA, closes=("mfa-mail",), files={"deck": Deck("deck.pdf", "a" * 64, 10, 2)})
    entry = Entry(call=call.id, organisation=startup.id, track="pilot", number=4, home="helsinki", submission=1)
    await entry.save()
    await Submission(
        entry=entry.id,
        number=1,
        call_version=1,
        content=msgspec.json.encode(content).decode(),
        digest="b" * 64,
        by="p",
        receipt="ABCD-EFGH",
        key="k",
    ).save()
    jaana = await person("jaana@jury.example", name="Jaana Juror")
    juror = Juror(call=call.id, person=jaana.id, city=where.id, number=7)
    round_ = Round(call=call.id, kind=PhaseKind.SCREENING.value)
    for row in (juror, round_):
        await row.save()
    reading = Reading(round=round_.id, juror=juror.id, entry=entry.id, state=ReadState.DONE.value)
    await reading.save()
    await Score(
        reading=reading.id, marks='{"effective": 7}', total=70.0, private_note=PRIVATE, note=PRIVATE, feedback=PRIVATE
    ).save()
    return call


async def publish(call: KnownCall) -> None:
    await Publication(call=call.id, stage=Stage.WINNERS.value, content="{}", bundle="", digest="c" * 64, by="p").save()


async def lock() -> None:
    await Round.update({Round.locked_at: datetime.now(UTC)}, force=True)


async def organiser_of(where: str, browser: httpx.AsyncClient) -> None:
    """Signs one of its organisers in."""
    somebody = await person(f"organiser@{where}.example")
    await give_role(somebody, RoleKind.ORGANISER, await City.objects().where(City.slug == where).first())
    await signed_in(browser, somebody, stepped_up=True)


def lines(answer: httpx.Response) -> list[dict[str, str]]:
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def cells(answer: httpx.Response) -> str:
    """All that stands in a workbook."""
    with ZipFile(io.BytesIO(answer.content)) as book:
        return "".join(book.read(name).decode() for name in book.namelist() if name.endswith(".xml"))


async def test_tables_are_whole_and_strangers_texts_harmless(browser: httpx.AsyncClient) -> None:
    await judged()
    await organiser_of("helsinki", browser)
    [entry] = lines(await browser.get(f"{HOME}/entries.csv"))
    assert (entry["No."], entry["Startup"], entry["Pitch deck"]) == ("4", "Lukko Labs", "deck.pdf")
    assert entry["Title"] == f"'{FORMULA}"
    [submission] = lines(await browser.get(f"{HOME}/submissions.csv"))
    assert (submission["Receipt"], submission["SHA-256"]) == ("ABCD-EFGH", "b" * 64)
    [assignment] = lines(await browser.get(f"{HOME}/assignments.csv"))
    assert (assignment["Juror no."], assignment["Juror"], assignment["Status"]) == ("7", "Jaana Juror", "Done")
    assert "<f>" not in cells(await browser.get(f"{HOME}/tables.xlsx"))
    recorded = [entry async for entry in audit.entries(action=Action.EXPORTED)]
    assert [(each.subject, json.loads(each.about)["form"]) for each in recorded] == [
        (f"call:{SLUG}", f"{form}-{kind}")
        for form, kind in (("entries", "csv"), ("submissions", "csv"), ("assignments", "csv"), ("tables", "xlsx"))
    ]


@pytest.mark.parametrize("is_blind", [False, True])
async def test_no_score_leaves_before_its_round_is_locked(browser: httpx.AsyncClient, is_blind: bool) -> None:  # noqa: FBT001 - a parameter
    await judged(is_blind=is_blind)
    await organiser_of("helsinki", browser)
    assert lines(await browser.get(f"{HOME}/scores.csv")) == []
    told = (await browser.get(f"{HOME}/data.json")).json()
    assert [(each["hidden"], each["scores"]) for each in told["rounds"]] == [("open", None)]
    await lock()
    [score] = lines(await browser.get(f"{HOME}/scores.csv"))
    assert (score["No."], score["Juror no."], score["Effective"], score["Points of 100"]) == ("4", "7", "7", "70.0")


async def test_in_blind_mode_no_name_stands_beside_a_score_until_it_is_public(browser: httpx.AsyncClient) -> None:
    call = await judged(is_blind=True)
    await organiser_of("helsinki", browser)
    await lock()
    [score] = lines(await browser.get(f"{HOME}/scores.csv"))
    assert (score["Startup"], score["Title"], score["Points of 100"]) == ("", "", "70.0")
    told = (await browser.get(f"{HOME}/data.json")).json()
    assert [(each["hidden"], each["scores"]) for each in told["rounds"]] == [("blind", None)]
    assert "Points of 100" not in cells(await browser.get(f"{HOME}/tables.xlsx"))
    await publish(call)
    [score] = lines(await browser.get(f"{HOME}/scores.csv"))
    assert (score["Startup"], score["Title"]) == ("Lukko Labs", f"'{FORMULA}")
    told = (await browser.get(f"{HOME}/data.json")).json()
    assert told["rounds"][0]["scores"] == [{"entry": 4, "juror": 7, "total": 70.0, "marks": {"effective": 7}}]
    assert "Points of 100" in cells(await browser.get(f"{HOME}/tables.xlsx"))


async def test_data_keep_to_the_published_form(browser: httpx.AsyncClient) -> None:
    await judged()
    await lock()
    await organiser_of("helsinki", browser)
    answer = await browser.get(f"{HOME}/data.json")
    assert answer.headers["link"] == '</schema/call.json>; rel="describedby"'
    schema = (await browser.get("/schema/call.json")).json()
    assert schema == json.loads(SCHEMA.read_text())
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate(answer.json())
    assert answer.json()["entries"][0]["content"]["title"] == FORMULA


async def test_withdrawn_entries_and_jurors_notes_never_leave(browser: httpx.AsyncClient) -> None:
    await judged()
    await lock()
    await organiser_of("helsinki", browser)
    for form in FORMS:
        answer = await browser.get(f"{HOME}/{form}")
        assert PRIVATE not in (cells(answer) if form.endswith("xlsx") else answer.text)
    await Entry.update({Entry.withdrawn_at: datetime.now(UTC)}, force=True)
    told = (await browser.get(f"{HOME}/data.json")).json()
    assert (told["entries"], told["submissions"], told["assignments"], told["rounds"][0]["scores"]) == ([], [], [], [])


async def test_only_organisers_of_the_call_s_cities_take_anything(browser: httpx.AsyncClient) -> None:
    await judged()
    await city("turku")
    await organiser_of("turku", browser)
    assert (await browser.get(f"{HOME}/entries.csv")).status_code == 404
    assert (await browser.get(f"/en/city/turku/call/{SLUG}/take/entries.csv")).status_code == 404
    await organiser_of("helsinki", browser)
    assert (await browser.get(f"{HOME}/entries.doc")).status_code == 404
    assert [entry async for entry in audit.entries(action=Action.EXPORTED)] == []
