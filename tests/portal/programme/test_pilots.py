"""Pilots on real databases: firms agree and take it back, organisers end it once, and only counts are left."""

import json
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from portal import clock, settings, tombstones
from portal.accounts import cities
from portal.accounts.cities import KnownCity
from portal.accounts.tables import City, RoleKind
from portal.accounts.viewer import Viewer
from portal.assessments.catalogue import current
from portal.assessments.sheets import storage
from portal.assessments.solutions import service as awards
from portal.assessments.tables import AnswerSheet, Reply
from portal.audit import service as audit
from portal.errors import NotAllowedError, PilotNotOpenError
from portal.programme import pilots
from portal.programme.tables import Participation, Pilot
from tests.portal.assessments.solutions.awarding import awarded
from tests.portal.pages.answering import everything
from tests.portal.signing import city, firm_of, give_role, person, startup_of

pytestmark = pytest.mark.usefixtures("portal")

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=40)


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    at(monkeypatch, NOW)


def at(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    monkeypatch.setattr(clock, "now", lambda: moment)


class Town:
    """A city with an organiser, and a solution that it awarded."""

    where: KnownCity
    organiser: Viewer
    solution: UUID

    async def begin(self) -> UUID:
        """Begins the pilot."""
        await pilots.begin(self.solution, "moonshot", self.where, self.organiser)
        found = await pilots.of_solution(self.solution)
        assert found is not None
        return found.id


async def town() -> Town:
    made = Town()
    row = await city("helsinki")
    made.where = await cities.by_slug("helsinki")
    made.organiser = await organiser(row)
    team = await startup_of(await person("lead@lukko.example"))
    made.solution = await awarded(team, made.where, on=NOW.date())
    return made


async def organiser(row: City) -> Viewer:
    somebody = await person(f"organiser@{row.slug}.example")
    await give_role(somebody, RoleKind.ORGANISER, row)
    return Viewer(person=somebody.id, pseudonym=somebody.pseudonym, organises=frozenset({row.slug}), stepped_up=True)


async def firm(number: int, answers: dict[str, str] | None = None) -> tuple[AnswerSheet, Viewer]:
    """A firm with a sheet of the worst answers, and its owner."""
    owner = await person(f"owner-{number}@firm.example")
    own = await firm_of(owner, name=f"Firm {number}")
    sheet = AnswerSheet(
        token=f"sheet-{number}", language="en", catalogue_version=current().version, firm=own.id, client="somebody"
    )
    await sheet.save()
    given = everything(0) if answers is None else answers
    await Reply.insert(*(Reply(sheet=sheet.id, question=name, answer=one) for name, one in given.items()))
    return sheet, Viewer(person=owner.id, pseudonym=owner.pseudonym, firms=frozenset({own.id}))


async def join(number: int, pilot: UUID) -> tuple[AnswerSheet, Viewer]:
    sheet, viewer = await firm(number)
    await pilots.join(await storage.by_id(sheet.id), pilot, viewer)
    return sheet, viewer


async def closed(sheet: AnswerSheet) -> None:
    """The firm closes the gap."""
    await Reply.update({Reply.answer: everything(-1)["backup"]}).where(
        Reply.sheet == sheet.id, Reply.question == "backup"
    )


async def test_pilot_of_twenty_firms_ends_in_counts_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    made = await town()
    pilot = await made.begin()
    sheets = [(await join(number, pilot))[0] for number in range(22)]
    for sheet in sheets[:11]:
        await closed(sheet)
    at(monkeypatch, LATER)
    [running] = await pilots.of_call("moonshot", made.where)
    assert running.is_countable
    await pilots.end(pilot, "moonshot", made.where, made.organiser)
    ended = await pilots.of_solution(made.solution)
    assert ended is not None
    assert ended.outcome is not None
    assert ended.outcome.firms == 22
    assert [(each.id, each.firms) for each in ended.outcome.closed] == [("backup", 11)]
    assert not await Participation.exists()
    with pytest.raises(NotAllowedError):
        await pilots.end(pilot, "moonshot", made.where, made.organiser)
    kept = await Pilot.select(Pilot.outcome).first()
    assert "firm" not in json.dumps([key for key in json.loads(kept["outcome"]) if key != "firms"])


async def test_firm_that_just_joined_is_not_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    made = await town()
    pilot = await made.begin()
    for number in range(9):
        await join(number, pilot)
    at(monkeypatch, LATER)
    await join(10, pilot)
    await pilots.end(pilot, "moonshot", made.where, made.organiser)
    ended = await pilots.of_solution(made.solution)
    assert ended is not None
    assert ended.outcome == pilots.Outcome()


async def test_consent_can_be_taken_back_and_leaves_nothing() -> None:
    made = await town()
    pilot = await made.begin()
    sheet, viewer = await join(1, pilot)
    kept = await storage.by_id(sheet.id)
    await pilots.join(kept, pilot, viewer)
    assert await Participation.count() == 1
    [mine] = await pilots.for_firm(kept, "en")
    [row] = await Participation.objects()
    assert mine.joined_at == NOW
    await pilots.leave(kept, pilot, viewer)
    await pilots.leave(kept, pilot, viewer)
    buried = tombstones.read(settings.current().tombstones_file)
    assert ("participation", tombstones.hashed("participation", row.id)) in buried
    assert not await Participation.exists()
    actions = [entry.action async for entry in audit.entries()]
    assert actions == ["pilot-begun", "pilot-joined", "pilot-left"]


async def test_deleted_sheet_takes_its_part_along() -> None:
    made = await town()
    sheet, _ = await join(1, await made.begin())
    await AnswerSheet.delete().where(AnswerSheet.id == sheet.id)
    assert not await Participation.exists()


async def test_only_its_own_firm_joins_and_only_with_enough_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    made = await town()
    pilot = await made.begin()
    sheet, _ = await firm(1)
    _, stranger = await firm(2)
    with pytest.raises(NotAllowedError):
        await pilots.join(await storage.by_id(sheet.id), pilot, stranger)
    empty, viewer = await firm(3, {"country": "fi"})
    with pytest.raises(PilotNotOpenError, match="too-few-answers"):
        await pilots.join(await storage.by_id(empty.id), pilot, viewer)
    at(monkeypatch, NOW + awards.LASTS)
    with pytest.raises(PilotNotOpenError, match="over"):
        await pilots.join(await storage.by_id(empty.id), pilot, viewer)


async def test_only_organisers_of_an_awarding_city_begin_and_end() -> None:
    made = await town()
    pilot = await made.begin()
    await pilots.begin(made.solution, "moonshot", made.where, made.organiser)
    assert await Pilot.count() == 1
    row = await city("turku")
    turku, other = await cities.by_slug("turku"), await organiser(row)
    with pytest.raises(NotAllowedError):
        await pilots.begin(made.solution, "moonshot", turku, other)
    for where, viewer in ((turku, other), (made.where, other)):
        with pytest.raises(NotAllowedError):
            await pilots.end(pilot, "moonshot", where, viewer)
    assert await pilots.open_for([made.solution]) == {made.solution}
