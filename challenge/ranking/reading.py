"""SCORES.csv: `entry,juror,score`."""

from challenge.errors import RowError, ScoreError, TableError
from challenge.ranking.panel import check
from challenge.ranking.result import Score
from challenge.rows import read_table

COLUMNS = ("entry", "juror", "score")


def read_scores(raw: bytes) -> list[Score]:
    """The scores of the table. Whatever an id looks like, it is text.

    Raises:
        TableError: it is no such table, or has no rows, or too many entries or jurors.
        RowError: a row is not usable: an empty id, not a number, out of range, a juror twice on an entry.
    """
    rows = read_table(raw, COLUMNS)
    scores = [Score(row.name("entry"), row.name("juror"), row.number_of("score")) for row in rows]
    try:
        check(scores)
    except ScoreError as error:
        if error.place is None:
            raise TableError(error.reason) from error
        raise RowError(rows[error.place].number, error.reason) from error
    return scores
