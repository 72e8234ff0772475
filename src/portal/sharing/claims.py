"""What may be told to customers and insurers: good things only, seen by a check or stated by the firm, with their date.

`claims.toml` holds the sentences. One that is not true any more is not told, however it was ticked.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from functools import cache
from pathlib import Path

import msgspec
import tomli
from msgspec import Struct

from checks.contract import Finding, Status
from portal.assessments.catalogue import Catalogue, Words
from portal.assessments.sheets.storage import Given

_FILE = Path(__file__).with_name("claims.toml")
_SPEAKS_AGAINST = {Status.FAIL, Status.UNKNOWN}
_FULL = 1.0


class Source(StrEnum):
    """Who says it."""

    SEEN = "seen"
    STATED = "stated"


class SeenRule(Struct, frozen=True, forbid_unknown_fields=True):
    """True of a domain where each of these checks passed, and found nothing wrong or unclear."""

    id: str
    checks: tuple[str, ...]
    text: Words


class StatedRule(Struct, frozen=True, forbid_unknown_fields=True):
    """True where the owner gave the best answer to this question, and no check contradicts it."""

    question: str
    text: Words


class Rules(Struct, frozen=True, forbid_unknown_fields=True):
    """Everything that may be told, in the order in which it is."""

    seen: tuple[SeenRule, ...]
    stated: tuple[StatedRule, ...]


class Claim(Struct, frozen=True):
    """One thing that may be told. `at` (aware): when the check saw it, or when the owner answered.

    `id` is what a tick keeps. `domain` is that of the check; empty for what the firm states.
    """

    id: str
    source: Source
    text: Words
    at: datetime
    domain: str = ""


@cache
def rules() -> Rules:
    """What the file holds. Raises msgspec.ValidationError where it has another form."""
    return msgspec.convert(tomli.loads(_FILE.read_text(encoding="utf-8")), Rules)


def seen_claims(domain: str, at: datetime, findings: Sequence[Finding]) -> tuple[Claim, ...]:
    """What the check of that domain, begun at `at`, saw to be good."""
    return tuple(
        Claim(f"{rule.id}@{domain}", Source.SEEN, rule.text, at, domain)
        for rule in rules().seen
        if all(_is_good(check, findings) for check in rule.checks)
    )


def stated_claims(catalogue: Catalogue, given: Mapping[str, Given], contradicted: Iterable[str]) -> tuple[Claim, ...]:
    """What the owner answered best. `contradicted`: ids of the questions whose answer a check doubts."""
    doubted = set(contradicted)
    return tuple(_stated(catalogue, given, doubted))


def _stated(catalogue: Catalogue, given: Mapping[str, Given], doubted: set[str]) -> Iterator[Claim]:
    for rule in rules().stated:
        question, mine = catalogue.question(rule.question), given.get(rule.question)
        answer = question.answer(mine.answer) if question and mine else None
        if answer and mine and answer.value == _FULL and rule.question not in doubted:
            yield Claim(rule.question, Source.STATED, rule.text, mine.at)


def _is_good(check: str, findings: Iterable[Finding]) -> bool:
    of_check = {finding.status for finding in findings if finding.id == check}
    return Status.PASS in of_check and not of_check & _SPEAKS_AGAINST
