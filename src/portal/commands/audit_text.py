"""What `kyberkunto audit verify` says."""

from typing import Any

from portal.audit.chain import Flaw
from portal.audit.heads import Noted
from portal.audit.verifying import Fault, Restored, Verdict


def lines(verdict: Verdict) -> list[str]:
    """The verdict in one line, and each warning in one."""
    entries = "1 entry" if verdict.entries == 1 else f"{verdict.entries} entries"
    if verdict.fault is None:
        first = f"{entries}, chain whole; head {verdict.head}"
    else:
        first = f"{_fault(verdict.fault, verdict)} ({entries} before it whole.)"
    return [first, *(f"Warning: {warning}" for warning in warnings(verdict))]


def as_document(verdict: Verdict) -> dict[str, Any]:
    """The same as JSON; `entries` and `head` are those that are whole."""
    fault = verdict.fault
    return {
        "whole": verdict.whole,
        "entries": verdict.entries,
        "head": str(verdict.head),
        "fault": fault and {"entry": fault.seq, "flaw": fault.flaw.value, "message": _fault(fault, verdict)},
        "warnings": warnings(verdict),
    }


def warnings(verdict: Verdict) -> list[str]:
    """What is not wrong and has to be known."""
    said = [_restored(restored) for restored in verdict.restored]
    said += [
        f"entry {one.head.seq} is not the one that was written down ({one.where}), before a backup was restored: "
        "the backup was of another course of the log"
        for one in verdict.apart
    ]
    said += [f"line {number} of audit-heads cannot be read" for number in verdict.unreadable]
    if verdict.unwritten and verdict.entries:
        said.append("no head stands in audit-heads: if the newest entries had been cut off, it would not show")
    return said


def _fault(fault: Fault, verdict: Verdict) -> str:
    noted = fault.noted
    match fault.flaw:
        case Flaw.CUT if noted:
            ends = f"the log ends at {verdict.head.seq}" if verdict.entries else "the log is empty"
            return f"Entry {fault.seq} is missing: {ends} and had come to {noted.head.seq} ({_where(noted)})."
        case Flaw.REWRITTEN if noted:
            return f"Entry {fault.seq}, or one before it, was made anew: its hash is not the one of {_where(noted)}."
        case Flaw.MISSING:
            return f"Entry {fault.seq} is missing."
        case Flaw.OUT_OF_PLACE:
            return f"Entry {fault.seq} does not follow on the one before it: it was exchanged or changed."
        case _:
            return f"Entry {fault.seq} was changed."


def _where(noted: Noted) -> str:
    return noted.where if noted.where.startswith("-") else f"audit-heads, {noted.where}"


def _restored(restored: Restored) -> str:
    ended = f"ended at entry {restored.ended} ({restored.ended_on})" if restored.ended else "had no entry"
    reached = f": the log had come to entry {restored.lost.head.seq} ({restored.lost.where})" if restored.lost else ""
    unknown = "" if restored.known else "; audit-heads does not tell of this restore"
    return (
        f"restored on {restored.day} (entry {restored.seq}) from a backup that {ended}; what came after it is gone"
        f"{reached}{unknown}"
    )
