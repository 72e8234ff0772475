"""One event as a calendar file (RFC 5545), on its city's clock with the rules of that clock (VTIMEZONE)."""

from datetime import date, timedelta

from icalendar import Alarm, Calendar, Event
from icalendar.prop import vCalAddress

from portal import clock
from portal.events.service import KnownEvent, KnownPlace
from portal.events.tables import Place
from portal.exports.calendar import Text
from portal.exports.texts import even

_BEFORE = timedelta(hours=2)


def event_calendar(event: KnownEvent, mine: KnownPlace | None, language: str, url: str) -> bytes:
    """The whole file; `url`: the event's page. One that is cancelled takes itself out of the calendar again.

    The link to take part from afar stands in it for whoever has a place (`mine`) only. A team's own time is a thing of
    its own, with an id of its own; whatever changes, an id stays, and the SEQUENCE grows (RFC 5545, section 3.8.7.4).
    """
    made = Calendar()
    made.add("prodid", f"-//Kyberkunto//{language.upper()}")
    made.add("version", "2.0")
    made.add("method", "CANCEL" if event.cancelled_at else "PUBLISH")  # RFC 5546, sections 3.2.1 and 3.2.5
    made.add_component(_entry(event, mine, language, url))
    year = event.starts_at.year
    made.add_missing_timezones(first_date=date(year, 1, 1), last_date=date(year + 2, 1, 1))
    content: bytes = made.to_ical()
    return content


def _entry(event: KnownEvent, mine: KnownPlace | None, language: str, url: str) -> Event:
    has_place = mine is not None and mine.place is Place.TAKEN and not event.cancelled_at
    slot, link = mine.slot if mine is not None else None, event.link if has_place else ""
    entry = Event()
    entry.add("uid", f"{slot.id if slot else event.id}@kyberkunto")
    entry.add("dtstamp", clock.now())
    entry.add("sequence", event.edits)
    entry.add("status", "CANCELLED" if event.cancelled_at else "CONFIRMED")
    entry.add("dtstart", (slot.starts_at if slot else event.starts_at).astimezone(event.zone))
    entry.add("dtend", (slot.ends_at if slot else event.ends_at).astimezone(event.zone))
    lines = (slot.mentor if slot else "", event.text_in(language).text, link, url)
    entry.add("summary", Text(even(event.title_in(language).text)))
    entry.add("description", Text(even("\n".join(line for line in lines if line))))
    entry.add("url", url)
    if event.place or link:
        entry.add("location", Text(even(event.place or link)))
    if event.city.described.contact:
        entry.add("organizer", _organiser(event, language))
    if has_place:
        entry.add_component(_alarm(event, language))
    return entry


def _organiser(event: KnownEvent, language: str) -> vCalAddress:
    """The city; its contact was checked to be an address when it was kept (`portal.accounts.cities`)."""
    made = vCalAddress(f"mailto:{event.city.described.contact}")
    made.params["CN"] = even(event.city.name_in(language).text).replace('"', "'")
    return made


def _alarm(event: KnownEvent, language: str) -> Alarm:
    made = Alarm()
    made.add("action", "DISPLAY")
    made.add("description", Text(even(event.title_in(language).text)))
    made.add("trigger", -_BEFORE)
    return made
