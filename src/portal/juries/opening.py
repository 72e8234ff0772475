"""A round begins: only after the last moment for entries, with what is to be read fixed from then on."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID, uuid4

from challenge.terms import PhaseKind
from portal.accounts.cities import KnownCity
from portal.accounts.viewer import Viewer
from portal.audit import service as audit
from portal.audit.tables import Action
from portal.calls.service import KnownCall
from portal.database import now, rows
from portal.entries import service as entries
from portal.errors import RoundError
from portal.juries import service
from portal.juries.declaring import settle
from portal.juries.people import changing
from portal.juries.service import KnownRound
from portal.juries.tables import Round, RoundEntry

_OPEN = """
    INSERT INTO round (id, call, kind, opened_at) VALUES ({}, {}, {}, {}) ON CONFLICT DO NOTHING RETURNING id
"""


async def open_round(
    kind: PhaseKind, call: KnownCall, city: KnownCity, viewer: Viewer, finalists: Collection[UUID] = ()
) -> KnownRound:
    """Opens the screening of all that was submitted, or the final of those finalists. Opening it again changes nothing.

    Raises:
        RoundError: `too-early`: entries are still taken; `cancelled`: there is no call any more; `phase-over`: the
            call's terms say that it has ended; `no-entries`: there is nothing to read; `not-locked`: the screening
            goes on, so that finalists may still change.
        NotAllowedError: the viewer organises nothing in that city any more.
    """
    async with changing(call, city, viewer):
        moment = await now()
        taking_part = {each.id for each in await entries.submitted(call.id)}
        chosen = taking_part if kind is PhaseKind.SCREENING else taking_part & set(finalists)
        _require_time(call, kind, moment, await service.rounds_of(call.id))
        if not chosen:
            raise RoundError("no-entries")
        made = await rows(_OPEN, uuid4(), call.id, kind.value, moment)
        if made:
            (row,) = await Round.objects().where(Round.call == call.id, Round.kind == kind.value)
            await RoundEntry.insert(*(RoundEntry(round=row.id, entry=each) for each in sorted(chosen)))
            await settle(call.id, viewer.pseudonym)
            about = {"round": kind.value, "call": call.slug}
            await audit.record(Action.READING_GIVEN, viewer.pseudonym, f"round:{row.id}", **about)
    return await service.round_of(call.id, kind)


def _require_time(call: KnownCall, kind: PhaseKind, moment: datetime, opened: Collection[KnownRound]) -> None:
    phase = call.terms.phase(kind)
    if call.cancelled_at is not None:
        raise RoundError("cancelled")
    if moment < call.last_moment:
        raise RoundError("too-early")
    if phase is not None and moment >= phase.ends:
        raise RoundError("phase-over")
    if kind is PhaseKind.FINAL and not any(each.locked_at for each in opened if each.kind is PhaseKind.SCREENING):
        raise RoundError("not-locked")
