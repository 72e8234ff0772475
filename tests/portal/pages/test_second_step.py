"""The second step as a browser meets it: shown, set up, changed, refused; and how long it holds."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from html import unescape

import httpx
import pyotp
import pytest

from portal import settings
from portal.accounts import second_factors
from portal.accounts.tables import Authenticator, Passkey, Person, RoleKind, Session
from portal.accounts.viewer import SECOND_STEP_IDLE, SECOND_STEP_LASTS
from portal.mail.message import words
from portal.mail.tables import Letter
from tests.portal.accounts.authenticator import SoftwareKey
from tests.portal.mail.conftest import PUBLIC_URL, mail_settings
from tests.portal.pages.asking import form_token, heading, send
from tests.portal.signing import city, give_role, person, signed_in
from tests.portal.watching.year import Clock

STEP = "/en/me/second-step"
LIST = "/en/me/second-factors"
NOON = datetime(2026, 11, 23, 12, 0, 10, tzinfo=UTC)


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Time stands still, so that a code is good until it is moved."""
    return Clock(monkeypatch, NOON)


@pytest.fixture
async def anna(browser: httpx.AsyncClient, time: Clock) -> Person:  # noqa: ARG001 - bound first; it stands still first
    """Somebody who signed in just now and has no second factor."""
    somebody = await person("anna@kahvila.fi")
    await signed_in(browser, somebody)
    return somebody


@pytest.fixture
def https(browser: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:  # noqa: ARG001 - bound first
    """The portal of an operator who has a public address and sends letters; nothing needs to take them here."""
    for name, text in mail_settings(25).items():
        monkeypatch.setenv(name, text)
    settings.current.cache_clear()
    yield
    settings.current.cache_clear()


async def set_up_app(browser: httpx.AsyncClient, time: Clock, **fields: str) -> tuple[pyotp.TOTP, httpx.Response]:
    """Reads the key off the page, as an app does, and types its first code."""
    page = await browser.get(f"{LIST}/app")
    found = re.search(r'data-copy="([A-Z2-7]{32})"', page.text)
    assert found is not None
    app = pyotp.TOTP(found.group(1))
    answer = await browser.post(f"{LIST}/app", data={"code": app.at(time.at), "_csrf": form_token(page), **fields})
    return app, answer


async def ask(browser: httpx.AsyncClient, where: str) -> dict[str, str]:
    """What our script is told to have signed."""
    page = await browser.get(f"{LIST}")
    token = re.search(r'name="_csrf" value="([^"]+)"', (await browser.get("/en")).text)
    assert token is not None
    assert page.status_code == 200
    answer = await browser.post(f"{where}/passkey/ask", headers={"x-csrf-token": token.group(1)})
    assert answer.status_code == 200
    found: dict[str, str] = answer.json()
    return found


def software_key() -> SoftwareKey:
    return SoftwareKey(PUBLIC_URL, PUBLIC_URL.removeprefix("https://"))


async def may(browser: httpx.AsyncClient) -> bool:
    """Whether what needs the second step stands open."""
    answer = await send_from(browser, f"{LIST}/codes")
    assert answer.status_code in {200, 303}
    return answer.status_code == 200


async def send_from(browser: httpx.AsyncClient, action: str, **fields: str) -> httpx.Response:
    return await send(browser, "/en", action, **fields)


async def stepped_up(browser: httpx.AsyncClient, somebody: Person) -> Session:
    return await signed_in(browser, somebody, stepped_up=True)


# --- setting up


@pytest.mark.parametrize("path", [STEP, LIST, f"{LIST}/app", f"{LIST}/passkey", f"{LIST}/codes"])
async def test_who_is_not_signed_in_signs_in_first(browser: httpx.AsyncClient, path: str) -> None:
    answer = await browser.get(path)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/en/sign-in?next={path}")


async def test_first_app_is_set_up_and_leads_on_by_the_recovery_codes(
    browser: httpx.AsyncClient, anna: Person, time: Clock
) -> None:
    page = await browser.get(f"{STEP}?next=/en/city/helsinki/manage")
    assert heading(page) == "Set up a second step"
    assert f"{LIST}/app?next=/en/city/helsinki/manage" in page.text
    cookie = browser.cookies["session"]
    _, answer = await set_up_app(browser, time, next="/en/city/helsinki/manage")
    assert answer.headers["location"] == f"{LIST}/codes?next=/en/city/helsinki/manage"
    assert browser.cookies["session"] != cookie
    shown = await send(browser, answer.headers["location"], f"{LIST}/codes", next="/en/city/helsinki/manage")
    assert len(re.findall(r"<code>[0-9a-z]{4}(?:-[0-9a-z]{4}){5}</code>", shown.text)) == 10
    assert 'href="/en/city/helsinki/manage"' in shown.text
    assert (shown.headers["cache-control"], (await second_factors.of(anna.id)).codes_left) == ("no-store", 10)


@pytest.mark.usefixtures("anna")
async def test_picture_and_key_stay_the_same_until_a_code_of_theirs_is_typed(
    browser: httpx.AsyncClient, time: Clock
) -> None:
    pages = [await browser.get(f"{LIST}/app") for _ in range(2)]
    wrong = await send(browser, f"{LIST}/app", f"{LIST}/app", code="12345")
    keys = {re.findall(r'data-copy="([A-Z2-7]{32})"', page.text)[0] for page in (*pages, wrong)}
    assert len(keys) == 1
    assert (wrong.status_code, "<title>Error:" in wrong.text, 'href="#code"' in wrong.text) == (422, True, True)
    assert "<svg" in pages[0].text
    assert not re.search(r"(?:src|href)=\"data:", pages[0].text)
    address = unescape(re.findall(r'href="(otpauth:[^"]+)"', pages[0].text)[0])
    assert pyotp.parse_uri(address).at(time.at) == pyotp.TOTP(keys.pop()).at(time.at)
    await set_up_app(browser, time)
    assert await Authenticator.count() == 1


@pytest.mark.usefixtures("anna")
async def test_key_of_who_sat_there_before_is_not_offered_to_the_next(browser: httpx.AsyncClient) -> None:
    first = await browser.get(f"{LIST}/app")
    [kept] = await Session.objects()
    stranger = await person("berta@kahvila.fi")
    session = await signed_in(browser, stranger)
    await Session.update({Session.data: kept.data}).where(Session.id == session.id)
    second = await browser.get(f"{LIST}/app")
    keys = [re.findall(r'data-copy="([A-Z2-7]{32})"', page.text) for page in (first, second)]
    assert keys[0] != keys[1]


@pytest.mark.usefixtures("anna")
async def test_who_signed_in_long_ago_signs_in_again_to_set_up(browser: httpx.AsyncClient, time: Clock) -> None:
    time.at += timedelta(minutes=15)
    for path in (f"{LIST}/app", f"{LIST}/passkey"):
        assert (await browser.get(path)).headers["location"] == f"{STEP}?next={path}"
    page = await browser.get(f"{STEP}?next={LIST}")
    assert heading(page) == "Sign in once more"
    assert f'href="/en/sign-in?next={STEP}%3Fnext%3D{LIST}"' in page.text


@pytest.mark.usefixtures("https")
async def test_passkey_is_added_and_shown(browser: httpx.AsyncClient, anna: Person) -> None:
    key = software_key()
    made = key.make(await ask(browser, LIST))
    answer = await send(browser, f"{LIST}/passkey", f"{LIST}/passkey", answer=made, name="  My <b>\n telephone ")
    assert answer.headers["location"] == f"{LIST}/codes"
    listed = await browser.get(LIST)
    assert "My &lt;b&gt; telephone" in listed.text
    await signed_in(browser, anna)
    assert not await may(browser)
    page = await browser.get(f"{STEP}?next={LIST}")
    assert ("passkeys.js" in page.text, 'id="code"' in page.text) == (True, False)
    signed = key.sign(await ask(browser, STEP))
    refused = await send_from(browser, f"{STEP}/passkey", answer="{}")
    assert (refused.status_code, "The passkey did not work." in refused.text) == (422, True)
    signed = key.sign(await ask(browser, STEP))
    answer = await send_from(browser, f"{STEP}/passkey", answer=signed, next=LIST)
    assert (answer.status_code, answer.headers["location"]) == (303, LIST)
    assert await may(browser)


async def test_without_tls_no_passkeys_are_offered(browser: httpx.AsyncClient, anna: Person) -> None:
    for path in (STEP, f"{LIST}/passkey"):
        assert "passkeys.js" not in (await browser.get(path)).text
    assert (await send_from(browser, f"{LIST}/passkey/ask")).status_code == 404
    assert await Passkey.count().where(Passkey.person == anna.id) == 0


# --- showing


async def test_code_leads_to_where_one_wanted_to_go(browser: httpx.AsyncClient, anna: Person, time: Clock) -> None:
    app, _ = await set_up_app(browser, time)
    await signed_in(browser, anna)
    time.at += timedelta(minutes=1)
    answer = await send(browser, STEP, STEP, code=f" {app.at(time.at)[:3]} {app.at(time.at)[3:]}", next=LIST)
    assert (answer.status_code, answer.headers["location"]) == (303, LIST)
    again = await send_from(browser, STEP, code=app.at(time.at))
    assert (again.status_code, "each code works once" in again.text) == (422, True)


@pytest.mark.parametrize(
    "elsewhere", ["https://forged.test/", "//forged.test", "/\\forged.test", "javascript:alert(1)"]
)
async def test_nobody_is_sent_on_to_another_site(
    browser: httpx.AsyncClient, anna: Person, time: Clock, elsewhere: str
) -> None:
    app, _ = await set_up_app(browser, time)
    await signed_in(browser, anna)
    time.at += timedelta(minutes=1)
    page = await browser.get(STEP, params={"next": elsewhere})
    assert set(re.findall(r'name="next" value="([^"]*)"', page.text)) == {""}
    answer = await send_from(browser, STEP, code=app.at(time.at), next=elsewhere)
    assert answer.headers["location"] == "/en/me"


async def test_recovery_code_lets_in_once(browser: httpx.AsyncClient, anna: Person, time: Clock) -> None:
    await set_up_app(browser, time)
    [code, *_] = re.findall(r"<code>([0-9a-z-]{29})</code>", (await send_from(browser, f"{LIST}/codes")).text)
    for expected in (303, 422):
        await signed_in(browser, anna)
        answer = await send(browser, STEP, f"{STEP}/recovery", recovery=code)
        assert answer.status_code == expected
    assert "or it was used before" in answer.text
    assert (await second_factors.of(anna.id)).codes_left == 9


@pytest.mark.usefixtures("anna")
async def test_too_many_guesses_are_told_when_to_go_on(browser: httpx.AsyncClient, time: Clock) -> None:
    await set_up_app(browser, time)
    answers = [await send_from(browser, STEP, code="000000") for _ in range(second_factors.TRIES)]
    assert {answer.status_code for answer in answers[:-1]} == {422}
    last = answers[-1]
    assert (last.status_code, heading(last)) == (429, "Many codes in a short time")
    assert 0 < int(last.headers["retry-after"]) <= 360


# --- how long it holds


async def test_second_step_holds_twelve_hours_of_use(browser: httpx.AsyncClient, anna: Person, time: Clock) -> None:
    await set_up_app(browser, time)
    await stepped_up(browser, anna)
    until = time.at + SECOND_STEP_LASTS
    while time.at + timedelta(minutes=50) < until:
        time.at += timedelta(minutes=50)
        assert await may(browser)
    time.at = until - timedelta(seconds=1)
    assert await may(browser)
    time.at = until
    assert not await may(browser)


async def test_an_idle_hour_ends_it_and_coming_back_does_not_revive_it(
    browser: httpx.AsyncClient, anna: Person, time: Clock
) -> None:
    await set_up_app(browser, time)
    await stepped_up(browser, anna)
    time.at += SECOND_STEP_IDLE - timedelta(seconds=1)
    assert await may(browser)
    time.at += SECOND_STEP_IDLE
    assert not await may(browser)
    time.at += timedelta(minutes=5)
    assert not await may(browser)
    assert (await browser.get(LIST)).status_code == 200  # still signed in


# --- changing


async def test_changes_need_the_second_step(browser: httpx.AsyncClient, anna: Person, time: Clock) -> None:
    await set_up_app(browser, time)
    await signed_in(browser, anna)
    for action in ("remove", "codes"):
        answer = await send_from(browser, f"{LIST}/{action}", app="yes")
        assert (answer.status_code, answer.headers["location"]) == (303, STEP)
    for path in ("app", "passkey"):
        assert (await browser.get(f"{LIST}/{path}")).headers["location"] == f"{STEP}?next={LIST}/{path}"
    page = await browser.get(LIST)
    assert ("/remove" in page.text, "Show that it is you, to change something" in page.text) == (False, True)
    assert await Authenticator.count() == 1


async def test_last_one_is_not_removed_while_a_task_needs_it(
    browser: httpx.AsyncClient, anna: Person, time: Clock
) -> None:
    await set_up_app(browser, time)
    role = await give_role(anna, RoleKind.JUROR, await city("helsinki"))
    assert "/remove" not in (await browser.get(LIST)).text
    refused = await send_from(browser, f"{LIST}/remove", app="yes")
    assert (refused.status_code, "This is the only one that you have" in refused.text) == (409, True)
    await role.remove()
    answer = await send(browser, LIST, f"{LIST}/remove", app="yes")
    assert answer.headers["location"] == f"{LIST}?done=removed"
    assert "Removed." in (await browser.get(answer.headers["location"])).text


@pytest.mark.parametrize("passkey", ["", "no-uuid", "00000000-0000-4000-8000-000000000000"])
async def test_what_one_does_not_have_cannot_be_removed(browser: httpx.AsyncClient, anna: Person, passkey: str) -> None:
    await stepped_up(browser, anna)
    assert (await send_from(browser, f"{LIST}/remove", passkey=passkey)).status_code == 404


# --- letters


async def letters() -> list[tuple[str, str]]:
    found = await Letter.objects().order_by(Letter.created_at)
    assert {(row.kind, row.recipient) for row in found} == {("second-factor", "anna@kahvila.fi")}
    return [(told["what"], told["factor"]) for told in (json.loads(row.about) for row in found)]


@pytest.mark.usefixtures("https")
async def test_letter_tells_of_every_change(browser: httpx.AsyncClient, anna: Person, time: Clock) -> None:
    await set_up_app(browser, time)
    made = software_key().make(await ask(browser, LIST))
    await send(browser, f"{LIST}/passkey", f"{LIST}/passkey", answer=made, name="Telephone")
    [code, *_] = re.findall(r"<code>([0-9a-z-]{29})</code>", (await send_from(browser, f"{LIST}/codes")).text)
    await send_from(browser, f"{STEP}/recovery", recovery=code)
    await send_from(browser, f"{LIST}/remove", app="yes")
    await second_factors.reset(anna)
    assert await letters() == [
        ("added", "app"),
        ("added", "passkey"),
        ("added", "codes"),
        ("used", "codes"),
        ("removed", "app"),
        ("reset", ""),
    ]


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_each_letter_has_a_subject_of_its_own_and_says_what_to_do(language: str) -> None:
    changes = [("added", "app"), ("added", "passkey"), ("added", "codes"), ("removed", "app"), ("removed", "passkey")]
    changes += [("used", "codes"), ("reset", "")]
    link = f"{PUBLIC_URL}/{language}/me/second-factors"
    told = [
        words("second-factor", language, {"what": what, "factor": factor, "link": link}, settings.Settings())
        for what, factor in changes
    ]
    assert len({subject for subject, _ in told}) == len(changes)
    assert all(subject and link in text.splitlines() for subject, text in told)
