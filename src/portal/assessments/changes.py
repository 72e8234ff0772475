"""What changed between two checks of one domain. Pure values; "could not tell" is never "fixed", and never "new".

A fault is compared by its check and subject, and only where both checks told: passed, failed, or worth knowing. What
was not asked, does not apply or could not be told says nothing about what it was before, or has become since.

`kind` is the one rule: the page of changes, the history and the letters of who looks after a domain all ask it.
"""

from collections.abc import Mapping
from typing import Protocol

from msgspec import Struct

from checks.contract import Finding, Severity, Status
from portal.assessments.inspected import Inspected

_TELLS = {Status.PASS, Status.FAIL, Status.INFO}
_GRAVEST_FIRST = tuple(Severity)


class Told(Protocol):
    """What a comparison needs of a finding; also of an earlier one of which nothing else was kept."""

    @property
    def status(self) -> Status:
        """Whether it passed, failed, or says neither."""

    @property
    def severity(self) -> Severity:
        """How grave it was."""

    @property
    def outcome(self) -> str:
        """In which way the check ended."""


class Change(Struct, frozen=True):
    """One check of one subject, as it was told the earlier time and as it is now; None where it was not there."""

    before: Finding | None
    now: Finding | None


class Changes(Struct, frozen=True):
    """Every fault of either check is in exactly one of these, in the order of the check that has it.

    `fixed` failed and passes. `new` passed, or was worth knowing, and fails. `worse` and `better` fail with another
    outcome that is graver or lighter; `better` also holds what is merely worth knowing now. `same` fails as gravely
    as before: where only the catalogue came to judge the same outcome otherwise, nothing changed. `untold` failed, and
    nobody can say now. `first_told` fails, and the earlier check did not ask, could not tell, or had no such check.
    """

    fixed: tuple[Change, ...]
    new: tuple[Change, ...]
    worse: tuple[Change, ...]
    better: tuple[Change, ...]
    same: tuple[Change, ...]
    untold: tuple[Change, ...]
    first_told: tuple[Change, ...]


def compare(earlier: Inspected, later: Inspected) -> Changes:
    """What changed from the earlier check to the later one."""
    before, now = _by_subject(earlier), _by_subject(later)
    groups: dict[str, list[Change]] = {name: [] for name in Changes.__struct_fields__}
    for key in {**before, **now}:
        change = Change(before.get(key), now.get(key))
        group = kind(change.before, change.now)
        if group is not None:
            groups[group].append(change)
    return Changes(**{name: tuple(group) for name, group in groups.items()})


def kind(before: Told | None, now: Told | None) -> str | None:
    """Which group of `Changes` one check of one subject belongs to; None where it fails neither time."""
    failed, fails = _is_fault(before), _is_fault(now)
    if not failed and not fails:
        return None
    if now is None or not tells(now):
        return "untold"
    if before is None or not tells(before):
        return "first_told"
    if failed and fails:
        return _grew(before, now)
    if fails:
        return "new"
    return "fixed" if now.status is Status.PASS else "better"


def tells(told: Told) -> bool:
    """Whether it says something about its subject that another check can be compared with."""
    return told.status in _TELLS


def _grew(before: Told, now: Told) -> str:
    was, is_now = _GRAVEST_FIRST.index(before.severity), _GRAVEST_FIRST.index(now.severity)
    if before.outcome == now.outcome or was == is_now:
        return "same"
    return "worse" if is_now < was else "better"


def _is_fault(told: Told | None) -> bool:
    return told is not None and told.status is Status.FAIL


def _by_subject(inspected: Inspected) -> Mapping[tuple[str, str], Finding]:
    return {(finding.id, finding.subject): finding for finding in inspected.findings}
