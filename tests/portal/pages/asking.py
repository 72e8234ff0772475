"""A browser without scripts, asked for in few words."""

import json
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from html import unescape
from uuid import uuid4

import httpx

from checks import document
from checks.contract import Finding
from portal.assessments.tables import Assessment, FindingRow, Report, Stage

DOMAIN = "kahvila.test"


def form_token(page: httpx.Response) -> str:
    """What a form of that page has to send along."""
    found = re.search(r'name="_csrf" value="([^"]+)"', page.text)
    assert found is not None
    return found.group(1)


async def send(browser: httpx.AsyncClient, shown: str, action: str, **fields: str) -> httpx.Response:
    """Opens a page and sends a form of it."""
    page = await browser.get(shown)
    return await browser.post(action, data={**fields, "_csrf": form_token(page)})


def heading(page: httpx.Response) -> str:
    """The text of its h1."""
    found = re.search(r"<h1[^>]*>(.*?)</h1>", page.text, re.DOTALL)
    assert found is not None
    return unescape(found.group(1))


async def keep(*findings: Finding, stage: Stage = Stage.DONE, failure: str = "", limits: str = "") -> Assessment:
    """An assessment with these findings, as a worker leaves it."""
    row = Assessment(
        token=f"token-of-{stage}-{uuid4().hex}",
        domain=DOMAIN,
        language="en",
        status=stage.value,
        failure=failure,
        limits=limits,
        started_at=datetime(2026, 11, 23, 12, 30, tzinfo=UTC),
        duration_s=1.5,
        catalogue_version="2026.11",
    )
    await row.save()
    await _keep_findings(row, findings)
    return row


async def finish(row: Assessment, *findings: Finding) -> None:
    """Ends a check that was asked for just now, with these findings, as a worker does."""
    row.status, row.started_at, row.duration_s, row.catalogue_version = "done", datetime.now(UTC), 1.5, "2026.11"
    await row.save()
    await _keep_findings(row, findings)


async def _keep_findings(row: Assessment, findings: Iterable[Finding]) -> None:
    for seq, finding in enumerate(findings, start=1):
        kept = document.encode(finding)
        await FindingRow(
            assessment=row.id,
            seq=seq,
            check_id=finding.id,
            subject=finding.subject,
            status=finding.status.value,
            severity=finding.severity.value,
            outcome=finding.outcome,
            evidence=json.dumps(kept["evidence"]),
            fix=json.dumps(kept["fix"]) if kept["fix"] else None,
        ).save()


async def keep_report(assessment: Assessment, stage: Stage, pdf: bytes = b"") -> None:
    """Its report in English, as a worker leaves it."""
    await Report(assessment=assessment.id, language="en", status=stage.value, pdf=pdf).save()
