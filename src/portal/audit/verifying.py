"""Reads the whole log and judges it: is the chain whole, and does it hold every head that was written down?"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from portal.audit import chain, service
from portal.audit.chain import Entry, Flaw, Head
from portal.audit.heads import Heads, Noted
from portal.audit.tables import Action


@dataclass(frozen=True, slots=True)
class Fault:
    """The first entry that is wrong. `noted`: the head that was written down, where that is how it shows."""

    seq: int
    flaw: Flaw
    noted: Noted | None = None


@dataclass(frozen=True, slots=True)
class Restored:
    """A backup took the log's place: entry `seq` says so.

    `ended`, `ended_on`: the last entry of the backup, and its day (UTC); 0 and empty where it had none. `lost`: the
    last head known of what is gone. `known`: whether the file of heads tells of this restore.
    """

    seq: int
    day: str
    ended: int
    ended_on: str
    lost: Noted | None
    known: bool


@dataclass(slots=True)
class Verdict:
    """What was read: as many `entries` as are whole, the last of them at `head`.

    `apart`: heads of before a restore that the restored log never had. `unwritten`: no head was ever written down.
    """

    head: Head = chain.START
    fault: Fault | None = None
    restored: list[Restored] = field(default_factory=list)
    apart: list[Noted] = field(default_factory=list)
    unreadable: tuple[int, ...] = ()
    unwritten: bool = False

    @property
    def entries(self) -> int:
        """How many are whole and in their place."""
        return self.head.seq

    @property
    def whole(self) -> bool:
        """Whether nothing is wrong."""
        return self.fault is None


async def verify(heads: Heads, given: Head | None = None) -> Verdict:
    """Judges the log against itself, the heads of the file, and one that was written down elsewhere.

    Reads a few entries at a time. `heads` must have been read before, so that none is newer than the log.
    """
    verdict = Verdict(unreadable=heads.unreadable, unwritten=not heads.noted)
    elsewhere = [Noted(given, "--head")] if given else []
    noted = sorted([*heads.noted, *elsewhere], key=lambda one: one.head.seq, reverse=True)
    verdict.fault = _compare(noted, verdict) or await _read(noted, verdict, heads)
    if noted and not verdict.fault:
        verdict.fault = Fault(verdict.head.seq + 1, Flaw.CUT, noted[0])
    return verdict


async def _read(noted: list[Noted], verdict: Verdict, heads: Heads) -> Fault | None:
    last_day = ""
    async for entry in service.entries():
        if flaw := chain.flaw(entry, verdict.head):
            return Fault(verdict.head.seq + 1, flaw)
        if entry.action == Action.RESTORED:
            verdict.restored.append(_restored(entry, last_day, heads))
        verdict.head, last_day = entry.head, entry.at[:10]
        if fault := _compare(noted, verdict):
            return fault
    return None


def _compare(noted: list[Noted], verdict: Verdict) -> Fault | None:
    """Takes off those that are reached now; the smallest stands last."""
    while noted and noted[-1].head.seq <= verdict.head.seq:
        one = noted.pop()
        if one.head == verdict.head:
            continue
        if not one.former:
            return Fault(one.head.seq, Flaw.REWRITTEN, one)
        verdict.apart.append(one)
    return None


def _restored(entry: Entry, last_day: str, heads: Heads) -> Restored:
    ended = Head(entry.seq - 1, entry.previous)
    found = [restore for restore in heads.restores if restore.head == ended]
    lost = _furthest([restore.lost for restore in found])
    return Restored(entry.seq, entry.at[:10], ended.seq, last_day, lost, known=bool(found))


def _furthest(lost: Sequence[Noted | None]) -> Noted | None:
    return max((one for one in lost if one), key=lambda one: one.head.seq, default=None)
