"""Small questionnaires, answers and findings, made up: enough of them to find what nobody thought of."""

from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import combinations

from hypothesis import settings
from hypothesis import strategies as st

from checks import advice
from checks.contract import Finding, Fix, Severity, Status
from checks.registry import ALL_CHECKS
from portal.assessments import catalogue as form
from portal.assessments.catalogue import DONT_KNOW, NOT_APPLICABLE, Answer, Catalogue, Kind, Question, Seen, Topic
from portal.assessments.inspected import Inspected
from portal.assessments.sheets.result import Limits
from portal.assessments.sheets.sheet import Sheet

WORDS = {"fi": "x", "sv": "x", "en": "x"}
VALUES = ((0.0, 1.0), (0.0, 0.4, 1.0), (0.0, 0.3, 0.7, 1.0), (0.0, 0.25, 0.5, 0.9, 1.0))
LIFTS = (0.4, 0.5, 0.7, 1.0)
CHECKS = ("dns.dnssec", "mail.dmarc", "mail.spf", "ports.remote_desktop", "tls.expiry", "web.hsts", "mail.starttls")
_OUTCOMES = {check.id: check.outcomes for check in ALL_CHECKS}
_CARD_FIXES = sorted({name for check in CHECKS for name in advice.card(check).fixes})


solving = settings(max_examples=max(20, settings().max_examples // 5))
"""For tests that solve a plan, or try all of them: each case takes a tenth of a second."""


def question(  # noqa: PLR0913 - what differs between made-up questions
    name: str,
    topic: str = "t0",
    weight: int = 1,
    values: Sequence[float] = (0.0, 0.5, 1.0),
    *,
    critical: bool = False,
    shown_if: dict[str, tuple[str, ...]] | None = None,
    seen: tuple[Seen, ...] = (),
) -> Question:
    """Its graded answers are named by their value in hundredths: `v0`, `v50`, `v100`."""
    answers = [Answer(f"v{round(value * 100)}", WORDS, Kind.GRADED, value) for value in values]
    answers += [Answer(DONT_KNOW, WORDS, Kind.UNKNOWN), Answer(NOT_APPLICABLE, WORDS, Kind.NOT_APPLICABLE)]
    return Question(name, topic, WORDS, WORDS, WORDS, weight, critical, shown_if or {}, tuple(answers), (), seen)


def fix(  # noqa: PLR0913 - what differs between made-up fixes
    name: str,
    lifts: dict[str, float],
    *,
    minutes: int = 10,
    euro: int = 0,
    requires: tuple[str, ...] = (),
    same_as: tuple[str, ...] = (),
) -> form.Fix:
    return form.Fix(name, WORDS, {}, WORDS, WORDS, (euro, euro + 50), minutes, "owner", lifts, requires, same_as)


def catalogue(questions: Sequence[Question], fixes: Sequence[form.Fix] = ()) -> Catalogue:
    names = dict.fromkeys(each.topic for each in questions)
    topics = tuple(Topic(name, WORDS, tuple(each for each in questions if each.topic == name)) for name in names)
    profile = form.ProfileQuestion("remote", WORDS, WORDS, (Answer("yes", WORDS), Answer("no", WORDS)))
    return Catalogue("1", (profile,), topics, {each.id: each for each in fixes})


def sheet(answers: dict[str, str], profile: dict[str, str] | None = None, done: Sequence[str] = ()) -> Sheet:
    return Sheet("1", profile or {}, answers, frozenset(done))


def finding(check: str, outcome: str, subject: str = "kahvila.test") -> Finding:
    """As an inspection makes it, without facts."""
    known = next(each for each in _OUTCOMES[check] if each.name == outcome)
    card = advice.card(check).outcome(outcome)
    is_fault = known.status is Status.FAIL
    mended_by = Fix(card.fix) if card.fix and is_fault else None
    return Finding(check, known.status, card.severity if is_fault else Severity.INFO, subject, outcome, {}, mended_by)


def looked(*findings: Finding, domain: str = "kahvila.test") -> Inspected:
    """An ended check of a domain that found this."""
    return Inspected(domain, datetime(2026, 11, 23, 12, 30, tzinfo=UTC), 1.0, "2026.11", findings)


def unknown(check: str, subject: str = "kahvila.test") -> Finding:
    return Finding(check, Status.UNKNOWN, Severity.INFO, subject, "connection-timeout", {})


@st.composite
def catalogues(draw: st.DrawFn, most_questions: int = 5, most_fixes: int = 6) -> Catalogue:
    questions = [
        question(
            f"q{number}",
            draw(st.sampled_from(["t0", "t1"])),
            draw(st.sampled_from([1, 2, 5, 10])),
            draw(st.sampled_from(VALUES)),
            critical=draw(st.booleans()),
            shown_if=draw(st.sampled_from([None, None, {"remote": ("yes",)}])),
        )
        for number in range(draw(st.integers(0, most_questions)))
    ]
    if not questions:
        return catalogue([])
    names = [each.id for each in questions]
    fixes = [
        fix(
            f"f{number}",
            draw(st.dictionaries(st.sampled_from(names), st.sampled_from(LIFTS), min_size=1, max_size=3)),
            minutes=draw(st.integers(1, 60)),
            euro=draw(st.sampled_from([0, 0, 30, 100])),
            requires=tuple(draw(st.sets(st.integers(0, number - 1), max_size=2).map(_names))) if number else (),
            same_as=tuple(draw(st.sets(st.sampled_from(_CARD_FIXES), max_size=1))),
        )
        for number in range(draw(st.integers(0, most_fixes)))
    ]
    return catalogue(questions, fixes)


@st.composite
def sheets(draw: st.DrawFn, made: Catalogue, *, ticking: bool = True) -> Sheet:
    answers = {
        each.id: draw(st.sampled_from([answer.id for answer in each.answers]))
        for each in made.questions
        if draw(st.integers(0, 9))
    }
    profile = draw(st.sampled_from([{}, {"remote": "yes"}, {"remote": "no"}]))
    done = draw(st.sets(st.sampled_from([*made.fixes]), max_size=2)) if made.fixes and ticking else set()
    return sheet(answers, profile, [*done])


any_finding = st.sampled_from(CHECKS).flatmap(
    lambda check: st.one_of(
        st.builds(
            finding,
            st.just(check),
            st.sampled_from([each.name for each in _OUTCOMES[check]]),
            st.sampled_from(["a", "b"]),
        ),
        st.builds(unknown, st.just(check), st.sampled_from(["a", "b"])),
    )
)


def checks(most_findings: int, most_domains: int) -> st.SearchStrategy[list[Inspected]]:
    """Ended checks of none, one or several domains, which may share subjects."""
    found = st.lists(any_finding, min_size=1, max_size=most_findings, unique_by=lambda one: (one.id, one.subject))
    return st.lists(found, max_size=most_domains).map(
        lambda several: [looked(*each, domain=f"domain-{place}.test") for place, each in enumerate(several)]
    )


any_findings = st.lists(any_finding, max_size=5, unique_by=lambda one: (one.id, one.subject))
any_checks = checks(5, 3)
few_checks = checks(3, 2)
any_limits = st.builds(Limits, st.none() | st.integers(0, 200), st.none() | st.integers(0, 150))


def _names(numbers: set[int]) -> list[str]:
    return [f"f{number}" for number in sorted(numbers)]


def subsets(names: Sequence[str]) -> list[frozenset[str]]:
    return [frozenset(some) for size in range(len(names) + 1) for some in combinations(names, size)]
