"""The moment that decides: the database's, in the transaction that writes, while the call cannot change."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from portal.calls import service as calls
from portal.calls.service import KnownCall
from portal.database import is_sqlite, now, rows
from portal.entries import service
from portal.entries.service import KnownEntry
from portal.entries.tables import Entry
from portal.errors import EntriesClosedError, NotAllowedError


class Window(Struct, frozen=True):
    """A call that takes entries at `moment`, on the database's clock."""

    call: KnownCall
    moment: datetime

    @property
    def is_late(self) -> bool:
        """Whether the deadline is over and the grace period goes on."""
        return self.moment >= self.call.deadline


async def opened(call: UUID) -> Window:
    """The call, with its row locked until the transaction ends, and the moment; to be asked inside one that writes.

    Raises:
        EntriesClosedError: it takes no entries now.
        NotAllowedError: there is no such call.
    """
    await _lock("SELECT id FROM call WHERE id = {} FOR SHARE", call)
    known = await calls.by_id(call)
    moment = await now()
    if not calls.takes_entries(known, moment):
        raise EntriesClosedError(moment)
    return Window(known, moment)


async def held(entry: KnownEntry) -> KnownEntry:
    """The entry as it is now, with its row locked until the transaction ends. Raises NotAllowedError: it is gone."""
    await _lock("SELECT id FROM entry WHERE id = {} FOR UPDATE", entry.id)
    row = await Entry.objects().where(Entry.id == entry.id, Entry.organisation == entry.organisation).first()
    if row is None:
        raise NotAllowedError
    return service.known(row)


async def _lock(statement: str, row: UUID) -> None:
    """SQLite's writers wait for each other anyway."""
    if not is_sqlite():
        await rows(statement, row)
