"""The tables of what is shared. Unique indexes are made by the migrations, as SQL that both databases take."""

from enum import StrEnum

from piccolo.columns import JSON, UUID, ForeignKey, OnDelete, Timestamptz, Varchar
from piccolo.columns.defaults.timestamptz import TimestamptzNow
from piccolo.columns.defaults.uuid import UUID4
from piccolo.table import Table

from portal.assessments.tables import AnswerSheet, Assessment


class Audience(StrEnum):
    """For whom a link is, which decides what it shows."""

    REPORT = "report"
    """Everything, read-only: findings, plan, answers."""
    LETTER = "letter"
    """What the IT provider is to do: technical, complete, without scores."""
    SUMMARY = "summary"
    """For customers and insurers: what the owner ticked, and no fault."""


class ShareLink(Table, tablename="share_link"):
    """One link to what belongs to a sheet, or to a domain check where there is no sheet. Revoking it deletes it.

    Its token is its address, and kept as it is, because the owner is shown it again. `note`: for whom it is, in the
    owner's words, seen by nobody else. `ticks`: ids of claims (`portal.sharing.claims`), JSON, for a summary.
    `opened_at`: when last, by whomever. `checked_at`: when last somebody had the domain checked again through it.
    """

    id = UUID(default=UUID4(), primary_key=True)
    token = Varchar(length=64)
    audience = Varchar(length=16)
    language = Varchar(length=8)
    sheet = ForeignKey(AnswerSheet, on_delete=OnDelete.cascade, null=True)
    assessment = ForeignKey(Assessment, on_delete=OnDelete.cascade, null=True)
    note = Varchar(length=100, default="")
    ticks = JSON(default="[]")
    created_at = Timestamptz(default=TimestamptzNow())
    expires_at = Timestamptz(default=TimestamptzNow())
    opened_at = Timestamptz(null=True, default=None)
    checked_at = Timestamptz(null=True, default=None)


class Badge(Table, tablename="badge"):
    """The badge of a domain whose holder showed that it is theirs (`proven_at`); its token is its public address.

    `assessment`: the first of the line of checks of that domain, each asked again from the one before; the badge tells
    of the newest. Ending it deletes it, and it ends by itself at `expires_at`, because domains change hands.
    """

    id = UUID(default=UUID4(), primary_key=True)
    token = Varchar(length=64)
    domain = Varchar(length=253)
    assessment = ForeignKey(Assessment, on_delete=OnDelete.cascade, null=False)
    proven_at = Timestamptz(default=TimestamptzNow())
    expires_at = Timestamptz(default=TimestamptzNow())
