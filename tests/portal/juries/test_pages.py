"""The jury's pages without scripts: what organisers do, what jurors see, and what nobody may learn from them."""

import re
from collections.abc import AsyncIterator
from html import unescape

import httpx
import pytest

from portal import settings
from portal.accounts.tables import Membership, OrganisationKind, Person
from portal.juries import readings, scoring
from portal.juries import service as juries
from portal.juries.scoring import Typed
from portal.juries.tables import Juror, Reading
from portal.mail.tables import Letter
from tests.portal.conftest import Installation
from tests.portal.juries.sitting import CRITERIA, PDF, SLUG, Sitting, sitting, terms
from tests.portal.mail.conftest import mail_settings
from tests.portal.pages.asking import form_token
from tests.portal.signing import organisation, signed_in

PANEL = f"/en/city/helsinki/call/{SLUG}/jury"
MARKS = {f"mark-{name}": "7" for name, _ in CRITERIA}
TELLING = (
    "lukkolabs",
    "lukkonen",
    "lukko1",
    "lukko2",
    "lukko3",
    "lukko4",
    "video.example",
    "we: ",
    "papers of the team",
)
"""What tells who the entrants are, in small letters; `Lukko…` stands in names, addresses, files and texts."""

pytestmark = pytest.mark.usefixtures("portal")


@pytest.fixture
async def letters(portal: Installation, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:  # noqa: ARG001 - it sets its settings first
    """A portal that sends letters; nothing needs to take them here."""
    for name, text in mail_settings(25).items():
        monkeypatch.setenv(name, text)
    settings.current.cache_clear()
    yield
    settings.current.cache_clear()


async def post(browser: httpx.AsyncClient, shown: str, action: str, /, **fields: object) -> httpx.Response:
    """A form of that page."""
    token = form_token(await browser.get(shown))
    return await browser.post(action, data={**fields, "_csrf": token})


async def as_juror(browser: httpx.AsyncClient, made: Sitting, number: int = 1) -> tuple[Person, str]:
    """Signs the juror of that number in; their page."""
    juror = next(each for each in await made.jurors() if each.number == number)
    somebody = next(each for each in made.judges if each.id == juror.person)
    await signed_in(browser, somebody, stepped_up=True)
    return somebody, f"/en/city/{juror.city}/jury/{SLUG}"


async def own(made: Sitting, number: int = 1) -> list[readings.KnownReading]:
    juror = next(each for each in await made.jurors() if each.number == number)
    return await readings.of_juror((await juries.rounds_of(made.call.id))[-1].id, juror)


@pytest.mark.usefixtures("letters")
async def test_organisers_take_in_open_assign_and_remind(browser: httpx.AsyncClient) -> None:
    made = await sitting()
    await signed_in(browser, made.organiser, stepped_up=True)
    assert "Take 4 jurors in" in (await browser.get(PANEL)).text
    answer = await post(browser, PANEL, f"{PANEL}/add")
    assert answer.headers["location"] == f"{PANEL}?told=added"
    page = await browser.get(PANEL)
    assert ("Not said yet" in page.text, "Write to 4 jurors" in page.text) == (True, True)
    await post(browser, PANEL, f"{PANEL}/remind")
    assert await Letter.count() == 4
    assert "Write to" not in (await browser.get(PANEL)).text
    await post(browser, PANEL, f"{PANEL}/remind")
    assert await Letter.count() == 4
    await post(browser, PANEL, f"{PANEL}/open", kind="screening")
    refused = await browser.get(f"{PANEL}/assign")
    assert "cannot be assigned" in refused.text
    for each in await made.jurors():
        await made.declare(each)
    shown = await browser.get(f"{PANEL}/assign")
    assert "8 readings would be given, 0 taken away" in shown.text
    state = re.search(r'name="state" value="(\w+)"', shown.text)
    assert state is not None
    assert await Reading.count() == 0
    answer = await post(browser, f"{PANEL}/assign", f"{PANEL}/assign", state=state.group(1))
    assert (answer.headers["location"], await Reading.count()) == (f"{PANEL}?told=assigned", 8)
    answer = await post(browser, f"{PANEL}/assign", f"{PANEL}/assign", state=state.group(1))
    assert answer.headers["location"] == f"{PANEL}?told=stale"


async def test_organisers_see_at_once_what_was_given_back_and_give_it_on(browser: httpx.AsyncClient) -> None:
    made = await sitting()
    await made.ready()
    _, home = await as_juror(browser, made)
    [reading, *_] = await own(made)
    at = f"{home}/entry/{reading.number}"
    answer = await post(browser, at, f"{at}/cannot", why="I know nothing of doors")
    assert answer.headers["location"] == f"{home}?told=given-back"
    assert (await browser.get(at)).status_code == 404
    await signed_in(browser, made.organiser, stepped_up=True)
    page = await browser.get(PANEL)
    assert f"Entry {reading.number} lacks 1 reader." in page.text
    assert "I know nothing of doors" in page.text
    pressed = re.search(r'name="entry" value="(\d+)"><input type="hidden" name="juror" value="([^"]+)"', page.text)
    assert pressed is not None
    await post(browser, PANEL, f"{PANEL}/give", entry=pressed.group(1), juror=pressed.group(2))
    assert "lacks" not in (await browser.get(PANEL)).text


async def test_jurors_declare_before_anything_opens(browser: httpx.AsyncClient) -> None:
    made = await sitting()
    await made.add()
    await made.open()
    await made.assign(undeclared=True)
    somebody, home = await as_juror(browser, made)
    number = (await own(made))[0].number
    for path in (f"{home}/entry/{number}", f"{home}/entry/{number}/file/deck"):
        assert (await browser.get(path)).status_code in {303, 404}
    page = await browser.get(f"{home}/declare")
    names = [unescape(each) for each in re.findall(r'tick__label" for="close-\d+">([^<]+)', page.text)]
    assert names == sorted(team.name for team in made.teams.values())
    shown = [str(team.id) for team in made.teams.values()]
    fields = {"shown": shown, "hinted": shown, "invests": "", "words": "We were at school"}
    answer = await post(browser, home + "/declare", home + "/declare", employer="Lukkolabs3", **fields | {"hinted": []})
    assert (answer.status_code, "Please look once more" in answer.text) == (409, True)
    assert (await Juror.objects().get(Juror.person == somebody.id)).declared_at is None  # type: ignore[union-attr]
    close = [str(made.teams[3].id)]
    answer = await post(browser, home + "/declare", home + "/declare", employer="Lukkolabs3", close=close, **fields)
    assert answer.headers["location"] == f"{home}?told=declared"
    left = {each.number for each in await own(made)}
    assert 3 not in left
    assert f"{len(left)} of {len(left)} left" in (await browser.get(home)).text


async def test_marks_are_saved_handed_in_and_go_on_to_the_next(browser: httpx.AsyncClient) -> None:
    made = await sitting()
    await made.ready()
    _, home = await as_juror(browser, made)
    first, second = await own(made)
    at = f"{home}/entry/{first.number}"
    token = form_token(await browser.get(at))
    kept = await browser.post(
        f"{at}/save", data={"_csrf": token, "edits": "0", "mark-effective": "3"}, headers={"accept": "application/json"}
    )
    assert (kept.json()["edits"], kept.json()["said"][:6]) == (1, "Saved ")
    stale = await browser.post(
        f"{at}/save", data={"_csrf": token, "edits": "0"}, headers={"accept": "application/json"}
    )
    assert (stale.status_code, "another window" in stale.json()["said"]) == (409, True)
    again = await browser.post(f"{at}/done", data={"_csrf": token, "edits": "0", "feedback": "Typed & kept", **MARKS})
    assert (again.status_code, "Typed &amp; kept" in again.text, 'name="edits" value="1"' in again.text) == (
        409,
        True,
        True,
    )
    short = await post(browser, at, f"{at}/done", edits="1", **{"mark-affordable": "10"})
    assert (short.status_code, "Give a mark: Easy-to-use" in short.text) == (422, True)
    answer = await post(browser, at, f"{at}/done", edits="2", **MARKS)
    assert answer.headers["location"] == f"{home}/entry/{second.number}"
    assert "1 of 2 left" in (await browser.get(home)).text
    at = f"{home}/entry/{second.number}"
    answer = await post(browser, at, f"{at}/done", edits="0", **MARKS)
    assert answer.headers["location"] == f"{home}?told=finished"
    await juries.lock((await juries.rounds_of(made.call.id))[0].id)
    assert "This round is over" in (await browser.get(home)).text
    assert (await browser.get(at)).headers["location"] == home


async def every_page(browser: httpx.AsyncClient, home: str, made: Sitting) -> list[tuple[str, str]]:
    """All that a juror can open, with what each answers: its head and its text."""
    numbers = [each.number for each in await own(made)]
    paths = [home, *(f"{home}/entry/{number}" for number in numbers)]
    paths += [f"{home}/entry/{number}/file/{field}" for number in numbers for field in ("deck", "proof", "cv")]
    found = []
    for path in paths:
        for language in ("en", "fi", "sv"):
            answer = await browser.get(path.replace("/en/", f"/{language}/", 1))
            found.append((path, f"{answer.headers} {answer.text}".lower()))
    return found


async def test_a_blind_jury_learns_nothing_of_who_entered(browser: httpx.AsyncClient) -> None:
    made = await sitting(said=terms(is_blind=True))
    await made.ready()
    _, home = await as_juror(browser, made)
    pages = await every_page(browser, home, made)
    assert [(path, word) for path, text in pages for word in TELLING if word in text] == []
    assert sum("▢▢▢" in text for _, text in pages) == 3 * len(await own(made))
    number = (await own(made))[0].number
    file = await browser.get(f"{home}/entry/{number}/file/deck")
    assert (file.content, f'filename="entry-{number}-deck.pdf"' in file.headers["content-disposition"]) == (PDF, True)
    assert (await browser.get(f"{home}/entry/{number}/file/cv")).status_code == 404
    declared = await browser.get(f"{home}/declare")
    assert "Lukkolabs1 Oy" in declared.text
    assert not re.search(r"[Ee]ntry \d|Door keeper", declared.text)
    given_up = await post(browser, f"{home}/entry/{number}", f"{home}/entry/{number}/recuse", why="")
    assert given_up.status_code == 303
    assert "checked" not in (await browser.get(f"{home}/declare")).text.replace("unchecked", "")


async def test_an_open_jury_sees_who_entered_but_not_how_the_team_calls_its_files(browser: httpx.AsyncClient) -> None:
    made = await sitting()
    await made.ready()
    _, home = await as_juror(browser, made)
    number = (await own(made))[0].number
    page = (await browser.get(f"{home}/entry/{number}")).text
    assert "<dd>Finnish, English</dd>" in page
    assert "<dd>Finland</dd>" in page
    assert (f"Lukkolabs{number} Oy" in page, f"www.lukko{number}.example" in page) == (True, True)
    assert f"lukkolabs{number}-" not in page


async def test_no_juror_sees_what_another_one_thinks(browser: httpx.AsyncClient) -> None:
    made = await sitting(said=terms(reads=3))
    round_ = await made.ready()
    for juror in (await made.jurors())[1:]:
        for reading in await readings.of_juror(round_.id, juror):
            typed = Typed({name: juror.number for name, _ in CRITERIA}, "SECRETPRIVATE", "SECRETNOTE", "SECRETFEEDBACK")
            await scoring.keep(reading.id, juror.id, typed, juror.pseudonym, finish=True)
    _, home = await as_juror(browser, made)
    pages = await every_page(browser, home, made)
    for reading in await own(made):
        at = f"{home}/entry/{reading.number}"
        await post(browser, at, f"{at}/done", edits="0", **MARKS)
    pages += await every_page(browser, home, made)
    assert [
        path for path, text in pages if "secret" in text or "judge 2" in text or re.search(r"[234]0[.,]0", text)
    ] == []
    assert [path for path, text in pages if re.search(r'value="[234]" checked', text)] == []
    await signed_in(browser, made.organiser, stepped_up=True)
    panel = (await browser.get(PANEL)).text
    assert ("SECRETNOTE" in panel, "SECRETPRIVATE" in panel, "SECRETFEEDBACK" in panel) == (True, False, False)


async def test_who_is_no_juror_of_the_call_finds_nothing(browser: httpx.AsyncClient) -> None:
    made = await sitting()
    await made.ready()
    _, home = await as_juror(browser, made)
    not_mine = min(made.entries.keys() - {each.number for each in await own(made)})
    assert (await browser.get(f"{home}/entry/{not_mine}")).status_code == 404
    assert (await browser.get(f"{home}/entry/{not_mine}/file/deck")).status_code == 404
    [reading, *_] = await own(made)
    await Juror.delete().where(Juror.person == made.judges[3].id)
    await signed_in(browser, made.judges[3], stepped_up=True)
    assert (await browser.get(f"/en/city/new-york/jury/{SLUG}")).status_code == 404
    await signed_in(browser, made.organiser, stepped_up=True)
    assert (await browser.get(f"{home}/entry/{reading.number}")).status_code == 404


async def test_an_organiser_who_has_entered_sees_nobody_read(browser: httpx.AsyncClient) -> None:
    made = await sitting()
    await made.ready()
    await organisation(OrganisationKind.STARTUP, "Other", made.organiser)
    await signed_in(browser, made.organiser, stepped_up=True)
    assert "Who reads what" in (await browser.get(PANEL)).text
    await Membership(person=made.organiser.id, organisation=made.teams[1].id, is_owner=False).save()
    assert "Who reads what" not in (await browser.get(PANEL)).text
    assert (await post(browser, "/en/me", f"{PANEL}/add")).status_code == 404
