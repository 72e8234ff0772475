"""The told result of an ended check. It never changes, so it is made once for each language and kept in memory."""

from collections import OrderedDict
from uuid import UUID

from markupsafe import Markup

from checks.limits import Limit, tell_limit
from portal.assessments import queries
from portal.assessments.outline import outline
from portal.assessments.tables import Assessment
from portal.templating import render

KEPT = 200
"""Results in memory, at some 60 kB each."""

_kept: OrderedDict[tuple[UUID, str], dict[str, Markup]] = OrderedDict()


async def result(assessment: Assessment, language: str) -> dict[str, Markup]:
    """`verdict` and `told` for the page of a check that is done. Holds no form and nothing of whoever asks."""
    key = (assessment.id, language)
    if key not in _kept:
        _kept[key] = await _make(assessment, language)
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    _kept.move_to_end(key)
    return _kept[key]


async def _make(assessment: Assessment, language: str) -> dict[str, Markup]:
    findings = [stored.finding for stored in await queries.findings_of(assessment)]
    context = {
        "domain": assessment.domain,
        "token": assessment.token,
        "outline": outline(findings, assessment.domain, language),
        "started_at": assessment.started_at,
        "limits": [tell_limit(Limit(name), language) for name in assessment.limits.split(",") if name],
        "ports_allowed": assessment.ports_allowed,
    }
    # Both come out of templates that escape whatever they are given.
    return {
        name: Markup(render(f"assessments/{name}.html", language, context))  # noqa: S704 - see above
        for name in ("verdict", "told")
    }
