"""A backup: one tar file with a manifest and consistent copies of both databases, made while the portal runs.

The jobs' database is copied before ours. Seen from ours, the jobs are then never ahead: a row without its job is
queued by the sweep, and a job whose row has ended ends at once. The other way round a result could be missing.

A letter that was under way in a backup may have gone out since: a restore ends it, its address erased, so that nobody
gets it twice. Whoever was deleted or unsubscribed after the backup is deleted again (`portal.tombstones`).
"""

import contextlib
import fcntl
import io
import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict

from portal import tombstones
from portal.errors import BackupError
from portal.settings import Settings

MANIFEST = "manifest.json"
FORMAT = "kyberkunto-backup-1"
DUMP = "database.dump"
IN_USE = "portal.lock"
"""Held shared by every process of the portal, and alone by a restore."""

_BEFORE = ".before-restore"
_END_LETTERS = """
    UPDATE letter SET status = 'unknown', recipient = '', about = '{}' WHERE status IN ('queued', 'handing-over')
"""
_TABLES_SQLITE = "SELECT name FROM sqlite_master WHERE type = 'table'"
_TABLES_POSTGRES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
_WITH_JOBS = ("assessment", "report", "sheet_report", "letter", "export")
_VARIABLES = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD", "dbname": "PGDATABASE"}


def back_up(chosen: Settings, file: Path) -> None:
    """Writes the backup, whole or not at all; an older file of that name is replaced.

    Raises:
        BackupError: there is nothing to copy, no room, or no pg_dump.
    """
    with _plainly("the backup cannot be made"), tempfile.TemporaryDirectory(dir=file.parent) as folder:
        scratch = Path(folder)
        names = _dump(chosen, scratch) if chosen.database_url else _copy(chosen, scratch)
        about = {"format": FORMAT, "made_at": datetime.now(UTC).isoformat(), "files": names}
        draft = scratch / "draft.tar"
        with tarfile.open(draft, "w") as archive:
            _add_text(archive, MANIFEST, json.dumps(about))
            for name in names:
                archive.add(scratch / name, name)
        draft.chmod(0o600)
        with draft.open("rb") as written:
            os.fsync(written.fileno())
        draft.replace(file)


def restore(chosen: Settings, file: Path) -> None:
    """Puts the backup in the databases' place; SQLite's former ones stay beside them as `….before-restore`.

    Raises:
        BackupError: the file is none of ours or of the other kind of database, or the portal still runs.
    """
    with _plainly("the backup cannot be restored"), _nobody_else(chosen), tarfile.open(file) as archive:
        names = _read_manifest(archive)
        wanted = [DUMP] if chosen.database_url else [chosen.jobs_file.name, chosen.database_file.name]
        if sorted(names) != sorted(wanted):
            raise BackupError("this is a backup of the other kind of database (SQLite or PostgreSQL)")
        with tempfile.TemporaryDirectory(dir=chosen.var) as folder:
            for name in names:
                _extract(archive, name, Path(folder) / name)
            if chosen.database_url:
                _postgres("pg_restore", chosen, "--clean", "--if-exists", "--no-owner", "--single-transaction",
                          f"--dbname={_parameters(chosen)['dbname']}", str(Path(folder) / DUMP))  # fmt: skip
                _make_true_postgres(chosen)
            else:
                _put_in_place(chosen, Path(folder))


@contextlib.contextmanager
def in_use(chosen: Settings) -> Iterator[None]:
    """Held by a process of the portal for its life, so that nothing is restored under it. Raises BackupError."""
    with (chosen.var / IN_USE).open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BackupError("a backup is being restored right now") from error
        yield


def _copy(chosen: Settings, folder: Path) -> list[str]:
    """SQLite's own backup in one step: a snapshot, which under WAL holds up no writer."""
    sources = (chosen.jobs_file, chosen.database_file)
    for source in sources:
        if not source.exists():
            raise BackupError(f"there is no database at {source}; has the portal ever run here?")
        with (
            contextlib.closing(sqlite3.connect(source, timeout=30)) as live,
            contextlib.closing(sqlite3.connect(folder / source.name)) as copy,
        ):
            live.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")
        _require_intact(folder / source.name)
    return [source.name for source in sources]


def _dump(chosen: Settings, folder: Path) -> list[str]:
    """One transaction sees both schemas at the same moment."""
    _postgres("pg_dump", chosen, "--format=custom", "--no-owner", f"--file={folder / DUMP}")
    return [DUMP]


def _make_true_postgres(chosen: Settings) -> None:
    """Ends letters and deletes again what was deleted since, in one transaction."""
    with psycopg.connect(chosen.database_url) as restored:
        restored.execute(_END_LETTERS)
        there = [row[0] for row in restored.execute(_TABLES_POSTGRES)]
        tombstones.apply(chosen, restored, "%s", there)
        tombstones.drop_orphaned_jobs(restored, "%s", "dbos.", _alive(restored, there))


def _make_true_sqlite(chosen: Settings, folder: Path) -> None:
    """The same, in both files."""
    with contextlib.closing(sqlite3.connect(folder / chosen.database_file.name)) as restored, restored:
        restored.execute("PRAGMA secure_delete = ON")
        restored.execute("PRAGMA foreign_keys = ON")
        restored.execute(_END_LETTERS)
        there = [row[0] for row in restored.execute(_TABLES_SQLITE)]
        tombstones.apply(chosen, restored, "?", there)
        alive = _alive(restored, there)
    with contextlib.closing(sqlite3.connect(folder / chosen.jobs_file.name)) as jobs, jobs:
        jobs.execute("PRAGMA foreign_keys = ON")
        tombstones.drop_orphaned_jobs(jobs, "?", "", alive)


def _alive(database: Any, there: Iterable[str]) -> list[object]:  # noqa: ANN401 - either driver's connection
    """The ids of all rows that have jobs."""
    tables = [table for table in _WITH_JOBS if table in there]
    return [row[0] for table in tables for row in database.execute(f"SELECT id FROM {table}").fetchall()]  # noqa: S608 - our own names


def _put_in_place(chosen: Settings, folder: Path) -> None:
    targets = (chosen.jobs_file, chosen.database_file)
    for target in targets:
        _require_intact(folder / target.name)
    _make_true_sqlite(chosen, folder)
    for target in targets:
        if target.exists():
            with contextlib.closing(sqlite3.connect(target)) as former:
                former.execute("PRAGMA journal_mode = DELETE")  # brings in what only its write-ahead log holds
            target.replace(target.with_name(target.name + _BEFORE))
        (folder / target.name).replace(target)


def _require_intact(file: Path) -> None:
    with contextlib.closing(sqlite3.connect(file)) as database:
        [(verdict,)] = database.execute("PRAGMA integrity_check(1)").fetchall()
    if verdict != "ok":
        raise BackupError(f"{file.name} is damaged: {verdict}")


@contextlib.contextmanager
def _nobody_else(chosen: Settings) -> Iterator[None]:
    with (chosen.var / IN_USE).open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BackupError("the portal is running; stop it first") from error
        if chosen.database_url and _others_connected(chosen):
            raise BackupError("the database is in use; stop the portal and its workers first")
        yield


def _others_connected(chosen: Settings) -> bool:
    others = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    with contextlib.closing(psycopg.connect(chosen.database_url)) as connection:
        found = connection.execute(others).fetchone()
    return found is None or found[0] > 0


def _parameters(chosen: Settings) -> Mapping[str, str]:
    return {key: str(value) for key, value in conninfo_to_dict(chosen.database_url).items() if value is not None}


def _postgres(program: str, chosen: Settings, *arguments: str) -> None:
    """The password goes by the environment: arguments are for all users of the machine to read."""
    found = shutil.which(program)
    if found is None:
        raise BackupError(f"{program} is not installed (Debian: postgresql-client)")
    variables = {_VARIABLES[key]: value for key, value in _parameters(chosen).items() if key in _VARIABLES}
    ended = subprocess.run(  # noqa: S603 - a fixed program and our own arguments
        [found, *arguments], env={**os.environ, **variables}, capture_output=True, text=True, check=False
    )
    if ended.returncode:
        raise BackupError(f"{program}: {ended.stderr.strip().splitlines()[-1] if ended.stderr.strip() else 'failed'}")


def _read_manifest(archive: tarfile.TarFile) -> list[str]:
    entry = archive.extractfile(MANIFEST) if MANIFEST in archive.getnames() else None
    if entry is None:
        raise BackupError("this is not a backup of Kyberkunto")
    about = json.loads(entry.read(100_000))
    if about.get("format") != FORMAT:
        raise BackupError("this backup was made by another version of Kyberkunto")
    return [str(name) for name in about["files"]]


def _extract(archive: tarfile.TarFile, name: str, target: Path) -> None:
    entry = archive.extractfile(name)
    if entry is None:
        raise BackupError(f"the backup lacks {name}")
    with target.open("wb") as file:
        target.chmod(0o600)
        shutil.copyfileobj(entry, file)
        file.flush()
        os.fsync(file.fileno())


def _add_text(archive: tarfile.TarFile, name: str, text: str) -> None:
    entry = tarfile.TarInfo(name)
    entry.size = len(text.encode())
    archive.addfile(entry, io.BytesIO(text.encode()))


@contextlib.contextmanager
def _plainly(what: str) -> Iterator[None]:
    try:
        yield
    except (OSError, sqlite3.Error, tarfile.TarError, psycopg.Error, KeyError, ValueError) as error:
        raise BackupError(f"{what}: {error}") from error
