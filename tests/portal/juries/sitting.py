"""A call of two cities whose entries are in, with its jurors: real rows, through the rooms that make them."""

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from challenge.entry import DECK, Content, Deck, digest
from challenge.terms import Criterion, Field, FieldKind, Phase, PhaseKind, Terms, Track
from portal.accounts import cities
from portal.accounts.cities import KnownCity
from portal.accounts.tables import City, Organisation, Person, RoleKind
from portal.accounts.viewer import Viewer
from portal.calls import service as calls
from portal.calls.service import KnownCall
from portal.calls.tables import Call, CallCity, CallVersion
from portal.entries import service as entries
from portal.entries.tables import Entry, Submission, Upload
from portal.juries import assigning, closeness, declaring, opening, people
from portal.juries import service as juries
from portal.juries.declaring import Said
from portal.juries.people import KnownJuror
from portal.juries.service import KnownRound
from tests.portal.signing import city, give_role, person, startup_of

SLUG = "moonshot"
HOUR = timedelta(hours=1)
LANGUAGES = ("fi", "sv", "en")
PDF = b"%PDF-1.4 of somebody"
CRITERIA = (("effective", 3), ("affordable", 2), ("easy-to-use", 1))


def words(text: str) -> dict[str, str]:
    return dict.fromkeys(LANGUAGES, text)


def terms(*, is_blind: bool = False, reads: int = 2, ended_ago: timedelta = HOUR, final_reads: int = 0) -> Terms:
    """Entries ended so long ago; the jury reads for nine days more."""
    now = datetime.now(UTC)
    ended = now - ended_ago
    return Terms(
        title={"fi": "Kuulento", "sv": "Månfärd", "en": "Moonshot"},
        summary=words("Sum"),
        text=words("Text"),
        languages=LANGUAGES,
        phases=(
            Phase(PhaseKind.ENTRIES, ended - 240 * HOUR, ended),
            Phase(PhaseKind.SCREENING, ended, now + 216 * HOUR),
            Phase(PhaseKind.FINAL, ended, now + 216 * HOUR),
        ),
        tracks=(Track("pilot", words("Pilot"), words("A pilot."), winners=2),),
        eligibility=(),
        fields=(
            Field("plan", FieldKind.TEXT, words("Plan")),
            Field("founders", FieldKind.TEXT, words("Who are you?"), names_team=True),
            Field("proof", FieldKind.FILE, words("Proof")),
            Field("cv", FieldKind.FILE, words("Papers of the team"), names_team=True),
        ),
        criteria=tuple(
            Criterion(
                name, words(name.capitalize()), words(f"How {name}?"), weight, {0: words("Not"), 10: words("Very")}
            )
            for name, weight in CRITERIA
        ),
        prizes=(),
        rules=words("Rules"),
        reads=reads,
        final_reads=final_reads,
        is_blind=is_blind,
    )


class Sitting:
    """The call with its people. `teams`, `leads`: by the entry's number; `judges`: people, in no order."""

    def __init__(self, call: KnownCall, where: dict[str, City], organiser: Person) -> None:
        self.call, self.where, self.organiser = call, where, organiser
        self.teams: dict[int, Organisation] = {}
        self.leads: dict[int, Person] = {}
        self.entries: dict[int, UUID] = {}
        self.judges: list[Person] = []
        self.viewer = Viewer(person=organiser.id, pseudonym=organiser.pseudonym)

    async def city(self) -> KnownCity:
        """The organiser's."""
        return await cities.by_slug("helsinki")

    async def jurors(self) -> list[KnownJuror]:
        """By number."""
        return await people.jury_of(self.call.id)

    async def juror_of(self, somebody: Person) -> KnownJuror:
        """As a juror."""
        return next(each for each in await self.jurors() if each.person == somebody.id)

    async def add(self) -> list[KnownJuror]:
        """All jurors of the cities come in."""
        await people.add_all(self.call, await self.city(), self.viewer)
        return await self.jurors()

    async def declare(self, juror: KnownJuror, *numbers: int) -> None:
        """Too close to the teams of these entries, and to nobody else."""
        shown = frozenset(each.organisation for each in await closeness.entrants_of(self.call.id))
        close = frozenset(self.teams[number].id for number in numbers)
        await declaring.declare(juror, Said(close, shown, ""), self.call)

    async def open(self, kind: PhaseKind = PhaseKind.SCREENING, finalists: Sequence[int] = ()) -> KnownRound:
        """A round."""
        chosen = [self.entries[number] for number in finalists]
        return await opening.open_round(kind, self.call, await self.city(), self.viewer, chosen)

    async def assign(self, *, undeclared: bool = False) -> int:
        """As it is shown; how many readings were given."""
        round_ = await juries.latest(self.call.id)
        assert round_ is not None
        panel = await assigning.panel_of(self.call, round_, undeclared=undeclared)
        shown = await assigning.propose(panel)
        return await assigning.apply(
            shown.state, self.call, await self.city(), round_, self.viewer, undeclared=undeclared
        )

    async def ready(self) -> KnownRound:
        """Everybody has declared to be close to nobody, and has what they read."""
        for each in await self.add():
            await self.declare(each)
        round_ = await self.open()
        await self.assign()
        return round_


async def sitting(entered: int = 4, judges: int = 4, said: Terms | None = None, grace_s: int = 0) -> Sitting:
    """Helsinki and New York, so many entries and people with a juror's role; nobody is in the jury yet."""
    where = {"helsinki": await city("helsinki"), "new-york": await city("new-york", "New York")}
    organiser = await person("organiser@helsinki.example", name="Olli")
    await give_role(organiser, RoleKind.ORGANISER, where["helsinki"])
    made = Sitting(await _call(said or terms(), where, grace_s), where, organiser)
    for number in range(1, entered + 1):
        await enter(made, number)
    for number in range(1, judges + 1):
        somebody = await person(f"judge{number}@jury{number}.example", "en", name=f"Judge {number}")
        await give_role(somebody, RoleKind.JUROR, where["helsinki" if number % 2 else "new-york"])
        made.judges.append(somebody)
    return made


async def enter(made: Sitting, number: int, *, ago: timedelta = 2 * HOUR) -> None:
    """A team's entry, submitted so long ago."""
    lead = await person(f"lead{number}@lukko{number}.example", "fi", name=f"Liisa Lukkonen{number}")
    team = await startup_of(lead, name=f"Lukkolabs{number} Oy")
    proof, secret = (Deck(f"lukkolabs{number}-{name}.pdf", _digest(name), len(PDF), 3) for name in ("deck", "cv"))
    content = Content(
        title=f"Door keeper {number}",
        summary=f"Made by LUKKOLABS{number} Oy: it keeps small firms safe.",
        language="en",
        closes=(),
        price_eur=120.0,
        hours=2.0,
        skills="owner",
        speaks=("fi", "en"),
        countries=("FI",),
        website=f"https://www.lukko{number}.example/about",
        video=f"https://video.example/lukkolabs{number}",
        fields={"plan": f"Liisa Lukkonen{number} visits you; see lukko{number}.example.", "founders": f"We: {number}."},
        files={DECK: proof, "proof": proof, "cv": secret},
    )
    row = Entry(call=made.call.id, organisation=team.id, track="pilot", number=number, home="helsinki", submission=1)
    await row.save()
    for field, named in content.files.items():
        await Upload(
            entry=row.id, field=field, name=named.name, digest=named.digest, size=named.size, pages=3, content=PDF
        ).save()
    await Submission(
        entry=row.id,
        number=1,
        call_version=1,
        content=entries.kept(content),
        digest=digest(SLUG, 1, "pilot", content),
        submitted_at=datetime.now(UTC) - ago,
        by="f" * 32,
        receipt=uuid4().hex[:20],
        key=uuid4().hex,
    ).save()
    made.teams[number], made.leads[number], made.entries[number] = team, lead, row.id


async def _call(said: Terms, where: dict[str, City], grace_s: int) -> KnownCall:
    first = said.phases[0]
    row = Call(
        slug=SLUG, version=1, opens_at=first.begins, deadline=first.ends, grace_s=grace_s, published_at=first.begins
    )
    await row.save()
    for slug, each in where.items():
        await CallCity(call=row.id, city=each.id, leads=slug == "helsinki").save()
    await CallVersion(call=row.id, number=1, terms=calls.kept(said), published_at=first.begins).save()
    return await calls.published(SLUG)


def _digest(of: str) -> str:
    return hashlib.sha256(of.encode()).hexdigest()
