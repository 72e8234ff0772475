"""How far a firm's answers go towards four well-known frameworks. A help for talks with customers; no certificate."""

from collections.abc import Iterable, Mapping
from enum import StrEnum

from msgspec import Struct

from portal.assessments.catalogue import FRAMEWORKS, Question, Satisfies
from portal.assessments.report.input import Firm
from portal.assessments.sheets.items import Item, hundredths
from portal.assessments.sheets.sheet import shown

NAMES: Mapping[str, str] = {
    "din-27076": "DIN SPEC 27076",
    "cis-ig1": "CIS Controls, IG1",
    "cyber-essentials": "Cyber Essentials",
    "nist-csf-2.0": "NIST CSF 2.0",
}
TOTALS: Mapping[str, int] = {"din-27076": 27, "cis-ig1": 56, "cyber-essentials": 5, "nist-csf-2.0": 106}
"""How many requirements each has in all: safeguards of IG1, themes of Cyber Essentials, subcategories of CSF."""


class Coverage(StrEnum):
    """How far a requirement is met by what is known."""

    MET = "met"
    NOT_MET = "not-met"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not-applicable"


class Requirement(Struct, frozen=True):
    """One requirement of a framework, and the ids of the questions that speak of it."""

    id: str
    coverage: Coverage
    questions: tuple[str, ...]


class Framework(Struct, frozen=True):
    """`total`: how many requirements it has in all; `requirements`: those of which our questions speak."""

    name: str
    total: int
    requirements: tuple[Requirement, ...]

    def ids(self, coverage: str) -> tuple[str, ...]:
        """The requirements of that `Coverage`."""
        return tuple(each.id for each in self.requirements if each.coverage == coverage)

    @property
    def beyond(self) -> int:
        """Of how many requirements our questions say nothing."""
        return self.total - len(self.requirements)


def frameworks(firm: Firm) -> tuple[Framework, ...]:
    """Each framework with its requirements. One is met where all answers that speak of it are good enough.

    An answer that a check doubts is not known to be good enough.
    """
    items = {item.id: item for item in firm.result.items}
    asked = {question.id for question in shown(firm.catalogue, firm.sheet.profile)}
    doubted = {each.question for each in firm.result.contradictions}
    made = []
    for name in FRAMEWORKS:
        speaking: dict[str, list[tuple[Question, Satisfies]]] = {}
        for question in firm.catalogue.questions:
            for entry in question.satisfies:
                if entry.framework == name:
                    speaking.setdefault(entry.id, []).append((question, entry))
        requirements = tuple(
            _requirement(each, speaking[each], items, asked, doubted) for each in sorted(speaking, key=_natural)
        )
        made.append(Framework(NAMES[name], TOTALS[name], requirements))
    return tuple(made)


def _requirement(
    name: str,
    speaking: list[tuple[Question, Satisfies]],
    items: Mapping[str, Item],
    asked: set[str],
    doubted: set[str],
) -> Requirement:
    found = [
        _coverage(question, entry, items, is_doubted=question.id in doubted)
        for question, entry in speaking
        if question.id in asked
    ]
    counted = [each for each in found if each is not Coverage.NOT_APPLICABLE]
    ids = tuple(dict.fromkeys(question.id for question, _ in speaking))
    return Requirement(name, _worst(counted), ids)


def _coverage(question: Question, entry: Satisfies, items: Mapping[str, Item], *, is_doubted: bool) -> Coverage:
    item, least = items.get(question.id), question.answer(entry.answer)
    if item is None or least is None or least.value is None:
        return Coverage.NOT_APPLICABLE
    wanted = hundredths(least.value)
    if item.low >= wanted:
        return Coverage.UNKNOWN if is_doubted else Coverage.MET
    return Coverage.NOT_MET if item.high < wanted else Coverage.UNKNOWN


def _worst(found: Iterable[Coverage]) -> Coverage:
    all_of_it = set(found)
    for coverage in (Coverage.NOT_MET, Coverage.UNKNOWN, Coverage.MET):
        if coverage in all_of_it:
            return coverage
    return Coverage.NOT_APPLICABLE


def _natural(name: str) -> tuple[tuple[bool, int, str], ...]:
    """1.2 before 1.10, whatever else stands in it."""
    return tuple(
        (not part.isdigit(), int(part) if part.isdigit() else 0, part) for part in name.replace("-", ".").split(".")
    )
