"""The public JSON of a report, and the language-neutral form in which a finding is kept.

`checks/schema.json` (JSON Schema 2020-12) describes what `document` returns; ids, statuses and keys are the
public interface.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from msgspec.structs import asdict

from checks import advice
from checks.contract import Finding, Fix, Json, Record, Severity, Snippet, Status
from checks.dates import dates
from checks.priority import care_of
from checks.providers import Providers, detect
from checks.score import score

SCHEMA = Path(__file__).parent / "schema.json"


def document(  # noqa: PLR0913 - the head of a report has this many facts
    domain: str,
    findings: Sequence[Finding],
    *,
    started_at: datetime,
    duration_s: float,
    catalogue_version: str,
    language: str = "en",
) -> dict[str, Json]:
    """A whole inspection, as `kyberkunto check --json` prints it.

    `started_at` is aware; `language` (`fi`, `sv` or `en`) is that of the fixes' titles.
    """
    limits = score(findings)
    providers = detect(findings) if any(finding.fix for finding in findings) else None
    return {
        "domain": domain,
        "started_at": moment(started_at),
        "duration_s": round(duration_s, 3),
        "catalogue_version": catalogue_version,
        "findings": [finding_document(finding, domain, language, providers) for finding in findings],
        "score": {"low": limits.low, "high": limits.high},
        "dates": [{"id": due.id, "subject": due.subject, "expires": moment(due.expires)} for due in dates(findings)],
    }


def finding_document(
    finding: Finding, domain: str, language: str, providers: Providers | None = None
) -> dict[str, Json]:
    """One finding with its fix's title, price, time and doer, as its card gives them.

    Without `providers` (`checks.providers.detect`; they are known once all is seen) the fix names no provider.
    """
    fix: dict[str, Json] | None = None
    told = advice.tell(finding, domain, language, providers).fix if finding.fix else None
    if finding.fix is not None and told is not None:
        fix = {
            "id": told.id,
            "title": told.title,
            "records": _records(finding.fix),
            "snippets": _snippets(finding.fix),
            "cost_eur": [*told.cost_eur],
            "minutes": told.minutes,
            "who": told.who,
            "provider": _provider(told.provider),
        }
    care = care_of(finding, told.provider if told else None)
    return {**_head(finding), "care": care.value if care else None, "fix": fix}


def encode(finding: Finding) -> dict[str, Json]:
    """The finding without any words, to be kept; `decode` gives the equal finding back."""
    fix: dict[str, Json] | None = None
    if finding.fix is not None:
        fix = {"id": finding.fix.id, "records": _records(finding.fix), "snippets": _snippets(finding.fix)}
    return {**_head(finding), "fix": fix}


def decode(raw: Mapping[str, Any]) -> Finding:
    """What `encode` made. Raises KeyError, TypeError or ValueError for anything else."""
    kept = raw["fix"]
    fix = None
    if kept is not None:
        fix = Fix(
            id=kept["id"],
            records=tuple(Record(**record) for record in kept["records"]),
            snippets=tuple(Snippet(**snippet) for snippet in kept["snippets"]),
        )
    return Finding(
        id=raw["id"],
        status=Status(raw["status"]),
        severity=Severity(raw["severity"]),
        subject=raw["subject"],
        outcome=raw["outcome"],
        evidence=dict(raw["evidence"]),
        fix=fix,
    )


def moment(when: datetime) -> str:
    """A point in time as the JSON gives it: UTC, whole seconds, `2026-11-23T06:30:00Z` (RFC 3339)."""
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _head(finding: Finding) -> dict[str, Json]:
    return {
        "id": finding.id,
        "status": finding.status.value,
        "severity": finding.severity.value,
        "subject": finding.subject,
        "outcome": finding.outcome,
        "evidence": dict(finding.evidence),
    }


def _provider(told: advice.ToldProvider | None) -> dict[str, Json] | None:
    if told is None:
        return None
    return {
        "id": told.id,
        "name": told.name,
        "steps": [*told.steps],
        "source": told.source,
        "seen": told.seen.isoformat(),
    }


def _records(fix: Fix) -> list[Json]:
    return [asdict(record) for record in fix.records]


def _snippets(fix: Fix) -> list[Json]:
    return [asdict(snippet) for snippet in fix.snippets]
