"""Awarded solutions as values, and which of them are told to a firm: never by rank, by price or for money."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from uuid import UUID

from msgspec import Struct

from checks.contract import Finding, Status
from portal.assessments.catalogue import Catalogue, Fix, Words

MOST = 3
"""So many are told of at one fix; a link leads to the others."""


class AwardingCity(Struct, frozen=True):
    """A city that awarded it, as it was called then. `name`: by language; its own first."""

    slug: str
    name: Words


class Offer(Struct, frozen=True):
    """One solution. `by`: the startup. `title`, `summary`: in `language`. All else as in `tables.Solution`."""

    id: UUID
    organisation: UUID
    by: str
    call: str
    challenge: Words
    cities: tuple[AwardingCity, ...]
    piloted: bool
    title: str
    summary: str
    language: str
    closes: tuple[str, ...]
    price_eur: float | None
    priced_on: date
    hours: float | None
    skills: str
    speaks: tuple[str, ...]
    countries: tuple[str, ...]
    website: str
    awarded_on: date
    expires_on: date
    is_withdrawn: bool = False

    def stands(self, today: date) -> bool:
        """Whether it is told of on that day."""
        return not self.is_withdrawn and today < self.expires_on

    def is_for(self, country: str, language: str) -> bool:
        """Whether it is to be had there and in that language; what nobody said shuts nothing out.

        `country`: the firm's answer to the questionnaire (`fi`, `us-ny`), empty where it gave none.
        """
        place = country.partition("-")[0].upper()
        spoken = {each.partition("-")[0].lower() for each in self.speaks}
        return (not place or not self.countries or place in self.countries) and (not spoken or language in spoken)

    def challenge_in(self, language: str) -> str:
        """The challenge's title in that language, or else in its own."""
        return _in(self.challenge, language) or self.call

    def cities_in(self, language: str) -> str:
        """The cities' names, one after the other."""
        return ", ".join(_in(each.name, language) or each.slug for each in self.cities)


class Beside(Struct, frozen=True):
    """What is told beside a fix: the first `offers`, and how many `more` there are."""

    offers: tuple[Offer, ...] = ()
    more: int = 0


def questions_of(fix: str, fixes: Mapping[str, Fix]) -> frozenset[str]:
    """What a fix lifts, by its own id or by that of a check's card which is the same measure."""
    return frozenset(name for each in fixes.values() if fix == each.id or fix in each.same_as for name in each.lifts)


def questions_for(fix: str, findings: Iterable[Finding], catalogue: Catalogue) -> frozenset[str]:
    """What the fix of a check's card is about: what it lifts, and the questions that these failing findings answer."""
    failing = {(each.id, each.outcome) for each in findings if each.status is Status.FAIL}
    seen_in = frozenset(
        question.id
        for question in catalogue.questions
        for seen in question.seen
        if any((seen.check, outcome) in failing for outcome in seen.outcomes)
    )
    return questions_of(fix, catalogue.fixes) | seen_in


def beside(offers: Iterable[Offer], fix: str, questions: Iterable[str], today: date) -> Beside:
    """Those that close one of these gaps, in the order of `in_turn`; none that does not stand on that day."""
    gaps = frozenset(questions)
    found = [each for each in offers if each.stands(today) and not gaps.isdisjoint(each.closes)]
    ordered = in_turn(found, fix, today)
    return Beside(tuple(ordered[:MOST]), max(len(ordered) - MOST, 0))


def in_turn(offers: Iterable[Offer], place: str, today: date) -> list[Offer]:
    """An order that nobody can buy, choose or win, and in which everybody is first at some time and some place.

    By a hash of the solution's random id, of the `place` (a fix) and of the month. The alphabet would pay whoever is
    called AAA, the price or the jury's order would recommend; an order that changes with every look would let page and
    paper of the same day disagree.
    """
    return sorted(offers, key=lambda each: hashlib.sha256(f"{each.id} {place} {today:%Y-%m}".encode()).digest())


def digest(offers: Sequence[Offer]) -> str:
    """What a report that tells of these depends on, as SHA-256 in hexadecimal; empty for none."""
    told = sorted(f"{each.id} {each.by} {each.expires_on}" for each in offers)
    return hashlib.sha256("\n".join(told).encode()).hexdigest() if told else ""


def _in(words: Words, language: str) -> str:
    return words.get(language) or next((text for text in words.values() if text), "")
