"""What one firm's sheet adds to its city's figures: a few ids and no text, no name and no domain."""

import asyncio
from collections.abc import Iterable, Mapping
from datetime import tzinfo
from uuid import UUID

from msgspec import Struct

from checks import advice
from checks.errors import CardError
from checks.registry import ALL_CHECKS
from portal.assessments.catalogue import Catalogue, current
from portal.assessments.sheets import storage
from portal.assessments.sheets.assessing import counted
from portal.assessments.sheets.items import DOMAIN, FULL, Item
from portal.assessments.sheets.proofs import Sight
from portal.assessments.sheets.sheet import Sheet, shown
from portal.assessments.sheets.storage import KeptSheet
from portal.assessments.tables import AnswerSheet
from portal.errors import SheetNotFoundError

SECTOR, SIZE, MONTH = "sector", "size", "month"
DIMENSIONS = (SECTOR, SIZE, MONTH)
"""By what a city's figures are told apart; never by two of these at once."""


class Part(Struct, frozen=True):
    """One firm's part. `places`: its group in each of `DIMENSIONS`; a month is that in which it began, `2026-11`.

    `asked`: questions and checks that were judged; `short`: those of them surely under what is needed. `fixed`: fixes
    ticked done that no later check disproves; `proven`: those of them that a later check saw work. All are sorted ids.
    """

    places: dict[str, str]
    asked: tuple[str, ...] = ()
    short: tuple[str, ...] = ()
    fixed: tuple[str, ...] = ()
    proven: tuple[str, ...] = ()


class Live(Struct, frozen=True):
    """A firm's part as it is now, and the sheet that it is made of."""

    sheet: UUID
    part: Part


async def parts_of(city: UUID, zone: tzinfo) -> dict[str, Live]:
    """The city's firms as they are now, by `unit`: each once, by its newest sheet that is an assessment."""
    sheets = (
        await AnswerSheet.select(AnswerSheet.id, AnswerSheet.firm)
        .where(AnswerSheet.city == city)
        .order_by(AnswerSheet.updated_at, ascending=False)
    )
    found: dict[str, Live] = {}
    for sheet in sheets:
        name = unit(sheet["id"], sheet["firm"])
        if name not in found and (own := await _part_of(sheet["id"], zone)) is not None:
            found[name] = Live(sheet["id"], own)
    return found


def unit(sheet: UUID, firm: UUID | None) -> str:
    """What counts once: a firm, however many sheets it has; a sheet that is nobody's by itself."""
    return str(firm or sheet)


async def _part_of(sheet: UUID, zone: tzinfo) -> Part | None:
    try:
        kept = await storage.by_id(sheet)
    except SheetNotFoundError:  # deleted since it was listed
        return None
    return await asyncio.to_thread(part, kept, current(), zone)


def part(kept: KeptSheet, catalogue: Catalogue, zone: tzinfo) -> Part | None:
    """What a sheet adds; None where it is no assessment."""
    sheet = kept.as_of(catalogue)
    if not is_assessment(catalogue, sheet):
        return None
    items = counted(catalogue, sheet, kept.inspected).items
    known = known_fixes(catalogue)
    proven = {each.fix for each in kept.proofs if each.sight is Sight.PROVEN}
    return Part(
        places={
            SECTOR: sheet.profile[SECTOR],
            SIZE: sheet.profile[SIZE],
            MONTH: f"{kept.row.created_at.astimezone(zone):%Y-%m}",
        },
        asked=_sorted(item.id for item in items),
        short=_sorted(item.id for item in items if falls_short(item)),
        fixed=_sorted(fix for fix in kept.done if fix in known),
        proven=_sorted(fix for fix in proven if fix in known),
    )


def is_assessment(catalogue: Catalogue, sheet: Sheet) -> bool:
    """Whether its owner told sector and size, and answered at least half of the questions that they are asked."""
    if not {SECTOR, SIZE} <= set(sheet.profile):
        return False
    asked = shown(catalogue, sheet.profile)
    return 2 * sum(question.id in sheet.answers for question in asked) >= len(asked)


def falls_short(item: Item) -> bool:
    """A question is answered below what is needed, or a check surely finds a fault; what is ticked done counts."""
    return item.high < FULL if item.topic == DOMAIN else item.is_short


def known_fixes(catalogue: Catalogue) -> Mapping[str, Mapping[str, str]]:
    """Titles by language of every fix that can be ticked: the catalogue's, and those of the checks' cards."""
    titles: dict[str, Mapping[str, str]] = {}
    for check in ALL_CHECKS:
        try:
            titles.update({fix.id: fix.title for fix in advice.card(check.id).fixes.values()})
        except CardError:
            continue
    return titles | {fix.id: fix.title for fix in catalogue.fixes.values()}


def _sorted(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(names)))
