"""What there is to do, as cards of one anatomy: a firm's plan, or what the checks of its domains found."""

from collections.abc import Iterable

from msgspec import Struct
from msgspec.structs import replace

from checks.contract import Severity
from checks.priority import Care
from portal.assessments.catalogue import Local, current
from portal.assessments.outline import Outline, Sign, Step
from portal.assessments.report.input import Firm, ReportInput
from portal.assessments.sheets.plan_outline import Part, PlanTeller, ToldPlanned
from portal.assessments.solutions.offers import Beside, beside, questions_for, questions_of

_GRAVITY = list(Severity)


class Card(Struct, frozen=True):
    """One thing to do, in one language.

    `saw`: what a check found, a sentence for each finding; `why`: what is behind it, or the attack that it stops.
    `gain`: points, 0 where there is no sheet. `closes`: what the critical gaps mean that it closes. `after`: titles of
    fixes that come first. `step`: the findings that it mends; `parts`: the same domain by domain, with what to paste.
    `beside`: the awarded solutions that close one of its gaps.
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
    parts: tuple[Part, ...]
    caution: str | None
    verify: str
    later: str | None
    local: tuple[Local, ...]
    beside: Beside = Beside()

    @property
    def domains(self) -> tuple[str, ...]:
        """Those that it is about; none where there is but one."""
        return tuple(part.domain for part in self.parts if part.domain)


def cards_of_plan(report: ReportInput, firm: Firm) -> tuple[Card, ...]:
    """The fixes of the firm's plan, in its order."""
    country = firm.sheet.profile.get("country", "")
    teller = PlanTeller(firm.catalogue, report.language, country, report.inspected)
    made = []
    for told in teller.told(firm.result.plan):
        lifted = told.planned.questions or questions_of(told.id, firm.catalogue.fixes)
        made.append(replace(_of_planned(told, firm), beside=_beside(report, told.id, lifted, country)))
    return tuple(made)


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
    return tuple(_beside_step(report, step, _of_step(step, domain)) for step, domain in made)


def _beside_step(report: ReportInput, step: Step, card: Card) -> Card:
    if step.fix is None:
        return card
    findings = [item.finding for item in step.items]
    lifted = questions_for(step.fix.id, findings, current())
    return replace(card, beside=_beside(report, step.fix.id, lifted, ""))


def _beside(report: ReportInput, fix: str, questions: Iterable[str], country: str) -> Beside:
    fitting = [each for each in report.offers if each.is_for(country, report.language)]
    return beside(fitting, fix, questions, report.made_at.date())


def for_domain(card: Card, part: Part) -> Card:
    """What a card that is about several domains has to do with one of them."""
    own, lead = part.step.fix, card.step.fix if card.step else None
    made = replace(card, step=part.step, parts=(part,), saw=_saw(part.step))
    if own is None or lead is None or card.steps != lead.steps:
        return made  # the words are the catalogue's, which name no domain
    return replace(made, title=own.title, steps=own.steps, verify=own.verify, caution=own.caution, later=own.later)


def _of_planned(told: ToldPlanned, firm: Firm) -> Card:
    step = told.step
    of_catalogue = told.id in firm.catalogue.fixes
    return Card(
        id=told.id,
        sign=Sign.FIX_NOW if told.planned.is_urgent else Sign.FIX_LATER,
        title=told.title,
        saw=_saw(step) if step else (),
        why=told.why if of_catalogue or step is None else step.lead.told.detail,
        minutes=told.minutes,
        cost_eur=told.cost_eur,
        who=told.who,
        care=step.care if step and not of_catalogue else None,  # else it would name another doer than the fix does
        gain=told.planned.gain,
        closes=told.closes,
        after=told.after,
        steps=told.steps,
        step=step,
        parts=told.parts,
        caution=told.caution,
        verify=told.verify,
        later=told.later,
        local=told.local,
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
        parts=(Part(domain, step),),
        caution=fix.caution if fix else None,
        verify=fix.verify if fix else "",
        later=fix.later if fix else None,
        local=(),
    )


def _saw(step: Step) -> tuple[str, ...]:
    """What the lead says of its subject, then whatever further findings say of their own."""
    return tuple(dict.fromkeys(each.told.headline for each in (step.lead, *step.different)))
