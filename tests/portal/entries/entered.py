"""An open call, a startup, and a whole entry, as real rows; decks as programs write them."""

import io
import json
import secrets
from datetime import UTC, datetime, timedelta

import msgspec
from msgspec.structs import replace
from pypdf import PdfWriter

from challenge.entry import DECK, Content
from challenge.terms import (
    Choice,
    Criterion,
    Eligibility,
    Field,
    FieldKind,
    Phase,
    PhaseKind,
    Prize,
    Terms,
    Track,
)
from portal.accounts.tables import City, Organisation, Person
from portal.accounts.viewer import Viewer
from portal.assessments.catalogue import current
from portal.calls import service as calls
from portal.calls.service import KnownCall
from portal.calls.tables import Call, CallCity, CallVersion
from portal.entries import entering, files, service
from portal.entries.entering import Entering
from portal.entries.service import KnownEntry
from portal.entries.tables import Entry

DAY = timedelta(days=1)
SLUG = "open-2026"
PILOT, INVESTMENT = "pilot", "investment"


def words(text: str) -> dict[str, str]:
    """One text in three languages."""
    return {code: f"{text} ({code})" for code in ("fi", "sv", "en")}


def terms(deadline: datetime, grace_minutes: int = 0) -> Terms:
    """A call's, with a field of each kind."""
    opens = deadline - 30 * DAY
    return Terms(
        title=words("Safe shops"),
        summary=words("Small shops, safer"),
        text=words("What it is about."),
        languages=("fi", "sv", "en"),
        phases=(
            Phase(PhaseKind.ENTRIES, opens, deadline),
            Phase(PhaseKind.SCREENING, deadline + DAY, deadline + 10 * DAY),
        ),
        tracks=tuple(Track(name, words(name), words("What it is")) for name in (PILOT, INVESTMENT)),
        eligibility=(
            Eligibility("small", words("Are you fewer than 250?"), needed=True, otherwise=words("Only small firms.")),
        ),
        fields=(
            Field("why", FieldKind.TEXT, words("Why now"), longest=40),
            Field("stage", FieldKind.CHOICE, words("Stage"), choices=(Choice("pilot", words("Piloted")),)),
            Field("users", FieldKind.NUMBER, words("Users"), is_required=False, least=1, most=1000),
            Field("proof", FieldKind.LINK, words("Proof"), is_required=False),
            Field("plan", FieldKind.FILE, words("Plan"), is_required=False),
        ),
        criteria=(Criterion("effective", words("Effective"), words("How well it works"), 1, {}),),
        prizes=(Prize(PILOT, words("A pilot")),),
        rules=words("The rules."),
        grace_minutes=grace_minutes,
    )


async def opened(where: City, deadline: datetime | None = None, grace_minutes: int = 0, slug: str = SLUG) -> KnownCall:
    """A published call; without a deadline it is open for some days."""
    ends = deadline or datetime.now(UTC) + 5 * DAY
    said = terms(ends, grace_minutes)
    row = Call(
        slug=slug,
        version=1,
        opens_at=said.phases[0].begins,
        deadline=ends,
        grace_s=grace_minutes * 60,
        published_at=said.phases[0].begins,
    )
    await row.save()
    await CallCity(call=row.id, city=where.id, leads=True).save()
    await CallVersion(
        call=row.id, number=1, terms=calls.kept(said), change=json.dumps({}), published_at=row.published_at
    ).save()
    return await calls.published(slug)


async def move_deadline(call: KnownCall, deadline: datetime, grace_s: int = 0) -> None:
    """As time would."""
    await Call.update({Call.deadline: deadline, Call.grace_s: grace_s}).where(Call.id == call.id)


def viewer_of(person: Person, team: Organisation) -> Viewer:
    """The person as one of that startup."""
    return Viewer(person=person.id, pseudonym=person.pseudonym, startups=frozenset([team.id]))


async def entered(call: KnownCall, person: Person, team: Organisation, track: str = PILOT) -> KnownEntry:
    """An empty entry."""
    said = Entering(team.id, track, "", {"small": True}, "en")
    return await entering.enter(call, said, viewer_of(person, team))


def whole() -> Content:
    """All that is asked for, files apart."""
    return Content(
        title="Lukko for tills",
        summary="Backs up the till each night.",
        closes=(current().questions[0].id,),
        price_eur=120,
        hours=1.5,
        skills="owner",
        speaks=("en", "fi"),
        countries=("FI",),
        eligible={"small": True},
        fields={"why": "It is time.", "stage": "pilot"},
    )


async def complete(entry: KnownEntry, title: str = "Lukko for tills") -> KnownEntry:
    """The entry with everything in it, its deck included."""
    kept = await files.keep(entry, DECK, "pitch.pdf", pdf())
    content = replace(whole(), title=title, files=kept.draft.files)
    await Entry.update({Entry.draft: service.kept(content)}).where(Entry.id == entry.id)
    return await service.of_team(entry.organisation, entry.id)


def pdf(pages: int = 1, say: str = "") -> bytes:
    """A plain one; `say`: tells it from another."""
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(200, 100)
    writer.add_metadata({"/Title": say or secrets.token_hex(4)})
    return written(writer)


def written(writer: PdfWriter) -> bytes:
    """Its bytes."""
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def typed(call: KnownCall, **changed: str) -> dict[str, str]:
    """A whole form, as a browser without scripts sends it."""
    from challenge import filling  # noqa: PLC0415 - the tests of pages alone need it

    return {**filling.flat(whole(), call.terms), **changed}


def marks(text: str) -> dict[str, str]:
    """What a form remembers."""
    return msgspec.json.decode(text, type=dict[str, str])
