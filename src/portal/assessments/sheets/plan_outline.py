"""A plan as its reader meets it: each fix in words, whether it comes from the catalogue or from a check's card."""

import re
from collections.abc import Sequence

from msgspec import Struct

from checks import advice
from checks.advice import ToldFix
from checks.providers import detect
from portal.assessments.catalogue import Catalogue, Local
from portal.assessments.catalogue import Fix as CatalogueFix
from portal.assessments.inspected import Found, Inspected
from portal.assessments.outline import Step, item
from portal.assessments.sheets.result import Planned

_FACT = re.compile(r"\{[a-z_]+\}")


class Part(Struct, frozen=True):
    """What a fix has to do with one domain. `domain`: empty where the firm has no other; `step` mends its findings."""

    domain: str
    step: Step

    @property
    def has_own(self) -> bool:
        """Whether there is anything to paste, or a way through a provider's console, that is for this domain."""
        of_console = self.step.fix is not None and self.step.fix.provider is not None
        return of_console or any(changes.records or changes.snippets for changes in self.step.changes)


class ToldPlanned(Struct, frozen=True):
    """One fix of the plan in one language.

    `why`: the attack that it stops, or what the check found. `step`: the findings that it mends, of all domains; None
    where it mends none. `parts`: the same domain by domain, with what to paste for each. `local`: what holds in the
    firm's country. `after`: titles of fixes of this plan that come first. `closes`: what the open gaps mean that it
    closes, or names of checks.
    """

    planned: Planned
    title: str
    why: str
    steps: tuple[str, ...]
    verify: str
    who: str
    step: Step | None
    parts: tuple[Part, ...]
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
    def domains(self) -> tuple[str, ...]:
        """Those that it is about; none where the firm has but one."""
        return tuple(part.domain for part in self.parts if part.domain)

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
        self._providers = {each.domain: detect(each.findings) for each in inspected}

    def told(self, plan: Sequence[Planned]) -> tuple[ToldPlanned, ...]:
        """The whole plan, in its order."""
        return tuple(self._told(planned, {entry.fix for entry in plan}) for planned in plan)

    def _told(self, planned: Planned, all_ids: set[str]) -> ToldPlanned:
        step = self._step(planned.findings)
        fix = self._catalogue.fixes.get(planned.fix)
        closes = tuple(self._named(name) for name in planned.closes)
        if fix is None:
            return _of_card(planned, step, self._parts(planned.findings), closes, self._language)
        return self._of_catalogue(planned, fix, step, closes, all_ids)

    def _parts(self, findings: Sequence[Found]) -> tuple[Part, ...]:
        """Domain by domain; of a mail server that two of them share only once, what is to be done with it."""
        several = len(self._providers) > 1
        shared: set[tuple[str, str]] = set()
        made = []
        for domain in dict.fromkeys(finding.domain for finding in findings):
            own = [finding for finding in findings if finding.domain == domain]
            step = self._step([each for each in own if (each.id, each.subject) not in shared] or own[:1])
            shared |= {(finding.id, finding.subject) for finding in own}
            if step is not None:
                made.append(Part(domain if several else "", step))
        return tuple(made)

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
            parts=self._parts(planned.findings),
            caution=card.caution if card else None,
            later=card.later if card else None,
            local=tuple(local for local in fix.local if local.country == self._country),
            after=tuple(self._catalogue.fixes[name].title[language] for name in fix.requires if name in all_ids),
            closes=closes,
        )

    def _step(self, findings: Sequence[Found]) -> Step | None:
        """In the words for the domains whose checks found these."""
        once = {(finding.id, finding.subject): finding for finding in reversed(findings)}
        items = tuple(
            item(each, each.domain, self._language, self._providers[each.domain])
            for each in findings
            if once[each.id, each.subject] is each
        )
        return Step(items) if items else None

    def _named(self, name: str) -> str:
        question = self._catalogue.question(name)
        return (question.gap or question.text)[self._language] if question else advice.card(name).name[self._language]


def _of_card(
    planned: Planned, step: Step | None, parts: tuple[Part, ...], closes: tuple[str, ...], language: str
) -> ToldPlanned:
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
        parts=parts,
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
