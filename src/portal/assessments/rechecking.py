"""One finding that is checked again: what became of it. Pure values; "could not tell" is never "mended"."""

from collections.abc import Iterable
from datetime import UTC, datetime
from enum import StrEnum

from msgspec import Struct

from checks.contract import KEPT_UNTIL, NOT_ASKED, NOT_STATED, Finding, Status
from portal.assessments.outline import Item, item

_LEFT_OUT = {NOT_ASKED.name, NOT_STATED.name}


class Became(StrEnum):
    """What became of a finding from one check to the next.

    `waiting`: the new check has not told it yet. `gone`: it has ended and met nothing of that name. `left-out`: it
    was not looked at. `changed`: it fails otherwise than before; `found`: it fails, and could not be told before;
    `broken`: it fails and did not. `settled` is neither right nor wrong, or does not apply any more.
    """

    WAITING = "waiting"
    MENDED = "mended"
    FINE = "fine"
    SAME = "same"
    CHANGED = "changed"
    FOUND = "found"
    BROKEN = "broken"
    UNTOLD = "untold"
    LEFT_OUT = "left-out"
    SETTLED = "settled"
    GONE = "gone"


class Asked(Struct, frozen=True):
    """One finding by its name: `check` and what it is about."""

    check: str
    subject: str

    @classmethod
    def parse(cls, key: str) -> "Asked":
        """`mail.dmarc kahvila.fi`; whatever else it is, it is the name of no finding."""
        check, _, subject = key.partition(" ")
        return cls(check, subject)

    @property
    def key(self) -> str:
        """As addresses and forms name it."""
        return f"{self.check} {self.subject}"

    def among(self, findings: Iterable[Finding]) -> Finding | None:
        """The finding of that name; None where there is none."""
        return next((each for each in findings if (each.id, each.subject) == (self.check, self.subject)), None)


class Told(Struct, frozen=True):
    """What became of it, in words: as it was told in the earlier check, and as it is told now, if it is.

    `kept_until`: what `kept_until` says of it as it is now.
    """

    became: Became
    before: Item
    now: Item | None
    kept_until: datetime | None


def told(before: Finding, now: Finding | None, domain: str, language: str, *, ended: bool) -> Told:
    """What became of `before`, in `fi`, `sv` or `en`. `ended`: the new check tells nothing more."""
    was = item(before, domain, language)
    is_now = item(now, domain, language) if now is not None else None
    until = kept_until(now, datetime.now(UTC)) if now is not None else None
    return Told(became(was.finding, is_now.finding if is_now else None, ended=ended), was, is_now, until)


def kept_until(finding: Finding, now: datetime) -> datetime | None:
    """Until when its old records may still be seen by those who ask; None where that is over, or nobody knows."""
    noted = finding.evidence.get(KEPT_UNTIL)
    try:
        until = datetime.fromisoformat(str(noted)).astimezone(UTC)
    except ValueError:
        return None
    return until if until > now else None


def became(before: Finding, now: Finding | None, *, ended: bool) -> Became:
    """What became of a finding; both as today's checks can tell them."""
    if now is None:
        return Became.GONE if ended else Became.WAITING
    if now.outcome in _LEFT_OUT:
        return Became.LEFT_OUT
    match now.status:
        case Status.UNKNOWN:
            return Became.UNTOLD
        case Status.PASS:
            return Became.MENDED if before.status is Status.FAIL else Became.FINE
        case Status.FAIL:
            return _of_fault(before, now)
        case _:
            return Became.SETTLED


def _of_fault(before: Finding, now: Finding) -> Became:
    if before.status is Status.FAIL:
        return Became.SAME if before.outcome == now.outcome else Became.CHANGED
    return Became.FOUND if before.status is Status.UNKNOWN else Became.BROKEN
