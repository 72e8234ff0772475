"""A published call with events, and people who come."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

from challenge.terms import Criterion, Phase, PhaseKind, Terms, Track
from portal.accounts import cities
from portal.accounts.cities import KnownCity
from portal.accounts.tables import City, Person, RoleKind
from portal.accounts.viewer import Viewer
from portal.calls import service as calls
from portal.calls.service import KnownCall
from portal.calls.tables import Call, CallCity, CallVersion
from portal.events import organising
from portal.events.describing import Described, Mentor
from portal.events.tables import EventKind
from tests.portal.signing import city, give_role, person

HOUR = timedelta(hours=1)
SLUG = "moonshot"
LINK = "https://meet.example/secret-room"
MENTORS = (Mentor("Maija Mentori", "maija@mentor.example"), Mentor("Otto Opas", "otto@mentor.example"))


def words(text: str) -> dict[str, str]:
    return {"fi": text, "sv": text, "en": text}


def terms(now: datetime, *, is_blind: bool = False) -> Terms:
    return Terms(
        title=words("Moonshot"),
        summary=words("Sum"),
        text=words("Text"),
        languages=("fi", "sv", "en"),
        phases=(Phase(PhaseKind.ENTRIES, now - 24 * HOUR, now + 480 * HOUR),),
        tracks=(Track("pilot", words("Pilot"), words("A pilot.")),),
        eligibility=(),
        fields=(),
        criteria=(Criterion("effective", words("Effective"), words("Does it work?"), 1, {}),),
        prizes=(),
        rules=words("Rules"),
        is_blind=is_blind,
    )


async def published_call(*where: City, is_blind: bool = False) -> KnownCall:
    """A call of those cities, the first of which leads."""
    now = datetime.now(UTC)
    said = terms(now, is_blind=is_blind)
    row = Call(
        slug=SLUG, version=1, opens_at=said.phases[0].begins, deadline=said.phases[0].ends, published_at=now - HOUR
    )
    await row.save()
    for each in where:
        await CallCity(call=row.id, city=each.id, leads=each.id == where[0].id).save()
    await CallVersion(call=row.id, number=1, terms=calls.kept(said), published_at=now - HOUR).save()
    return await calls.published(SLUG)


class Town:
    """A city with an organiser, whose call is published."""

    def __init__(self, call: KnownCall, place: KnownCity, organiser: Person) -> None:
        self.call, self.city, self.organiser = call, place, organiser
        self.viewer = Viewer(person=organiser.id, pseudonym=organiser.pseudonym)

    async def session(self, capacity: int = 2, begins_in: timedelta = 72 * HOUR) -> UUID:
        """An info session."""
        return await organising.make(self.call, self.city, session(capacity, begins_in), self.viewer)

    async def clinic(self, times: int = 2, mentors: Sequence[Mentor] = MENTORS[:1]) -> UUID:
        """A clinic with so many times of each mentor."""
        return await organising.make(self.call, self.city, clinic(times, mentors), self.viewer)


async def town() -> Town:
    """In Helsinki."""
    row = await city("helsinki")
    organiser = await person("organiser@helsinki.example", name="Olli")
    await give_role(organiser, RoleKind.ORGANISER, row)
    return Town(await published_call(row), await cities.by_slug("helsinki"), organiser)


def session(capacity: int = 2, begins_in: timedelta = 72 * HOUR, place: str = "Town hall") -> Described:
    begins = datetime.now(UTC).replace(microsecond=0) + begins_in
    return Described(
        kind=EventKind.INFO,
        title=words("Info evening"),
        text=words("Come and ask."),
        place=place,
        link=LINK,
        capacity=capacity,
        starts_at=begins,
        ends_at=begins + HOUR,
        slot=None,
        mentors=(),
    )


def clinic(times: int = 2, mentors: Sequence[Mentor] = MENTORS[:1], begins_in: timedelta = 72 * HOUR) -> Described:
    begins = datetime.now(UTC).replace(microsecond=0) + begins_in
    return Described(
        kind=EventKind.CLINIC,
        title=words("Sparring"),
        text=words("One mentor, one team."),
        place="",
        link=LINK,
        capacity=0,
        starts_at=begins,
        ends_at=begins + times * HOUR / 2,
        slot=HOUR / 2,
        mentors=tuple(mentors),
    )
