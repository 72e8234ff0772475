"""What becomes of a letter: sent once, put off, refused, or uncertain; and its address is erased at the end."""

import asyncio
import logging
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Any
from uuid import UUID

import pytest

from portal import settings
from portal.mail import delivery, service, transport
from portal.mail.tables import Kind, Letter, LetterStage
from tests.portal.mail.conftest import MAIL_FROM, PUBLIC_URL
from tests.portal.mail.post_office import ADDRESS, PostOffice

LINK = f"{PUBLIC_URL}/en/q/secret-token"


async def written() -> Letter:
    return await service.send(Kind.SHEET_LINK, "en", ADDRESS, {"link": LINK})


async def row(letter_id: UUID) -> dict[str, Any]:
    found = await Letter.select().where(Letter.id == letter_id).first()
    assert found is not None
    return found


def is_erased(found: dict[str, Any]) -> bool:
    return (found["recipient"], found["about"]) == ("", "{}")


def ours(caplog: pytest.LogCaptureFixture) -> str:
    """What we logged; the test's mail server logs its own."""
    formatter = logging.Formatter()
    return "\n".join(
        f"{formatter.format(record)} {vars(record)}" for record in caplog.records if record.name != "mail.log"
    )


async def test_letter_is_sent_and_its_address_erased(office: PostOffice, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    letter = await written()
    await delivery.deliver(letter.id)
    [(recipient, received)] = office.taken
    found = await row(letter.id)
    assert (recipient, str(received["From"])) == (ADDRESS, f"Kyberkunto <{MAIL_FROM}>")
    assert LINK in received.get_content()
    assert (found["status"], found["attempts"], found["retries"]) == ("sent", 1, 0)
    assert datetime.now(UTC) - found["sent_at"] < timedelta(minutes=1)
    assert is_erased(found)
    assert "letter sent" in ours(caplog)
    assert ADDRESS not in ours(caplog)
    assert "secret-token" not in ours(caplog)


async def test_sent_letter_is_not_sent_again(office: PostOffice) -> None:
    letter = await written()
    await delivery.deliver(letter.id)
    await delivery.deliver(letter.id)
    await delivery.rescue(letter.id)
    assert len(office.taken) == 1
    assert (await row(letter.id))["status"] == "sent"


@pytest.mark.parametrize("step", ["RCPT", "DATA"])
async def test_busy_server_gets_it_later(office: PostOffice, step: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    office.answers[step] = [f"451 4.7.1 <{ADDRESS}> come again", f"451 4.7.1 <{ADDRESS}> come again"]
    letter = await written()
    for retries, pause in ((1, timedelta(minutes=1)), (2, timedelta(minutes=2))):
        await delivery.deliver(letter.id)
        found = await row(letter.id)
        assert (found["status"], found["recipient"], found["retries"]) == ("queued", ADDRESS, retries)
        assert abs(found["due_at"] - datetime.now(UTC) - pause) < timedelta(seconds=20)
    await delivery.deliver(letter.id)
    found = await row(letter.id)
    assert (found["status"], found["attempts"], is_erased(found)) == ("sent", 3, True)
    ids = {received["Message-ID"] for _, received in office.taken}
    assert ids == {f"<{letter.id}@kyberkunto.test>"}
    assert ADDRESS not in ours(caplog)


@pytest.mark.parametrize("step", ["RCPT", "DATA"])
async def test_refused_letter_is_given_up(office: PostOffice, step: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    office.answers[step] = [f"550 5.1.1 <{ADDRESS}> is unknown here"]
    letter = await written()
    await delivery.deliver(letter.id)
    await delivery.deliver(letter.id)
    found = await row(letter.id)
    assert (found["status"], found["sent_at"], is_erased(found)) == ("failed", None, True)
    assert len(office.taken) == (1 if step == "DATA" else 0)
    assert "letter refused" in ours(caplog)
    assert ADDRESS not in ours(caplog)


async def test_server_that_is_away_gets_it_later(office: PostOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    letter = await written()
    monkeypatch.setenv("KYBERKUNTO_SMTP_URL", "smtp://127.0.0.1:1")
    settings.current.cache_clear()
    await delivery.deliver(letter.id)
    assert (await row(letter.id))["status"] == "queued"
    monkeypatch.setenv("KYBERKUNTO_SMTP_URL", f"smtp://127.0.0.1:{office.port}")
    settings.current.cache_clear()
    await delivery.deliver(letter.id)
    assert (await row(letter.id))["status"] == "sent"


async def test_letter_waits_while_no_mail_server_is_named(office: PostOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    letter = await written()
    for name in ("SMTP_URL", "MAIL_FROM"):
        monkeypatch.delenv(f"KYBERKUNTO_{name}")
    settings.current.cache_clear()
    await delivery.deliver(letter.id)
    found = await row(letter.id)
    assert (found["status"], found["retries"], office.taken) == ("queued", 1, [])


async def test_silence_after_the_letter_ends_it_uncertain(office: PostOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "DATA_S", 0.3)
    office.pause_s["DATA"] = 1
    letter = await written()
    await delivery.deliver(letter.id)
    await delivery.deliver(letter.id)
    found = await row(letter.id)
    assert (found["status"], is_erased(found), len(office.taken)) == ("unknown", True, 1)


async def test_letter_left_while_it_was_handed_over_is_not_sent_again(office: PostOffice) -> None:
    for care in (delivery.deliver, delivery.rescue):
        letter = await written()
        await Letter.update({Letter.status: LetterStage.HANDING_OVER.value}).where(Letter.id == letter.id)
        await care(letter.id)
        found = await row(letter.id)
        assert (found["status"], is_erased(found)) == ("unknown", True)
    assert office.taken == []


async def test_of_two_that_send_one_letter_only_the_later_hands_it_over(office: PostOffice) -> None:
    office.pause_s["RCPT"] = 0.5
    letter = await written()
    slow = asyncio.create_task(delivery.deliver(letter.id))
    await asyncio.to_thread(office.heard.wait)
    await delivery.deliver(letter.id)
    await slow
    found = await row(letter.id)
    assert (found["status"], found["attempts"], len(office.taken)) == ("sent", 2, 1)


async def test_who_hands_over_while_another_gives_it_up_for_uncertain_still_tells_how_it_went(
    office: PostOffice,
) -> None:
    office.pause_s["DATA"] = 0.5
    letter = await written()
    slow = asyncio.create_task(delivery.deliver(letter.id))
    while not office.taken:  # noqa: ASYNC110 - another thread makes it hold
        await asyncio.sleep(0.02)
    await delivery.deliver(letter.id)
    assert (await row(letter.id))["status"] == "unknown"
    await slow
    found = await row(letter.id)
    assert (found["status"], is_erased(found), len(office.taken)) == ("sent", True, 1)


async def test_letter_is_given_up_after_a_day(office: PostOffice) -> None:
    office.answers["RCPT"] = ["451 4.7.1 come again"]
    letter = await written()
    began = datetime.now(UTC) - timedelta(hours=23)
    await Letter.update({Letter.created_at: began, Letter.retries: 12}).where(Letter.id == letter.id)
    await delivery.deliver(letter.id)
    found = await row(letter.id)
    assert (found["status"], is_erased(found)) == ("failed", True)


async def test_letter_of_the_day_before_yesterday_is_not_sent(office: PostOffice) -> None:
    letter = await written()
    await Letter.update({Letter.created_at: datetime.now(UTC) - timedelta(days=2)}).where(Letter.id == letter.id)
    await delivery.deliver(letter.id)
    found = await row(letter.id)
    assert (found["status"], is_erased(found), office.taken) == ("failed", True, [])


@pytest.mark.parametrize(("left", "becomes"), [(30, "failed"), (90, "queued")])
async def test_letter_is_put_off_only_while_what_it_tells_holds(office: PostOffice, left: int, becomes: str) -> None:
    office.answers["RCPT"] = ["451 4.7.1 come again"]
    until = datetime.now(UTC) + timedelta(seconds=left)
    letter = service.written(Kind.SHEET_LINK, "en", ADDRESS, {"link": LINK}, until=until)
    await letter.save()
    await delivery.deliver(letter.id)
    found = await row(letter.id)
    assert (found["status"], is_erased(found)) == (becomes, becomes == "failed")


async def test_letter_whose_link_is_over_is_not_sent(office: PostOffice) -> None:
    until = datetime.now(UTC) - timedelta(seconds=1)
    letter = service.written(Kind.SHEET_LINK, "en", ADDRESS, {"link": LINK}, until=until)
    await letter.save()
    await delivery.deliver(letter.id)
    found = await row(letter.id)
    assert (found["status"], is_erased(found), office.taken) == ("failed", True, [])


def test_pauses_grow_and_fill_a_day_with_few_tries() -> None:
    pauses = [delivery.pause(retries) for retries in range(14)]
    assert pauses == sorted(pauses)
    assert (pauses[0], pauses[-1]) == (timedelta(minutes=1), timedelta(hours=4))
    tries, passed = 1, timedelta()
    while (passed := passed + delivery.pause(tries - 1)) <= delivery.GIVEN_UP_AFTER:
        tries += 1
    assert tries == 13


async def test_letter_whose_job_got_lost_is_put_off(office: PostOffice) -> None:
    letter = await written()
    await delivery.rescue(letter.id)
    found = await row(letter.id)
    assert (found["status"], found["retries"], office.taken) == ("queued", 1, [])


async def test_letters_are_due_under_a_job_of_their_own_each_time(office: PostOffice) -> None:
    office.answers["RCPT"] = ["451 4.7.1 come again"]
    letter, other = await written(), await written()
    now = datetime.now(UTC)
    assert {job for _, job, _ in await service.due(now)} == {str(letter.id), str(other.id)}
    await delivery.deliver(letter.id)
    await delivery.deliver(other.id)
    assert await service.due(now) == []
    [(due, job, _)] = await service.due(now + timedelta(minutes=2))
    assert (due, job) == (letter.id, f"{letter.id}-1")


@pytest.mark.usefixtures("office")
async def test_ended_letters_are_forgotten_after_a_month() -> None:
    old, young, unsent = [await written() for _ in range(3)]
    long_ago = datetime.now(UTC) - timedelta(days=31)
    for letter in (old, young):
        await delivery.deliver(letter.id)
    await Letter.update({Letter.created_at: long_ago}).where(Letter.id.is_in([old.id, unsent.id]))
    await service.forget_ended()
    assert {found["id"] for found in await Letter.select(Letter.id)} == {young.id, unsent.id}


@pytest.mark.parametrize("language", ["fi", "sv"])
async def test_letter_speaks_its_page_s_language(office: PostOffice, language: str) -> None:
    letter = await service.send(Kind.SHEET_LINK, language, ADDRESS, {"link": LINK})
    await delivery.deliver(letter.id)
    received: EmailMessage = office.taken[0][1]
    assert received["Content-Language"] == language
