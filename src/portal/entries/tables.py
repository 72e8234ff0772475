"""The tables of entries. Unique indexes are made by the migrations, as SQL that both databases take."""

from piccolo.columns import JSON, UUID, BigInt, Boolean, Bytea, ForeignKey, Integer, OnDelete, Timestamptz, Varchar
from piccolo.columns.defaults.timestamptz import TimestamptzNow
from piccolo.columns.defaults.uuid import UUID4
from piccolo.table import Table

from portal.accounts.tables import Organisation
from portal.calls.tables import Call


class Entry(Table, tablename="entry"):
    """What one startup enters for one track of a call: its people are the team.

    `number`: by which the jury calls it, from 1 within the call, given at random when it is first submitted; None
    before. `home`: the slug of the entrant's city, where it is one of the call's; empty otherwise. `draft`: what
    the team works on (`challenge.entry.Content`, JSON); `edits`: how often it was saved. `submission`: the number
    of the submission that counts, 0 before the first. `shows_gallery`: the team agrees that it may stand in the
    public gallery.
    """

    id = UUID(default=UUID4(), primary_key=True)
    call = ForeignKey(Call, on_delete=OnDelete.cascade, null=False)
    organisation = ForeignKey(Organisation, on_delete=OnDelete.cascade, null=False)
    track = Varchar(length=40)
    number = Integer(null=True, default=None)
    home = Varchar(length=40, default="")
    draft = JSON(default="{}")
    edits = Integer(default=0)
    saved_at = Timestamptz(default=TimestamptzNow())
    submission = Integer(default=0)
    shows_gallery = Boolean(default=False)
    created_at = Timestamptz(default=TimestamptzNow())
    withdrawn_at = Timestamptz(null=True, default=None)


class Submission(Table, tablename="submission"):
    """An entry as it was handed in. The database refuses to change one; the newest counts.

    `number`: from 1 within the entry. `content`: `challenge.entry.Content`, JSON; `digest`:
    `challenge.entry.digest` of it. `submitted_at`: the database's time in the transaction that took it, and
    `is_late` what it says of the deadline (within the grace). `by`: a pseudonym. `receipt`: what the team has in
    hand, unguessable and short enough to read out. `key`: the form's own, so that one that is sent twice is taken
    once.
    """

    id = UUID(default=UUID4(), primary_key=True)
    entry = ForeignKey(Entry, on_delete=OnDelete.cascade, null=False)
    number = Integer()
    call_version = Integer()
    content = JSON(default="{}")
    digest = Varchar(length=64)
    submitted_at = Timestamptz(default=TimestamptzNow())
    is_late = Boolean(default=False)
    by = Varchar(length=32)
    receipt = Varchar(length=32)
    key = Varchar(length=64)


class Upload(Table, tablename="upload"):
    """A file of an entry, checked by its content before it is kept.

    `digest`: SHA-256, hexadecimal, by which submissions name it; `field`: of the form; `size` in bytes.
    """

    id = UUID(default=UUID4(), primary_key=True)
    entry = ForeignKey(Entry, on_delete=OnDelete.cascade, null=False)
    field = Varchar(length=40)
    name = Varchar(length=120)
    digest = Varchar(length=64)
    size = BigInt()
    pages = Integer()
    content = Bytea()
    uploaded_at = Timestamptz(default=TimestamptzNow())
