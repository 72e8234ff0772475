"""A snapshot in words: what questions, checks, fixes, groups and weeks are called in one language."""

from collections.abc import Iterable
from datetime import date
from functools import cache
from typing import Any

from babel.dates import format_skeleton
from msgspec import Struct

from checks import advice
from checks.registry import ALL_CHECKS
from portal.assessments.catalogue import current
from portal.i18n import translator
from portal.programme.admitting import TOGETHER
from portal.programme.contributing import DIMENSIONS, MONTH, known_fixes
from portal.programme.snapshots import Kept

_CHECKS = {check.id for check in ALL_CHECKS}
MOST = 3
"""So many gaps are named of one group."""


class ToldGap(Struct, frozen=True):
    """What `short` of so many `firms` fall short of. `since`: the Monday of its week, where that is an earlier one."""

    id: str
    text: str
    critical: bool
    firms: int
    short: int
    since: date | None = None

    @property
    def percent(self) -> int:
        """The share, for a bar."""
        return round(100 * self.short / self.firms)


class ToldGroup(Struct, frozen=True):
    """One group. `firms`: None where there are too few. `gaps`: the commonest that may be told of it."""

    id: str
    text: str
    firms: int | None
    gaps: tuple[ToldGap, ...]


class ToldFix(Struct, frozen=True):
    """A fix that so many firms ticked done; `proven`: None where that may not be told."""

    id: str
    text: str
    done: int
    proven: int | None


class ToldSnapshot(Struct, frozen=True):
    """All of it. `groups`: by dimension. `answers`: gaps in answers; `checks`: faults of domains; commonest first."""

    week: str
    monday: date
    assessments: int | None
    groups: dict[str, tuple[ToldGroup, ...]]
    answers: tuple[ToldGap, ...]
    checks: tuple[ToldGap, ...]
    fixed: tuple[ToldFix, ...]


def told(kept: Kept, language: str) -> ToldSnapshot:
    """The snapshot in that language."""
    cells: Any = kept.cells
    gaps = [(gap["kind"], _gap(gap, kept.week, language)) for gap in cells["gaps"]]
    return ToldSnapshot(
        week=kept.week,
        monday=monday(kept.week),
        assessments=cells["assessments"],
        groups={each: tuple(_groups(cells, each, language)) for each in DIMENSIONS},
        answers=tuple(gap for kind, gap in gaps if kind == "question"),
        checks=tuple(gap for kind, gap in gaps if kind == "check"),
        fixed=tuple(
            ToldFix(fix["id"], fix_name(fix["id"], language), fix["done"], fix["proven"]) for fix in cells["fixed"]
        ),
    )


def monday(week: str) -> date:
    """The first day of a week of ISO 8601."""
    year, _, number = week.partition("-W")
    return date.fromisocalendar(int(year), int(number), 1)


def item_name(item: str, language: str) -> str:
    """What a question asks, or what a check is called; the id of one that is no longer there."""
    question = current().question(item)
    if question is not None:
        return question.text[language]
    return advice.card(item).name[language] if item in _CHECKS else item


def fix_name(fix: str, language: str) -> str:
    """What a fix is called; the id of one that is no longer there."""
    titles = _titles().get(fix)
    return titles[language] if titles else fix


def group_name(dimension: str, value: str, language: str) -> str:
    """What a group is called."""
    if value == TOGETHER:
        return _together(dimension, language)
    if dimension == MONTH:
        return format_skeleton("yMMMM", date.fromisoformat(f"{value}-01"), locale=language)
    question = current().profile_question(dimension)
    known = {answer.id: answer.text[language] for answer in question.answers} if question else {}
    return known.get(value, value)


def _together(dimension: str, language: str) -> str:
    tell = translator(language).gettext
    return {
        "sector": tell("Sectors with few firms, together"),
        "size": tell("Sizes with few firms, together"),
        MONTH: tell("Months with few firms, together"),
    }[dimension]


@cache
def _titles() -> dict[str, Any]:
    return dict(known_fixes(current()))


def _gap(gap: Any, week: str, language: str) -> ToldGap:  # noqa: ANN401 - what JSON holds
    since = monday(gap["week"]) if gap["week"] != week else None
    name = item_name(gap["id"], language)
    return ToldGap(gap["id"], name, gap["critical"], gap["assessments"], gap["short"], since)


def _groups(cells: Any, dimension: str, language: str) -> Iterable[ToldGroup]:  # noqa: ANN401 - the same
    for group in cells["groups"][dimension]:
        value = group["id"]
        found = [
            ToldGap(gap["id"], item_name(gap["id"], language), gap["critical"], cell["assessments"], cell["short"])
            for gap in cells["gaps"]
            for cell in gap["groups"][dimension]
            if cell["id"] == value
        ]
        first = tuple(sorted(found, key=lambda gap: (-gap.short / gap.firms, gap.id))[:MOST])
        yield ToldGroup(value, group_name(dimension, value, language), group["assessments"], first)
