"""An inspection as its reader meets it, for page and report: do first, do later, fine, could not tell."""

from collections.abc import Iterable, Sequence
from enum import StrEnum

from msgspec import Struct

from checks import advice
from checks.advice import Told, ToldFix
from checks.contract import NOT_ASKED, NOT_STATED, Finding, Fix, Status
from checks.priority import URGENT, Care, care_of, first_fixes, in_order
from checks.providers import Providers, detect
from checks.registry import ALL_CHECKS
from checks.score import Score, score
from portal.assessments.earlier import as_of_today, is_known, told_of_unknown

_LEFT_OUT = {NOT_ASKED.name, NOT_STATED.name}
TOPICS = ("dns", "mail", "tls", "web", "ports")


class Sign(StrEnum):
    """The five signs. The same ones stand on the page and on paper, always with their word."""

    FIX_NOW = "fix-now"
    FIX_LATER = "fix-later"
    FINE = "fine"
    UNKNOWN = "unknown"
    NOT_YOURS = "not-yours"


class Item(Struct, frozen=True):
    """One finding in words."""

    finding: Finding
    told: Told
    sign: Sign

    @property
    def key(self) -> str:
        """What tells it from all others of its check, as addresses and forms name it."""
        return f"{self.finding.id} {self.finding.subject}"

    @property
    def slug(self) -> str:
        """Its own address within the page."""
        return f"{self.finding.id}-{self.finding.subject}".replace(".", "-")


class Step(Struct, frozen=True):
    """One thing to do, and every finding that it mends, the gravest first."""

    items: tuple[Item, ...]

    @property
    def lead(self) -> Item:
        """The finding that speaks for the step."""
        return self.items[0]

    @property
    def alike(self) -> tuple[Item, ...]:
        """The further findings of which the same is said about something else, such as the www name."""
        return tuple(item for item in self.items[1:] if _is_alike(item, self.lead))

    @property
    def different(self) -> tuple[Item, ...]:
        """The further findings that have something of their own to say."""
        return tuple(item for item in self.items[1:] if not _is_alike(item, self.lead))

    @property
    def fix(self) -> ToldFix | None:
        """How it is done, in words."""
        return self.lead.told.fix

    @property
    def care(self) -> Care | None:
        """Whose it is: that of the finding which speaks for the step."""
        return care_of(self.lead.finding, self.fix.provider if self.fix else None)

    @property
    def changes(self) -> tuple[Fix, ...]:
        """What to paste, once for each finding that brings something of its own."""
        fixes = [item.finding.fix for item in self.items if item.finding.fix is not None]
        return tuple(fix for place, fix in enumerate(fixes) if fix not in fixes[:place])

    @property
    def slug(self) -> str:
        """An address within the page."""
        return f"{self.lead.finding.id}-{self.lead.finding.outcome}-{self.lead.finding.subject}".replace(".", "-")


class Outline(Struct, frozen=True):
    """`first`: at most three steps; `soon`: urgent ones beyond those; `later`: the others, by topic.

    `urgent` is whether anything in `first` is. `fine`, `info`, `unknown`, `aside` (does not apply) and `not_asked`
    (the asker has not shown that the domain is theirs) and `not_stated` (nor said so) hold the rest.
    """

    score: Score
    urgent: bool
    first: tuple[Step, ...]
    soon: tuple[Step, ...]
    later: dict[str, tuple[Step, ...]]
    fine: tuple[Item, ...]
    info: tuple[Item, ...]
    unknown: tuple[Item, ...]
    aside: tuple[Item, ...]
    not_asked: tuple[Item, ...]
    not_stated: tuple[Item, ...]

    @property
    def steps(self) -> tuple[Step, ...]:
        """Everything there is to do, in order."""
        return (*self.first, *self.soon, *(step for steps in self.later.values() for step in steps))


class Lane(Struct, frozen=True):
    """How far one topic is: `done` of `total` checks have their answer. `asked` is False where we may not look."""

    topic: str
    done: int
    total: int
    asked: bool


def sign_of(finding: Finding) -> Sign:
    """The sign of a finding: a fault is urgent when it is critical or high."""
    match finding.status:
        case Status.FAIL:
            return Sign.FIX_NOW if finding.severity in URGENT else Sign.FIX_LATER
        case Status.PASS:
            return Sign.FINE
        case Status.UNKNOWN:
            return Sign.UNKNOWN
        case _:
            return Sign.NOT_YOURS


def item(finding: Finding, domain: str, language: str, providers: Providers | None = None) -> Item:
    """One finding in words, in `fi`, `sv` or `en`; with its provider's own steps where the providers are given."""
    told = as_of_today(finding, domain)
    if not is_known(told):
        return Item(told, told_of_unknown(told, language), sign_of(told))
    return Item(told, advice.tell(told, domain, language, providers), sign_of(told))


def outline(findings: Sequence[Finding], domain: str, language: str, providers: Providers | None = None) -> Outline:
    """All findings of one inspection, arranged. Where nothing is urgent, `first` holds what is worth doing next.

    A finding of an earlier version of the checks that can no longer be told counts as unknown. `providers`: those
    whose steps are told, where they are not simply those that the findings show.
    """
    findings = [as_of_today(finding, domain) for finding in findings]
    steps = _steps(findings, domain, language, providers or detect(findings))
    urgent = [step for step in steps if step.lead.sign is Sign.FIX_NOW]
    chosen = {finding.fix.id for finding in first_fixes(findings) if finding.fix is not None}
    first = tuple(step for step in urgent or steps if step.fix is not None and step.fix.id in chosen)
    rest = [step for step in steps if step not in first]
    by_status = _by_status(findings, domain, language)
    idle = by_status[Status.NOT_APPLICABLE]
    return Outline(
        score=score(finding for finding in findings if is_known(finding)),
        urgent=bool(urgent),
        first=first,
        soon=tuple(step for step in rest if step in urgent),
        later=_by_topic(step for step in rest if step not in urgent),
        fine=by_status[Status.PASS],
        info=by_status[Status.INFO],
        unknown=by_status[Status.UNKNOWN],
        aside=tuple(entry for entry in idle if entry.finding.outcome not in _LEFT_OUT),
        not_asked=tuple(entry for entry in idle if entry.finding.outcome == NOT_ASKED.name),
        not_stated=tuple(entry for entry in idle if entry.finding.outcome == NOT_STATED.name),
    )


def lanes(findings: Iterable[Finding]) -> tuple[Lane, ...]:
    """The five topics in the order of the registry, and how much of each has an answer."""
    seen = list(findings)
    made = []
    for topic in TOPICS:
        checks = {check.id for check in ALL_CHECKS if check.id.startswith(f"{topic}.")}
        own = [finding for finding in seen if finding.id in checks]
        asked = not own or not all(_was_not_asked(finding) for finding in own)
        made.append(Lane(topic, len({finding.id for finding in own}), len(checks), asked))
    return tuple(made)


def asked_now(findings: Iterable[Finding], language: str) -> str | None:
    """The name of the check whose answer we wait for, the first one in the registry; None when all have answered."""
    answered = {finding.id for finding in findings}
    waiting = next((check.id for check in ALL_CHECKS if check.id not in answered), None)
    return advice.card(waiting).name[language] if waiting else None


def _is_alike(one: Item, other: Item) -> bool:
    return (one.finding.id, one.finding.outcome) == (other.finding.id, other.finding.outcome)


def _was_not_asked(finding: Finding) -> bool:
    return finding.outcome == NOT_ASKED.name


def _steps(findings: Sequence[Finding], domain: str, language: str, providers: Providers) -> list[Step]:
    groups: dict[str, list[Item]] = {}
    for finding in in_order(findings):
        key = finding.fix.id if finding.fix else f"{finding.id} {finding.subject}"
        groups.setdefault(key, []).append(item(finding, domain, language, providers))
    return [Step(tuple(group)) for group in groups.values()]


def _by_topic(steps: Iterable[Step]) -> dict[str, tuple[Step, ...]]:
    found: dict[str, list[Step]] = {topic: [] for topic in TOPICS}
    for step in steps:
        found[step.lead.finding.topic].append(step)
    return {topic: tuple(group) for topic, group in found.items() if group}


def _by_status(findings: Sequence[Finding], domain: str, language: str) -> dict[Status, tuple[Item, ...]]:
    order = {check.id: place for place, check in enumerate(ALL_CHECKS)}
    known = [finding for finding in findings if finding.status is not Status.FAIL]
    ranked = sorted(known, key=lambda finding: (order.get(finding.id, len(order)), finding.subject))
    return {
        status: tuple(item(finding, domain, language) for finding in ranked if finding.status is status)
        for status in Status
    }
