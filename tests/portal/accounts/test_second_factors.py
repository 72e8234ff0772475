"""Codes, passkeys and recovery codes at the source: each counts once, whoever tries how often at once."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import pyotp
import pytest

from portal.accounts import passkeys, recovery, second_factors, sessions, totp
from portal.accounts.passkeys import Site
from portal.accounts.sessions import Rise
from portal.accounts.tables import Authenticator, Passkey, PasskeyChallenge, Person, RecoveryCode, RoleKind, Session
from portal.accounts.viewer import Viewer, viewer_in
from portal.audit import service as audit
from portal.errors import (
    FactorNotFoundError,
    LastFactorError,
    PasskeyRefusedError,
    SecondStepNeededError,
    SignInTooOldError,
    TooManyCodesError,
    WrongCodeError,
)
from tests.conftest import SOAK
from tests.portal.accounts.authenticator import SoftwareKey
from tests.portal.signing import city, give_role, person
from tests.portal.watching.year import Clock

pytestmark = pytest.mark.usefixtures("portal")

SITE = Site("kyberkunto.test", "https://kyberkunto.test")
AT_ONCE = 1000 if SOAK else 40
NOON = datetime(2026, 11, 23, 12, 0, 10, tzinfo=UTC)


async def somebody(address: str = "anna@kahvila.fi", *, stepped_up: bool = False) -> tuple[Person, Viewer]:
    """Somebody who signed in just now."""
    row = await person(address)
    return row, await in_session(row, stepped_up=stepped_up)


async def in_session(row: Person, *, stepped_up: bool = False) -> Viewer:
    shown = await sessions.keep_under_new_id(None, {}, Rise(row.id, stepped_up))
    return await viewer_in(await sessions.load(shown))


async def with_app(viewer: Viewer) -> pyotp.TOTP:
    secret = totp.new_secret()
    app = pyotp.TOTP(secret)
    await second_factors.add_app(viewer, secret, app.at(totp.clock.now()))
    return app


async def with_passkey(viewer: Viewer, key: SoftwareKey, name: str = "Telephone") -> None:
    assert viewer.session is not None
    asked = json.loads(await passkeys.ask_for_new(await second_factors.account_of(viewer), viewer.session, SITE))
    await second_factors.add_passkey(viewer, SITE, key.make(asked), name)


async def asked_for_step(viewer: Viewer) -> dict[str, str]:
    assert viewer.person is not None
    assert viewer.session is not None
    found: dict[str, str] = json.loads(await passkeys.ask_for_step(viewer.person, viewer.session, SITE))
    return found


def software_key(*, counts: bool = True) -> SoftwareKey:
    return SoftwareKey(SITE.origin, SITE.domain, counts=counts)


async def all_at_once(attempt: Callable[[], Awaitable[object]]) -> list[object]:
    return await asyncio.gather(*(attempt() for _ in range(AT_ONCE)), return_exceptions=True)


async def recorded() -> list[tuple[str, str]]:
    return [(entry.action, entry.about) async for entry in audit.entries()]


# --- codes of an app


@pytest.mark.parametrize("seconds", [-30, 0, 30])
async def test_code_counts_a_step_early_or_late(seconds: int, monkeypatch: pytest.MonkeyPatch) -> None:
    time = Clock(monkeypatch, NOON - timedelta(minutes=5))
    _, viewer = await somebody()
    app = await with_app(viewer)
    time.at = NOON
    assert await totp.spend(second_factors.person_of(viewer), app.at(NOON + timedelta(seconds=seconds)))


@pytest.mark.parametrize("seconds", [-60, 60])
async def test_code_two_steps_away_does_not_count(seconds: int, monkeypatch: pytest.MonkeyPatch) -> None:
    time = Clock(monkeypatch, NOON - timedelta(minutes=5))
    _, viewer = await somebody()
    app = await with_app(viewer)
    time.at = NOON
    assert not await totp.spend(second_factors.person_of(viewer), app.at(NOON + timedelta(seconds=seconds)))


async def test_codes_are_those_of_the_standard(monkeypatch: pytest.MonkeyPatch) -> None:
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"  # RFC 6238, appendix B, the last six of its eight digits
    for second, code in ((59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")):
        Clock(monkeypatch, datetime.fromtimestamp(second, UTC))
        assert totp.step_of(secret, code) == second // 30


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "１２３４５６", "12 34", "\0" * 6, "-12345"])
async def test_what_is_no_code_does_not_count(typed: str) -> None:
    assert totp.step_of(totp.new_secret(), typed) is None


async def test_code_that_set_the_app_up_does_not_count_again() -> None:
    _, viewer = await somebody()
    app = await with_app(viewer)
    with pytest.raises(WrongCodeError):
        await second_factors.show_code(viewer, app.now())


@pytest.mark.soak
async def test_of_all_who_type_a_code_at_once_one_gets_in(
    monkeypatch: pytest.MonkeyPatch, record_property: Callable[[str, object], None]
) -> None:
    time = Clock(monkeypatch, NOON)
    _, viewer = await somebody()
    app = await with_app(viewer)
    time.at += timedelta(minutes=2)
    me = second_factors.person_of(viewer)
    results = await all_at_once(lambda: totp.spend(me, app.at(time.at)))
    assert (results.count(True), results.count(False)) == (1, AT_ONCE - 1)
    assert not await totp.spend(me, app.at(time.at - timedelta(seconds=30)))  # nor an earlier one after it
    record_property("cases", AT_ONCE)


async def test_secret_of_the_app_is_not_in_the_database_as_it_is() -> None:
    _, viewer = await somebody()
    app = await with_app(viewer)
    [row] = await Authenticator.objects()
    assert app.secret.encode() not in row.secret
    assert totp.unsealed(row.secret, row.person) == app.secret
    other = await person("other@kahvila.fi")
    assert totp.unsealed(row.secret, other.id) is None


async def test_guesses_are_few_and_told_when_the_next_one_is() -> None:
    _, viewer = await somebody()
    app = await with_app(viewer)
    for _ in range(second_factors.TRIES - 1):
        with pytest.raises(WrongCodeError):
            await second_factors.show_code(viewer, "000000" if app.now() != "000000" else "111111")
    with pytest.raises(TooManyCodesError) as refusal:
        await second_factors.show_recovery_code(viewer, "0000-0000-0000-0000")
    assert 300 < refusal.value.retry_after_s <= 360


async def test_refused_attempt_is_logged_without_what_was_typed_and_by_whom(caplog: pytest.LogCaptureFixture) -> None:
    row, viewer = await somebody()
    await with_app(viewer)
    caplog.set_level("INFO", "portal.accounts")
    with pytest.raises(WrongCodeError):
        await second_factors.show_code(viewer, "31415")
    with pytest.raises(WrongCodeError):
        await second_factors.show_recovery_code(viewer, "31415")
    logged = [vars(record) for record in caplog.records if record.name == second_factors.__name__]
    assert [(each["msg"], each["factor"]) for each in logged] == [
        ("second step refused", "app"),
        ("second step refused", "codes"),
    ]
    assert not any(secret in str(logged) for secret in ("31415", str(row.id), row.pseudonym, row.address))


async def test_one_app_takes_the_place_of_another() -> None:
    _, viewer = await somebody(stepped_up=True)
    first = await with_app(viewer)
    second = await with_app(viewer)
    assert await Authenticator.count() == 1
    [row] = await Authenticator.objects()
    assert totp.unsealed(row.secret, row.person) == second.secret != first.secret


async def test_one_app_set_up_many_times_at_once_is_set_up_once() -> None:
    _, viewer = await somebody()
    secret = totp.new_secret()
    code = pyotp.TOTP(secret).now()
    tries = [second_factors.add_app(viewer, secret, code) for _ in range(second_factors.TRIES)]
    results = await asyncio.gather(*tries, return_exceptions=True)
    assert results.count(None) == 1
    assert [action for action, _ in await recorded()] == ["second-factor-added"]


# --- who may add and remove


async def test_first_is_set_up_only_straight_after_signing_in(monkeypatch: pytest.MonkeyPatch) -> None:
    row, _ = await somebody()
    time = Clock(monkeypatch, NOON)
    shown = await sessions.keep_under_new_id(None, {}, Rise(row.id))
    time.at += timedelta(minutes=14, seconds=59)
    assert (await viewer_in(await sessions.load(shown))).fresh
    time.at += timedelta(seconds=1)
    viewer = await viewer_in(await sessions.load(shown))
    with pytest.raises(SignInTooOldError):
        await with_app(viewer)
    assert await Authenticator.count() == 0


async def test_who_has_one_must_show_it_to_add_another() -> None:
    row, viewer = await somebody()
    await with_app(viewer)
    with pytest.raises(SecondStepNeededError):
        await with_passkey(await in_session(row), software_key())
    await with_passkey(await in_session(row, stepped_up=True), software_key())
    factors = await second_factors.of(row.id)
    assert (factors.count, [key.name for key in factors.passkeys]) == (2, ["Telephone"])


async def test_of_two_who_set_the_first_one_up_at_once_one_does() -> None:
    row, viewer = await somebody()
    other = await in_session(row)
    results = await asyncio.gather(with_app(viewer), with_passkey(other, software_key()), return_exceptions=True)
    assert sum(isinstance(result, SecondStepNeededError) for result in results) == 1
    assert (await second_factors.of(row.id)).count == 1


async def test_last_one_stays_while_a_task_needs_it() -> None:
    row, viewer = await somebody(stepped_up=True)
    await with_app(viewer)
    await with_passkey(viewer, software_key())
    await give_role(row, RoleKind.ORGANISER, await city("helsinki"))
    [key] = await Passkey.objects()
    results = await asyncio.gather(
        second_factors.remove_app(viewer), second_factors.remove_passkey(viewer, key.id), return_exceptions=True
    )
    assert sum(isinstance(result, LastFactorError) for result in results) == 1
    assert (await second_factors.of(row.id)).count == 1


async def test_last_one_goes_with_the_codes_where_no_task_needs_it() -> None:
    row, viewer = await somebody(stepped_up=True)
    await with_app(viewer)
    await second_factors.renew_codes(viewer)
    await second_factors.remove_app(viewer)
    factors = await second_factors.of(row.id)
    assert (factors.count, factors.codes_left) == (0, 0)
    with pytest.raises(FactorNotFoundError):
        await second_factors.remove_app(viewer)
    with pytest.raises(FactorNotFoundError):
        await second_factors.renew_codes(viewer)


async def test_nobody_removes_what_is_anothers() -> None:
    _, viewer = await somebody(stepped_up=True)
    await with_passkey(viewer, software_key())
    [key] = await Passkey.objects()
    _, stranger = await somebody("stranger@elsewhere.example", stepped_up=True)
    await with_app(stranger)
    with pytest.raises(FactorNotFoundError):
        await second_factors.remove_passkey(stranger, key.id)
    assert await Passkey.count() == 1


async def test_other_sessions_show_a_factor_again_when_one_was_removed() -> None:
    row, viewer = await somebody(stepped_up=True)
    await with_app(viewer)
    await with_passkey(viewer, software_key())
    other = await in_session(row, stepped_up=True)
    await second_factors.remove_app(viewer)
    steps = {each.id: each.second_step_at is not None for each in await Session.objects()}
    assert steps == {viewer.session: True, other.session: False}


async def test_reset_removes_everything_and_ends_all_sessions() -> None:
    row, viewer = await somebody(stepped_up=True)
    await with_app(viewer)
    await with_passkey(viewer, software_key())
    await second_factors.renew_codes(viewer)
    await second_factors.reset(row)
    assert await second_factors.of(row.id) == second_factors.Factors([], None, 0)
    assert await Session.count() == 0
    assert (await recorded())[-1] == ("second-factor-reset", "{}")


async def test_every_change_is_recorded_with_its_kind() -> None:
    _, viewer = await somebody(stepped_up=True)
    await with_app(viewer)
    await with_passkey(viewer, software_key())
    [code, *_] = await second_factors.renew_codes(viewer)
    await second_factors.show_recovery_code(viewer, code)
    await second_factors.remove_app(viewer)
    assert [(action, json.loads(about)["factor"]) for action, about in await recorded()] == [
        ("second-factor-added", "app"),
        ("second-factor-added", "passkey"),
        ("second-factor-added", "codes"),
        ("recovery-used", "codes"),
        ("second-factor-removed", "app"),
    ]


# --- recovery codes


async def test_codes_are_ten_of_120_bits_and_kept_as_hashes_alone() -> None:
    _, viewer = await somebody(stepped_up=True)
    await with_app(viewer)
    codes = await second_factors.renew_codes(viewer)
    assert (len(set(codes)), {len(code.replace("-", "")) * 5 for code in codes}) == (10, {120})
    kept = {row["code_hash"] for row in await RecoveryCode.select(RecoveryCode.code_hash)}
    assert len(kept) == 10
    assert not any(code in kept or code.replace("-", "") in kept for code in codes)


@pytest.mark.parametrize("written", [str.upper, lambda code: code.replace("-", " "), lambda code: f" {code}\n"])
async def test_code_counts_however_it_is_written(written: Callable[[str], str]) -> None:
    row, viewer = await somebody(stepped_up=True)
    await with_app(viewer)
    [code, *_] = await second_factors.renew_codes(viewer)
    await second_factors.show_recovery_code(viewer, written(code))
    assert await recovery.left(row.id) == 9


async def test_letters_that_look_like_digits_count_as_these() -> None:
    row, _ = await somebody()
    await RecoveryCode(person=row.id, code_hash=recovery._hash(row.id, "0011aaaabbbbccccddddeeee")).save()  # noqa: SLF001
    assert await recovery.spend(row.id, "OoIL-aaaa-bbbb-cccc-dddd-eeee")


async def test_anothers_code_and_an_earlier_one_do_not_count() -> None:
    row, viewer = await somebody(stepped_up=True)
    await with_app(viewer)
    [code, *_] = await second_factors.renew_codes(viewer)
    other = await person("other@kahvila.fi")
    assert not await recovery.spend(other.id, code)
    await second_factors.renew_codes(viewer)
    assert not await recovery.spend(row.id, code)
    assert await recovery.left(row.id) == 10


@pytest.mark.soak
async def test_of_all_who_type_a_recovery_code_at_once_one_gets_in(
    record_property: Callable[[str, object], None],
) -> None:
    row, viewer = await somebody(stepped_up=True)
    await with_app(viewer)
    [code, *_] = await second_factors.renew_codes(viewer)
    results = await all_at_once(lambda: recovery.spend(row.id, code))
    assert (results.count(True), results.count(False)) == (1, AT_ONCE - 1)
    assert await recovery.left(row.id) == 9
    record_property("cases", AT_ONCE)


# --- passkeys


async def test_passkey_counts_and_its_counter_is_kept() -> None:
    _, viewer = await somebody()
    key = software_key()
    await with_passkey(viewer, key)
    for used in (1, 2):
        await second_factors.show_passkey(viewer, SITE, key.sign(await asked_for_step(viewer)))
        [row] = await Passkey.objects()
        assert (row.uses, row.used_at is not None) == (used, True)
    assert await PasskeyChallenge.count() == 0


async def test_copy_of_a_passkey_that_fell_behind_is_refused() -> None:
    _, viewer = await somebody()
    key = software_key()
    await with_passkey(viewer, key)
    key.count = 5
    await second_factors.show_passkey(viewer, SITE, key.sign(await asked_for_step(viewer)))
    key.count = 3
    with pytest.raises(PasskeyRefusedError):
        await second_factors.show_passkey(viewer, SITE, key.sign(await asked_for_step(viewer)))


async def test_passkey_that_does_not_count_works_again() -> None:
    _, viewer = await somebody()
    key = software_key(counts=False)
    await with_passkey(viewer, key)
    for _ in range(2):
        await second_factors.show_passkey(viewer, SITE, key.sign(await asked_for_step(viewer)))


@pytest.mark.parametrize(
    "instead",
    [
        {"origin": "https://forged.test"},
        {"challenge": "AAAA"},
        {"type": "webauthn.create"},
        {"origin": "https://kyberkunto.test:8443"},
    ],
    ids=["origin", "challenge", "type", "port"],
)
async def test_what_was_signed_for_another_site_or_purpose_is_refused(instead: dict[str, str]) -> None:
    _, viewer = await somebody()
    key = software_key()
    await with_passkey(viewer, key)
    with pytest.raises(PasskeyRefusedError):
        await second_factors.show_passkey(viewer, SITE, key.sign(await asked_for_step(viewer), **instead))


async def test_passkey_of_another_domain_person_or_key_is_refused() -> None:
    _, viewer = await somebody()
    key = software_key()
    await with_passkey(viewer, key)
    _, stranger = await somebody("stranger@elsewhere.example")
    theirs = software_key()
    await with_passkey(stranger, theirs)
    forged = SoftwareKey(SITE.origin, SITE.domain)
    forged.id = key.id
    elsewhere = SoftwareKey(SITE.origin, "forged.test")
    elsewhere.id, elsewhere.private = key.id, key.private
    for wrong in (theirs, forged, elsewhere):
        with pytest.raises(PasskeyRefusedError):
            await second_factors.show_passkey(viewer, SITE, wrong.sign(await asked_for_step(viewer)))


async def test_challenge_of_another_session_or_too_old_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    row, viewer = await somebody()
    key = software_key()
    await with_passkey(viewer, key)
    asked = await asked_for_step(viewer)
    other = await in_session(row)
    with pytest.raises(PasskeyRefusedError):
        await second_factors.show_passkey(other, SITE, key.sign(asked))
    Clock(monkeypatch, datetime.now(UTC) + passkeys.ANSWER_WITHIN)
    with pytest.raises(PasskeyRefusedError):
        await second_factors.show_passkey(viewer, SITE, key.sign(asked))


async def test_passkey_is_not_added_twice() -> None:
    _, viewer = await somebody(stepped_up=True)
    key = software_key()
    await with_passkey(viewer, key)
    with pytest.raises(PasskeyRefusedError):
        await with_passkey(viewer, key)
    assert await Passkey.count() == 1


@pytest.mark.soak
async def test_of_all_who_answer_a_challenge_at_once_one_gets_in(
    record_property: Callable[[str, object], None],
) -> None:
    _, viewer = await somebody()
    key = software_key(counts=False)  # so that nothing but the challenge holds the others back
    await with_passkey(viewer, key)
    answer = key.sign(await asked_for_step(viewer))
    results = await all_at_once(lambda: second_factors.show_passkey(viewer, SITE, answer))
    refused = sum(isinstance(result, PasskeyRefusedError) for result in results)
    assert (results.count(None), refused) == (1, AT_ONCE - 1)
    record_property("cases", AT_ONCE)
