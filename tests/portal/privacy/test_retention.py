"""What is old goes by itself, and only that; the clock is moved."""

import email.policy
from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from portal import clock, settings
from portal.accounts.tables import Membership, Organisation, Person
from portal.assessments.sheets.domains import keep_domain
from portal.assessments.tables import AnswerSheet, Assessment, CheckLog, Dispute, Report, SheetReport, Stage
from portal.calls.tables import Call
from portal.entries.tables import Entry
from portal.mail import delivery
from portal.mail.tables import Letter
from portal.privacy import retention
from portal.privacy.tables import Export, Feedback
from portal.sharing.tables import Audience, Badge, ShareLink
from portal.watching.tables import Watch, Watcher
from tests.portal.assessments.findings import NO_DMARC
from tests.portal.mail.conftest import office as office  # noqa: PLC0414 - a fixture
from tests.portal.mail.post_office import PostOffice
from tests.portal.pages.answering import everything, sheet_with
from tests.portal.pages.asking import DOMAIN, keep
from tests.portal.signing import firm_of, person, startup_of

pytestmark = pytest.mark.usefixtures("portal")

START = clock.now()


@pytest.fixture
def calendar(monkeypatch: pytest.MonkeyPatch) -> "Calendar":
    made = Calendar()
    monkeypatch.setattr(clock, "now", lambda: made.now)
    return made


class Calendar:
    """What time it is."""

    def __init__(self) -> None:
        self.now: datetime = clock.now()

    async def after(self, **passed: float) -> None:
        """Lets time pass since the start, and the worker make two rounds: the second changes nothing."""
        self.now = START + timedelta(**passed)
        await retention.go()
        await retention.go()


async def is_there(row: AnswerSheet | Assessment) -> bool:
    return await type(row).exists().where(type(row).id == row.id)


async def draft() -> AnswerSheet:
    row = AnswerSheet(token=uuid4().hex, language="en", catalogue_version="1")
    await row.save()
    return row


async def test_unfinished_questions_without_an_account_go_after_30_days(calendar: Calendar) -> None:
    unfinished, finished, claimed = await draft(), await sheet_with(everything(0)), await draft()
    firm = await firm_of(await person("a@kahvila.example"))
    await AnswerSheet.update({AnswerSheet.firm: firm.id}).where(AnswerSheet.id == claimed.id)
    await calendar.after(days=29)
    assert [await is_there(each) for each in (unfinished, finished, claimed)] == [True, True, True]
    await calendar.after(days=31)
    assert [await is_there(each) for each in (unfinished, finished, claimed)] == [False, True, True]
    await calendar.after(days=366)
    assert [await is_there(each) for each in (finished, claimed)] == [False, False]


async def test_check_goes_after_a_year_unless_something_rests_on_it(calendar: Calendar) -> None:
    later = START + timedelta(days=800)
    alone, kept, watched, badged, shared, in_sheet = [await keep(NO_DMARC) for _ in range(6)]
    await Assessment.update({Assessment.kept_until: later}).where(Assessment.id == kept.id)
    watcher = Watcher(token="w", address="w@kahvila.example", address_hash="w", language="fi")
    await watcher.save()
    await Watch(watcher=watcher.id, domain=DOMAIN, language="fi", newest=watched.id).save()
    await Badge(token="b", domain=DOMAIN, assessment=badged.id, expires_at=later).save()
    link = ShareLink(token="s", audience=Audience.LETTER.value, language="fi", assessment=shared.id, expires_at=later)
    await link.save()
    sheet = await draft()
    await AnswerSheet.update({AnswerSheet.kept_until: later}).where(AnswerSheet.id == sheet.id)
    await keep_domain(sheet, in_sheet)
    await Dispute(assessment=alone.id, check_id="x", subject="x", message="Not so.").save()
    rests = [kept, watched, badged, shared, in_sheet]
    await calendar.after(days=364)
    assert await is_there(alone)
    await calendar.after(days=366)
    assert not await is_there(alone)
    assert await Dispute.count() == 0
    assert [await is_there(each) for each in rests] == [True] * 5
    await calendar.after(days=801)
    assert [await is_there(each) for each in rests] == [False, True, False, False, False]


async def test_line_of_checks_stays_whole_where_one_in_it_goes(calendar: Calendar) -> None:
    first, middle, last = [await keep(NO_DMARC) for _ in range(3)]
    later = START + timedelta(days=800)
    for row, before in ((middle, first), (last, middle)):
        await Assessment.update({Assessment.previous: before.id}).where(Assessment.id == row.id)
    for row in (first, last):
        await Assessment.update({Assessment.kept_until: later}).where(Assessment.id == row.id)
    await calendar.after(days=366)
    assert not await is_there(middle)
    kept = await Assessment.objects().where(Assessment.id == last.id).first()
    assert kept is not None
    assert kept.previous == first.id


async def test_papers_logs_and_messages_go_in_their_time(calendar: Calendar) -> None:
    check, sheet = await keep(NO_DMARC), await sheet_with(everything(0))
    who = await person("a@kahvila.example")
    done = {"status": Stage.DONE.value, "pdf": b"%PDF", "finished_at": START, "language": "fi"}
    for row in (
        Report(assessment=check.id, **done),
        SheetReport(sheet=sheet.id, state="1", **done),
        CheckLog(domain=DOMAIN, client="c", way="page", ground="public", at=START),
        Feedback(language="fi", message="Nappi.", created_at=START),
        Export(person=who.id, language="fi", created_at=START),
    ):
        await row.save()
    counted = (Report, SheetReport, CheckLog, Feedback, Export)
    left = []
    for days in (2, 4, 29, 31, 89, 91, 364, 366):
        await calendar.after(days=days)
        left.append([await table.count() for table in counted])
    assert left == [
        [1, 1, 1, 1, 1], [1, 1, 1, 1, 0], [1, 1, 1, 1, 0], [0, 0, 1, 1, 0],
        [0, 0, 1, 1, 0], [0, 0, 0, 1, 0], [0, 0, 0, 1, 0], [0, 0, 0, 0, 0],
    ]  # fmt: skip


async def test_who_stays_away_for_two_years_is_written_to_and_then_deleted(
    calendar: Calendar, office: PostOffice
) -> None:
    gone, with_firm = await person("pois@kahvila.example", "fi"), await person("a@kahvila.example")
    await firm_of(with_firm)
    await calendar.after(days=699)
    assert await Letter.count() == 0
    await calendar.after(days=701)
    [letter] = await Letter.objects()
    await delivery.deliver(letter.id)
    [(to, written)] = office.taken
    text = written.get_content() if written.policy is email.policy.default else str(written)
    assert to == gone.address
    assert "/fi/sign-in" in text
    await calendar.after(days=729)
    assert await Person.exists().where(Person.id == gone.id)
    await calendar.after(days=732)
    assert [row["id"] for row in await Person.select(Person.id)] == [with_firm.id]
    assert await Letter.count() == 1


async def test_who_comes_back_after_the_letter_stays(calendar: Calendar, office: PostOffice) -> None:
    assert office.port
    back = await person("takaisin@kahvila.example", "fi")
    await calendar.after(days=701)
    await Person.update({Person.seen_at: calendar.now}).where(Person.id == back.id)
    await calendar.after(days=800)
    assert await Person.exists().where(Person.id == back.id)


async def test_organisation_without_people_goes(calendar: Calendar) -> None:
    firm = await firm_of(await person("a@kahvila.example"))
    sheet = await draft()
    await AnswerSheet.update({AnswerSheet.firm: firm.id}).where(AnswerSheet.id == sheet.id)
    await Membership.delete(force=True)
    await calendar.after(days=1)
    assert not await Organisation.exists().where(Organisation.id == firm.id)
    assert not await is_there(sheet)


async def test_database_that_a_restore_put_aside_goes_after_a_month(calendar: Calendar) -> None:
    aside = settings.current().var / "kyberkunto.sqlite.before-restore"
    aside.write_bytes(b"old")
    await calendar.after(days=29)
    assert aside.exists()
    await calendar.after(days=31)
    assert not aside.exists()


async def test_entries_go_after_their_deadline_drafts_first(calendar: Calendar) -> None:
    call = Call(slug="2026", version=1, opens_at=START - timedelta(days=9), deadline=START)
    await call.save()
    for track, submission in (("draft", 0), ("handed-in", 1)):
        startup = await startup_of(await person(f"{track}@kasvu.example"))
        await Entry(call=call.id, organisation=startup.id, track=track, submission=submission).save()

    async def left() -> set[str]:
        return {row["track"] for row in await Entry.select(Entry.track)}

    await calendar.after(days=29)
    assert await left() == {"draft", "handed-in"}
    await calendar.after(days=31)
    assert await left() == {"handed-in"}
    await calendar.after(days=729)
    assert await left() == {"handed-in"}
    await calendar.after(days=731)
    assert await left() == set()
