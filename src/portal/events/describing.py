"""What organisers say of an event, as they type it: checked, and put on the world's clock."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from msgspec import Struct

from portal import clock
from portal.accounts.cities import KnownCity
from portal.accounts.names import one_line, parse_name
from portal.errors import UnusableAddressError, UnusableEventError, UnusableNameError
from portal.events.tables import EventKind
from portal.i18n import NAMES
from portal.mail_addresses import parse_mail_address

LONGEST_TITLE = 120
LONGEST_TEXT = 4000
LONGEST_PLACE = 200
LONGEST_LINK = 300
MOST_PEOPLE = 2000
MOST_MENTORS = 20
MOST_SLOTS = 200
SLOT_MINUTES = (10, 240)
LONGEST = timedelta(days=3)

_DAY = re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})|(\d{1,2})\.(\d{1,2})\.(\d{4})")
_CLOCK = re.compile(r"(\d{1,2})[:.](\d{2})(?:[:.]00)?")


class Mentor(Struct, frozen=True):
    """Who advises in a clinic: the name that teams see, and the address by which we know their account."""

    name: str
    address: str


class Typed(Struct, frozen=True):
    """A form as it came. `title`, `text`: by language; days as 2026-11-30 or 30.11.2026, times as 14:30 or 14.30."""

    kind: EventKind
    title: Mapping[str, str]
    text: Mapping[str, str]
    place: str
    link: str
    capacity: str
    begins_day: str
    begins_time: str
    ends_day: str
    ends_time: str
    minutes: str
    mentors: tuple[Mentor, ...]


class Described(Struct, frozen=True):
    """What an event is to be. `slot`: how long a team has its mentor; None for an info session without mentors."""

    kind: EventKind
    title: Mapping[str, str]
    text: Mapping[str, str]
    place: str
    link: str
    capacity: int
    starts_at: datetime
    ends_at: datetime
    slot: timedelta | None
    mentors: tuple[Mentor, ...]

    def times(self) -> list[tuple[datetime, datetime]]:
        """When each mentor is to be had, for one team after the other."""
        if self.slot is None:
            return []
        count = (self.ends_at - self.starts_at) // self.slot
        return [
            (self.starts_at + number * self.slot, self.starts_at + (number + 1) * self.slot) for number in range(count)
        ]


def checked(typed: Typed, city: KnownCity) -> Described:
    """The event as it is kept.

    Raises:
        UnusableEventError: by field of `Typed` (with hyphens): `none`, `too-long`, `no-number`, `no-day`, `no-time`,
            `no-such-time` (the clock is put forward over it), `past`, `not-after`, `not-a-link`, `too-many`, or of the
            mentors (`mentor-1-name`, `mentor-1-address`) what is wrong with a name or an address, and `twice`.
    """
    found: dict[str, str] = {}
    starts_at = _moment(typed.begins_day, typed.begins_time, city.zone, "begins", found)
    ends_at = _end(typed, city.zone, found)
    _in_order(starts_at, ends_at, found)
    is_clinic = typed.kind is EventKind.CLINIC
    minutes = _number(typed.minutes, "minutes", SLOT_MINUTES, found) if is_clinic else 0
    made = Described(
        kind=typed.kind,
        title=_texts(typed.title, "title", LONGEST_TITLE, found),
        text=_texts(typed.text, "text", LONGEST_TEXT, found),
        place=_line(typed.place, "place", LONGEST_PLACE, found),
        link=_link(typed.link, found),
        capacity=0 if is_clinic else _number(typed.capacity, "capacity", (1, MOST_PEOPLE), found),
        starts_at=starts_at or datetime.max.replace(tzinfo=UTC),
        ends_at=ends_at or datetime.max.replace(tzinfo=UTC),
        slot=timedelta(minutes=minutes) if minutes else None,
        mentors=tuple(_mentors(typed.mentors, found)) if is_clinic else (),
    )
    _whole(made, city, found)
    if found:
        raise UnusableEventError(found)
    return made


def _whole(made: Described, city: KnownCity, found: dict[str, str]) -> None:
    if not made.title.get(city.described.languages[0]):
        found.setdefault(f"title-{city.described.languages[0]}", "none")
    if not made.place and not made.link:
        found.setdefault("place", "none")
    if made.kind is EventKind.CLINIC and not found:
        _slots(made, found)


def _slots(made: Described, found: dict[str, str]) -> None:
    if not made.mentors:
        found["mentor-1-name"] = "none"
    elif not made.times():
        found["minutes"] = "no-slot"
    elif len(made.times()) * len(made.mentors) > MOST_SLOTS:
        found["minutes"] = "too-many"


def _in_order(starts_at: datetime | None, ends_at: datetime | None, found: dict[str, str]) -> None:
    if starts_at is not None and starts_at <= clock.now():
        found["begins-day"] = "past"
    elif starts_at is not None and ends_at is not None and not starts_at < ends_at <= starts_at + LONGEST:
        found["ends-time"] = "not-after"


def _end(typed: Typed, zone: ZoneInfo, found: dict[str, str]) -> datetime | None:
    """On the day on which it begins, where none is typed; what is wrong with that is told there."""
    made = _moment(typed.ends_day.strip() or typed.begins_day, typed.ends_time, zone, "ends", found)
    if not typed.ends_day.strip():
        found.pop("ends-day", None)
    return made


def _moment(day: str, time: str, zone: ZoneInfo, name: str, found: dict[str, str]) -> datetime | None:
    """That time of that day in the zone, in UTC; of one that comes twice (the clock is put back), the first."""
    date, hour = _DAY.fullmatch(day.strip()), _CLOCK.fullmatch(time.strip())
    if date is None:
        found[f"{name}-day"] = "no-day"
    if hour is None:
        found[f"{name}-time"] = "no-time"
    if date is None or hour is None:
        return None
    year, month, number = (date["year"], date["month"], date["day"]) if date["year"] else date.group(6, 5, 4)
    try:
        local = datetime(int(year), int(month), int(number), tzinfo=zone)
    except ValueError:
        found[f"{name}-day"] = "no-day"
        return None
    try:
        local = local.replace(hour=int(hour[1]), minute=int(hour[2]))
        moment = local.astimezone(UTC)
    except (ValueError, OverflowError):
        found[f"{name}-time"] = "no-time"
        return None
    if moment.astimezone(zone).replace(tzinfo=None) != local.replace(tzinfo=None):
        found[f"{name}-time"] = "no-such-time"
        return None
    return moment


def _texts(typed: Mapping[str, str], name: str, longest: int, found: dict[str, str]) -> dict[str, str]:
    made = {}
    for code in NAMES:
        raw = typed.get(code, "")
        text = one_line(raw) if name == "title" else "\n".join(map(one_line, raw.splitlines())).strip()
        if len(text) > longest:
            found[f"{name}-{code}"] = "too-long"
        if text:
            made[code] = text
    return made


def _line(typed: str, name: str, longest: int, found: dict[str, str]) -> str:
    text = one_line(typed)
    if len(text) > longest:
        found[name] = "too-long"
    return text


def _link(typed: str, found: dict[str, str]) -> str:
    text = _line(typed, "link", LONGEST_LINK, found)
    if not text:
        return ""
    try:
        parts = urlsplit(text)
        fits = parts.scheme == "https" and bool(parts.hostname) and " " not in text and text.isprintable()
    except ValueError:
        fits = False
    if not fits:
        found["link"] = "not-a-link"
    return text


def _number(typed: str, name: str, bounds: tuple[int, int], found: dict[str, str]) -> int:
    text = typed.strip()
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= len(str(bounds[1])) else -1
    if not bounds[0] <= number <= bounds[1]:
        found[name] = "no-number"
        return bounds[0]
    return number


def _mentors(typed: tuple[Mentor, ...], found: dict[str, str]) -> Iterator[Mentor]:
    seen: set[str] = set()
    for number, each in enumerate(typed, start=1):
        if not each.name.strip() and not each.address.strip():
            continue
        name = address = ""
        try:
            name = parse_name(each.name)
        except UnusableNameError as error:
            found[f"mentor-{number}-name"] = error.code
        try:
            address = parse_mail_address(each.address)
        except UnusableAddressError as error:
            found[f"mentor-{number}-address"] = error.code
        if address and address.casefold() in seen:
            found[f"mentor-{number}-address"] = "twice"
        seen.add(address.casefold())
        yield Mentor(name, address)
