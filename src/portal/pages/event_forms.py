"""The form that describes an event: what was typed, how one that stands fills it, and why it came back."""

from collections.abc import Mapping
from datetime import datetime

from portal.accounts.cities import KnownCity
from portal.errors import UnusableEventError
from portal.events.describing import MOST_MENTORS, MOST_PEOPLE, SLOT_MINUTES, Mentor, Typed
from portal.events.service import KnownEvent
from portal.events.tables import EventKind
from portal.i18n import NAMES
from portal.pages.page import words

_LONGEST = 10_000
"""Characters of what comes back to a field: more than any may have."""
_SPARE = 2
"""Empty places for mentors below those that there are."""
_ORDER = ("title", "text", "begins-day", "begins", "ends-day", "ends", "place", "link", "minutes", "mentor", "capacity")
"""How the fields stand on the page, by how their names begin."""


def typed(form: Mapping[str, object], kind: EventKind) -> Typed:
    """What the form says."""

    def field(name: str) -> str:
        return str(form.get(name, ""))[:_LONGEST]

    pairs = [(field(f"mentor-{n}-name"), field(f"mentor-{n}-address")) for n in range(1, MOST_MENTORS + 1)]
    return Typed(
        kind=kind,
        title={code: field(f"title-{code}") for code in NAMES},
        text={code: field(f"text-{code}") for code in NAMES},
        place=field("place"),
        link=field("link"),
        capacity=field("capacity"),
        begins_day=field("begins-day"),
        begins_time=field("begins-time"),
        ends_day=field("ends-day"),
        ends_time=field("ends-time"),
        minutes=field("minutes"),
        mentors=tuple(Mentor(*pair) for pair in pairs),
    )


def empty(kind: EventKind) -> Typed:
    """The form of a new event."""
    return Typed(kind, {}, {}, "", "", "40", "", "", "", "", "30", ())


def of(event: KnownEvent) -> Typed:
    """The form as an event that stands fills it, on its city's clock."""
    begins_day, begins_time = _local(event.starts_at, event.city)
    ends_day, ends_time = _local(event.ends_at, event.city)
    mentors = {slot.address: Mentor(slot.mentor, slot.address) for slot in event.slots}
    length = event.slots[0].ends_at - event.slots[0].starts_at if event.slots else None
    return Typed(
        kind=event.kind,
        title=event.title,
        text=event.text,
        place=event.place,
        link=event.link,
        capacity=str(event.capacity),
        begins_day=begins_day,
        begins_time=begins_time,
        ends_day=ends_day,
        ends_time=ends_time,
        minutes=str(length.seconds // 60) if length else "",
        mentors=tuple(mentors.values()),
    )


def mentors_shown(given: Typed) -> list[Mentor]:
    """Those that there are, each in its place, and some empty places."""
    last = max((number for number, each in enumerate(given.mentors, 1) if each.name or each.address), default=0)
    rows = [*given.mentors[:last], *[Mentor("", "")] * _SPARE]
    return rows[:MOST_MENTORS]


def reasons(error: UnusableEventError, language: str) -> dict[str, str]:
    """Why it came back, by field."""
    tell, told = words(language), _told(language)
    bounds = {
        "capacity": tell("Type a whole number from 1 to %(most)s.") % {"most": MOST_PEOPLE},
        "minutes": tell("Type a whole number from %(least)s to %(most)s.")
        % {"least": SLOT_MINUTES[0], "most": SLOT_MINUTES[1]},
    }
    missing = {
        "place": tell("Say where it is, or give a link to take part from afar."),
        "mentor-1-name": tell("Name at least one mentor."),
    }
    made = {}
    for field, code in sorted(error.codes.items(), key=lambda each: _place(each[0])):
        own = bounds.get(field) if code == "no-number" else missing.get(field) if code == "none" else None
        made["mentor-1-name" if field == "mentors" else field] = own or told.get(code) or tell("Type the title.")
    return made


def _told(language: str) -> dict[str, str]:
    tell = words(language)
    return {
        "too-long": tell("Make this shorter."),
        "no-day": tell("Choose the day."),
        "no-time": tell("Type the time, like 14:30."),
        "no-such-time": tell("Clocks are put forward then, so there is no such time on that day."),
        "past": tell("Choose a time that is still to come."),
        "not-after": tell("It has to end after it begins, at most three days later."),
        "not-a-link": tell("Type the whole address, beginning with https://."),
        "no-slot": tell("No meeting of that length fits between the beginning and the end."),
        "too-many": tell("These are too many. Make fewer."),
        "twice": tell("This mentor is already in the list."),
        "taken": tell("More people have a place already."),
        "booked": tell("A startup has taken a time that would go. Leave it, or cancel the clinic."),
        "no-name": tell("Type a name."),
        "no-address": tell("Type the mail address, like anna@kahvila.fi."),
        "not-an-address": tell("This does not look like a mail address. Type it like anna@kahvila.fi."),
        "special-letters": tell(
            "We cannot write to addresses with letters such as ä or ö before the @ sign. Type another one."
        ),
    }


def _place(field: str) -> int:
    return next((number for number, start in enumerate(_ORDER) if field.startswith(start)), len(_ORDER))


def _local(moment: datetime, city: KnownCity) -> tuple[str, str]:
    here = moment.astimezone(city.zone)
    return here.strftime("%Y-%m-%d"), here.strftime("%H:%M")
