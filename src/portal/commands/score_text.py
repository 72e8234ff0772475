"""What a sheet comes to, in words for a terminal: the verdict, the plan, what to find out, what does not fit."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from zoneinfo import ZoneInfo

from checks.names import display_name
from portal.assessments.catalogue import Catalogue
from portal.assessments.inspected import Inspected
from portal.assessments.outline import item
from portal.assessments.sheets.known import seen_text
from portal.assessments.sheets.plan_outline import PlanTeller, ToldPlanned
from portal.assessments.sheets.result import Result
from portal.assessments.sheets.sheet import Sheet
from portal.assessments.wording import Wording
from portal.commands.plain import line
from portal.commands.telling import GAP, Role, Row
from portal.i18n import local_number, translator

FIRST = 3
"""So many fixes are told with their steps; of the others a line."""
_ZONE = ZoneInfo("Europe/Helsinki")


class ScoreTeller:
    """The words for one sheet in one language, `fi`, `sv` or `en`."""

    def __init__(self, catalogue: Catalogue, sheet: Sheet, inspected: Sequence[Inspected], language: str) -> None:
        self._catalogue, self._sheet, self._inspected, self._language = catalogue, sheet, inspected, language
        self._words = Wording(language)
        self._translator = translator(language)

    def lines(self, result: Result) -> Iterator[str]:
        """All of it, one paragraph a line."""
        parts = (self._verdict, self._topics, self._plan, self._find_out, self._contradictions)
        rows = [row for part in parts for row in (GAP, *part(result))]
        for before, row in pairwise(rows):
            if not (before is GAP and row is GAP):
                yield line(row)

    def _verdict(self, result: Result) -> Iterator[Row]:
        yield Row(Role.VERDICT, self._words.firm_verdict(result))
        for name in result.critical_gaps:
            yield Row(Role.STEP, self._gap(name), "-")
        for finding in result.critical_findings:
            headline = item(finding, finding.domain, self._language).told.headline
            yield Row(Role.STEP, self._of_domain(finding.domain, headline), "-")
        if result.score:
            yield Row(
                Role.TEXT, self._translator.gettext("Score %(words)s.") % {"words": self._words.interval(result.score)}
            )

    def _topics(self, result: Result) -> Iterator[Row]:
        tell = self._translator.gettext
        titles = {topic.id: topic.title[self._language] for topic in self._catalogue.topics}
        yield Row(Role.HEADING, tell("By topic, from 0 to 100"))
        for topic in result.topics:
            domain = display_name(topic.domain) if len(self._inspected) > 1 else tell("Your domain")
            title = titles.get(topic.id) or domain
            if topic.score is None:
                points = tell("Does not apply")
            else:
                ends = dict.fromkeys(local_number(each, self._language) for each in (topic.score.low, topic.score.high))
                points = "–".join(ends)
            yield Row(Role.FINDING, points, title)

    def _plan(self, result: Result) -> Iterator[Row]:
        tell, tell_many = self._translator.gettext, self._translator.ngettext
        yield Row(Role.HEADING, tell("What to do, with your money and time"))
        if not result.plan or result.planned is None:
            yield Row(Role.TEXT, self._words.no_plan(result.why_no_plan))
            return
        euro = sum(each.cost_eur[0] for each in result.plan)
        minutes = sum(each.minutes for each in result.plan)
        yield Row(
            Role.TEXT,
            tell_many(
                "One thing to do: %(minutes)s, %(cost)s.",
                "%(count)s things to do: %(minutes)s in all, %(cost)s.",
                len(result.plan),
            )
            % {
                "count": len(result.plan),
                "minutes": self._words.minutes(minutes),
                "cost": self._words.euro((euro, euro)),
            },
        )
        then = {"words": self._words.interval(result.planned)}
        yield Row(Role.TEXT, tell("When all of it is done, your score is %(words)s.") % then)
        yield from self._steps(self._told(result))

    def _told(self, result: Result) -> tuple[ToldPlanned, ...]:
        country = self._sheet.profile.get("country", "")
        return PlanTeller(self._catalogue, self._language, country, self._inspected).told(result.plan)

    def _steps(self, told: Sequence[ToldPlanned]) -> Iterator[Row]:
        for place, each in enumerate(told, start=1):
            if place <= FIRST + 1:
                yield GAP
            yield Row(Role.VERDICT, each.title, f"{place}.")
            if each.domains:
                yield Row(Role.TEXT, ", ".join(map(display_name, each.domains)))
            yield Row(Role.EFFORT, self._effort(each))
            if place <= FIRST:
                yield from (Row(Role.STEP, step, "-") for step in each.steps)
                yield Row(Role.TEXT, f"{self._translator.gettext('How you see that it is done:')} {each.verify}")

    def _effort(self, told: ToldPlanned) -> str:
        words = [self._words.minutes(told.minutes), self._words.euro(told.cost_eur), self._words.doer(told.who)]
        if told.planned.gain:
            points = {"points": local_number(told.planned.gain, self._language)}
            words.append(self._translator.gettext("+%(points)s points") % points)
        return " · ".join(words)

    def _find_out(self, result: Result) -> Iterator[Row]:
        if result.find_out:
            yield Row(Role.HEADING, self._translator.gettext("Find out"))
        for name in result.find_out:
            question = self._catalogue.question(name)
            if question is not None:
                yield Row(Role.STEP, question.ask[self._language], "-")

    def _contradictions(self, result: Result) -> Iterator[Row]:
        tell = self._translator.gettext
        if result.contradictions:
            yield Row(Role.HEADING, tell("What does not fit together"))
        days = {each.domain: each.started_at.astimezone(_ZONE) for each in self._inspected}
        for each in result.contradictions:
            question = self._catalogue.question(each.question)
            answer = question.answer(each.answer) if question else None
            given = tell("You answered: “%(answer)s”") % {"answer": answer.text[self._language] if answer else ""}
            seen = seen_text(each.text, each.finding, days.get(each.finding.domain), self._language)
            yield Row(Role.FINDING, self._question(each.question))
            yield Row(Role.WHY, given)
            yield Row(Role.WHY, self._of_domain(each.finding.domain, f"{tell('We saw:')} {seen}"))

    def _of_domain(self, domain: str, text: str) -> str:
        """Says which domain it is about, where there are several."""
        return f"{display_name(domain)}: {text}" if len(self._inspected) > 1 else text

    def _gap(self, name: str) -> str:
        question = self._catalogue.question(name)
        return (question.gap or question.text)[self._language] if question else name

    def _question(self, name: str) -> str:
        question = self._catalogue.question(name)
        return question.text[self._language] if question else name
