"""What was deleted for good, remembered outside the backups, so that a restored one deletes it again.

A line of the file is `2026-11-23T20:00:00Z person HASH`: when, which table, and the SHA-256 of the row's random id. It
says nothing to whoever has not got the row. It is on the disk before the deletion is committed: where that then fails,
the row is still there, and goes with a restore, as its owner wanted.
"""

import asyncio
import contextlib
import fcntl
import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID

from portal import clock, settings
from portal.settings import Settings

KINDS = (
    "person", "organisation", "invitation", "watcher", "watch", "answer_sheet", "sheet_domain", "assessment",
    "share_link", "badge", "participation",
)  # fmt: skip
"""Tables whose rows are remembered; what belongs to such a row goes with it."""

_AT_ONCE = 500
_CALLED = ("id", "address", "address_hash", "name", "pseudonym")
_THEIR_READINGS = "SELECT reading.id FROM reading JOIN juror ON juror.id = reading.juror WHERE juror.person = {}"
_BY_MAIL = "address"
ERASED = (
    ("score", f"UPDATE score SET private_note = '' WHERE reading IN ({_THEIR_READINGS})", "id"),  # noqa: S608 - our own words
    ("conflict", "UPDATE conflict SET words = '' WHERE juror IN (SELECT id FROM juror WHERE person = {})", "id"),
    ("juror", "UPDATE juror SET employer = '', invests_in = '' WHERE person = {}", "id"),
    (
        "slot",
        "UPDATE slot SET mentor_name = '', mentor_address = '' WHERE lower(mentor_address) = lower({})",
        "address",
    ),
)
"""What somebody said of themselves in rows that stay without them: table, statement, and by which column of theirs."""


class Statements(Protocol):
    """A connection of either database's driver."""

    def execute(self, sql: str, values: Sequence[object] = ..., /) -> Any:  # noqa: ANN401 - each driver's own cursor
        """Runs one statement."""


async def bury(deleted: Iterable[tuple[str, UUID]]) -> None:
    """Writes down rows that this transaction deletes, by table and id; they are on the disk when this returns.

    Raises:
        OSError: they cannot be written; whoever deletes must not go on.
    """
    now = f"{clock.now():%Y-%m-%dT%H:%M:%SZ}"
    lines = [f"{now} {kind} {hashed(kind, row_id)}\n" for kind, row_id in deleted]
    if lines:
        await asyncio.to_thread(_append, settings.current().tombstones_file, "".join(lines))


def hashed(kind: str, row_id: UUID) -> str:
    """What stands for the row of that table."""
    return hashlib.sha256(f"{kind}:{row_id}".encode()).hexdigest()


def read(file: Path) -> set[tuple[str, str]]:
    """All tables and hashes in the file; nothing where there is none. A line that broke off says nothing."""
    with contextlib.suppress(FileNotFoundError):
        found = (line.split() for line in file.read_text(encoding="ascii", errors="replace").splitlines())
        return {(words[1], words[2]) for words in found if len(words) == 3 and words[1] in KINDS}  # noqa: PLR2004 - the form above
    return set()


def apply(chosen: Settings, database: Statements, sign: str, tables: Iterable[str]) -> None:
    """Deletes from a restored database what was deleted after its backup. `sign`: how its driver marks a value.

    `tables`: those that it has; an older backup has fewer. The caller commits.
    """
    there, buried = set(tables), read(chosen.tombstones_file)
    for kind in KINDS:
        if kind in there:
            rows = database.execute(f"SELECT id FROM {kind}").fetchall()  # noqa: S608 - our own names
            doomed = [row[0] for row in rows if (kind, hashed(kind, UUID(str(row[0])))) in buried]
            if kind == "person":
                _forget_addresses(database, sign, doomed, there)
            _delete(database, sign, kind, "id", doomed)
    if "sign_in_link" in there:
        database.execute("DELETE FROM sign_in_link")  # spent or too old by now, each of them


def drop_orphaned_jobs(jobs: Statements, sign: str, prefix: str, alive: Iterable[object]) -> None:
    """Deletes the jobs whose rows are gone: a job's id begins with its row's. `prefix`: of the jobs' tables."""
    kept = {str(UUID(str(row_id))) for row_id in alive}
    known = [row[0] for row in jobs.execute(f"SELECT workflow_uuid FROM {prefix}workflow_status").fetchall()]  # noqa: S608 - our own names
    orphaned = [each for each in known if each[:36] not in kept]
    for table in ("workflow_input", "workflow_output", "operation_outputs", "workflow_status"):
        _delete(jobs, sign, f"{prefix}{table}", "workflow_uuid", orphaned)


def _forget_addresses(database: Statements, sign: str, persons: Sequence[object], there: set[str]) -> None:
    """What stands under the address of a person who is gone, how they called themselves, and who they were in logs."""
    by_address = {
        "invitation": ("DELETE FROM invitation WHERE address_hash", "address_hash"),
        "watcher": ("DELETE FROM watcher WHERE address_hash", "address_hash"),
        "feedback": ("DELETE FROM feedback WHERE reply_to", "address"),
        "check_log": ("UPDATE check_log SET person = '' WHERE person", "pseudonym"),
    }
    for person in persons:
        found = database.execute(f"SELECT {', '.join(_CALLED)} FROM person WHERE id = {sign}", (person,))  # noqa: S608 - our own names
        told = dict(zip(_CALLED, found.fetchone(), strict=True))
        for table, (act, column) in by_address.items():
            if table in there:
                database.execute(f"{act} = {sign}", (told[column],))
        if "invitation" in there:
            called = (told["address"], told["name"] or told["address"])
            database.execute(f"UPDATE invitation SET invited_by = '' WHERE invited_by IN ({sign}, {sign})", called)  # noqa: S608 - the same
        for table, act, column in ERASED:
            if table in there:
                database.execute(act.format(sign), (told[column],))
        _forget_proofs(database, sign, person, there)


def _forget_proofs(database: Statements, sign: str, person: object, there: set[str]) -> None:
    """Which domains their browsers had shown to be theirs."""
    if not {"session", "domain_proof"} <= there:
        return
    for (data,) in database.execute(f"SELECT data FROM session WHERE person = {sign}", (person,)).fetchall():  # noqa: S608 - our own names
        kept = data if isinstance(data, dict) else json.loads(data)
        if "holder" in kept:
            database.execute(f"DELETE FROM domain_proof WHERE holder = {sign}", (kept["holder"],))  # noqa: S608 - the same


def _delete(database: Statements, sign: str, table: str, column: str, values: Sequence[object]) -> None:
    for part in _parts(values):
        signs = ", ".join(sign for _ in part)
        database.execute(f"DELETE FROM {table} WHERE {column} IN ({signs})", tuple(part))  # noqa: S608 - our own names


def _parts(values: Sequence[object]) -> Iterator[Sequence[object]]:
    for start in range(0, len(values), _AT_ONCE):
        yield values[start : start + _AT_ONCE]


def _append(file: Path, text: str) -> None:
    """Adds whole lines, on the disk, one process at a time."""
    is_new = not file.exists()
    descriptor = os.open(file, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "r+b") as target:
        fcntl.flock(target, fcntl.LOCK_EX)
        target.write(_line_end(target) + text.encode("ascii"))
        target.flush()
        os.fsync(target.fileno())
    if is_new:
        folder = os.open(file.parent, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)


def _line_end(target: Any) -> bytes:  # noqa: ANN401 - a binary file
    """What ends a last line that broke off."""
    size = target.seek(0, os.SEEK_END)
    if not size:
        return b""
    target.seek(size - 1)
    return b"" if target.read(1) == b"\n" else b"\n"
