"""The dates as a calendar file (RFC 5545): a day for each, with alarms before it."""

from datetime import date, timedelta
from uuid import NAMESPACE_URL, uuid5

from icalendar import Alarm, Calendar, Event, vText

from checks.names import display_name
from checks.records.host_names import is_below
from portal.assessments.report.dates import Dated, Kind, report_dates
from portal.assessments.report.input import ReportInput
from portal.exports.naming import Naming
from portal.exports.texts import even, readable
from portal.i18n import local_time
from portal.templating import ZONE

MEDIA_TYPE = "text/calendar"
WARNINGS = (30, 14, 7, 1)
"""Days before something ends on which the calendar says so."""
MORNING = timedelta(hours=9)
"""When it does: an alarm counts from midnight, when owners sleep."""
LOOK_AGAIN_EVERY = timedelta(days=1)
"""How often a program that subscribed to the dates should fetch them."""
_REMINDERS = {Kind.CHECK_AGAIN, Kind.ANSWER_AGAIN}


class Text(vText):
    """A text as it is (RFC 5545, 3.3.11): the library takes a backslash before an N in it for the end of a line."""

    def to_ical(self) -> bytes:
        """With the four signs escaped that mean something in a calendar."""
        escaped = self.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")
        return escaped.encode()


def calendar(report: ReportInput, of: str) -> bytes:
    """The whole file. `report.made_at` is when anything in it last changed; `of` is the id of its sheet or check.

    Whoever imports it again has each date once, as it is now: a date keeps its id whatever day it falls on.
    """
    naming = Naming(report.language)
    made = Calendar()
    made.add("prodid", f"-//Kyberkunto//{report.language.upper()}")
    made.add("version", "2.0")
    for name in ("name", "x-wr-calname"):
        made.add(name, Text(even(naming.calendar(report))))
    made.add("refresh-interval", LOOK_AGAIN_EVERY, parameters={"VALUE": "DURATION"})
    made.add("x-published-ttl", "P1D")
    for dated in report_dates(report):
        if _concerns(dated, report):
            made.add_component(_event(dated, report, naming, of))
    content: bytes = made.to_ical()
    return content


def _concerns(dated: Dated, report: ReportInput) -> bool:
    """The certificate of somebody else's mail server is for them to renew."""
    names = [each.domain for each in report.inspected]
    return dated.kind is not Kind.MAIL_CERTIFICATE or any(is_below(dated.subject, name) for name in names)


def _event(dated: Dated, report: ReportInput, naming: Naming, of: str) -> Event:
    day: date = dated.when.astimezone(ZONE).date()
    title = Text(even(naming.date(dated.kind, display_name(dated.subject))))
    exact = "" if dated.kind in _REMINDERS else naming.exactly(local_time(dated.when, report.language, ZONE))
    lines = (naming.advice(dated.kind), exact, report.site)
    made = Event()
    made.add("uid", _id(dated, of))
    made.add("dtstamp", report.made_at)
    made.add("last-modified", report.made_at)
    made.add("sequence", int(report.made_at.timestamp()) // 60)
    made.add("dtstart", day)
    made.add("dtend", day + timedelta(days=1))
    made.add("transp", "TRANSPARENT")
    made.add("summary", title)
    made.add("description", Text(even("\n".join(line for line in lines if line))))
    if report.site:
        made.add("url", report.site)
    for days in (0,) if dated.kind in _REMINDERS else WARNINGS:
        made.add_component(_alarm(days, title))
    return made


def _alarm(days: int, title: Text) -> Alarm:
    made = Alarm()
    made.add("action", "DISPLAY")
    made.add("description", title)
    made.add("trigger", MORNING - timedelta(days=days))
    return made


def _id(dated: Dated, of: str) -> str:
    """The same for the same thing in every calendar, so that a domain in two of them is not told twice."""
    whose = readable(dated.subject or of)
    return f"{uuid5(NAMESPACE_URL, f'kyberkunto:{dated.kind.value}:{whose}')}@kyberkunto"
