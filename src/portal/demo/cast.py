"""Who there is, with their roles and second factors, and the two cities that they do it for."""

from collections.abc import Mapping
from uuid import UUID

from msgspec import Struct

from portal import clock
from portal.accounts import administrators, cities, organisations, people, totp
from portal.accounts.cities import Description, KnownCity
from portal.accounts.tables import Authenticator, OrganisationKind, Person, Role, RoleKind, Session
from portal.accounts.viewer import Viewer, viewer_in
from portal.audit import service as audit
from portal.audit.tables import Action
from portal.demo import texts
from portal.demo.texts import SomeBody
from portal.errors import PersonNotFoundError

LEAD, OTHER = "helsinki", "new-york"

_CITIES: Mapping[str, Description] = {
    LEAD: Description(
        name={"fi": "Helsinki", "sv": "Helsingfors", "en": "Helsinki"},
        privacy={
            "fi": "Tämä on esittelyaineistoa. Kaupunki näkee vain lukuja, joissa on vähintään kymmenen yritystä.",
            "sv": "Det här är demonstrationsdata. Staden ser bara siffror som omfattar minst tio företag.",
            "en": "This is demonstration data. The city sees only figures of ten firms or more.",
        },
        languages=("fi", "sv", "en"),
        country="FI",
        zone="Europe/Helsinki",
        contact="yritykset@helsinki-demo.example",
    ),
    OTHER: Description(
        name={"fi": "New York", "sv": "New York", "en": "New York"},
        privacy={"en": "This is demonstration data. The city sees only figures of ten firms or more."},
        languages=("en",),
        country="US",
        zone="America/New_York",
        contact="business@new-york-demo.example",
    ),
}
_FOUNDERS = {"fi": "Perustaja, {}", "sv": "Grundare, {}", "en": "Founder, {}"}


class Founder(Struct, frozen=True):
    """A startup and its one person."""

    person: UUID
    organisation: UUID
    name: str


class Cast(Struct, frozen=True):
    """Everybody: `people` by how the command calls them, `founders` by their startups' names."""

    cities: dict[str, KnownCity]
    people: dict[str, Person]
    founders: dict[str, Founder]

    async def viewer(self, who: str) -> Viewer:
        """Somebody as a request of theirs would have them, with their second factor shown."""
        return await as_viewer(self.people[who].id)

    async def organiser(self) -> Viewer:
        """Who runs the lead city's programme."""
        return await self.viewer("organiser")

    @property
    def lead(self) -> KnownCity:
        """The city that leads all calls."""
        return self.cities[LEAD]


async def made() -> Cast:
    """Makes cities, people and startups."""
    everybody = texts.people()
    found = {each.signs_in: await _person(each.address, each.name, each.language) for each in everybody}
    await administrators.make(found["administrator"].address, "en")
    admin = await as_viewer(found["administrator"].id)
    for slug, described in _CITIES.items():
        await cities.make(slug, described, admin)
    there = {each.slug: each for each in await cities.all_of_them()}
    for each in everybody:
        await _give_roles(each, found[each.signs_in], there)
    return Cast(there, found, await _founders())


async def as_viewer(person: UUID) -> Viewer:
    """That person, in a session that is kept nowhere."""
    now = clock.now()
    return await viewer_in(Session(person=person, second_step_at=now, seen_at=now, created_at=now))


async def _person(address: str, name: str, language: str) -> Person:
    person = await people.arrived(address, language)
    await people.call(person.id, name, language)
    found = await people.by_id(person.id)
    if found is None:
        raise PersonNotFoundError
    return found


async def _give_roles(each: SomeBody, person: Person, there: Mapping[str, KnownCity]) -> None:
    """Roles in cities, as accepted invitations give them; and an app, without which no role can be used."""
    city = there.get(each.city)
    for kind in (RoleKind(role) for role in each.roles):
        if city is not None:
            await Role(person=person.id, kind=kind.value, city=city.id).save()
            about = {"role": kind.value, "city": city.slug}
            await audit.record(Action.ROLE_GRANTED, audit.OPERATOR, f"person:{person.pseudonym}", **about)
    if each.roles:
        now, secret = clock.now(), totp.sealed(totp.new_secret(), person.id)
        await Authenticator(person=person.id, secret=secret, created_at=now, confirmed_at=now).save()


async def _founders() -> dict[str, Founder]:
    found: dict[str, Founder] = {}
    for each in (told for of in ("finished", "screening", "open") for told in texts.entries(of)):
        if each.by not in found:
            address = f"founder@{host_of(each.by)}"
            person = await _person(address, _FOUNDERS[each.language].format(each.by), each.language)
            row = await organisations.make(OrganisationKind.STARTUP, each.by, person.id, person.pseudonym)
            found[each.by] = Founder(person.id, row.id, each.by)
    return found


def host_of(name: str) -> str:
    """A startup's domain."""
    plain = name.lower().translate(str.maketrans("åäö ", "aao-"))
    return f"{plain}.example"
