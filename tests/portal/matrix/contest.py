"""A call of the organiser's city in the midst of its screening, another city's, and what must not be seen of them."""

import json
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

import msgspec

from challenge import defaults
from challenge.entry import DECK, Content, Deck, digest
from challenge.terms import Terms
from portal.accounts.tables import City, Organisation, Person, RoleKind
from portal.awards.tables import Decision
from portal.calls.tables import Call, CallCity, CallVersion
from portal.entries.tables import Entry, Submission, Upload
from portal.events.tables import Event, Slot
from portal.juries.tables import Juror, Reading, ReadState, Round, RoundEntry, Score
from tests.portal.signing import give_role, person, startup_of

OURS, THEIRS = "ours-2026", "theirs-2026"
LANGUAGES = ("fi", "sv", "en")
DAY = timedelta(days=1)
TOTAL = 73.19
"""Points that no page has by chance."""


@dataclass(frozen=True, slots=True)
class Secrets:
    """Texts that only some may see: `draft` the team; `private` the other juror; `note` and `reason` the organisers;

    `feedback` besides them nobody before it is sent; `team` (a blind jury) not the jurors; `link` who has a place.
    """

    draft: str = "canary-of-a-draft"
    private: str = "canary-of-a-private-note"
    note: str = "canary-of-a-note"
    reason: str = "canary-of-a-reason"
    feedback: str = "canary-of-a-feedback"
    team: str = "Kanariahukka"
    file: str = "canary-of-a-file.pdf"
    link: str = "canary-of-a-link"
    total: str = "73.19"


@dataclass(frozen=True, slots=True)
class Contest:
    """One city's call. `entry`: the first of two; `juror`: one who has marked it; `reading`: one that is still open."""

    call: UUID
    entry: UUID
    event: UUID
    juror: UUID
    reading: UUID

    def fields(self, path: str) -> dict[str, str]:
        """What a form of that path holds."""
        return {
            "juror": str(self.juror),
            "reading": str(self.reading),
            "entry": "2" if path.endswith("/jury/give") else str(self.entry),
            "asked": "tampere",
        }


async def begun(slug: str, where: City, team: Organisation, juror: Person) -> Contest:
    """With two submitted entries; the juror reads the first, and somebody else has marked it."""
    rival = await startup_of(await person(f"rival@{slug}.example"), name="Rival Works")
    call = await _call(slug, where)
    first, second = await _entry(call, team, 1), await _entry(call, rival, 2)
    colleague = await person(f"colleague@{slug}.example")
    await give_role(colleague, RoleKind.JUROR, where)
    jury = [await _juror(call, where, each, number) for number, each in enumerate((juror, colleague), start=1)]
    chosen = Round(call=call.id, kind="screening", opened_at=datetime.now(UTC))
    await chosen.save()
    for entry in (first, second):
        await RoundEntry(round=chosen.id, entry=entry.id).save()
    to_read = Reading(round=chosen.id, juror=jury[0].id, entry=first.id)
    read = Reading(round=chosen.id, juror=jury[1].id, entry=first.id, state=ReadState.DONE.value)
    for each in (to_read, read):
        await each.save()
    said = Secrets()
    marks = {each.id: 7 for each in defaults.defaults().criteria}
    await Score(
        reading=read.id, marks=json.dumps(marks), total=TOTAL, submission=1, private_note=said.private, note=said.note,
        feedback=said.feedback,
    ).save()  # fmt: skip
    await Decision(round=chosen.id, entry=first.id, verdict="finalist", reason=said.reason, by="somebody").save()
    return Contest(call.id, first.id, (await _event(call, where)).id, jury[1].id, to_read.id)


def _terms() -> Terms:
    now = datetime.now(UTC)
    said = defaults.begun(
        dict.fromkeys(LANGUAGES, "Safe shops"), LANGUAGES, {each.id for each in defaults.defaults().tracks},
        now - 9 * DAY, now - DAY,
    )  # fmt: skip
    texts = dict.fromkeys(LANGUAGES, "What it is about.")
    return msgspec.structs.replace(said, summary=texts, text=texts, is_blind=True)


async def _call(slug: str, where: City) -> Call:
    said = _terms()
    now = datetime.now(UTC)
    row = Call(slug=slug, version=1, opens_at=now - 9 * DAY, deadline=now - DAY, grace_s=0, published_at=now - 10 * DAY)
    await row.save()
    await CallCity(call=row.id, city=where.id, leads=True).save()
    terms = msgspec.json.encode(said).decode()
    await CallVersion(call=row.id, number=1, terms=terms, published_at=now - 10 * DAY, published_by="somebody").save()
    return row


async def _entry(call: Call, team: Organisation, number: int) -> Entry:
    said, track = Secrets(), defaults.defaults().tracks[0].id
    deck = Deck(said.file, "d" * 64, 9, 1)
    handed_in = Content(title=f"Solution {number}", summary="It helps.", language="en", files={DECK: deck})
    draft = Content(title=said.draft, summary=said.draft, language="en", files={DECK: deck})
    row = Entry(
        call=call.id, organisation=team.id, track=track, number=number, submission=1,
        draft=msgspec.json.encode(draft).decode(),
    )  # fmt: skip
    await row.save()
    await Upload(
        entry=row.id, field=DECK, name=said.file, digest="d" * 64, size=9, pages=1, content=b"%PDF-1.7\n"
    ).save()
    await Submission(
        entry=row.id, number=1, call_version=1, content=msgspec.json.encode(handed_in).decode(),
        digest=digest(call.slug, 1, track, handed_in), submitted_at=datetime.now(UTC) - 2 * DAY, by="somebody",
        receipt=secrets.token_hex(8), key=secrets.token_hex(8),
    ).save()  # fmt: skip
    return row


async def _juror(call: Call, where: City, who: Person, number: int) -> Juror:
    row = Juror(
        call=call.id, person=who.id, city=where.id, number=number, chairs=number == 1, declared_at=datetime.now(UTC)
    )
    await row.save()
    return row


async def _event(call: Call, where: City) -> Event:
    texts = json.dumps(dict.fromkeys(LANGUAGES, "Sparring"))
    row = Event(
        call=call.id, city=where.id, kind="info", title=texts, text=texts, capacity=9, link=f"https://x.example/{Secrets().link}",
        starts_at=datetime.now(UTC) + DAY, ends_at=datetime.now(UTC) + 2 * DAY,
    )  # fmt: skip
    await row.save()
    await Slot(event=row.id, mentor_name="A mentor", mentor_address="mentor@mentor.example").save()
    return row
