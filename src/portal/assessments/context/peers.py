"""How our own answer sheets answered: counts that are told only where they give nobody away.

One sheet counts once, and only with the questions that its firm is asked. A share is told in whole tenths, and only
where at least `LEAST` sheets reach it and at least as many do not; that of a trade only where the same holds for the
others of that size, so that no difference tells of a few.
"""

import time
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from msgspec import Struct

from portal import database
from portal.assessments.catalogue import Catalogue, Question

LEAST = 10
KEPT_S = 3600.0

Cell = tuple[str, str, str]
"""Question, size and sector; the sector is empty where a firm did not tell it."""


_COUNTED = """
    SELECT r.question AS question, s.answer AS size, t.answer AS sector, r.answer AS answer, COUNT(*) AS sheets
    FROM reply r
    JOIN reply s ON s.sheet = r.sheet AND s.question = 'size'
    LEFT JOIN reply t ON t.sheet = r.sheet AND t.question = 'sector'
    WHERE r.question IN ({asked}){shown}
    GROUP BY r.question, s.answer, t.answer, r.answer
"""
_SHOWN = """
    AND EXISTS (
        SELECT 1 FROM reply p WHERE p.sheet = r.sheet AND p.question = {} AND p.answer IN ({allowed})
    )
"""


class PeerShare(Struct, frozen=True):
    """How many tenths of the sheets reach an answer: of the same size, and where `of_sector` of the same trade too."""

    tenths: int
    of_sector: bool


class Peers(Struct, frozen=True):
    """Sheets by their answer (a graded one's id), for each cell. These are exact: only `share` is fit to be told."""

    counts: Mapping[Cell, Mapping[str, int]] = {}

    def share(self, question: Question, answer: str, profile: Mapping[str, str]) -> PeerShare | None:
        """The share of firms like this one that gave this answer or a better one; None where that may not be told."""
        least = question.answer(answer)
        if least is None or least.value is None or "size" not in profile:
            return None
        reaching = {each.id for each in question.answers if each.value is not None and each.value >= least.value}
        all_of_size = {
            cell: _reached(count, reaching)
            for cell, count in self.counts.items()
            if cell[:2] == (question.id, profile["size"])
        }
        own = all_of_size.get((question.id, profile["size"], profile.get("sector", "")), (0, 0))
        whole = _sum(all_of_size.values())
        others = (whole[0] - own[0], whole[1] - own[1])
        if profile.get("sector") and _may_be_told(own) and _may_be_told(others):
            return PeerShare(_tenths(own), of_sector=True)
        return PeerShare(_tenths(whole), of_sector=False) if _may_be_told(whole) else None


_kept: dict[str, tuple[float, Peers]] = {}


async def peers(catalogue: Catalogue) -> Peers:
    """The counts of all sheets, at most an hour old."""
    counted_at, found = _kept.get(catalogue.version, (0.0, None))
    if found is None or time.monotonic() - counted_at > KEPT_S:
        found = await count(catalogue)
        _kept[catalogue.version] = (time.monotonic(), found)
    return found


async def count(catalogue: Catalogue) -> Peers:
    """The counts of all sheets, now."""
    alike: dict[tuple[tuple[str, tuple[str, ...]], ...], list[Question]] = defaultdict(list)
    for question in catalogue.questions:
        alike[tuple(sorted(question.shown_if.items()))].append(question)
    counts: dict[Cell, dict[str, int]] = defaultdict(dict)
    for shown_if, asked in alike.items():
        graded = {question.id: {each.id for each in question.answers if each.value is not None} for question in asked}
        for row in await _rows(list(graded), shown_if):
            if row["answer"] in graded[row["question"]]:
                counts[row["question"], row["size"], row["sector"] or ""][row["answer"]] = row["sheets"]
    return Peers({cell: dict(count) for cell, count in counts.items()})


async def _rows(asked: list[str], shown_if: Iterable[tuple[str, tuple[str, ...]]]) -> list[dict[str, Any]]:
    """Sheets by question, size, sector and answer, of the firms whose profile brings these questions up."""
    values: list[str] = [*asked]
    conditions = []
    for key, allowed in shown_if:
        conditions.append(_SHOWN.replace("{allowed}", _places(allowed)))
        values += [key, *allowed]
    sql = _COUNTED.replace("{asked}", _places(asked)).replace("{shown}", "".join(conditions))
    return await database.rows(sql, *values)


def _places(values: Iterable[str]) -> str:
    return ", ".join("{}" for _ in values)


def _reached(count: Mapping[str, int], reaching: set[str]) -> tuple[int, int]:
    """Sheets that reach it, and sheets that answered."""
    return sum(number for answer, number in count.items() if answer in reaching), sum(count.values())


def _sum(counts: Iterable[tuple[int, int]]) -> tuple[int, int]:
    reached, answered = 0, 0
    for each in counts:
        reached, answered = reached + each[0], answered + each[1]
    return reached, answered


def _may_be_told(count: tuple[int, int]) -> bool:
    reached, answered = count
    return reached >= LEAST and answered - reached >= LEAST


def _tenths(count: tuple[int, int]) -> int:
    """To the nearest tenth, halves upwards."""
    reached, answered = count
    return (20 * reached + answered) // (2 * answered)
