"""Rounds of a call's jury, as other rooms know them: which there are, what is read in them, whether they go on."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from msgspec import Struct

from challenge.terms import Phase, PhaseKind
from portal.calls import service as calls
from portal.calls.service import KnownCall
from portal.database import is_sqlite, now, rows
from portal.entries.tables import Entry
from portal.errors import NotAllowedError
from portal.juries.tables import Round, RoundEntry

KINDS = (PhaseKind.SCREENING, PhaseKind.FINAL)
"""In their order."""


class KnownRound(Struct, frozen=True):
    """A round that was opened. `locked_at`: from then on no score changes; None while they may."""

    id: UUID
    call: UUID
    kind: PhaseKind
    opened_at: datetime
    locked_at: datetime | None

    def phase(self, call: KnownCall) -> Phase | None:
        """The call's phase for it; None where the call does not say when it is."""
        return call.terms.phase(self.kind)

    def is_open(self, call: KnownCall, moment: datetime) -> bool:
        """Whether jurors may still mark: neither locked, nor its phase over, nor the call cancelled."""
        phase = self.phase(call)
        return self.locked_at is None and call.cancelled_at is None and (phase is None or moment < phase.ends)

    def reads(self, call: KnownCall) -> int:
        """How many jurors read each entry; 0: the whole panel."""
        return call.terms.reads if self.kind is PhaseKind.SCREENING else call.terms.final_reads


async def rounds_of(call: UUID) -> list[KnownRound]:
    """The rounds of that call that were opened, the screening first."""
    found = [_known(row) for row in await Round.objects().where(Round.call == call)]
    return sorted(found, key=lambda each: KINDS.index(each.kind))


async def round_of(call: UUID, kind: PhaseKind) -> KnownRound:
    """Raises NotAllowedError where it was not opened."""
    found = next((each for each in await rounds_of(call) if each.kind is kind), None)
    if found is None:
        raise NotAllowedError
    return found


async def latest(call: UUID) -> KnownRound | None:
    """The round that goes on, or was the last; None before the first."""
    found = await rounds_of(call)
    return found[-1] if found else None


async def entries_in(round_id: UUID) -> frozenset[UUID]:
    """The entries that are read in it, but for those that were withdrawn since."""
    found = await RoundEntry.select(RoundEntry.entry).where(
        RoundEntry.round == round_id, RoundEntry.entry.withdrawn_at.is_null()
    )
    return frozenset(row["entry"] for row in found)


async def require_open(round_id: UUID) -> KnownRound:
    """The round, which cannot be locked until the transaction ends; others who mark in it do not wait.

    Raises:
        NotAllowedError: it is locked, its phase is over by the database's time, or the call was cancelled.
    """
    if not is_sqlite():
        await rows("SELECT id FROM round WHERE id = {} FOR SHARE", round_id)
    row = await Round.objects().where(Round.id == round_id).first()
    if row is None:
        raise NotAllowedError
    found = _known(row)
    if not found.is_open(await calls.by_id(found.call), await now()):
        raise NotAllowedError
    return found


async def lock(round_id: UUID) -> datetime:
    """Ends all marking in a round; call it in the transaction that keeps what comes of the scores.

    Raises:
        NotAllowedError: there is none, or it is locked.
    """
    moment = await now()
    unlocked = (Round.id == round_id) & Round.locked_at.is_null()
    if not await Round.update({Round.locked_at: moment}).where(unlocked).returning(Round.id):
        raise NotAllowedError
    return moment


async def numbers_of(entries: Collection[UUID]) -> dict[UUID, int]:
    """By entry, the number by which the jury calls it."""
    found = await Entry.select(Entry.id, Entry.number).where(Entry.id.is_in(list(entries))) if entries else []
    return {row["id"]: row["number"] for row in found}


def _known(row: Round) -> KnownRound:
    return KnownRound(row.id, row.call, PhaseKind(row.kind), row.opened_at, row.locked_at)
