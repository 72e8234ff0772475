"""The told result of an ended check. It never changes, so it is made once for each view and kept in memory."""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from markupsafe import Markup
from msgspec import Struct

from checks.contract import Finding
from checks.limits import Limit, tell_limit
from portal.assessments import queries
from portal.assessments.catalogue import current
from portal.assessments.changes import compare
from portal.assessments.consoles import consoles, providers_of
from portal.assessments.history import compared, earlier_of
from portal.assessments.outline import Outline, outline
from portal.assessments.rechecking import Asked, kept_until, told
from portal.assessments.sifting import sieve, sift
from portal.assessments.solutions import reading
from portal.assessments.solutions.offers import Beside, Offer, beside, digest, questions_for
from portal.assessments.tables import Assessment
from portal.assessments.telling_changes import tell_changes
from portal.pages.views import View
from portal.templating import render

KEPT = 200
"""Results in memory, at some 60 kB each."""


class Key(Struct, frozen=True):
    """What a page of a result depends on. `again_at`: from when one may ask again, to the minute; None for now.

    `offers`: the awarded solutions in force, `month`: that of their order.
    """

    check: UUID
    earlier: UUID | None
    language: str
    view: View
    again_at: datetime | None
    offers: str
    month: str


class Made(Struct, frozen=True):
    """The parts of a page, and the moment at which what they say of the name service's memory is over, if they do."""

    parts: dict[str, Markup]
    stale_at: datetime | None


_kept: OrderedDict[Key, Made] = OrderedDict()


async def result(
    assessment: Assessment, language: str, view: View, again_at: datetime | None = None
) -> dict[str, Markup]:
    """`verdict`, `changes`, `this` and `told` for the page of a check that is done.

    `changes` is empty for the first one; `this`, where no finding was asked about. Holds no form and nothing of
    whoever asks.
    """
    earlier = await earlier_of(assessment)
    now = datetime.now(UTC)
    offers = await reading.standing(language)
    known_by = (digest(offers), f"{now:%Y-%m}" if offers else "")
    key = Key(assessment.id, earlier.id if earlier else None, language, view, again_at, *known_by)
    made = _kept.get(key)
    if made is None or (made.stale_at is not None and made.stale_at <= now):
        made = _kept[key] = await _make(assessment, earlier, key, now, offers)
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    _kept.move_to_end(key)
    return made.parts


async def _make(
    assessment: Assessment, earlier: Assessment | None, key: Key, now: datetime, offers: Sequence[Offer]
) -> Made:
    language, view = key.language, key.view
    findings = [stored.finding for stored in await queries.findings_of(assessment)]
    providers = providers_of(findings, assessment.domain, dict(view.chosen))
    whole = outline(findings, assessment.domain, language, providers)
    memories = {f"{each.id} {each.subject}": kept_until(each, now) for each in findings}
    remembered = {name: until for name, until in memories.items() if until is not None}
    context = {
        "domain": assessment.domain,
        "token": assessment.token,
        "view": view,
        "again_at": key.again_at,
        "remembered": remembered,
        "started_at": assessment.started_at,
        "limits": [tell_limit(Limit(name), language) for name in assessment.limits.split(",") if name],
        "ports_allowed": assessment.ports_allowed,
        "consoles": consoles(whole.steps, providers),
        "sieve": sieve(whole, view.wish),
        "beside_step": _beside(whole, offers, now.date()),
    }
    made = {
        "verdict": _rendered("verdict", language, {**context, "outline": whole}),
        "told": _rendered("told", language, {**context, "outline": sift(whole, view.wish)}),
        "changes": Markup(),
        "this": Markup(),
    }
    if earlier is not None:
        before, after = await compared(earlier, assessment)
        changes = tell_changes(compare(before, after), before, after, whole, language)
        made["changes"] = _rendered("changes", language, {**context, "told": changes})
        made["this"] = _this(before.findings, whole, {**context, "findings": findings}, language)
    return Made(made, min(remembered.values(), default=None))


def _beside(whole: Outline, offers: Sequence[Offer], today: date) -> dict[str, Beside]:
    """By step, the awarded solutions that close a gap which its fix closes."""
    catalogue = current()
    made = {}
    for step in whole.steps:
        if step.fix is not None:
            lifted = questions_for(step.fix.id, [item.finding for item in step.items], catalogue)
            made[step.slug] = beside(offers, step.fix.id, lifted, today)
    return made


def _this(before: Sequence[Finding], outline: Outline, context: Mapping[str, Any], language: str) -> Markup:
    """What became of the finding that somebody had checked again, with the way to it on this page."""
    asked = Asked.parse(context["view"].about)
    was = asked.among(before)
    if was is None:
        return Markup()
    became = told(was, asked.among(context["findings"]), context["domain"], language, ended=True)
    places = {each.key: step.slug for step in outline.steps for each in step.items}
    for each in (*outline.fine, *outline.info, *outline.unknown, *outline.aside):
        places[each.key] = each.slug
    return _rendered("this", language, {**context, "this": became, "place": places.get(asked.key, "")})


def _rendered(name: str, language: str, context: Mapping[str, Any]) -> Markup:
    """The template escapes whatever it is given."""
    return Markup(render(f"assessments/{name}.html", language, context))  # noqa: S704 - see above
