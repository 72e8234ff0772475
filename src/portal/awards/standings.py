"""The ranking of each track, made once from the locked scores, with numbers in place of names. It never changes."""

import csv
import io
from collections.abc import Iterable
from datetime import datetime
from importlib.metadata import version
from uuid import UUID

import msgspec
from msgspec import Struct

from challenge.ranking.ranking import rank
from challenge.ranking.reading import COLUMNS, read_scores
from challenge.ranking.result import Ranking, Score
from challenge.terms import Track
from portal.awards.tables import Standing
from portal.juries import scoring
from portal.juries.service import KnownRound


class Content(Struct, frozen=True):
    """What a standing keeps: the ranking, and among how many best `p_top_k` counts."""

    ranking: Ranking
    top: int


class KnownStanding(Struct, frozen=True):
    """One as it was made. `scores`: CSV, as `kyberkunto ranking` reads it."""

    round: UUID
    track: str
    scores: str
    ranking: Ranking
    top: int
    code_version: str
    made_at: datetime

    def arguments(self, scores: str) -> tuple[str, ...]:
        """With which `kyberkunto` makes exactly this ranking of the file `scores`."""
        used = self.ranking.variances
        variances = () if used is None else ("--variances", told_variances(used.error, used.entry, used.juror))
        return ("ranking", scores, *variances, "--top", str(self.top), "--json")


def told_variances(error: float, entry: float, juror: float) -> str:
    """Variances as the command takes them, with every digit."""
    return f"error={error!r},entry={entry!r},juror={juror!r}"


async def make(round_: KnownRound, track: Track, moment: datetime) -> None:
    """Keeps the ranking of a track; call it in the transaction that locks the round. Nothing where nobody scored."""
    marked = await scoring.scores_of(round_.id, track.id)
    if not marked:
        return
    scores = table(Score(str(each.entry), str(each.juror), each.total) for each in marked)
    content = Content(rank(read_scores(scores.encode()), top=track.winners), track.winners)
    row = Standing(
        round=round_.id,
        track=track.id,
        scores=scores,
        content=msgspec.json.encode(content).decode(),
        code_version=version("kyberkunto"),
        made_at=moment,
    )
    await row.save()


async def of_round(round_id: UUID) -> dict[str, KnownStanding]:
    """By track; none before the round is locked."""
    found = await Standing.objects().where(Standing.round == round_id)
    return {row.track: _known(row) for row in found}


def table(scores: Iterable[Score]) -> str:
    """SCORES.csv, with every digit, so that whoever reads it ranks the same."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows((each.entry, each.juror, repr(each.score)) for each in scores)
    return text.getvalue()


def _known(row: Standing) -> KnownStanding:
    content = msgspec.json.decode(row.content, type=Content)
    return KnownStanding(row.round, row.track, row.scores, content.ranking, content.top, row.code_version, row.made_at)
