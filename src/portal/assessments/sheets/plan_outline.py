"""A plan as its reader meets it: each fix in words, whether it comes from the catalogue or from a check's card."""

import re
from collections.abc import Sequence

from msgspec import Struct

from checks import advice
from checks.advice import ToldFix
from checks.contract import Finding
from checks.providers import detect
from portal.assessments.catalogue import Catalogue, Local
from portal.assessments.catalogue import Fix as CatalogueFix
from portal.assessments.inspected import Inspected
from portal.assessments.outline import Item, Step, item
from portal.assessments.sheets.result import Planned

_FACT = re.compile(r"\{[a-z_]+\}")


class ToldPlanned(Struct, frozen=True):
    """One fix of the plan in one language.

    `why`: the attack that it stops, or what the check found. `step`: the domain's findings that it mends, with what
    to paste; None where it mends none. `local`: what holds in the firm's country. `after`: titles of fixes of this
    plan that come first. `closes`: what the open gaps mean that it closes, or names of checks.
    """

    planned: Planned
    title: str
    why: str
    steps: tuple[str, ...]
    verify: str
    who: str
    step: Step | None
    caution: str | None
    later: str | None
    local: tuple[Local, ...]
    after: tuple[str, ...]
    closes: tuple[str, ...]

    @property
    def id(self) -> str:
        """The fix's id."""
        return self.planned.fix

    @property
    def minutes(self) -> int:
        """Minutes of work."""
        return self.planned.minutes

    @property
    def cost_eur(self) -> tuple[int, int]:
        """Whole euro, from and to."""
        return self.planned.cost_eur


class PlanTeller:
    """Tells the fixes of one sheet's plan in `fi`, `sv` or `en`; `inspected` are the ended checks of its domains."""

    def __init__(self, catalogue: Catalogue, language: str, country: str, inspected: Sequence[Inspected]) -> None:
        self._catalogue, self._language, self._country = catalogue, language, country
        self._known = [(each.domain, detect(each.findings)) for each in inspected]
        self._places = {
            (finding.id, finding.subject): place
            for place, each in reversed(list(enumerate(inspected)))
            for finding in each.findings
        }

    def told(self, plan: Sequence[Planned]) -> tuple[ToldPlanned, ...]:
        """The whole plan, in its order."""
        return tuple(self._told(planned, {entry.fix for entry in plan}) for planned in plan)

    def title(self, fix: str, findings: Sequence[Finding]) -> str:
        """The name of a fix of the catalogue, or of one that mends any of these findings; empty for another one."""
        if fix in self._catalogue.fixes:
            return self._catalogue.fixes[fix].title[self._language]
        step = self._step([finding for finding in findings if finding.fix and finding.fix.id == fix])
        return step.fix.title if step and step.fix else ""

    def _told(self, planned: Planned, all_ids: set[str]) -> ToldPlanned:
        step = self._step(planned.findings)
        fix = self._catalogue.fixes.get(planned.fix)
        closes = tuple(self._named(name) for name in planned.closes)
        if fix is None:
            return _of_card(planned, step, closes, self._language)
        return self._of_catalogue(planned, fix, step, closes, all_ids)

    def _of_catalogue(
        self, planned: Planned, fix: CatalogueFix, step: Step | None, closes: tuple[str, ...], all_ids: set[str]
    ) -> ToldPlanned:
        language = self._language
        card = step.fix if step else None
        return ToldPlanned(
            planned=planned,
            title=fix.title[language],
            why=fix.stops[language],
            steps=fix.steps[language],
            verify=fix.verify[language],
            who=fix.who,
            step=step,
            caution=card.caution if card else None,
            later=card.later if card else None,
            local=tuple(local for local in fix.local if local.country == self._country),
            after=tuple(self._catalogue.fixes[name].title[language] for name in fix.requires if name in all_ids),
            closes=closes,
        )

    def _step(self, findings: Sequence[Finding]) -> Step | None:
        items = tuple(self._item(finding) for finding in findings)
        return Step(items) if items else None

    def _item(self, finding: Finding) -> Item:
        """In the words for the domain whose check found it."""
        domain, providers = self._known[self._places[finding.id, finding.subject]]
        return item(finding, domain, self._language, providers)

    def _named(self, name: str) -> str:
        question = self._catalogue.question(name)
        return (question.gap or question.text)[self._language] if question else advice.card(name).name[self._language]


def _of_card(planned: Planned, step: Step | None, closes: tuple[str, ...], language: str) -> ToldPlanned:
    assert step is not None  # noqa: S101 - a fix that the catalogue does not have mends a finding
    fix = step.fix or _without_facts(planned, language)
    return ToldPlanned(
        planned=planned,
        title=fix.title,
        why=f"{step.lead.told.headline} {step.lead.told.detail}",
        steps=fix.steps,
        verify=fix.verify,
        who=fix.who,
        step=step,
        caution=fix.caution,
        later=fix.later,
        local=(),
        after=(),
        closes=closes,
    )


def _without_facts(planned: Planned, language: str) -> ToldFix:
    """The fix as its card has it, where the finding lacks a fact that the words name: it was kept by other cards."""
    card = advice.card(planned.findings[0].id).fix(planned.fix)

    def told(text: str) -> str:
        return _FACT.sub("–", text)

    return ToldFix(
        id=card.id,
        title=told(card.title[language]),
        steps=tuple(told(line) for line in card.steps[language]),
        verify=told(card.verify[language]),
        caution=told(card.caution[language]) if card.caution else None,
        later=told(card.later[language]) if card.later else None,
        cost_eur=card.cost_eur,
        minutes=card.minutes,
        who=card.who,
    )
