"""What was typed after `kyberkunto score`: an answer sheet, a check's document and limits, or why one is unusable."""

import argparse
import json
import re
import sys
from collections.abc import Sequence
from datetime import datetime
from decimal import ROUND_FLOOR, Decimal
from pathlib import Path
from typing import Annotated, Any, TypeVar

import msgspec
from msgspec import Meta, Struct, field

from checks.contract import Finding, Fix, Record, Severity, Snippet, Status
from portal.assessments.inspected import Inspected
from portal.assessments.sheets.sheet import Sheet
from portal.commands.usage import UsageError
from portal.errors import SheetError
from portal.i18n import translator

LARGEST = 10 * 1024 * 1024
"""Bytes; a check's document takes some hundred thousand."""
_LONGEST_REASON = 200
_AMOUNT = re.compile(r"\d{1,12}(?:[.,]\d{1,4})?", re.ASCII)
_MINUTES = 60

T = TypeVar("T")


class _Answers(Struct, forbid_unknown_fields=True):
    """ANSWERS.json."""

    version: str
    answers: dict[str, str]
    profile: dict[str, str] = field(default_factory=dict)


class _KeptFix(Struct):
    id: str
    records: tuple[Record, ...] = ()
    snippets: tuple[Snippet, ...] = ()


class _Kept(Struct):
    """A finding of the document, as far as it is read here."""

    id: str
    status: Status
    severity: Severity
    subject: str
    outcome: str
    evidence: dict[str, Any]
    fix: _KeptFix | None = None


class _Check(Struct):
    """CHECK.json: what `kyberkunto check --json` prints, as far as it is read here."""

    domain: Annotated[str, Meta(min_length=1)]
    started_at: Annotated[datetime, Meta(tz=True)]
    findings: list[_Kept]
    duration_s: float = 0.0
    catalogue_version: str = ""


def read_sheet(file: str, language: str) -> Sheet:
    """The answer sheet in a file, or on standard input where it is `-`.

    Raises:
        UsageError: `file-not-readable` or `not-an-answer-sheet`.
    """
    tell = translator(language).gettext
    refusal = tell("%(file)s is no answer sheet: %(reason)s")
    found = _convert(_read(file, language), _Answers, UsageError("not-an-answer-sheet", refusal % _named(file)))
    return Sheet(found.version, found.profile, found.answers)


def read_all_inspected(files: Sequence[str], language: str) -> tuple[Inspected, ...]:
    """The documents of several domains' checks, in files, or one of them on standard input where it is `-`.

    Raises:
        UsageError: `file-not-readable`, `not-a-check`, or `usage` where two are of the same domain.
    """
    found = tuple(_read_inspected(file, language) for file in files)
    domains = [each.domain for each in found]
    if len(set(domains)) < len(domains):
        twice = next(name for place, name in enumerate(domains) if name in domains[:place])
        raise UsageError("usage", f"two checks are of {_clipped(twice)}: give the newer one alone")
    return found


def _read_inspected(file: str, language: str) -> Inspected:
    tell = translator(language).gettext
    refusal = tell("%(file)s is not what kyberkunto check --json prints: %(reason)s")
    unusable = UsageError("not-a-check", refusal % _named(file))
    found = _convert(_read(file, language), _Check, unusable)
    names = {(finding.id, finding.subject) for finding in found.findings}
    if len(names) < len(found.findings):
        raise _because(unusable, "a finding stands there twice")
    findings = tuple(_finding(each) for each in found.findings)
    return Inspected(found.domain, found.started_at, found.duration_s, found.catalogue_version, findings)


def unusable_sheet(error: SheetError, language: str, version: str) -> UsageError:
    """The same in words; `version` is that of today's questionnaire."""
    tell = translator(language).gettext
    messages = {
        "unknown-version": tell("The questionnaire here has version %(version)s, not %(name)s."),
        "unknown-question": tell("The questionnaire has no question %(name)s there."),
        "unknown-answer": tell("The question %(name)s has no answer %(answer)s."),
    }
    name, answer = (*(_clipped(each) for each in error.names), "")[:2]
    return UsageError(error.code, messages[error.code] % {"version": version, "name": name, "answer": answer})


def whole_euro(text: str) -> int:
    """An amount as it was typed; what is over whole euro buys nothing more. Raises ArgumentTypeError."""
    return _amount(text, 1)


def whole_minutes(text: str) -> int:
    """Hours as they were typed, in minutes. Raises ArgumentTypeError."""
    return _amount(text, _MINUTES)


def _amount(text: str, units: int) -> int:
    if not _AMOUNT.fullmatch(text):
        raise argparse.ArgumentTypeError(f"{_clipped(text)!r} is no amount: write it like 0, 8 or 1.5")
    return int((Decimal(text.replace(",", ".")) * units).to_integral_value(ROUND_FLOOR))


def _read(file: str, language: str) -> bytes:
    """At most one byte more than there may be."""
    try:
        if file == "-":
            return sys.stdin.buffer.read(LARGEST + 1)
        with Path(file).open("rb") as source:
            return source.read(LARGEST + 1)
    except (OSError, ValueError) as error:  # ValueError: no file can have such a name
        tell = translator(language).gettext
        reason = getattr(error, "strerror", None) or str(error)
        message = tell("The file %(file)s cannot be read: %(reason)s.") % {"file": _clipped(file), "reason": reason}
        raise UsageError("file-not-readable", message) from error


def _convert(raw: bytes, kind: type[T], unusable: UsageError) -> T:
    if len(raw) > LARGEST:
        raise _because(unusable, f"it is larger than {LARGEST // 1024**2} MB")
    try:
        document = json.loads(raw, object_pairs_hook=_once_each, parse_constant=_no_number)
        return msgspec.convert(document, kind)
    except RecursionError:
        raise _because(unusable, "it is nested too deeply") from None
    except (ValueError, msgspec.MsgspecError) as error:
        raise _because(unusable, str(error)) from error


def _once_each(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        twice = next(name for place, (name, _) in enumerate(pairs) if name in dict(pairs[:place]))
        raise ValueError(f"{twice} stands there twice")
    return made


def _no_number(text: str) -> None:
    raise ValueError(f"{text} is no JSON")


def _named(file: str) -> dict[str, str]:
    return {"file": "standard input" if file == "-" else _clipped(file), "reason": "%(reason)s"}


def _because(unusable: UsageError, reason: str) -> UsageError:
    return UsageError(unusable.code, unusable.message.replace("%(reason)s", _clipped(reason)))


def _clipped(text: str) -> str:
    return text if len(text) <= _LONGEST_REASON else f"{text[:_LONGEST_REASON]}…"


def _finding(kept: _Kept) -> Finding:
    fix = Fix(kept.fix.id, kept.fix.records, kept.fix.snippets) if kept.fix else None
    return Finding(kept.id, kept.status, kept.severity, kept.subject, kept.outcome, kept.evidence, fix)
