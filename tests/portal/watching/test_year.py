"""A simulated year: each reminder is told exactly once, at its time."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from portal.assessments.tables import Assessment
from portal.mail.tables import Letter
from portal.watching.tables import Notice, Watch, Watcher
from portal.watching.telling import MOST_FAILURES
from tests.conftest import SOAK
from tests.portal.assessments.findings import NO_DMARC
from tests.portal.conftest import Installation
from tests.portal.mail.conftest import PUBLIC_URL
from tests.portal.mail.post_office import PostOffice
from tests.portal.watching.year import (
    BEGIN,
    DAY,
    DOMAIN,
    Clock,
    certificate,
    look,
    registration,
    seen_on,
    watched,
)

STEP = timedelta(hours=6 if SOAK else 24)


@pytest.fixture
def time(portal: Installation, monkeypatch: pytest.MonkeyPatch) -> Iterator[Clock]:  # noqa: ARG001 - bound first
    for limit in ("CLIENT", "TARGET"):  # the year passes within minutes of the real time, by which they count
        monkeypatch.setenv(f"KYBERKUNTO_CHECKS_PER_{limit}_PER_HOUR", "100000")
    return Clock(monkeypatch)


async def test_each_reminder_of_a_year_is_told_exactly_once(office: PostOffice, time: Clock) -> None:
    await watched()
    while time.at < BEGIN + 364 * DAY:
        await look(seen_on(time.at))
        time.at += STEP
    kinds = [(row["kind"], row["thing"], row["moment"]) for row in await Notice.select()]
    assert len(kinds) == len(set(kinds))
    per = {kind: sum(one == kind for one, _, _ in kinds) for kind, _, _ in kinds}
    told = {thing for _, thing, _ in kinds}
    assert told == {f"tls.expiry {DOMAIN}", f"dns.domain_expiry {DOMAIN}", DOMAIN}
    assert per == {"ends-30": 5, "ends-14": 5, "ends-7": 5, "ends-1": 5, "ending": 1}
    letters = [letter.get_content() for _, letter in office.taken[1:]]
    assert sum(text.count("\n- ") for text in letters) == len(kinds)
    assert sum("in 7 days" in text for text in letters) == 5
    checks = await Assessment.count()
    assert 52 <= checks <= 52 + len(kinds)


async def test_letters_are_batched_and_come_once_a_day(office: PostOffice, time: Clock) -> None:
    await watched()
    await watched("toinen.test")
    await look([certificate(BEGIN + 7 * DAY, BEGIN), registration(BEGIN + 30 * DAY, BEGIN)])
    assert len(office.taken) == 3
    [_, letter] = office.taken[-1]
    text = letter.get_content()
    assert (text.count("\n- "), DOMAIN in text, "toinen.test" in text) == (4, True, True)
    time.at = BEGIN + timedelta(hours=8)
    await Watch.update({Watch.next_check_at: time.at}, force=True)
    await look([certificate(BEGIN + 7 * DAY, BEGIN), NO_DMARC, registration(BEGIN + 5 * DAY, BEGIN)])
    assert len(office.taken) == 3
    assert await Notice.count().where(Notice.letter.is_null()) == 2
    time.at = BEGIN + DAY
    await look([])
    assert len(office.taken) == 4
    assert office.taken[-1][1].get_content().count("\n- ") == 2


async def test_letter_can_be_ended_by_one_click_of_the_mail_program(office: PostOffice, time: Clock) -> None:
    watcher = await watched()
    await look([certificate(BEGIN + 7 * DAY, time.at)])
    [_, letter] = office.taken[-1]
    assert letter["List-Unsubscribe"].strip() == f"<{PUBLIC_URL}/en/w/{watcher.token}/unsubscribe>"
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert letter["List-Unsubscribe"].strip(" <>") in letter.get_content()


@pytest.mark.parametrize(
    ("language", "says"), [("fi", "Siihen on 7 päivää"), ("sv", "om 7 dagar"), ("en", "in 7 days")]
)
async def test_letter_is_in_the_language_of_its_reader(
    office: PostOffice, time: Clock, language: str, says: str
) -> None:
    await watched(language=language)
    await look([certificate(BEGIN + 7 * DAY, time.at)])
    assert says in office.taken[-1][1].get_content()


async def test_watch_ends_after_a_year_and_the_address_is_erased(office: PostOffice, time: Clock) -> None:
    await watched()
    time.at = BEGIN + 352 * DAY
    await look([])
    assert "until 4 January 2028" in office.taken[-1][1].get_content()
    time.at = BEGIN + 366 * DAY
    await look([])
    assert "no longer look after" in office.taken[-1][1].get_content()
    assert (await Watcher.count(), await Watch.count(), await Notice.count()) == (0, 0, 0)
    assert await Letter.count().where(Letter.recipient != "") == 0


async def test_watch_of_a_domain_that_opted_out_ends(office: PostOffice, time: Clock) -> None:
    await watched()
    await look([], "opted-out")
    assert "does not want it to be checked" in office.taken[-1][1].get_content()
    time.at += DAY
    await look([])
    assert await Watcher.count() == 0


async def test_letter_that_was_refused_is_told_in_the_next_one_and_given_up_in_the_end(
    office: PostOffice, time: Clock
) -> None:
    await watched()
    for number in range(MOST_FAILURES):
        assert await Watcher.count() == 1
        office.answers["RCPT"] = ["550 5.1.1 unknown"]
        time.at = BEGIN + number * DAY
        await look([certificate(BEGIN + 30 * DAY, time.at)])
    assert await Watcher.count() == 0
    assert len(office.taken) == 1
