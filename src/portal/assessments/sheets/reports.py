"""The PDF of a sheet: asked for, made by a worker, and made anew once the sheet has changed."""

import hashlib
from typing import Any

import msgspec

from portal import jobs
from portal.assessments.catalogue import current
from portal.assessments.sheets.storage import KeptSheet
from portal.assessments.solutions import reading
from portal.assessments.solutions.offers import digest
from portal.assessments.tables import SheetReport, Stage


async def request(kept: KeptSheet, language: str, *, for_others: bool = False) -> SheetReport:
    """The report in that language: queued now, or what became of an earlier request for the same state of the sheet.

    A failed one, and one of another state, is made anew.
    """
    mine = _where(kept, language, for_others=for_others)
    now = await _now(kept, language)
    await SheetReport.delete().where(mine, (SheetReport.status == Stage.FAILED.value) | (SheetReport.state != now))
    row = SheetReport(sheet=kept.row.id, language=language, for_others=for_others, state=now)
    once = (SheetReport.sheet, SheetReport.language, SheetReport.for_others)
    await SheetReport.insert(row).on_conflict(target=once, action="DO NOTHING")
    found = await SheetReport.objects().where(mine).first()
    assert found is not None  # noqa: S101 - just inserted, or there before
    if found.status == Stage.QUEUED:
        await jobs.enqueue(jobs.SHEET_REPORT, found.id)
    return found


async def report_of(kept: KeptSheet, language: str, *, for_others: bool = False) -> SheetReport | None:
    """Its report as the sheet stands now, at whatever stage; None where nobody asked for it."""
    mine = _where(kept, language, for_others=for_others)
    return await SheetReport.objects().where(mine, SheetReport.state == await _now(kept, language)).first()


async def stage(kept: KeptSheet, language: str, *, for_others: bool = False) -> str:
    """How far it is (see `Stage`), without the PDF; empty where nobody asked for the sheet as it stands now."""
    mine = _where(kept, language, for_others=for_others)
    found = (
        await SheetReport.select(SheetReport.status)
        .where(mine, SheetReport.state == await _now(kept, language))
        .first()
    )
    return found["status"] if found else ""


def _where(kept: KeptSheet, language: str, *, for_others: bool) -> Any:  # noqa: ANN401 - Piccolo's conditions share no public type
    own = (SheetReport.sheet == kept.row.id) & (SheetReport.language == language)
    return own & (SheetReport.for_others == for_others)


async def _now(kept: KeptSheet, language: str) -> str:
    return state(kept, digest(await reading.standing(language)))


def state(kept: KeptSheet, offers: str = "") -> str:
    """What the report depends on, as SHA-256 in hexadecimal: answers, ticks, budget, and the checks of its domains.

    `offers`: the digest of the awarded solutions in force.
    """
    told = (
        current().version,
        sorted((name, given.answer) for name, given in kept.given.items()),
        sorted((each.fix, each.ticked_at.isoformat(), each.sight) for each in kept.proofs),
        (kept.row.budget_eur, kept.row.minutes),
        [(each.domain, each.started_at.isoformat(), len(each.findings)) for each in kept.inspected],
        *((offers,) if offers else ()),
    )
    return hashlib.sha256(msgspec.json.encode(told)).hexdigest()
