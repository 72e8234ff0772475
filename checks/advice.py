"""The cards: how grave an outcome is, in which words it is told, and what to do about it.

One card (TOML) stands beside each check; `checks/common.toml` holds the outcomes that all share.
"""

import re
import string
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any, Protocol

import tomli
from msgspec import Struct

from checks.contract import Finding, Json, Severity
from checks.errors import CardError
from checks.languages import LANGUAGES, local_date
from checks.names import display_name
from checks.records.host_names import is_below

DOERS = ("owner", "it-provider", "dns-host", "registrar", "web-host")

_HERE = Path(__file__).parent
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)")

_SEVERITY = re.compile(rb'^severity = "(\w+)"$', re.MULTILINE)

Words = Mapping[str, str]
"""One text in every language, by language code."""


class OutcomeCard(Struct, frozen=True):
    """The words of one outcome: a sentence on what it means for the business, and why.

    `may_be_left`: a low fault that a small business may honestly live with.
    """

    severity: Severity
    fix: str | None
    headline: Words
    detail: Words
    may_be_left: bool = False


class FixCard(Struct, frozen=True):
    """One step that mends something: who does it, euros from and to, minutes, and how.

    `caution` says what the step can break, `later` names the stages that follow; both may be absent. `console` is
    the topic of `checks.providers.TOPICS` under which providers tell where this is done with them.
    """

    id: str
    cost_eur: tuple[int, int]
    minutes: int
    who: str
    title: Words
    steps: Mapping[str, tuple[str, ...]]
    verify: Words
    caution: Words | None
    later: Words | None
    console: str | None = None


class Card(Struct, frozen=True):
    """Everything said about one check."""

    id: str
    name: Words
    technical: str
    standard: str
    outcomes: Mapping[str, OutcomeCard]
    fixes: Mapping[str, FixCard]

    def outcome(self, name: str) -> OutcomeCard:
        """The words of that outcome, the check's own or the shared ones. Raises CardError where there are none."""
        found = self.outcomes.get(name) or common().get(name)
        if found is None:
            raise CardError(f"{self.id}: no words for the outcome {name}")
        return found

    def fix(self, name: str) -> FixCard:
        """The words of that fix. Raises CardError where there are none."""
        if name not in self.fixes:
            raise CardError(f"{self.id}: no words for the fix {name}")
        return self.fixes[name]


class Told(Struct, frozen=True):
    """A finding in one language, its facts filled in: what a page, a report or a terminal shows."""

    name: str
    technical: str
    standard: str
    headline: str
    detail: str
    fix: "ToldFix | None"


class ToldFix(Struct, frozen=True):
    """A fix in one language. `console`: the topic under which providers tell where it is done, if any can."""

    id: str
    title: str
    steps: tuple[str, ...]
    verify: str
    caution: str | None
    later: str | None
    cost_eur: tuple[int, int]
    minutes: int
    who: str
    console: str | None = None
    provider: "ToldProvider | None" = None


class ToldProvider(Struct, frozen=True):
    """How a fix is done with the provider that the domain has, in one language.

    `source` is the page that shows it, `seen` the day on which it was read. `theirs`: the provider does it itself,
    and its customer can only see to it and ask.
    """

    id: str
    name: str
    steps: tuple[str, ...]
    source: str
    seen: date
    theirs: bool = False


class Consoles(Protocol):
    """Who serves a domain, and how their consoles are used: `checks.providers.Providers`."""

    def steps(self, topic: str, subject: str, language: str) -> ToldProvider | None:
        """The steps about that topic with whoever serves the subject in it. None where there are none."""


@cache
def card(check_id: str) -> Card:
    """The card of a check. Raises CardError for one that is missing or malformed."""
    path = _path(check_id)
    try:
        raw = tomli.loads(path.read_text(encoding="utf-8"))
        return Card(
            id=raw["id"],
            name=_words(raw["name"]),
            technical=raw["technical"],
            standard=raw["standard"],
            outcomes={key: _outcome(value) for key, value in raw["outcomes"].items()},
            fixes={key: _fix(key, value) for key, value in raw.get("fixes", {}).items()},
        )
    except (OSError, KeyError, ValueError, TypeError) as error:
        raise CardError(f"{path.name}: {error!r}") from error


@cache
def heaviest(check_id: str) -> Severity:
    """The gravest that this check can find: what it weighs in the score. Raises CardError where its card has none.

    The score wants it of every check: the lines that say it are picked out of the cards, whose words nobody reads yet.
    """
    path = _path(check_id)
    try:
        named = set(_SEVERITY.findall(path.read_bytes()))
    except OSError as error:
        raise CardError(f"{path.name}: {error!r}") from error
    found = next((severity for severity in Severity if severity.encode() in named), None)
    if found is None:
        raise CardError(f"{path.name}: no severity")
    return found


@cache
def common() -> Mapping[str, OutcomeCard]:
    """The words of the outcomes that every check shares."""
    raw = tomli.loads((_HERE / "common.toml").read_text(encoding="utf-8"))
    return {key: _outcome(value) for key, value in raw["outcomes"].items()}


def tell(finding: Finding, domain: str, language: str, providers: Consoles | None = None) -> Told:
    """The finding's words in `fi`, `sv` or `en`, with the steps of the domain's own providers where they are known.

    Raises CardError where there are no words for it, or where they name a fact that is not there: the finding was
    made with another version of the cards.
    """
    source = card(finding.id)
    entry = source.outcome(finding.outcome)
    names = {"domain": display_name(domain), "subject": display_name(finding.subject), "check": source.name[language]}
    facts: dict[str, Json] = {**finding.evidence, **names}

    def fill(words: Words) -> str:
        return _fill(words[language], facts, language, finding)

    fix = None
    if finding.fix is not None:
        step = source.fix(finding.fix.id)
        console = None if _is_elsewhere(finding, domain) else step.console
        fix = ToldFix(
            id=step.id,
            title=fill(step.title),
            steps=tuple(_fill(line, facts, language, finding) for line in step.steps[language]),
            verify=fill(step.verify),
            caution=fill(step.caution) if step.caution else None,
            later=fill(step.later) if step.later else None,
            cost_eur=step.cost_eur,
            minutes=step.minutes,
            who=step.who,
            console=console,
            provider=providers.steps(console, finding.subject, language) if providers and console else None,
        )
    name = source.name[language]
    return Told(name, source.technical, source.standard, fill(entry.headline), fill(entry.detail), fix)


def _path(check_id: str) -> Path:
    topic, _, name = check_id.partition(".")
    return _HERE / topic / f"{name}.toml"


def _is_elsewhere(finding: Finding, domain: str) -> bool:
    """Whether a record belongs into somebody else's zone, kept by we know not whom."""
    records = finding.fix.records if finding.fix else ()
    return any(not is_below(each.name, domain) and not is_below(domain, each.name) for each in records)


class _Shown(Mapping[str, str]):
    """Facts as people are shown them. A stranger's may be long, and few words name any: only those are made ready."""

    def __init__(self, facts: Mapping[str, Json], language: str) -> None:
        self._facts, self._language = facts, language

    def __getitem__(self, name: str) -> str:
        return _show(self._facts[name], self._language)

    def __iter__(self) -> Iterator[str]:
        return iter(self._facts)

    def __len__(self) -> int:
        return len(self._facts)


def _fill(text: str, facts: Mapping[str, Json], language: str, finding: Finding) -> str:
    try:
        return string.Formatter().vformat(text, (), _Shown(facts, language))
    except (KeyError, IndexError, ValueError) as error:
        raise CardError(f"{finding.id} {finding.outcome}: {error!r} in {text!r}") from error


def _show(value: Json, language: str) -> str:
    """Facts may hold what a stranger wrote into a record: control characters would reach terminals and pages."""
    if isinstance(value, list):
        return ", ".join(_show(item, language) for item in value) or "–"
    if isinstance(value, str) and _TIME.fullmatch(value):
        return local_date(datetime.fromisoformat(value), language)
    return "".join("\ufffd" if unicodedata.category(char)[0] == "C" else char for char in str(value))


def _words(raw: Mapping[str, str]) -> Words:
    if set(raw) != set(LANGUAGES) or not all(isinstance(text, str) and text.strip() for text in raw.values()):
        raise ValueError(f"words must be given in {LANGUAGES}: {dict(raw)}")
    return dict(raw)


def _outcome(raw: Mapping[str, Any]) -> OutcomeCard:
    severity, may_be_left = Severity(raw["severity"]), raw.get("may_be_left", False)
    if may_be_left and severity is not Severity.LOW:
        raise ValueError("only a low fault may be left")
    return OutcomeCard(severity, raw.get("fix"), _words(raw["headline"]), _words(raw["detail"]), may_be_left)


def _fix(name: str, raw: Mapping[str, Any]) -> FixCard:
    low, high = raw["cost_eur"]
    if raw["who"] not in DOERS:
        raise ValueError(f"{name}: who must be one of {DOERS}")
    if len({len(raw["steps"][language]) for language in LANGUAGES}) != 1:
        raise ValueError(f"{name}: the languages differ in their number of steps")
    return FixCard(
        id=name,
        cost_eur=(low, high),
        minutes=raw["minutes"],
        who=raw["who"],
        title=_words(raw["title"]),
        steps={language: tuple(raw["steps"][language]) for language in LANGUAGES},
        verify=_words(raw["verify"]),
        caution=_words(raw["caution"]) if "caution" in raw else None,
        later=_words(raw["later"]) if "later" in raw else None,
        console=raw.get("console"),
    )
