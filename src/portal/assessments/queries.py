"""Reads that page, report and job share."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from checks import document
from checks.contract import Finding
from checks.limits import Limit
from portal.accounts.permissions import open_to
from portal.accounts.viewer import Viewer
from portal.assessments.inspected import Inspected
from portal.assessments.solutions import reading
from portal.assessments.solutions.offers import digest
from portal.assessments.tables import Assessment, CheckLog, Dispute, FindingRow, Report, Stage
from portal.database import rows
from portal.errors import AssessmentNotDoneError, AssessmentNotFoundError


@dataclass(frozen=True, slots=True)
class StoredFinding:
    """A finding with its place in the order in which findings came; `seq` grows and is never used again."""

    seq: int
    finding: Finding


async def by_token(token: str, viewer: Viewer) -> Assessment:
    """The assessment at that address, where the viewer may open it. Raises AssessmentNotFoundError."""
    mine = open_to(Assessment.firm, viewer)
    return _found(await Assessment.objects().where(Assessment.token == token, mine).first())


async def by_id(assessment_id: UUID) -> Assessment:
    """The assessment with that id. Raises AssessmentNotFoundError."""
    return _found(await Assessment.objects().where(Assessment.id == assessment_id).first())


async def line_of(assessment: Assessment) -> list[Assessment]:
    """The check itself and every one that came of it by asking again and that its holder may know, the newest first.

    Whoever looked at doors to the internet has shown that the domain is theirs; who began the line may have not. And a
    firm's checks are for the firm alone, though somebody else's stand in the same line.
    """
    ids = [row["id"] for row in await rows(_LINE, assessment.id)]
    line = await Assessment.objects().where(Assessment.id.is_in(ids)).order_by(Assessment.created_at, ascending=False)
    return [each for each in line if each.id == assessment.id or _may_know(assessment, each)]


async def first_of(assessment: Assessment) -> UUID:
    """The id of the check with which its line began: its own, where it came of no other."""
    [row] = await rows(_FIRST, assessment.id)
    return UUID(str(row["id"]))


async def findings_of(assessment: Assessment, after: int = 0) -> list[StoredFinding]:
    """Its findings with a `seq` greater than `after`, in the order in which they came."""
    columns = (FindingRow.seq, *_FINDING_COLUMNS)
    found = (
        await FindingRow.select(*columns)
        .where(FindingRow.assessment == assessment.id, FindingRow.seq > after)
        .order_by(FindingRow.seq)
    )
    return [StoredFinding(row["seq"], _finding(row)) for row in found]


async def inspected(assessment: Assessment) -> Inspected:
    """An ended check as a value; its findings are as they were kept (see `portal.assessments.earlier`).

    Raises:
        AssessmentNotDoneError: it has not ended, or it failed.
    """
    if assessment.status != Stage.DONE or assessment.started_at is None:
        raise AssessmentNotDoneError
    return as_inspected(assessment, (stored.finding for stored in await findings_of(assessment)))


def as_inspected(assessment: Assessment, findings: Iterable[Finding]) -> Inspected:
    """An ended check with its findings, as a value."""
    return Inspected(
        domain=assessment.domain,
        started_at=assessment.started_at,
        duration_s=assessment.duration_s,
        catalogue_version=assessment.catalogue_version,
        findings=tuple(findings),
        resolvers=tuple(filter(None, assessment.resolvers.split(","))),
        limits=tuple(Limit(name) for name in assessment.limits.split(",") if name),
    )


async def report_of(assessment: Assessment, language: str, *, for_others: bool = False) -> Report | None:
    """Its report in that language, at whatever stage; None where nobody asked for it as it would be now."""
    mine = report_where(assessment, language, for_others=for_others)
    return await Report.objects().where(mine, Report.offers == await offers_now(language)).first()


async def report_stage(assessment: Assessment, language: str, *, for_others: bool = False) -> str:
    """How far its report in that language is (see `Stage`), without the PDF; empty where nobody asked for it."""
    mine = report_where(assessment, language, for_others=for_others)
    found = await Report.select(Report.status).where(mine, Report.offers == await offers_now(language)).first()
    return found["status"] if found else ""


async def offers_now(language: str) -> str:
    """The digest of the awarded solutions that a report in that language may tell of today."""
    return digest(await reading.standing(language))


def report_where(assessment: Assessment, language: str, *, for_others: bool) -> Any:  # noqa: ANN401 - Piccolo's conditions share no public type
    """What tells its one report in that language for those readers from all others."""
    own = (Report.assessment == assessment.id) & (Report.language == language)
    return own & (Report.for_others == for_others)


async def disputes() -> list[dict[str, Any]]:
    """Everything that people said is wrong, newest first, with the domain it is about."""
    return (
        await Dispute.select(
            Dispute.created_at,
            Dispute.assessment.domain.as_alias("domain"),
            Dispute.assessment.token.as_alias("token"),
            Dispute.check_id,
            Dispute.subject,
            Dispute.message,
        )
        .order_by(Dispute.created_at, ascending=False)
        .limit(1000)
    )


async def asked_for(since: datetime) -> list[dict[str, Any]]:
    """The log of checks from that moment on, the oldest first: `at`, `domain`, `client`, `person`, `way`, `ground`."""
    columns = (CheckLog.at, CheckLog.domain, CheckLog.client, CheckLog.person, CheckLog.way, CheckLog.ground)
    return await CheckLog.select(*columns).where(CheckLog.at >= since).order_by(CheckLog.at)


_LINE = """
    WITH RECURSIVE line (id) AS (
        SELECT id FROM assessment WHERE id = {}
        UNION SELECT assessment.id FROM assessment JOIN line ON assessment.previous = line.id
    )
    SELECT id FROM line
"""
_FIRST = """
    WITH RECURSIVE line (id, previous) AS (
        SELECT id, previous FROM assessment WHERE id = {}
        UNION SELECT assessment.id, assessment.previous FROM assessment JOIN line ON assessment.id = line.previous
    )
    SELECT id FROM line WHERE previous IS NULL
"""
_FINDING_COLUMNS = (
    FindingRow.check_id,
    FindingRow.subject,
    FindingRow.status,
    FindingRow.severity,
    FindingRow.outcome,
    FindingRow.evidence,
    FindingRow.fix,
)


def _may_know(assessment: Assessment, other: Assessment) -> bool:
    """Whether its holder may know that other check of its line."""
    return other.firm in {None, assessment.firm} and (_holds_doors(assessment) or not _holds_doors(other))


def _holds_doors(assessment: Assessment) -> bool:
    return bool(assessment.ports_allowed or assessment.proof_token)


def _found(assessment: Assessment | None) -> Assessment:
    if assessment is None:
        raise AssessmentNotFoundError
    return assessment


def _finding(row: dict[str, Any]) -> Finding:
    return document.decode(
        {
            "id": row["check_id"],
            "status": row["status"],
            "severity": row["severity"],
            "subject": row["subject"],
            "outcome": row["outcome"],
            "evidence": json.loads(row["evidence"]),
            "fix": json.loads(row["fix"]) if row["fix"] else None,
        }
    )
