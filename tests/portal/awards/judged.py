"""A call of two cities whose jury has read: real rows, from the entry to the scores."""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from uuid import UUID

from challenge.entry import Content, digest
from challenge.marks import total
from challenge.terms import Criterion, Phase, PhaseKind, Terms, TieRule, Track
from portal.accounts import cities
from portal.accounts.tables import City, Organisation, Person, RoleKind
from portal.accounts.viewer import Viewer
from portal.awards import decisions, locking, reading
from portal.awards.decisions import Choice
from portal.awards.impartial import Acting
from portal.awards.tables import Verdict
from portal.calls import service as calls
from portal.calls.service import KnownCall
from portal.calls.tables import Call, CallCity, CallVersion
from portal.entries import service as entries
from portal.entries.tables import Entry, Submission
from portal.juries import service as juries
from portal.juries.service import KnownRound
from portal.juries.tables import Juror, Reading, ReadState, Round, RoundEntry, Score
from tests.portal.signing import city, give_role, person, startup_of

SLUG = "moonshot"
DAY = timedelta(days=1)
LANGUAGES = ("fi", "sv", "en")
WORTH = {1: 8, 2: 8, 3: 5, 4: 5, 5: 3, 6: 1}
"""By entry, what a juror of no temper marks it with."""
TEMPER = {1: 0, 2: 1, 3: -1, 4: 0}
"""By juror, how much more than others they give."""
CRITERIA = (("effective", 2), ("affordable", 1))


def words(text: str) -> dict[str, str]:
    return dict.fromkeys(LANGUAGES, text)


def terms(*, has_final: bool = True, is_blind: bool = False) -> Terms:
    """Two of a track may win; the screening goes on, and so does the final."""
    now = datetime.now(UTC)
    final = (Phase(PhaseKind.FINAL, now - DAY, now + 9 * DAY),) if has_final else ()
    return Terms(
        title={"fi": "Kuulento", "sv": "Månfärd", "en": "Moonshot"},
        summary=words("Sum"),
        text=words("Text"),
        languages=LANGUAGES,
        phases=(
            Phase(PhaseKind.ENTRIES, now - 9 * DAY, now - 2 * DAY),
            Phase(PhaseKind.SCREENING, now - 2 * DAY, now + 8 * DAY),
            *final,
        ),
        tracks=(Track("pilot", words("Pilot"), words("A pilot."), winners=2),),
        eligibility=(),
        fields=(),
        criteria=tuple(Criterion(name, words(name.title()), words("?"), weight, {}) for name, weight in CRITERIA),
        prizes=(),
        rules=words("Rules"),
        is_blind=is_blind,
        ties=(TieRule.JURY, TieRule.CRITERION, TieRule.READS),
    )


class Judged:
    """The call with its people. `teams`: by the entry's number; `jurors`: by theirs."""

    def __init__(self, call: KnownCall, where: City, organiser: Person) -> None:
        self.call, self.where, self.organiser = call, where, organiser
        self.entries: dict[int, UUID] = {}
        self.teams: dict[int, Organisation] = {}
        self.leads: dict[int, Person] = {}
        self.jurors: dict[int, Juror] = {}
        self.people: dict[int, Person] = {}

    async def acting(self) -> Acting:
        """The organiser."""
        viewer = Viewer(person=self.organiser.id, pseudonym=self.organiser.pseudonym)
        return Acting(self.call, await cities.by_slug(self.where.slug), viewer)

    async def round(self, kind: PhaseKind = PhaseKind.SCREENING) -> KnownRound:
        """As it stands."""
        return await juries.round_of(self.call.id, kind)

    async def open(self, kind: PhaseKind = PhaseKind.SCREENING, numbers: Iterable[int] = WORTH) -> KnownRound:
        """A round in which each juror but one of four reads each of these entries."""
        row = Round(call=self.call.id, kind=kind.value)
        await row.save()
        for number in numbers:
            await RoundEntry(round=row.id, entry=self.entries[number]).save()
            for juror in self.jurors:
                if juror % 4 != number % 4 or kind is PhaseKind.FINAL:
                    await Reading(round=row.id, juror=self.jurors[juror].id, entry=self.entries[number]).save()
        return await self.round(kind)

    async def score(self, kind: PhaseKind = PhaseKind.SCREENING, *, but: tuple[int, int] | None = None) -> None:
        """Everybody hands in what they still have, `but` the entry and juror of these numbers."""
        round_ = await self.round(kind)
        for each in await Reading.select(
            Reading.id, Reading.entry.number.as_alias("entry"), Reading.juror.number.as_alias("juror")
        ).where(Reading.round == round_.id, Reading.state == ReadState.OPEN.value):
            pair = (each["entry"], each["juror"])
            if pair == but:
                continue
            mark = min(max(WORTH[pair[0]] + TEMPER[pair[1]], 0), 10)
            marks = {"effective": mark, "affordable": min(mark + (pair[0] % 3 == 0), 10)}
            await self._hand_in(each["id"], marks, f"Entry {pair[0]}, seen by {pair[1]}.")

    async def lock(self, kind: PhaseKind = PhaseKind.SCREENING) -> KnownRound:
        """Locked by the organiser."""
        await locking.lock(await self.acting(), await self.round(kind))
        return await self.round(kind)

    async def decide(self, said: Mapping[int, Verdict], reason: str = "", kind: str = "screening") -> None:
        """What the organiser records of these entries, all with that reason."""
        round_ = await self.round(PhaseKind(kind))
        stood = await decisions.of_round(round_.id)
        choices = {
            self.entries[number]: Choice(verdict, reason, stood.get(self.entries[number], decisions.NOTHING).edits)
            for number, verdict in said.items()
        }
        await decisions.decide(await self.acting(), round_, "pilot", choices)

    async def numbers(self, kind: PhaseKind = PhaseKind.SCREENING) -> dict[UUID, int]:
        """By entry."""
        return {each.id: each.number for each in await reading.entered(await self.round(kind), "pilot")}

    async def _hand_in(self, reading_id: UUID, marks: dict[str, int], feedback: str) -> None:
        points = total(self.call.terms.criteria, marks)
        await Score(
            reading=reading_id,
            marks=json.dumps(marks),
            total=points,
            submission=1,
            private_note="Nobody else reads this.",
            note=f"Note. {feedback}",
            feedback=f"Feedback. {feedback}",
            edits=1,
        ).save()
        done = {Reading.state: ReadState.DONE.value, Reading.ended_at: datetime.now(UTC)}
        await Reading.update(done).where(Reading.id == reading_id)


FINALISTS = {
    **dict.fromkeys((1, 2, 3), Verdict.FINALIST),
    **dict.fromkeys((4, 5, 6), Verdict.NOT_CHOSEN),
}
WINNERS = {1: Verdict.WINNER, 2: Verdict.PILOT, 3: Verdict.NOT_CHOSEN}


async def judged(*, has_final: bool = True, is_blind: bool = False) -> Judged:
    """Two cities, an organiser, six entries in three languages, four jurors; no round yet."""
    helsinki, york = await city("helsinki"), await city("new-york", "New York")
    organiser = await person("organiser@helsinki.example", name="Olli")
    await give_role(organiser, RoleKind.ORGANISER, helsinki)
    made = Judged(await _call(terms(has_final=has_final, is_blind=is_blind), helsinki, york), helsinki, organiser)
    for number in WORTH:
        await _enter(made, number)
    for number in TEMPER:
        where = helsinki if number % 2 else york
        somebody = await person(f"juror{number}@jury.example", name=f"Judge {number}")
        await give_role(somebody, RoleKind.JUROR, where)
        row = Juror(
            call=made.call.id,
            person=somebody.id,
            city=where.id,
            number=number,
            chairs=number == 1,
            declared_at=datetime.now(UTC),
        )
        await row.save()
        made.jurors[number], made.people[number] = row, somebody
    return made


async def through_finalists() -> Judged:
    """The screening is read, locked and decided; nothing is published."""
    made = await judged()
    await made.open()
    await made.score()
    await made.lock()
    await made.decide(FINALISTS, "The jury saw more in it.")
    return made


async def through_winners() -> Judged:
    """The same of the final; still nothing is published."""
    made = await through_finalists()
    await made.open(PhaseKind.FINAL, (1, 2, 3))
    await made.score(PhaseKind.FINAL)
    await made.lock(PhaseKind.FINAL)
    await made.decide(WINNERS, "It fits the smallest firms.", "final")
    return made


async def _call(said: Terms, *where: City) -> KnownCall:
    now = datetime.now(UTC)
    first = said.phases[0]
    row = Call(slug=SLUG, version=1, opens_at=first.begins, deadline=first.ends, published_at=now - 9 * DAY)
    await row.save()
    for each in where:
        await CallCity(call=row.id, city=each.id, leads=each.id == where[0].id).save()
    await CallVersion(call=row.id, number=1, terms=calls.kept(said), published_at=now - 9 * DAY).save()
    return await calls.published(SLUG)


async def _enter(made: Judged, number: int) -> None:
    language = LANGUAGES[number % 3]
    lead = await person(f"lead{number}@startup{number}.example", language, name=f"Lead {number}")
    team = await startup_of(lead, await person(f"mate{number}@startup{number}.example", language), name=f"Team{number}")
    content = Content(
        title=f"Solution {number}",
        summary=f"It keeps small firms safe, way {number}.",
        language=language,
        closes=("mail-mfa", "gone-since"),
        price_eur=120.0 + number,
        hours=2.0,
        speaks=("fi", "en"),
        countries=("FI",),
        website=f"https://startup{number}.example",
    )
    row = Entry(
        call=made.call.id,
        organisation=team.id,
        track="pilot",
        number=number,
        home="helsinki" if number == 1 else "",
        submission=1,
        shows_gallery=number in {1, 5},
    )
    await row.save()
    await Submission(
        entry=row.id,
        number=1,
        call_version=1,
        content=entries.kept(content),
        digest=digest(SLUG, 1, "pilot", content),
        by=lead.pseudonym,
        receipt=f"R{number}",
        key=str(number),
    ).save()
    made.entries[number], made.teams[number], made.leads[number] = row.id, team, lead
