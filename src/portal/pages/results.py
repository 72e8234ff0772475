"""The told result of an ended check. It never changes, so it is made once for each language and kept in memory."""

from collections import OrderedDict
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from markupsafe import Markup

from checks.limits import Limit, tell_limit
from portal.assessments import queries
from portal.assessments.changes import compare
from portal.assessments.history import compared, earlier_of
from portal.assessments.outline import outline
from portal.assessments.tables import Assessment
from portal.assessments.telling_changes import tell_changes
from portal.templating import render

KEPT = 200
"""Results in memory, at some 60 kB each."""

_kept: OrderedDict[tuple[UUID, UUID | None, str], dict[str, Markup]] = OrderedDict()


async def result(assessment: Assessment, language: str) -> dict[str, Markup]:
    """`verdict`, `changes` and `told` for the page of a check that is done; `changes` is empty for the first one.

    Holds no form and nothing of whoever asks.
    """
    earlier = await earlier_of(assessment)
    key = (assessment.id, earlier.id if earlier else None, language)
    if key not in _kept:
        _kept[key] = await _make(assessment, earlier, language)
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    _kept.move_to_end(key)
    return _kept[key]


async def _make(assessment: Assessment, earlier: Assessment | None, language: str) -> dict[str, Markup]:
    findings = [stored.finding for stored in await queries.findings_of(assessment)]
    shown = outline(findings, assessment.domain, language)
    context = {
        "domain": assessment.domain,
        "token": assessment.token,
        "outline": shown,
        "started_at": assessment.started_at,
        "limits": [tell_limit(Limit(name), language) for name in assessment.limits.split(",") if name],
        "ports_allowed": assessment.ports_allowed,
    }
    made = {name: _rendered(name, language, context) for name in ("verdict", "told")}
    if earlier is None:
        return {**made, "changes": Markup()}
    before, now = await compared(earlier, assessment)
    told = tell_changes(compare(before, now), before, now, shown, language)
    return {**made, "changes": _rendered("changes", language, {"token": assessment.token, "told": told})}


def _rendered(name: str, language: str, context: Mapping[str, Any]) -> Markup:
    """The template escapes whatever it is given."""
    return Markup(render(f"assessments/{name}.html", language, context))  # noqa: S704 - see above
