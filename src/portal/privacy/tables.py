"""The tables of what people take along and what they tell us. Indexes are made by the migrations."""

from piccolo.columns import UUID, Bytea, ForeignKey, OnDelete, Text, Timestamptz, Varchar
from piccolo.columns.defaults.timestamptz import TimestamptzNow
from piccolo.columns.defaults.uuid import UUID4
from piccolo.table import Table

from portal.accounts.tables import Person
from portal.assessments.tables import Stage


class Export(Table, tablename="export"):
    """Everything that is kept of one person and their firms, as a zip file. Its id is the id of its job.

    `language`: of its PDFs. `archive` is empty until it is `done` (`portal.assessments.tables.Stage`).
    """

    id = UUID(default=UUID4(), primary_key=True)
    person = ForeignKey(Person, on_delete=OnDelete.cascade, null=False)
    language = Varchar(length=8)
    status = Varchar(length=16, default=Stage.QUEUED.value)
    archive = Bytea(default=b"")
    created_at = Timestamptz(default=TimestamptzNow())
    finished_at = Timestamptz(null=True, default=None)


class Feedback(Table, tablename="feedback"):
    """Somebody says what stood in their way on a page. The operator lists them with `kyberkunto feedback`.

    `place`: the page that they mean, in their words or by its address. `reply_to`: where they want the answer, empty
    where they want none.
    """

    id = UUID(default=UUID4(), primary_key=True)
    language = Varchar(length=8)
    place = Varchar(length=300, default="")
    message = Text()
    reply_to = Varchar(length=254, default="")
    created_at = Timestamptz(default=TimestamptzNow())
