"""The tables of events. Unique indexes are made by the migrations, as SQL that both databases take."""

from enum import StrEnum

from piccolo.columns import JSON, UUID, ForeignKey, Integer, OnDelete, Timestamptz, Varchar
from piccolo.columns.defaults.timestamptz import TimestamptzNow
from piccolo.columns.defaults.uuid import UUID4
from piccolo.table import Table

from portal.accounts.tables import City, Organisation, Person
from portal.calls.tables import Call


class EventKind(StrEnum):
    """What people come for."""

    INFO = "info"
    """An info session: everybody hears the same."""
    CLINIC = "clinic"
    """A sparring clinic: a team meets one mentor at a time of its own."""


class Event(Table, tablename="event"):
    """An info session or a clinic of a call, in the city `city`, on whose clock it is shown.

    `title`, `text`: by language, JSON. `place`: where, or empty; `link`: to take part from afar, shown to those who
    have a place only. `capacity`: how many may come to an info session; a clinic has as many as it has slots.
    `edits`: the SEQUENCE of its calendar entry (RFC 5545, section 3.8.7.4).
    """

    id = UUID(default=UUID4(), primary_key=True)
    call = ForeignKey(Call, on_delete=OnDelete.cascade, null=False)
    city = ForeignKey(City, on_delete=OnDelete.cascade, null=False)
    kind = Varchar(length=16)
    title = JSON(default="{}")
    text = JSON(default="{}")
    place = Varchar(length=200, default="")
    link = Varchar(length=300, default="")
    capacity = Integer(default=0)
    starts_at = Timestamptz(default=TimestamptzNow())
    ends_at = Timestamptz(default=TimestamptzNow())
    edits = Integer(default=0)
    cancelled_at = Timestamptz(null=True, default=None)
    created_at = Timestamptz(default=TimestamptzNow())


class Slot(Table, tablename="slot"):
    """A mentor's time for one team, in a clinic. `mentor`: a person; `mentor_name`: as the team sees it."""

    id = UUID(default=UUID4(), primary_key=True)
    event = ForeignKey(Event, on_delete=OnDelete.cascade, null=False)
    mentor = ForeignKey(Person, on_delete=OnDelete.set_null, null=True)
    mentor_name = Varchar(length=100)
    mentor_address = Varchar(length=254)
    starts_at = Timestamptz(default=TimestamptzNow())
    ends_at = Timestamptz(default=TimestamptzNow())


class Place(StrEnum):
    """What somebody has."""

    TAKEN = "taken"
    WAITING = "waiting"


class Registration(Table, tablename="registration"):
    """Somebody comes, or waits: who asked first (`asked_at`) has the place that becomes free.

    `organisation`: the startup of a clinic's team. `slot`: their time. `reminded_at`: when they were reminded.
    """

    id = UUID(default=UUID4(), primary_key=True)
    event = ForeignKey(Event, on_delete=OnDelete.cascade, null=False)
    slot = ForeignKey(Slot, on_delete=OnDelete.cascade, null=True)
    person = ForeignKey(Person, on_delete=OnDelete.cascade, null=False)
    organisation = ForeignKey(Organisation, on_delete=OnDelete.cascade, null=True)
    place = Varchar(length=16)
    language = Varchar(length=8)
    asked_at = Timestamptz(default=TimestamptzNow())
    reminded_at = Timestamptz(null=True, default=None)


class Mentorship(Table, tablename="mentorship"):
    """That person advised that startup in a call.

    As its juror they are conflicted, for good, even if the clinic goes.
    """

    id = UUID(default=UUID4(), primary_key=True)
    call = ForeignKey(Call, on_delete=OnDelete.cascade, null=False)
    person = ForeignKey(Person, on_delete=OnDelete.cascade, null=False)
    organisation = ForeignKey(Organisation, on_delete=OnDelete.cascade, null=False)
    since = Timestamptz(default=TimestamptzNow())
