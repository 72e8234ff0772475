"""Foreign text cut to a length that a page can bear: whoever publishes 100,000 characters must not fill a report."""

from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from checks.contract import Finding, Fix, Json, Record, Snippet
from portal.assessments.inspected import Found, Inspected
from portal.assessments.report.input import Firm, ReportInput
from portal.assessments.sheets.result import Result
from portal.assessments.solutions.offers import AwardingCity, Offer

NAME = 253
"""Characters of a domain name (RFC 1035, section 2.3.4), and of whatever stands for one."""
FACT = 600
"""Of a piece of evidence; the JSON has all of it."""
PASTE = 4000
"""Of a record or a piece of configuration: longer than any that a check of ours offers."""
ENTRIES = 40
"""Of a list, or of the facts of one finding."""


def clipped(report: ReportInput) -> ReportInput:
    """The same report with every foreign text at most as long as that; what is ours is left alone."""
    return replace(
        report,
        inspected=tuple(_inspected(each) for each in report.inspected),
        firm=_firm(report.firm) if report.firm else None,
        site=_cut(report.site, NAME),
        calendar=_cut(report.calendar, NAME),
        operator=_cut(report.operator, NAME),
        offers=tuple(_offer(each) for each in report.offers),
    )


def clipped_finding(finding: Finding) -> Finding:
    """One finding alike."""
    named = replace(finding, domain=_cut(finding.domain, NAME)) if isinstance(finding, Found) else finding
    return replace(
        named,
        subject=_cut(finding.subject, NAME),
        evidence={_cut(name, 64): _fact(value) for name, value in [*finding.evidence.items()][:ENTRIES]},
        fix=_fix(finding.fix) if finding.fix else None,
    )


def _offer(each: Offer) -> Offer:
    cities = tuple(AwardingCity(_cut(city.slug, NAME), _words(city.name)) for city in each.cities[:ENTRIES])
    return replace(
        each,
        by=_cut(each.by, NAME),
        call=_cut(each.call, NAME),
        challenge=_words(each.challenge),
        cities=cities,
        title=_cut(each.title, NAME),
        summary=_cut(each.summary, FACT),
        website=_cut(each.website, NAME),
    )


def _words(words: Mapping[str, str]) -> dict[str, str]:
    return {code: _cut(text, NAME) for code, text in words.items()}


def _inspected(each: Inspected) -> Inspected:
    return replace(
        each,
        domain=_cut(each.domain, NAME),
        catalogue_version=_cut(each.catalogue_version, 64),
        resolvers=tuple(_cut(one, NAME) for one in each.resolvers[:ENTRIES]),
        findings=tuple(clipped_finding(finding) for finding in each.findings),
    )


def _firm(firm: Firm) -> Firm:
    result: Result = firm.result
    plan = tuple(replace(each, findings=tuple(map(clipped_finding, each.findings))) for each in result.plan)
    return replace(
        firm,
        result=replace(
            result,
            plan=plan,
            critical_findings=tuple(map(clipped_finding, result.critical_findings)),
            contradictions=tuple(_with_clipped(each) for each in result.contradictions),
            seen={name: _with_clipped(each) for name, each in result.seen.items()},
            topics=tuple(replace(each, domain=_cut(each.domain, NAME)) for each in result.topics),
        ),
    )


def _with_clipped(each: Any) -> Any:  # noqa: ANN401 - a SeenAnswer or a Contradiction, given back as what it was
    return replace(each, finding=clipped_finding(each.finding))


def _fix(fix: Fix) -> Fix:
    records = tuple(
        Record(each.action, _cut(each.name, NAME), _cut(each.type, 16), _cut(each.value, PASTE)) for each in fix.records
    )
    snippets = tuple(Snippet(each.platform, _cut(each.text, PASTE), _cut(each.place, NAME)) for each in fix.snippets)
    return Fix(fix.id, records[:ENTRIES], snippets[:ENTRIES])


def _fact(value: Json) -> Json:
    if isinstance(value, str):
        return _cut(value, FACT)
    if isinstance(value, list):
        room = FACT
        kept: list[Json] = []
        for entry in value[:ENTRIES]:
            one = _fact(entry)
            room -= len(str(one))
            if room < 0 and kept:
                return [*kept, "…"]
            kept.append(one)
        return [*kept, "…"] if len(value) > ENTRIES else kept
    if isinstance(value, Mapping):
        return {_cut(name, 64): _fact(entry) for name, entry in [*value.items()][:ENTRIES]}
    return value


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
