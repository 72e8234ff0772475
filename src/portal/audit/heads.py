"""The log's heads, written down outside the database: `<var>/audit-heads`, a line a day, so that a cut shows.

A line is `2026-11-23 480:HASH`. A restore adds `2026-11-23 restored 470:HASH`, where the backup ended, and the head
since: a new segment. What the segments before it said then no longer has to hold.
"""

import asyncio
import fcntl
import logging
import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from portal import clock, settings
from portal.audit import chain, service
from portal.audit.chain import Head
from portal.audit.tables import Action

EVERY = timedelta(hours=1)
"""How often the worker looks whether the day has its line."""

_LINE = re.compile(r"(\d{4}-\d{2}-\d{2}) (restored )?(\S+)")

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Noted:
    """A head that was written down. `where`: the day, or how else it came. `former`: in a segment before a restore."""

    head: Head
    where: str
    former: bool = False


@dataclass(frozen=True, slots=True)
class Restore:
    """One restore: where its backup ended, and the last head of before that is gone with it, where there was one."""

    day: str
    head: Head
    lost: Noted | None


@dataclass(frozen=True, slots=True)
class Heads:
    """What the file says. `unreadable`: numbers of lines, from 1, that say nothing."""

    noted: tuple[Noted, ...] = ()
    restores: tuple[Restore, ...] = ()
    unreadable: tuple[int, ...] = ()


def file() -> Path:
    """Where this process's heads are."""
    return settings.current().var / "audit-heads"


def read(path: Path) -> Heads:
    """What the file says; nothing where there is none. Raises OSError."""
    try:
        lines = path.read_text(encoding="ascii", errors="replace").splitlines()
    except FileNotFoundError:
        return Heads()
    found = Heads()
    for number, line in enumerate(lines, start=1):
        found = _with_line(found, line, number)
    return found


def _with_line(found: Heads, line: str, number: int) -> Heads:
    said = _LINE.fullmatch(line)
    try:
        head = chain.parse_head(said[3] if said else "")
    except ValueError:
        return replace(found, unreadable=(*found.unreadable, number))
    assert said is not None  # noqa: S101 - an empty head would have been refused
    noted = Noted(head, said[1])
    if not said[2]:
        return replace(found, noted=(*found.noted, noted))
    gone = [earlier for earlier in found.noted if earlier.head.seq > head.seq]
    kept = [replace(earlier, former=True) for earlier in found.noted if earlier.head.seq <= head.seq]
    lost = max(gone, key=lambda earlier: earlier.head.seq, default=None)
    return replace(found, noted=(*kept, noted), restores=(*found.restores, Restore(said[1], head, lost)))


async def keep() -> None:
    """Writes today's head down, once a day; says in the journal where the last one is no longer in the log."""
    path = file()
    noted = (await asyncio.to_thread(read, path)).noted
    if noted and not await service.holds(noted[-1].head):
        log.error("the audit log no longer holds what was written down of it: run `kyberkunto audit verify`")
    head = await service.head()
    today = clock.now().date().isoformat()
    if head.seq:
        await asyncio.to_thread(_append, path, [f"{today} {head}"], unless_begun_with=today)


async def note_restore() -> None:
    """Records that a backup was put in the log's place, and begins a new segment of the file. Raises OSError."""
    entry = await service.record(Action.RESTORED, service.OPERATOR)
    today = clock.now().date().isoformat()
    ended = Head(entry.seq - 1, entry.previous)
    await asyncio.to_thread(_append, file(), [f"{today} restored {ended}", f"{today} {entry.head}"])


def _append(path: Path, lines: Sequence[str], unless_begun_with: str = "") -> None:
    """All lines, on the disk, or none where the last one begins so; one process at a time."""
    with os.fdopen(os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600), "a+", encoding="ascii") as target:
        fcntl.flock(target, fcntl.LOCK_EX)
        target.seek(0)
        last = _last(target)
        if unless_begun_with and last.startswith(unless_begun_with) and last.endswith("\n"):
            return
        if last and not last.endswith("\n"):
            target.write("\n")  # a line that broke off stands alone, and says nothing
        target.write("".join(f"{line}\n" for line in lines))
        target.flush()
        os.fsync(target.fileno())


def _last(lines: Iterable[str]) -> str:
    last = ""
    for line in lines:
        last = line
    return last
