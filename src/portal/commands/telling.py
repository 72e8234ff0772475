"""What a check says on a terminal, as rows without any layout."""

from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum

from msgspec import Struct

from checks.advice import ToldFix
from checks.contract import NOT_ASKED, Finding, Status
from checks.evidence.lookups import Vantage
from checks.languages import local_date
from checks.limits import Limit, limits_of, tell_limit
from checks.names import display_name
from checks.priority import first_fixes
from checks.registry import ALL_CHECKS
from portal.assessments.outline import TOPICS, Item, Outline, Sign, Step, asked_now, item, lanes, outline
from portal.assessments.wording import Wording
from portal.i18n import translator

_PLACES = {check.id: place for place, check in enumerate(ALL_CHECKS)}
_TOLD_WHY = {Status.FAIL, Status.UNKNOWN, Status.INFO}
_PLATFORMS = {"nginx": "nginx", "apache": "Apache", "iis": "Microsoft IIS", "caddy": "Caddy"}


class Role(StrEnum):
    """What a row is; the screen gives each its own look."""

    TITLE = "title"
    HEADING = "heading"
    FINDING = "finding"
    WHY = "why"
    VERDICT = "verdict"
    EFFORT = "effort"
    TEXT = "text"
    STEP = "step"
    TO_COPY = "to-copy"
    GAP = "gap"


class Row(Struct, frozen=True):
    """One paragraph. `label` stands before it, `sign` gives the label its colour; TO_COPY is never broken."""

    role: Role
    text: str = ""
    label: str = ""
    sign: Sign | None = None


GAP = Row(Role.GAP)


def clean(text: str) -> str:
    """The text without anything that could steer a terminal: names and records are strangers' words."""
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in text)


class Teller:
    """The words for one domain in one language, `fi`, `sv` or `en`."""

    def __init__(self, domain: str, language: str) -> None:
        self.domain = domain
        self.language = language
        self.words = Wording(language)
        self._translator = translator(language)

    @property
    def label_width(self) -> int:
        """How many letters the longest label of a finding has."""
        good_to_know = self._translator.gettext("Good to know")
        return max(len(label) for label in (good_to_know, *(self.words.sign(sign) for sign in Sign)))

    def title(self) -> Row:
        """The domain, as its owner reads it."""
        return Row(Role.TITLE, display_name(self.domain))

    def topic(self, topic: str, findings: Iterable[Finding]) -> Iterator[Row]:
        """One topic with its findings; nothing at all where there are none."""
        ranked = sorted(findings, key=lambda finding: (_PLACES[finding.id], finding.subject))
        items = [item(finding, self.domain, self.language) for finding in ranked if finding.topic == topic]
        if items:
            yield Row(Role.HEADING, self.words.topic(topic))
            for entry in items:
                if entry.finding.status is not Status.NOT_APPLICABLE:
                    yield from self._finding(entry)
            yield from self._aside([entry for entry in items if entry.finding.status is Status.NOT_APPLICABLE])
            yield GAP

    def topics(self, findings: Sequence[Finding]) -> Iterator[Row]:
        """All topics, in the order of the registry."""
        for topic in TOPICS:
            yield from self.topic(topic, findings)

    def headline(self, finding: Finding) -> Row:
        """One finding in a line."""
        entry = item(finding, self.domain, self.language)
        where = "" if finding.subject == self.domain else f" ({display_name(finding.subject)})"
        return Row(Role.FINDING, f"{entry.told.headline}{where}", self.words.label(entry), entry.sign)

    def summary(self, findings: Sequence[Finding], vantage: Vantage) -> Iterator[Row]:
        """The verdict, the score, the three first fixes, and what we could not see from where we stand."""
        tell = self._translator.gettext
        arranged = outline(findings, self.domain, self.language)
        yield Row(Role.VERDICT, self.words.verdict(arranged))
        if arranged.steps:
            yield Row(Role.TEXT, self.words.cares(arranged))
        yield Row(Role.TEXT, tell("Score %(words)s.") % {"words": self.words.interval(arranged.score)})
        steps = self._first_steps(arranged, findings)
        if steps:
            yield GAP
            yield Row(Role.HEADING, tell("Do first") if arranged.urgent else tell("Worth doing when you have time"))
        for place, step in enumerate(steps, start=1):
            yield from self._step(place, step)
        yield from self._limits(limits_of(vantage, findings))
        if any(finding.outcome == NOT_ASKED.name for finding in findings):
            yield GAP
            yield Row(
                Role.TEXT, tell("With --ports we knock at the doors of these servers too, if you may ask for it.")
            )

    def progress(self, findings: Sequence[Finding]) -> str:
        """How far we are, and the name of the check whose answer we wait for."""
        counted = lanes(findings)
        counts = {"done": sum(lane.done for lane in counted), "total": sum(lane.total for lane in counted)}
        waiting = asked_now(findings, self.language)
        return " · ".join(filter(None, (self._translator.gettext("%(done)s of %(total)s checked") % counts, waiting)))

    def _limits(self, limits: Sequence[Limit]) -> Iterator[Row]:
        if limits:
            yield GAP
            heading = self._translator.gettext("What we cannot see from our own place in the network")
            yield Row(Role.HEADING, heading)
        for limit in limits:
            yield Row(Role.STEP, tell_limit(limit, self.language), "-")

    def _finding(self, entry: Item) -> Iterator[Row]:
        yield self.headline(entry.finding)
        if entry.finding.status in _TOLD_WHY:
            yield Row(Role.WHY, entry.told.detail)

    def _aside(self, items: Sequence[Item]) -> Iterator[Row]:
        """What does not apply, once for each reason, with the names of the checks."""
        names: dict[str, list[str]] = {}
        for entry in items:
            names.setdefault(entry.told.headline, []).append(entry.told.name)
        for headline, checks in names.items():
            told = f"{headline} ({', '.join(dict.fromkeys(checks))})"
            yield Row(Role.FINDING, told, self.words.sign(Sign.NOT_YOURS), Sign.NOT_YOURS)

    def _first_steps(self, arranged: Outline, findings: Sequence[Finding]) -> list[Step]:
        by_fix = {step.fix.id: step for step in arranged.steps if step.fix is not None}
        return [by_fix[finding.fix.id] for finding in first_fixes(findings) if finding.fix is not None]

    def _step(self, place: int, step: Step) -> Iterator[Row]:
        tell, fix = self._translator.gettext, step.fix
        assert fix is not None  # noqa: S101 - only steps with a fix are first
        effort = [self.words.minutes(fix.minutes), self.words.euro(fix.cost_eur), self.words.doer(fix.who)]
        if step.care is not None:
            effort.insert(0, self.words.care(step.care))
        yield GAP
        yield Row(Role.VERDICT, fix.title, f"{place}.")
        yield Row(Role.EFFORT, " · ".join(effort))
        for line in fix.steps:
            yield Row(Role.STEP, line, "-")
        yield from self._console(fix)
        yield from self._to_copy(step)
        if fix.caution:
            yield Row(Role.TEXT, f"{tell('Take care:')} {fix.caution}")
        yield Row(Role.TEXT, f"{tell('How you see that it worked:')} {fix.verify}")
        if fix.later:
            yield Row(Role.TEXT, f"{tell('After that:')} {fix.later}")

    def _console(self, fix: ToldFix) -> Iterator[Row]:
        """The steps of the domain's own provider."""
        if fix.provider is None:
            return
        tell, provider = self._translator.gettext, fix.provider
        yield Row(Role.TEXT, tell("Steps for %(name)s") % {"name": provider.name})
        for line in provider.steps:
            yield Row(Role.STEP, line, "-")
        seen = tell("We read the instructions on %(when)s; names in the control panel may have changed since.")
        when = {"when": local_date(provider.seen, self.language)}
        yield Row(Role.EFFORT, f"{tell('Source:')} {provider.source}. {seen % when}")

    def _to_copy(self, step: Step) -> Iterator[Row]:
        tell = self._translator.gettext
        actions = {
            "add": tell("Add this record"),
            "replace": tell("Put this record in place of the present one"),
            "remove": tell("Remove this record"),
        }
        for change in step.changes:
            for record in change.records:
                yield Row(Role.TEXT, f"{actions[record.action]}:")
                yield Row(Role.TO_COPY, f"{record.name}  {record.type}  {record.value}")
            for snippet in change.snippets:
                label = tell("File %(path)s for %(platform)s") if snippet.is_file else tell("Setting for %(platform)s")
                yield Row(Role.TEXT, label % {"path": snippet.place, "platform": _PLATFORMS[snippet.platform]})
                yield from (Row(Role.TO_COPY, line) for line in snippet.text.splitlines())
