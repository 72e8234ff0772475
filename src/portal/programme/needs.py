"""What small businesses lack, for those who would help them: a call's cities beside each other, never added up.

Only cells that a city has published already are told, as its newest snapshot has them. A sum over cities would be a new
figure: beside what one of them hides and the other shows, it could tell what is hidden. So there is none.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from msgspec import Struct

from portal.accounts.cities import KnownCity
from portal.assessments.catalogue import current
from portal.calls.service import KnownCall
from portal.programme import snapshots
from portal.programme.contributing import MONTH
from portal.programme.snapshots import Kept
from portal.programme.telling import ToldGap, ToldGroup, ToldSnapshot, monday, told

MOST = 8
"""So many gaps of a city stand in the brief; its own page has all of them."""


class CityNeeds(Struct, frozen=True):
    """One city. `assessments`: None before there are ten firms. `gaps`: the commonest in answers.

    `groups`: by dimension (sector, size), those of which something may be told.
    """

    city: KnownCity
    monday: date | None
    assessments: int | None
    gaps: tuple[ToldGap, ...]
    groups: Mapping[str, tuple[ToldGroup, ...]]


class Share(Struct, frozen=True):
    """A published cell: of `firms` in that city's programme, `short` have the gap. `week`: the figure's (ISO 8601)."""

    city: KnownCity
    firms: int
    short: int
    week: str


class Demand(Struct, frozen=True):
    """How common one gap is: a share for each city that publishes one, in the call's order; never empty."""

    shares: tuple[Share, ...]


async def of_call(call: KnownCall, language: str) -> tuple[CityNeeds, ...]:
    """The brief, city by city, the lead first: what `templates/calls/needs.html` wants as `needs`."""
    return tuple([_needs(city, await snapshots.newest(city), language) for city in call.cities])


async def demand(call: KnownCall) -> dict[str, Demand | None]:
    """By question of today's questionnaire, how common the gap is among the call's cities; None where no city tells.

    Jurors are to judge what an entry says by itself: show them this only once they have handed in their scores.
    """
    found: dict[str, list[Share]] = {question.id: [] for question in current().questions}
    for city in call.cities:
        kept = await snapshots.newest(city)
        for gap in _gaps(kept):
            if gap["id"] in found and kept is not None:
                found[gap["id"]].append(Share(city, gap["assessments"], gap["short"], gap["week"]))
    return {name: Demand(tuple(shares)) if shares else None for name, shares in found.items()}


def _gaps(kept: Kept | None) -> list[dict[str, Any]]:
    """As `portal.programme.publishing.cells` makes them."""
    cells: Any = kept.cells if kept else {"gaps": []}
    return list(cells["gaps"])


def _needs(city: KnownCity, kept: Kept | None, language: str) -> CityNeeds:
    snapshot = told(kept, language) if kept else None
    if snapshot is None or snapshot.assessments is None:
        return CityNeeds(city, None, None, (), {})
    return CityNeeds(city, monday(snapshot.week), snapshot.assessments, snapshot.answers[:MOST], _groups(snapshot))


def _groups(snapshot: ToldSnapshot) -> dict[str, tuple[ToldGroup, ...]]:
    """Of each group what may be told of answers; what checks found is not for a call, which asks for question ids."""
    asked = {question.id for question in current().questions}
    made = {}
    for dimension, groups in snapshot.groups.items():
        if dimension == MONTH:
            continue
        only = [
            ToldGroup(group.id, group.text, group.firms, tuple(gap for gap in group.gaps if gap.id in asked))
            for group in groups
        ]
        made[dimension] = tuple(group for group in only if group.gaps)
    return made
