"""What happens beside the open call: an info session that is full, and a sparring clinic."""

from msgspec.structs import replace

from portal.calls.service import KnownCall
from portal.demo import texts
from portal.demo.calling import at
from portal.demo.cast import Cast
from portal.events import organising, places
from portal.events.describing import Mentor, Typed, checked
from portal.events.places import Wish
from portal.events.tables import EventKind, Slot

_SEATS, _ASKING = 6, 9
_INFO = Typed(
    kind=EventKind.INFO,
    title={"fi": "Infotilaisuus", "sv": "Infomöte", "en": "Info session"},
    text={
        "fi": "Kerromme haun säännöt ja vastaamme kysymyksiin. Puhumme englantia; kysyä saa myös suomeksi.",
        "sv": "Vi går igenom reglerna och svarar på frågor. Vi talar engelska; du får också fråga på svenska.",
        "en": "We go through the rules and answer questions. The session is in English.",
    },
    place="Yritystalo Esimerkki, Esimerkkikatu 1, Helsinki",
    link="",
    capacity=str(_SEATS),
    begins_day="",
    begins_time="16:00",
    ends_day="",
    ends_time="17:30",
    minutes="",
    mentors=(),
)


async def beside(call: KnownCall, cast: Cast) -> None:
    """Makes both events, and lets startups ask for places."""
    organiser = await cast.organiser()
    info = checked(_on(_INFO, 2, cast), cast.lead)
    event = await organising.make(call, cast.lead, info, organiser)
    for each in list(cast.founders.values())[:_ASKING]:
        await places.ask(event, Wish(each.person, "en"))
    await _clinic(call, cast)


async def _clinic(call: KnownCall, cast: Cast) -> None:
    described = checked(_on(_clinic_of(cast), 3, cast), cast.lead)
    event = await organising.make(call, cast.lead, described, await cast.organiser())
    slots = await Slot.select(Slot.id).where(Slot.event == event).order_by(Slot.starts_at, Slot.mentor_address)
    drafting = [cast.founders[each.by] for each in texts.entries("open")]
    for founder, slot in zip(drafting, slots, strict=False):
        await places.ask(event, Wish(founder.person, "en", founder.organisation, slot["id"]))


def _clinic_of(cast: Cast) -> Typed:
    mentors = tuple(Mentor(cast.people[who].name, cast.people[who].address) for who in ("mentor", "juror-5"))
    return Typed(
        kind=EventKind.CLINIC,
        title={"fi": "Sparrausklinikka", "sv": "Sparringklinik", "en": "Sparring clinic"},
        text={
            "fi": "Puoli tuntia mentorin kanssa. Ota luonnos mukaan, keskeneräisenäkin.",
            "sv": "En halvtimme med en mentor. Ta med utkastet, också om det är halvfärdigt.",
            "en": "Half an hour with a mentor. Bring your draft, however unfinished.",
        },
        place="",
        link="https://meet.helsinki-demo.example/clinic",
        capacity="",
        begins_day="",
        begins_time="15:00",
        ends_day="",
        ends_time="16:30",
        minutes="30",
        mentors=mentors,
    )


def _on(typed: Typed, days: int, cast: Cast) -> Typed:
    return replace(typed, begins_day=f"{at(days, cast.lead):%Y-%m-%d}")
