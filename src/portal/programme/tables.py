"""The tables of a city's programme. Unique indexes are made by the migrations, as SQL that both databases take."""

from piccolo.columns import JSON, UUID, ForeignKey, OnDelete, Timestamptz, Varchar
from piccolo.columns.defaults.timestamptz import TimestamptzNow
from piccolo.columns.defaults.uuid import UUID4
from piccolo.table import Table

from portal.accounts.tables import City, Organisation
from portal.assessments.solutions.tables import Solution
from portal.assessments.tables import AnswerSheet


class Snapshot(Table, tablename="snapshot"):
    """A city's figures of one week, which never change: the only thing that pages and open data read.

    `week`: of ISO 8601, such as `2026-W48`, by the city's clock. `cells`: what is published
    (`portal.programme.publishing`). `pace`: what its organisers see besides. `state`: the sums behind it, shown to
    nobody; the next snapshot is made from them and then empties them.
    """

    id = UUID(default=UUID4(), primary_key=True)
    city = ForeignKey(City, on_delete=OnDelete.cascade, null=False)
    week = Varchar(length=8)
    made_at = Timestamptz(default=TimestamptzNow())
    catalogue_version = Varchar(length=32)
    cells = JSON(default="{}")
    pace = JSON(default="{}")
    state = JSON(default="{}")


class Contribution(Table, tablename="contribution"):
    """What one sheet adds to its city's figures as they stand, until they take in what it has become since.

    `content`: a `portal.programme.contributing.Part`, JSON.
    """

    id = UUID(default=UUID4(), primary_key=True)
    sheet = ForeignKey(AnswerSheet, on_delete=OnDelete.cascade, null=False)
    city = ForeignKey(City, on_delete=OnDelete.cascade, null=False)
    content = JSON(default="{}")


class Pilot(Table, tablename="pilot"):
    """A solution is tried with firms: once. `outcome`: what is published when it has ended (JSON), then never changed.

    `began_by`: a pseudonym.
    """

    id = UUID(default=UUID4(), primary_key=True)
    solution = ForeignKey(Solution, on_delete=OnDelete.cascade, null=False)
    began_at = Timestamptz(default=TimestamptzNow())
    began_by = Varchar(length=32)
    ended_at = Timestamptz(null=True, default=None)
    outcome = JSON(default="{}")


class Participation(Table, tablename="participation"):
    """A firm agreed to be counted in a pilot. It goes with the firm, its sheet, its consent, and the pilot's end.

    `before`: a `portal.programme.outcomes.Standing` of its sheet as it joined, JSON.
    """

    id = UUID(default=UUID4(), primary_key=True)
    pilot = ForeignKey(Pilot, on_delete=OnDelete.cascade, null=False)
    firm = ForeignKey(Organisation, on_delete=OnDelete.cascade, null=False)
    sheet = ForeignKey(AnswerSheet, on_delete=OnDelete.cascade, null=False)
    before = JSON(default="{}")
    joined_at = Timestamptz(default=TimestamptzNow())
