"""Small firms of both cities with their answers and their domains' checks, and two weeks' figures made of them."""

import random
import secrets
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from msgspec import Struct
from piccolo.table import Table

from portal import clock
from portal.accounts import organisations
from portal.accounts.cities import KnownCity
from portal.accounts.tables import OrganisationKind
from portal.assessments.catalogue import current
from portal.assessments.sheets.sheet import shown
from portal.assessments.tables import AnswerSheet, DoneFix, Reply
from portal.demo import domains, texts
from portal.demo.cast import LEAD, OTHER, Cast
from portal.programme import snapshots
from portal.programme.tables import Snapshot

_AT_ONCE = 500
_DONT_KNOW = 0.08
_TICKS = {"mail-second-step": 0.3}
_WEEK = timedelta(days=7)


class Sector(Struct, frozen=True):
    """Of a hundred firms, how many are in it; `care`: how well they look after themselves, from 0 to 1."""

    share: int
    care: float
    machines: float
    cards: float


_SECTORS: Mapping[str, Sector] = {
    "food": Sector(24, 0.34, 0.0, 1.0),
    "shop": Sector(22, 0.42, 0.0, 0.95),
    "office": Sector(18, 0.66, 0.0, 0.2),
    "trade": Sector(16, 0.38, 0.2, 0.3),
    "care": Sector(14, 0.55, 0.0, 0.8),
    "making": Sector(6, 0.48, 0.9, 0.3),
}
_SIZES = {"1": 38, "2-9": 47, "10-49": 15}
_COUNTRY = {LEAD: "fi", OTHER: "us-ny"}


async def programme(cast: Cast, count: int) -> None:
    """So many firms altogether: last week's figures of most of them, this week's of all."""
    for slug, share in ((LEAD, 0.65), (OTHER, 0.35)):
        city, all_of_it = cast.cities[slug], round(count * share)
        first = all_of_it * 3 // 4
        await _add(city, range(first))
        await _last_week(city)
        await _add(city, range(first, all_of_it))
        await snapshots.make_due(city)


async def owned(cast: Cast) -> str:
    """The one firm that somebody here owns, with its sheet: the token of the sheet."""
    who = next(each for each in texts.people() if each.firm)
    owner = cast.people[who.signs_in]
    firm = await organisations.make(OrganisationKind.FIRM, who.firm, owner.id, owner.pseudonym)
    dice = random.Random(who.firm)  # noqa: S311 - a made-up firm
    sheet = _sheet(cast.lead, dice, 0)
    sheet.firm, sheet.budget_eur = firm.id, 300
    profile = _profile(LEAD, "food", dice) | {"size": "2-9", "web-shop": "no", "remote": "no"}
    await _insert(AnswerSheet, [sheet])
    await _insert(Reply, _replies(sheet, profile, dice))
    await domains.add([sheet], "kahvila-demo", dice)
    return sheet.token


async def _last_week(city: KnownCity) -> None:
    """The figures as they would have been made a week ago; the service makes those of today alone."""
    await snapshots.make_due(city)
    then = clock.now() - _WEEK
    week = snapshots.week_of(then, city)
    await Snapshot.update({Snapshot.week: week, Snapshot.made_at: then}).where(Snapshot.city == city.id)


async def _add(city: KnownCity, numbers: Sequence[int]) -> None:
    dice = random.Random(f"{city.slug} {numbers[0]}")  # noqa: S311 - made-up firms
    sheets = [_sheet(city, dice, number) for number in numbers]
    await _insert(AnswerSheet, sheets)
    replies: list[Table] = []
    for sheet in sheets:
        sector = dice.choices([*_SECTORS], [each.share for each in _SECTORS.values()])[0]
        replies += _replies(sheet, _profile(city.slug, sector, dice), dice)
    await _insert(Reply, replies)
    ticked = [
        DoneFix(sheet=sheet.id, fix=fix, done_at=sheet.updated_at, mended="[]")
        for sheet in sheets
        for fix, share in _TICKS.items()
        if dice.random() < share
    ]
    await _insert(DoneFix, ticked)
    await domains.add(sheets[::2], f"firm-{city.slug}", dice)


def _sheet(city: KnownCity, dice: random.Random, number: int) -> AnswerSheet:
    """One that was begun within the last ten weeks."""
    begun = clock.now() - timedelta(days=dice.randint(8, 70), minutes=dice.randint(0, 600))
    return AnswerSheet(
        token=secrets.token_urlsafe(16),
        language="en" if city.slug == OTHER else dice.choices(("fi", "sv", "en"), (80, 12, 8))[0],
        catalogue_version=current().version,
        client=f"demo-{city.slug}-{number}",
        city=city.id,
        created_at=begun,
        updated_at=begun + timedelta(minutes=dice.randint(8, 40)),
    )


def _profile(slug: str, sector: str, dice: random.Random) -> dict[str, str]:
    kind = _SECTORS[sector]
    chances = {"remote": 0.4, "cards": kind.cards, "web-shop": 0.25, "personal-data": 0.9, "machines": kind.machines}
    return {
        "country": _COUNTRY[slug],
        "sector": sector,
        "size": dice.choices([*_SIZES], [*_SIZES.values()])[0],
        "servers": dice.choices(("yes", "no", "not-sure"), (10, 80, 10))[0],
        **{name: "yes" if dice.random() < chance else "no" for name, chance in chances.items()},
    }


def _replies(sheet: AnswerSheet, profile: dict[str, str], dice: random.Random) -> list[Table]:
    """Answers around the sector's care: some questions better, some worse, a few that nobody knows."""
    care = min(max(dice.gauss(_SECTORS[profile["sector"]].care, 0.15), 0.05), 0.95)
    told = dict(profile)
    for question in shown(current(), profile):
        graded = [each.id for each in question.answers if each.id not in {"dont-know", "not-applicable"}]
        step = sum(dice.random() < care for _ in graded[1:])
        unknown = dice.random() < _DONT_KNOW and any(each.id == "dont-know" for each in question.answers)
        told[question.id] = "dont-know" if unknown else graded[step]
    return [
        Reply(sheet=sheet.id, question=name, answer=answer, answered_at=sheet.updated_at)
        for name, answer in told.items()
    ]


async def _insert(table: type[Table], made: Sequence[Any]) -> None:
    for start in range(0, len(made), _AT_ONCE):
        await table.insert(*made[start : start + _AT_ONCE])
