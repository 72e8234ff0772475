"""What there is to do, as cards of one anatomy: a firm's plan, or what the checks of its domains found."""

from msgspec import Struct

from checks.contract import Severity
from checks.priority import Care
from portal.assessments.catalogue import Local
from portal.assessments.outline import Outline, Sign, Step
from portal.assessments.report.input import Firm, ReportInput
from portal.assessments.sheets.plan_outline import PlanTeller, ToldPlanned

_GRAVITY = list(Severity)


class Card(Struct, frozen=True):
    """One thing to do, in one language.

    `saw`: what a check found, a sentence for each finding; `why`: what is behind it, or the attack that it stops.
    `gain`: points, 0 where there is no sheet. `closes`: what the critical gaps mean that it closes. `after`: titles of
    fixes that come first. `step`: the findings that it mends, with what to paste. `domain`: only where there are
    several.
    """

    id: str
    sign: Sign
    title: str
    saw: tuple[str, ...]
    why: str
    minutes: int
    cost_eur: tuple[int, int]
    who: str
    care: Care | None
    gain: float
    closes: tuple[str, ...]
    after: tuple[str, ...]
    steps: tuple[str, ...]
    step: Step | None
    caution: str | None
    verify: str
    later: str | None
    local: tuple[Local, ...]
    domain: str = ""


def cards_of_plan(report: ReportInput, firm: Firm) -> tuple[Card, ...]:
    """The fixes of the firm's plan, in its order."""
    country = firm.sheet.profile.get("country", "")
    teller = PlanTeller(firm.catalogue, report.language, country, report.inspected)
    domains = _domains(report)
    return tuple(_of_planned(told, firm, domains) for told in teller.told(firm.result.plan))


def cards_of_findings(report: ReportInput, outlines: tuple[Outline, ...]) -> tuple[Card, ...]:
    """What the checks found, gravest first; that of one domain in the order of its outline."""
    several = len(outlines) > 1
    made = [
        (step, each.domain if several else "")
        for each, outline in zip(report.inspected, outlines, strict=True)
        for step in outline.steps
    ]
    if several:
        made.sort(key=lambda entry: _GRAVITY.index(entry[0].lead.finding.severity))
    return tuple(_of_step(step, domain) for step, domain in made)


def _domains(report: ReportInput) -> dict[tuple[str, str], str]:
    """By finding, whose check found it; empty where there are not several domains."""
    if len(report.inspected) < 2:  # noqa: PLR2004 - several
        return {}
    found = reversed([(finding, each.domain) for each in report.inspected for finding in each.findings])
    return {(finding.id, finding.subject): domain for finding, domain in found}


def _of_planned(told: ToldPlanned, firm: Firm, domains: dict[tuple[str, str], str]) -> Card:
    step = told.step
    of_catalogue = told.id in firm.catalogue.fixes
    return Card(
        id=told.id,
        sign=Sign.FIX_NOW if told.closes else Sign.FIX_LATER,
        title=told.title,
        saw=_saw(step) if step else (),
        why=told.why if of_catalogue or step is None else step.lead.told.detail,
        minutes=told.minutes,
        cost_eur=told.cost_eur,
        who=told.who,
        care=step.care if step else None,
        gain=told.planned.gain,
        closes=told.closes,
        after=told.after,
        steps=told.steps,
        step=step,
        caution=told.caution,
        verify=told.verify,
        later=told.later,
        local=told.local,
        domain=", ".join(dict.fromkeys(domains.get((each.id, each.subject), "") for each in told.planned.findings)),
    )


def _of_step(step: Step, domain: str) -> Card:
    lead, fix = step.lead, step.fix
    return Card(
        id=step.slug,
        sign=lead.sign,
        title=fix.title if fix else lead.told.headline,
        saw=_saw(step) if fix else (),
        why=lead.told.detail,
        minutes=fix.minutes if fix else 0,
        cost_eur=fix.cost_eur if fix else (0, 0),
        who=fix.who if fix else "owner",
        care=step.care,
        gain=0.0,
        closes=(),
        after=(),
        steps=fix.steps if fix else (),
        step=step,
        caution=fix.caution if fix else None,
        verify=fix.verify if fix else "",
        later=fix.later if fix else None,
        local=(),
        domain=domain,
    )


def _saw(step: Step) -> tuple[str, ...]:
    """What the lead says of its subject, then whatever further findings say of their own."""
    return tuple(dict.fromkeys(each.told.headline for each in (step.lead, *step.different)))
