"""Writes the audit log and reads it. Only this module inserts; the database refuses to change or delete."""

import re
from collections.abc import AsyncIterator, Mapping
from datetime import date

from portal import clock
from portal.audit import chain
from portal.audit.chain import Entry, Head, Plain
from portal.audit.tables import Action
from portal.database import is_sqlite, rows, transaction
from portal.errors import AuditEntryError

SYSTEM = "system"
"""The actor where the portal did it by itself."""
OPERATOR = "operator"
"""The actor where it was done on the server, by a command."""

_LOCK = 7_205_759_403_793
"""Any number, the same for all: the advisory lock of PostgreSQL that an append holds until its transaction ends."""
_AT_ONCE = 500
_BEFORE_ALL = -(2**63)
_LARGEST = 2**53 - 1
"""Beyond it programs that read JSON round (RFC 8785, section 3.2.2.3)."""

_FIELDS = "seq, at, action, actor, subject, about, previous, hash"
_HEAD = "SELECT seq, hash FROM audit_entry ORDER BY seq DESC LIMIT 1"
_APPEND = f"INSERT INTO audit_entry ({_FIELDS}) VALUES ({{}}, {{}}, {{}}, {{}}, {{}}, {{}}, {{}}, {{}})"  # noqa: S608 - our own names
_READ = f"""
    SELECT {_FIELDS} FROM audit_entry WHERE seq > {{}} AND at >= {{}} AND ({{}} = '' OR action = {{}})
    ORDER BY seq LIMIT {_AT_ONCE}
"""  # noqa: S608 - the same

_ACTOR = re.compile(r"[A-Za-z0-9_-]{1,64}")
_SUBJECT = re.compile(r"(?:[a-z][a-z-]{0,31}:[A-Za-z0-9_-]{1,64})?")
_KEY = re.compile(r"[a-z][a-z0-9_]{0,31}")
_TELLING = re.compile(r"@|\w\.[^\W\d_]{2}|\d\.\d+\.\d+\.\d|::")
"""What an address of mail, a domain or an address of the internet has, and nothing that belongs into the log."""
_LONGEST = 64
_MOST = 12


async def record(action: Action, actor: str, subject: str = "", **about: Plain) -> Entry:
    """Appends an entry, within the transaction where one is open, so that act and entry stand or fall together.

    `actor`: the person's pseudonym, SYSTEM or OPERATOR. `subject`: `KIND:ID`, such as `city:helsinki` or
    `person:PSEUDONYM`. `about`: a few short plain values, by names in lower case.

    Until the transaction ends, all others who append wait: call it last in it. On PostgreSQL, whoever changes rows
    after it could deadlock with one who changed them before.

    Raises:
        AuditEntryError: it would hold a mail address, a domain or what else the log is not for; a fault of ours.
    """
    _require_fit(actor, subject, about)
    async with transaction():
        if not is_sqlite():
            await rows("SELECT pg_advisory_xact_lock({})", _LOCK)
        entry = chain.sealed(
            await head(), at=clock.now(), action=action.value, actor=actor, subject=subject, about=about
        )
        await rows(
            _APPEND, entry.seq, entry.at, entry.action, entry.actor, entry.subject, entry.about, entry.previous,
            entry.hash,
        )  # fmt: skip
    return entry


async def head() -> Head:
    """Where the log ends now; `chain.START` where it is empty."""
    found = await rows(_HEAD)
    return Head(found[0]["seq"], found[0]["hash"]) if found else chain.START


async def holds(noted: Head) -> bool:
    """Whether the entry of that number has that hash."""
    if noted.seq == 0:
        return noted == chain.START
    found = await rows("SELECT hash FROM audit_entry WHERE seq = {}", noted.seq)
    return [row["hash"] for row in found] == [noted.hash]


async def entries(since: date | None = None, action: Action | None = None) -> AsyncIterator[Entry]:
    """The log from its beginning, a few at a time. `since`: from that day on, in UTC; `action`: of that kind only.

    As they are kept: who wants to be sure of them verifies them.
    """
    first = f"{since.isoformat()}T00:00:00.000000Z" if since else ""
    wanted = action.value if action else ""
    after = _BEFORE_ALL
    while found := await rows(_READ, after, first, wanted, wanted):
        for row in found:
            yield Entry(**row)
        after = found[-1]["seq"]


def _require_fit(actor: str, subject: str, about: Mapping[str, Plain]) -> None:
    if not _ACTOR.fullmatch(actor):
        raise AuditEntryError("the actor is no pseudonym")
    if not _SUBJECT.fullmatch(subject):
        raise AuditEntryError("the subject is no kind and id")
    if len(about) > _MOST:
        raise AuditEntryError("too much is told about it")
    for key, value in about.items():
        if not _KEY.fullmatch(key) or not _is_plain(value):
            raise AuditEntryError(f"{key[:_LONGEST]} is told by no short plain value")


def _is_plain(value: object) -> bool:
    if isinstance(value, str):
        return len(value) <= _LONGEST and value.isprintable() and not _TELLING.search(value)
    return isinstance(value, int) and abs(value) <= _LARGEST
