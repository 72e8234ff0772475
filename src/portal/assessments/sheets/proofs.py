"""Whether a fix that was ticked done is seen to work: decided from the tick and what later checks found. Pure values.

"Could not tell" is never "works", nor "does not work". Only a check that began after the tick says anything.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from checks.contract import Finding, Status
from portal.assessments.catalogue import Fix
from portal.assessments.inspected import Found, Inspected, found_in


class Sight(StrEnum):
    """What a later check says of a fix in one domain, or all of them together.

    `nothing`: no check had found what it mends, so none can tell. `waiting`: no check has looked since. `proven`: every
    check that had failed passes. `otherwise`: what it was to mend is gone, but the check is not content yet.
    `untold`: a check looked and could not tell. `disproved`: it still finds what the fix mends.
    """

    NOTHING = "nothing"
    WAITING = "waiting"
    PROVEN = "proven"
    OTHERWISE = "otherwise"
    UNTOLD = "untold"
    DISPROVED = "disproved"


_GRAVEST_FIRST = (Sight.DISPROVED, Sight.WAITING, Sight.OTHERWISE, Sight.UNTOLD, Sight.PROVEN)


class Tick(Struct, frozen=True):
    """That a fix was ticked done. `at` is aware; `mended`: domains and ids of the checks that had failed for it."""

    at: datetime
    mended: frozenset[tuple[str, str]] = frozenset()


class Look(Struct, frozen=True):
    """What the newest ended check of one domain says. `at`: when it began, aware; None where none has looked since.

    `findings`: those that say so. `again`: whether a check had failed for it there before the tick.
    """

    domain: str
    at: datetime | None
    sight: Sight
    findings: tuple[Found, ...] = ()
    again: bool = True


class Proof(Struct, frozen=True):
    """A fix that was ticked done, and what became of it in each domain that it was to mend.

    `checks`: ids of those that had failed for it when it was ticked.
    """

    fix: str
    ticked_at: datetime
    checks: tuple[str, ...] = ()
    looks: tuple[Look, ...] = ()

    @property
    def sight(self) -> Sight:
        """What is to be said of all domains together: it works only if it does in each."""
        seen = {look.sight for look in self.looks}
        return next((sight for sight in _GRAVEST_FIRST if sight in seen), Sight.NOTHING)

    @property
    def unseen(self) -> tuple[str, ...]:
        """The domains that are to be looked at, so that it can be told."""
        return tuple(look.domain for look in self.looks if look.sight is Sight.WAITING)


def calls(fix: str, fixes: Mapping[str, Fix]) -> frozenset[str]:
    """The ids under which checks call for a fix: its own, and those of the cards' fixes that are the same measure."""
    return frozenset({fix, *(fixes[fix].same_as if fix in fixes else ())})


def failing(findings: Iterable[Finding], names: frozenset[str]) -> list[Finding]:
    """The findings that call for any of these fixes."""
    return [each for each in findings if each.status is Status.FAIL and each.fix is not None and each.fix.id in names]


def mended_by(names: frozenset[str], inspected: Iterable[Inspected]) -> frozenset[tuple[str, str]]:
    """What a tick of such a fix is to mend: by domain and check, what fails for it now."""
    return frozenset((each.domain, finding.id) for each in inspected for finding in failing(each.findings, names))


def prove(fix: str, tick: Tick, names: frozenset[str], inspected: Sequence[Inspected]) -> Proof:
    """What the newest ended checks of the firm's domains, each domain once, say of a tick. `names`: see `calls`."""
    looks = (_look(tick, names, each) for each in inspected)
    checks = sorted({check for _, check in tick.mended})
    return Proof(fix, tick.at, tuple(checks), tuple(look for look in looks if look is not None))


def _look(tick: Tick, names: frozenset[str], inspected: Inspected) -> Look | None:
    """None where the domain has nothing to do with it."""
    checks = {check for domain, check in tick.mended if domain == inspected.domain}
    found = found_in((inspected,))
    still = tuple(each for each in found if each in failing(found, names))
    is_later = inspected.started_at > tick.at
    if is_later and still:
        return Look(inspected.domain, inspected.started_at, Sight.DISPROVED, still, again=bool(checks))
    if not checks:
        return None
    if not is_later:
        return Look(inspected.domain, None, Sight.WAITING)
    own = [each for each in found if each.id in checks]
    sight, telling = _sight(own, checks)
    return Look(inspected.domain, inspected.started_at, sight, telling)


def _sight(findings: Sequence[Found], checks: set[str]) -> tuple[Sight, tuple[Found, ...]]:
    """Of checks that no longer find what was to be mended, and the findings to tell."""
    passing = tuple(each for each in findings if each.status is Status.PASS)
    otherwise = tuple(each for each in findings if each.status in {Status.FAIL, Status.INFO})
    if any(each.status is Status.FAIL for each in findings):
        return Sight.OTHERWISE, tuple(each for each in otherwise if each.status is Status.FAIL)
    if any(each.status is Status.UNKNOWN for each in findings):
        return Sight.UNTOLD, tuple(each for each in findings if each.status is Status.UNKNOWN)
    if {each.id for each in passing} == checks:
        return Sight.PROVEN, passing
    return (Sight.OTHERWISE, otherwise) if otherwise else (Sight.UNTOLD, ())
