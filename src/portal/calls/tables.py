"""The tables of calls. Unique indexes are made by the migrations, as SQL that both databases take."""

from piccolo.columns import JSON, UUID, Boolean, ForeignKey, Integer, OnDelete, Timestamptz, Varchar
from piccolo.columns.defaults.timestamptz import TimestamptzNow
from piccolo.columns.defaults.uuid import UUID4
from piccolo.table import Table

from portal.accounts.tables import City


class Call(Table, tablename="call"):
    """A call for entries. `slug` stands in addresses and never changes once the call is published.

    `version`: of the terms that hold, 0 before they are published. `opens_at`, `deadline`, `grace_s`: of those terms,
    kept here for the database to decide by; `portal.calls.publishing` alone writes them. `cancelled_at`: it was ended
    before winners were chosen.
    """

    id = UUID(default=UUID4(), primary_key=True)
    slug = Varchar(length=60)
    version = Integer(default=0)
    opens_at = Timestamptz(null=True, default=None)
    deadline = Timestamptz(null=True, default=None)
    grace_s = Integer(default=0)
    created_at = Timestamptz(default=TimestamptzNow())
    published_at = Timestamptz(null=True, default=None)
    cancelled_at = Timestamptz(null=True, default=None)


class CallCity(Table, tablename="call_city"):
    """A city that makes the call. `leads`: the one whose clock and contact the call shows; exactly one of them does.

    `is_asked`: the lead asked it, and it has not said yes: it does not make the call yet.
    """

    id = UUID(default=UUID4(), primary_key=True)
    call = ForeignKey(Call, on_delete=OnDelete.cascade, null=False)
    city = ForeignKey(City, on_delete=OnDelete.cascade, null=False)
    leads = Boolean(default=False)
    is_asked = Boolean(default=False)


class CallVersion(Table, tablename="call_version"):
    """One version of a call's terms (`challenge.terms.Terms`, JSON), numbered from 1. A published one never changes.

    Of a call, at most one is not published yet: the one that organisers work on. `edits`: how often it was saved,
    by which one who saves knows whether somebody was faster. `change`: what is new, for people who read the former
    (by language, JSON). `published_by`: a pseudonym.
    """

    id = UUID(default=UUID4(), primary_key=True)
    call = ForeignKey(Call, on_delete=OnDelete.cascade, null=False)
    number = Integer()
    terms = JSON(default="{}")
    change = JSON(default="{}")
    edits = Integer(default=0)
    saved_at = Timestamptz(default=TimestamptzNow())
    published_at = Timestamptz(null=True, default=None)
    published_by = Varchar(length=32, default="")
