"""Awards in the database: given once, taken back by who gave them, gone with who made the solution, and in time."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from portal import clock
from portal.accounts import cities
from portal.accounts.cities import KnownCity
from portal.accounts.tables import City, Organisation, RoleKind
from portal.accounts.viewer import Viewer
from portal.assessments import service as assessments
from portal.assessments.solutions import reading, service
from portal.assessments.solutions.service import Award
from portal.assessments.solutions.tables import Solution
from portal.assessments.tables import Report, Stage
from portal.audit.tables import AuditEntry
from portal.errors import NotAllowedError
from portal.privacy import deleting
from tests.portal.assessments.findings import NO_DMARC
from tests.portal.assessments.solutions.awarding import CHALLENGE, CONTENT, awarded
from tests.portal.pages.asking import keep
from tests.portal.signing import city, give_role, person, startup_of

pytestmark = pytest.mark.usefixtures("portal")


async def startup() -> Organisation:
    return await startup_of(await person("lead@lukko.example"))


async def helsinki() -> KnownCity:
    await city("helsinki")
    return await cities.by_slug("helsinki")


async def organiser(where: str) -> Viewer:
    somebody = await person(f"organiser@{where}.example")
    own = await cities.by_slug(where)
    row = await City.objects().where(City.id == own.id).first()
    await give_role(somebody, RoleKind.ORGANISER, row)
    return Viewer(person=somebody.id, pseudonym=somebody.pseudonym, organises=frozenset({where}), stepped_up=True)


async def test_entry_is_awarded_once_with_the_questions_that_there_are() -> None:
    team, where, entry = await startup(), await helsinki(), uuid4()
    today = datetime.now(UTC).date()
    made = Award(team.id, entry, "moonshot", CHALLENGE, (where,), today, today - timedelta(days=9))
    await service.award(made, CONTENT)
    await service.award(made, CONTENT)
    [only] = await reading.standing("fi")
    assert (only.title, only.by, only.closes) == ("Lukko Backup", "Lukko Labs", ("backup", "mail-sender"))
    assert (only.expires_on - only.awarded_on, only.cities_in("fi")) == (service.LASTS, "Helsinki")
    assert only.challenge_in("sv") == "Moonshot"


async def test_expired_solution_is_told_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    solution = await awarded(await startup(), await helsinki())
    before, after = (datetime.now(UTC) + service.LASTS + timedelta(days=days) for days in (-1, 0))
    monkeypatch.setattr(clock, "now", lambda: before)
    assert await reading.standing("en")
    assert await reading.all_standing()
    monkeypatch.setattr(clock, "now", lambda: after)
    assert await reading.standing("en") == await reading.all_standing() == ()
    with pytest.raises(NotAllowedError):
        await reading.by_id(solution)


async def test_only_a_city_that_gave_it_takes_an_award_back() -> None:
    where = await helsinki()
    solution = await awarded(await startup(), where)
    await city("turku")
    turku = await cities.by_slug("turku")
    with pytest.raises(NotAllowedError):
        await service.withdraw(solution, "moonshot", turku, await organiser("turku"))
    viewer = await organiser("helsinki")
    with pytest.raises(NotAllowedError):
        await service.withdraw(solution, "another-call", where, viewer)
    assert await reading.standing("en")
    await service.withdraw(solution, "moonshot", where, viewer)
    assert await reading.standing("en") == ()
    with pytest.raises(NotAllowedError):
        await service.withdraw(solution, "moonshot", where, viewer)
    assert await AuditEntry.count().where(AuditEntry.action == "award-withdrawn") == 1


async def test_solution_goes_with_the_startup_that_makes_it() -> None:
    owner = await person("lead@lukko.example")
    team = await startup_of(owner)
    await awarded(team, await helsinki())
    viewer = Viewer(
        person=owner.id, pseudonym=owner.pseudonym, startups=frozenset({team.id}), owns=frozenset({team.id})
    )
    await deleting.delete_organisation(team.id, viewer)
    assert not await Solution.exists()


async def test_report_that_tells_of_other_solutions_is_made_anew() -> None:
    check = await keep(NO_DMARC)
    old = await assessments.request_report(check, "en")
    assert (await assessments.request_report(check, "en")).id == old.id
    await awarded(await startup(), await helsinki())
    new = await assessments.request_report(check, "en")
    assert new.id != old.id
    assert await Report.count().where(Report.assessment == check.id) == 1
    await Report.update({Report.status: Stage.DONE.value}).where(Report.id == new.id)
    await Solution.update({Solution.withdrawn_at: datetime.now(UTC)}, force=True)
    assert (await assessments.request_report(check, "en")).status == Stage.QUEUED
