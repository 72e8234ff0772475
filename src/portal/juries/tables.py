"""The tables of juries. The migrations make unique indexes, and triggers that refuse what a conflict forbids."""

from enum import StrEnum

from piccolo.columns import (
    JSON,
    UUID,
    Boolean,
    DoublePrecision,
    ForeignKey,
    Integer,
    OnDelete,
    Text,
    Timestamptz,
    Varchar,
)
from piccolo.columns.defaults.timestamptz import TimestamptzNow
from piccolo.columns.defaults.uuid import UUID4
from piccolo.table import Table

from portal.accounts.tables import City, Organisation, Person
from portal.calls.tables import Call
from portal.entries.tables import Entry


class Round(Table, tablename="round"):
    """One reading of a call's entries: `kind` is `screening` or `final` (`challenge.terms.PhaseKind`).

    `locked_at`: no score changes any more.
    """

    id = UUID(default=UUID4(), primary_key=True)
    call = ForeignKey(Call, on_delete=OnDelete.cascade, null=False)
    kind = Varchar(length=16)
    opened_at = Timestamptz(default=TimestamptzNow())
    locked_at = Timestamptz(null=True, default=None)


class RoundEntry(Table, tablename="round_entry"):
    """An entry that is read in a round: all of the call's in the screening, the finalists in the final."""

    id = UUID(default=UUID4(), primary_key=True)
    round = ForeignKey(Round, on_delete=OnDelete.cascade, null=False)
    entry = ForeignKey(Entry, on_delete=OnDelete.cascade, null=False)


class Juror(Table, tablename="juror"):
    """One of a call's jury, who judges for the city `city`. Without a `person` they have deleted their account.

    `number`: how published results call them, from 1 within the call, in random order. `employer`, `invests_in`:
    what they said of themselves, for conflicts. `most_reads`: as many entries as they take at most; None: as many
    as come. `chairs`: leads the meeting. `declared_at`: when they last said to whom they are too close; entries
    open only then.
    """

    id = UUID(default=UUID4(), primary_key=True)
    call = ForeignKey(Call, on_delete=OnDelete.cascade, null=False)
    person = ForeignKey(Person, on_delete=OnDelete.set_null, null=True)
    city = ForeignKey(City, on_delete=OnDelete.cascade, null=False)
    number = Integer()
    employer = Varchar(length=100, default="")
    invests_in = Varchar(length=500, default="")
    most_reads = Integer(null=True, default=None)
    chairs = Boolean(default=False)
    joined_at = Timestamptz(default=TimestamptzNow())
    declared_at = Timestamptz(null=True, default=None)
    left_at = Timestamptz(null=True, default=None)
    reminded_at = Timestamptz(null=True, default=None)


class Closeness(StrEnum):
    """Why a juror is too close to an entrant."""

    MAIL_DOMAIN = "mail-domain"
    EMPLOYER = "employer"
    INVESTOR = "investor"
    CITY = "city"
    MENTOR = "mentor"
    MEMBER = "member"
    DECLARED = "declared"
    """They said so themselves; `words` may say why."""
    RECUSED = "recused"
    """They found out while reading; it holds whatever they say later."""


class Conflict(Table, tablename="conflict"):
    """That a juror is too close to a startup. Where `holds`, the database lets them neither read nor score its entries.

    One that we suggest holds until the juror says that it is none; `mentor`, `member` and `recused` hold
    whatever they say; `city` never does by itself: the call's limit for the home city is what cities have.
    """

    id = UUID(default=UUID4(), primary_key=True)
    juror = ForeignKey(Juror, on_delete=OnDelete.cascade, null=False)
    organisation = ForeignKey(Organisation, on_delete=OnDelete.cascade, null=False)
    kind = Varchar(length=16)
    words = Varchar(length=300, default="")
    holds = Boolean(default=True)
    said_at = Timestamptz(null=True, default=None)


class ReadState(StrEnum):
    """How far a juror is with an entry."""

    OPEN = "open"
    DONE = "done"
    RECUSED = "recused"
    """They found out that they are too close: a conflict holds from then on."""
    CANNOT_JUDGE = "cannot-judge"
    """They do not know enough of it; somebody else reads it."""


class Reading(Table, tablename="reading"):
    """That a juror reads an entry in a round. `by_hand`: an organiser gave it to them, and assigning anew keeps it."""

    id = UUID(default=UUID4(), primary_key=True)
    round = ForeignKey(Round, on_delete=OnDelete.cascade, null=False)
    juror = ForeignKey(Juror, on_delete=OnDelete.cascade, null=False)
    entry = ForeignKey(Entry, on_delete=OnDelete.cascade, null=False)
    state = Varchar(length=16, default=ReadState.OPEN.value)
    by_hand = Boolean(default=False)
    why = Varchar(length=500, default="")
    given_at = Timestamptz(default=TimestamptzNow())
    ended_at = Timestamptz(null=True, default=None)


class Score(Table, tablename="score"):
    """What a juror thinks of an entry; one for each reading. `marks`: 0 to 10 by criterion, JSON.

    `total`: their weighted mean in points of 100, None until all are given; `portal.juries.scoring` alone writes it.
    `submission`: the number of the one that was read. `private_note`: for the juror alone; `note`: to the organisers;
    `feedback`: to the startup. `edits`: how often it was saved.
    """

    id = UUID(default=UUID4(), primary_key=True)
    reading = ForeignKey(Reading, on_delete=OnDelete.cascade, null=False)
    marks = JSON(default="{}")
    total = DoublePrecision(null=True, default=None)
    submission = Integer(default=0)
    private_note = Text(default="")
    note = Text(default="")
    feedback = Text(default="")
    edits = Integer(default=0)
    saved_at = Timestamptz(default=TimestamptzNow())
