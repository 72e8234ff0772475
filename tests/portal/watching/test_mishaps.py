"""What may go wrong around the letters of who looks after a domain: none is lost, none is told twice."""

import asyncio
import logging
from datetime import UTC, datetime, timedelta

import pytest

from portal import settings
from portal.assessments.tables import Assessment
from portal.mail import delivery
from portal.mail.tables import Letter
from portal.watching import round as watches
from portal.watching import service, telling
from portal.watching.tables import Notice, Watch, Watcher
from tests.portal.mail.post_office import PostOffice
from tests.portal.watching.year import BEGIN, DAY, DOMAIN, Clock, certificate, deliver_all, end_check, look, watched

YEARS = 40 * 365 * DAY
SOON = [certificate(BEGIN + 7 * DAY, BEGIN)]


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


async def test_what_fails_for_one_watch_keeps_nobody_else_from_their_letter(
    office: PostOffice, time: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    await watched("aitta.test", "a@aitta.test")
    await watched(DOMAIN, "b@kahvila.test")
    await Watch.update({Watch.known: '{"endings": 1}'}).where(Watch.domain == "aitta.test")
    with caplog.at_level(logging.ERROR):
        await look(SOON)
    assert [recipient for recipient, _ in office.taken[2:]] == ["b@kahvila.test"]
    failed = [record for record in caplog.records if record.message == "a turn failed"]
    assert len(failed) == 2
    assert "aitta" not in str([vars(record) for record in failed])
    await Watch.update({Watch.known: "{}"}).where(Watch.domain == "aitta.test")
    time.at += DAY
    await look(SOON)
    assert "a@aitta.test" in [recipient for recipient, _ in office.taken]


async def test_rounds_of_two_workers_at_once_write_one_letter(office: PostOffice, time: Clock) -> None:  # noqa: ARG001 - stands still
    await watched()
    await watched("toinen.test")
    await asyncio.gather(watches.go(), watches.go())
    assert await Assessment.count() == 2
    await end_check(SOON)
    await asyncio.gather(watches.go(), watches.go())
    await asyncio.gather(watches.go(), watches.go())
    await deliver_all()
    assert len(office.taken) == 3
    assert office.taken[-1][1].get_content().count("\n- ") == 2


async def test_clock_that_was_wrong_for_a_while_keeps_no_letter_back(office: PostOffice, time: Clock) -> None:
    await watched()
    await look([])
    await Watcher.update({Watcher.mailed_at: BEGIN + YEARS}, force=True)
    await Watch.update({Watch.next_check_at: BEGIN + YEARS, Watch.ends_at: BEGIN + YEARS}, force=True)
    time.at += timedelta(hours=1)
    await look(SOON)
    assert len(office.taken) == 2


async def test_mail_server_that_is_away_for_days_costs_nobody_their_watch(
    office: PostOffice, time: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    await watched()
    there = settings.current().smtp_url
    with monkeypatch.context() as patch:
        patch.setenv("KYBERKUNTO_SMTP_URL", "smtp://127.0.0.1:1")
        settings.current.cache_clear()
        for day in range(telling.MOST_FAILURES - 1):
            time.at = BEGIN + day * DAY
            await look(SOON)
            long_ago = datetime.now(UTC) - delivery.GIVEN_UP_AFTER
            await Letter.update({Letter.created_at: long_ago}).where(Letter.status == "queued")
            await deliver_all()
            await watches.go()
    settings.current.cache_clear()
    assert settings.current().smtp_url == there
    assert (len(office.taken), await Watcher.count()) == (1, 1)
    time.at += DAY
    await look([])
    [_, (_, letter)] = office.taken
    assert "in 7 days" in letter.get_content() or "holds until" in letter.get_content()
    [watcher] = await Watcher.select(Watcher.failures)
    assert watcher["failures"] == 0


async def test_letter_that_waits_is_not_sent_to_whoever_unsubscribed(office: PostOffice, time: Clock) -> None:  # noqa: ARG001 - stands still
    watcher = await watched()
    await watches.go()
    await end_check(SOON)
    await watches.go()
    [waiting] = await Letter.select().where(Letter.status == "queued")
    await service.unsubscribe(watcher.token)
    await delivery.deliver(waiting["id"])
    assert len(office.taken) == 1
    assert await Letter.count().where(Letter.recipient != "") == 0


@pytest.mark.parametrize("again", ["go-on", "confirm"])
async def test_who_wants_another_year_in_the_last_moment_is_told_of_no_end(
    office: PostOffice, time: Clock, again: str
) -> None:
    watcher = await watched()
    await Watcher.update({Watcher.mailed_at: BEGIN + 366 * DAY}, force=True)
    time.at = BEGIN + 366 * DAY
    await watches.go()
    assert await Notice.count().where(Notice.kind == service.OVER_YEAR) == 1
    if again == "confirm":
        await watched()
    else:
        await service.go_on(watcher, DOMAIN)
    time.at += DAY
    await look([])
    assert all("no longer" not in letter.get_content() for _, letter in office.taken)
    assert await Watch.count() == 1
