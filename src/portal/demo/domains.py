"""Domains of the firms with what a check would have found there. Nobody has looked: they end in `.example`."""

import json
import random
import secrets
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from msgspec import Struct

from checks.contract import Finding, Record, Verdict
from checks.document import encode
from checks.inspection import to_finding
from checks.registry import ALL_CHECKS, CATALOGUE_VERSION
from checks.score import score
from portal.assessments.tables import AnswerSheet, Assessment, FindingRow, SheetDomain, Stage
from portal.demo.records import SEEN, Seen, facts_of

_AT_ONCE = 200


class _Made(Struct, frozen=True):
    check: Assessment
    domain: SheetDomain
    findings: list[FindingRow]


async def add(sheets: Sequence[AnswerSheet], name: str, dice: random.Random) -> None:
    """One domain for each sheet, checked on the day on which the sheet was begun."""
    made = [_made(sheet, f"{name}-{number}.example", dice) for number, sheet in enumerate(sheets, 1)]
    await Assessment.insert(*(each.check for each in made))
    await SheetDomain.insert(*(each.domain for each in made))
    rows = [row for each in made for row in each.findings]
    for start in range(0, len(rows), _AT_ONCE):
        await FindingRow.insert(*rows[start : start + _AT_ONCE])


def _made(sheet: AnswerSheet, domain: str, dice: random.Random) -> _Made:
    findings = [_finding(each, domain, dice) for each in SEEN]
    points = score(findings)
    began = sheet.created_at
    check = Assessment(
        token=secrets.token_urlsafe(16), domain=domain, language=sheet.language, status=Stage.DONE.value, stated=True,
        firm=sheet.firm, created_at=began, started_at=began, finished_at=began + timedelta(seconds=4), duration_s=4.0,
        catalogue_version=CATALOGUE_VERSION, score_low=points.low, score_high=points.high, client=sheet.client,
    )  # fmt: skip
    rows = [_row(check, number, each) for number, each in enumerate(findings, 1)]
    return _Made(check, SheetDomain(sheet=sheet.id, domain=domain, assessment=check.id, added_at=began), rows)


def _finding(seen: Seen, domain: str, dice: random.Random) -> Finding:
    check = next(each for each in ALL_CHECKS if each.id == seen.check)
    wanted = seen.bad if dice.random() < seen.bad_share else seen.good
    outcome = next(each for each in check.outcomes if each.name == wanted)
    records = (
        (Record(*(part.format(domain=domain) for part in seen.record)),) if seen.record and wanted == seen.bad else ()
    )
    return to_finding(check.id, Verdict(outcome, domain, facts_of(check.id, domain), records))


def _row(check: Assessment, number: int, finding: Finding) -> FindingRow:
    raw: Mapping[str, Any] = encode(finding)
    return FindingRow(
        assessment=check.id, seq=number, check_id=finding.id, subject=finding.subject, status=finding.status.value,
        severity=finding.severity.value, outcome=finding.outcome, evidence=json.dumps(raw["evidence"]),
        fix=json.dumps(raw["fix"]) if raw["fix"] else None,
    )  # fmt: skip
