"""The tables of what comes of a jury's work. Unique indexes are made by the migrations, as SQL for both databases."""

from enum import StrEnum

from piccolo.columns import JSON, UUID, ForeignKey, Integer, OnDelete, Text, Timestamptz, Varchar
from piccolo.columns.defaults.timestamptz import TimestamptzNow
from piccolo.columns.defaults.uuid import UUID4
from piccolo.table import Table

from portal.calls.tables import Call
from portal.entries.tables import Entry
from portal.juries.tables import Juror, Round


class Standing(Table, tablename="standing"):
    """A track's ranking of a round, made when the round was locked; it never changes.

    `scores`: what it was made of, with numbers in place of names (CSV, as `kyberkunto ranking` reads it). `content`:
    `challenge.ranking.Ranking`, JSON. `code_version`: of Kyberkunto.
    """

    id = UUID(default=UUID4(), primary_key=True)
    round = ForeignKey(Round, on_delete=OnDelete.cascade, null=False)
    track = Varchar(length=40)
    scores = Text(default="")
    content = JSON(default="{}")
    code_version = Varchar(length=40)
    made_at = Timestamptz(default=TimestamptzNow())


class Verdict(StrEnum):
    """What was decided of an entry in a round."""

    FINALIST = "finalist"
    WINNER = "winner"
    PILOT = "pilot"
    """It is tried with firms."""
    NOT_CHOSEN = "not-chosen"


class Decision(Table, tablename="decision"):
    """What the jury decided of an entry, and why. Nobody outside sees it before it is published.

    `reason`: needed where the ranking alone does not decide it. `by`: a pseudonym. `edits`: how often it was changed.
    """

    id = UUID(default=UUID4(), primary_key=True)
    round = ForeignKey(Round, on_delete=OnDelete.cascade, null=False)
    entry = ForeignKey(Entry, on_delete=OnDelete.cascade, null=False)
    verdict = Varchar(length=16)
    reason = Text(default="")
    by = Varchar(length=32)
    edits = Integer(default=0)
    decided_at = Timestamptz(default=TimestamptzNow())


class Comparison(Table, tablename="comparison"):
    """In the final, a juror prefers `better` to `worse`."""

    id = UUID(default=UUID4(), primary_key=True)
    round = ForeignKey(Round, on_delete=OnDelete.cascade, null=False)
    juror = ForeignKey(Juror, on_delete=OnDelete.cascade, null=False)
    better = ForeignKey(Entry, on_delete=OnDelete.cascade, null=False)
    worse = ForeignKey(Entry, on_delete=OnDelete.cascade, null=False)
    said_at = Timestamptz(default=TimestamptzNow())


class Stage(StrEnum):
    """What is published at a time."""

    FINALISTS = "finalists"
    WINNERS = "winners"
    GALLERY = "gallery"


class Publication(Table, tablename="publication"):
    """One stage that the public sees; it never changes.

    `content`: what was published, JSON; `digest`: SHA-256 of the results bundle, hexadecimal; `by`: a pseudonym.
    """

    id = UUID(default=UUID4(), primary_key=True)
    call = ForeignKey(Call, on_delete=OnDelete.cascade, null=False)
    stage = Varchar(length=16)
    content = JSON(default="{}")
    bundle = JSON(default="{}")
    digest = Varchar(length=64, default="")
    by = Varchar(length=32)
    published_at = Timestamptz(default=TimestamptzNow())


class FeedbackLetter(Table, tablename="feedback_letter"):
    """What an entrant is told in a round, in the language of its entry.

    `letter`: the one that was sent, where it was.
    """

    id = UUID(default=UUID4(), primary_key=True)
    round = ForeignKey(Round, on_delete=OnDelete.cascade, null=False)
    entry = ForeignKey(Entry, on_delete=OnDelete.cascade, null=False)
    text = Text(default="")
    edits = Integer(default=0)
    sent_at = Timestamptz(null=True, default=None)
