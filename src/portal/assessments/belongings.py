"""What belongs to a firm: its sheets with how far they are, and the newest check of each of its domains."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from msgspec import Struct

from checks.contract import Finding
from checks.priority import URGENT, in_order
from checks.score import Score
from portal.assessments import queries
from portal.assessments.catalogue import current
from portal.assessments.earlier import as_of_today, is_known
from portal.assessments.sheets import storage
from portal.assessments.sheets.assessing import score_of
from portal.assessments.sheets.way import way
from portal.assessments.tables import AnswerSheet, Assessment, Stage
from portal.database import rows

MOST = 20
"""Sheets and domains of one firm that are told, the newest of them."""

_NEWEST = """
    SELECT id FROM assessment WHERE firm = {} AND NOT EXISTS (
        SELECT 1 FROM assessment AS later WHERE later.firm = assessment.firm AND later.domain = assessment.domain
        AND (later.created_at > assessment.created_at
             OR (later.created_at = assessment.created_at AND later.id > assessment.id))
    )
    ORDER BY created_at DESC LIMIT {}
"""


class OwnSheet(Struct, frozen=True):
    """`answered` of `total` questions; `score` is None while nothing of it can be told."""

    token: str
    answered: int
    total: int
    score: Score | None
    domains: tuple[str, ...]
    updated_at: datetime


class OwnDomain(Struct, frozen=True):
    """One domain by its newest check, at whatever stage (`portal.assessments.tables.Stage`).

    `urgent`: what it found that is to be mended first, one finding for each fix, the gravest of them as the first.
    """

    domain: str
    token: str
    stage: str
    started_at: datetime | None
    urgent: tuple[Finding, ...]


class Belongings(Struct, frozen=True):
    """All of one firm, the newest first."""

    sheets: tuple[OwnSheet, ...]
    domains: tuple[OwnDomain, ...]


async def of(firm: UUID) -> Belongings:
    """What belongs to that firm; that whoever asks belongs to it, the caller has seen to."""
    sheets = (
        await AnswerSheet.select(AnswerSheet.id)
        .where(AnswerSheet.firm == firm)
        .order_by(AnswerSheet.updated_at, ascending=False)
        .limit(MOST)
    )
    checks = [row["id"] for row in await rows(_NEWEST, firm, MOST)]
    newest = await Assessment.objects().where(Assessment.id.is_in(checks)) if checks else []
    by_time = sorted(newest, key=lambda check: check.created_at, reverse=True)
    return Belongings(
        tuple([await _sheet(row["id"]) for row in sheets]), tuple([await _domain(check) for check in by_time])
    )


async def _sheet(sheet_id: UUID) -> OwnSheet:
    kept = await storage.by_id(sheet_id)
    catalogue = current()
    sheet = kept.as_of(catalogue)
    done = way(catalogue, sheet)
    return OwnSheet(
        token=kept.row.token,
        answered=done.answered,
        total=done.total,
        score=score_of(catalogue, sheet, kept.inspected) if done.answered or kept.inspected else None,
        domains=tuple(each.domain for each in kept.domains),
        updated_at=kept.row.updated_at,
    )


async def _domain(check: Assessment) -> OwnDomain:
    stored = await queries.findings_of(check) if check.status == Stage.DONE else []
    urgent = _urgent((entry.finding for entry in stored), check.domain)
    return OwnDomain(check.domain, check.token, check.status, check.started_at, urgent)


def _urgent(findings: Iterable[Finding], domain: str) -> tuple[Finding, ...]:
    told = (as_of_today(finding, domain) for finding in findings if is_known(finding))
    found: dict[str, Finding] = {}
    for finding in in_order(told):
        if finding.severity in URGENT:
            found.setdefault(finding.fix.id if finding.fix else f"{finding.id} {finding.subject}", finding)
    return tuple(found.values())
