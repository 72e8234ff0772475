"""The tables of what is looked after. Unique indexes are made by the migrations, as SQL that both databases take."""

from piccolo.columns import JSON, UUID, Boolean, ForeignKey, Integer, OnDelete, Timestamptz, Varchar
from piccolo.columns.defaults.timestamptz import TimestamptzNow
from piccolo.columns.defaults.uuid import UUID4
from piccolo.table import Table

from portal.assessments.tables import Assessment


class Watcher(Table, tablename="watcher"):
    """Somebody who gets letters at one address. Unsubscribing deletes the row, and the address with it.

    `token`: the address on the web under which they manage and end everything; it stands in each letter, and so is
    kept as it is. `address_hash`: the address's pseudonym, by which it is found. `letter`: the one under way;
    `failures`: how many in a row did not arrive. `mailed_at`: when the last one was written.
    """

    id = UUID(default=UUID4(), primary_key=True)
    token = Varchar(length=64)
    address = Varchar(length=254)
    address_hash = Varchar(length=64)
    language = Varchar(length=8)
    created_at = Timestamptz(default=TimestamptzNow())
    mailed_at = Timestamptz(null=True, default=None)
    letter = UUID(null=True, default=None)
    failures = Integer(default=0)


class Watch(Table, tablename="watch"):
    """One domain that is looked after for one watcher.

    `confirm_hash`: SHA-256 of what the link in the letter holds by which the address is confirmed, until
    `confirm_until`; empty once it is spent. `next_check_at`: None before that. `checking`: the check under way.
    `newest`: the last one that ended well. `ports_token`: what stands in the domain's record for as long as its holder
    wants the ports looked at as well; empty where they do not. `known`: what the checks have told
    (`portal.watching.known`), JSON. `ended`: it is over, and goes with the letter that says so.
    """

    id = UUID(default=UUID4(), primary_key=True)
    watcher = ForeignKey(Watcher, on_delete=OnDelete.cascade, null=False)
    domain = Varchar(length=253)
    language = Varchar(length=8)
    confirm_hash = Varchar(length=64, default="")
    confirm_until = Timestamptz(null=True, default=None)
    confirmed_at = Timestamptz(null=True, default=None)
    ends_at = Timestamptz(null=True, default=None)
    next_check_at = Timestamptz(null=True, default=None)
    checking = UUID(null=True, default=None)
    newest = ForeignKey(Assessment, on_delete=OnDelete.set_null, null=True)
    known = JSON(default="{}")
    ports_token = Varchar(length=64, default="")
    ended = Boolean(default=False)


class Notice(Table, tablename="notice"):
    """One thing to tell a watcher; unique by watch, kind, thing and moment, so that it is told once.

    `letter`: the one that tells it. `about`: what it tells, JSON.
    """

    id = UUID(default=UUID4(), primary_key=True)
    watch = ForeignKey(Watch, on_delete=OnDelete.cascade, null=False)
    kind = Varchar(length=32)
    thing = Varchar(length=330)
    moment = Timestamptz(default=TimestamptzNow())
    about = JSON(default="{}")
    letter = UUID(null=True, default=None)
