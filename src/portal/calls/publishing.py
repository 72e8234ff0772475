"""Publishes a version of a call's terms, which then never changes; cancels a call."""

import json
from collections.abc import Awaitable, Callable, Mapping
from uuid import UUID

from challenge.checking import Fault, too_late, unfair, wrong
from challenge.terms import PhaseKind
from portal.accounts.cities import KnownCity
from portal.accounts.viewer import Viewer
from portal.audit import service as audit
from portal.audit.tables import Action
from portal.calls.drafts import Draft, held
from portal.calls.tables import Call, CallVersion
from portal.database import now
from portal.errors import CallOverError, NotAllowedError, UnusableTermsError

IsScored = Callable[[UUID], Awaitable[bool]]
"""Whether a jury has begun to score that call's entries; its room stands above this one."""
LONGEST_CHANGE = 1000


async def faults(draft: Draft, is_scored: IsScored) -> tuple[Fault, ...]:
    """Everything for which the draft cannot be published now."""
    moment, found = await now(), wrong(draft.terms)
    if draft.before is None:
        return (*found, *too_late(draft.terms, moment))
    return (*found, *unfair(draft.before, draft.terms, moment, is_scored=await is_scored(draft.id)))


async def publish(
    draft: Draft, change: Mapping[str, str], city: KnownCity, viewer: Viewer, is_scored: IsScored
) -> None:
    """Makes the draft the version that holds. `change`: what is new, by language; for a first version it is empty.

    Raises:
        UnusableTermsError: something is missing, wrong or unfair; of a later version, what changed is not told.
        EditedMeanwhileError, NotAllowedError: as `drafts.save` has it, or nothing is to be published.
    """
    async with held(draft, city, viewer) as fresh:
        if not fresh.edits:
            raise NotAllowedError
        found = (*await faults(fresh, is_scored), *_untold(fresh, change))
        if found:
            raise UnusableTermsError(found)
        await _put_in_force(fresh, change, viewer)


async def cancel(draft: Draft, city: KnownCity, viewer: Viewer) -> None:
    """Ends a published call before winners are chosen, for good.

    Raises:
        CallOverError: its last phase is over.
        EditedMeanwhileError, NotAllowedError: as `drafts.save` has it; the city must lead the call.
    """
    async with held(draft, city, viewer) as fresh:
        if fresh.before is None or fresh.lead.id != city.id:
            raise NotAllowedError
        moment = await now()
        if max(phase.ends for phase in fresh.before.phases) <= moment:
            raise CallOverError
        await Call.update({Call.cancelled_at: moment}).where(Call.id == fresh.id)
        await audit.record(Action.CALL_CANCELLED, viewer.pseudonym, f"call:{fresh.slug}")


def _untold(draft: Draft, change: Mapping[str, str]) -> list[Fault]:
    if draft.before is None:
        return []
    missing = [Fault("change", "missing", field="change", language=code) for code in draft.terms.languages]
    long = [Fault("change", "too-long", field="change", language=code) for code in change]
    return [
        *(fault for fault in missing if not change.get(fault.language, "").strip()),
        *(fault for fault in long if len(change[fault.language]) > LONGEST_CHANGE),
    ]


async def _put_in_force(draft: Draft, change: Mapping[str, str], viewer: Viewer) -> None:
    entries, number, moment = draft.terms.phase(PhaseKind.ENTRIES), draft.version + 1, await now()
    assert entries is not None  # noqa: S101 - what is checked has one
    said = {code: text.strip() for code, text in change.items() if text.strip()} if draft.before is not None else {}
    await CallVersion.update(
        {
            CallVersion.change: json.dumps(said),
            CallVersion.published_at: moment,
            CallVersion.published_by: viewer.pseudonym,
        }
    ).where(CallVersion.call == draft.id, CallVersion.published_at.is_null())
    await Call.update(
        {
            Call.version: number,
            Call.opens_at: entries.begins,
            Call.deadline: entries.ends,
            Call.grace_s: draft.terms.grace_minutes * 60,
        }
    ).where(Call.id == draft.id)
    await Call.update({Call.published_at: moment}).where(Call.id == draft.id, Call.published_at.is_null())
    await audit.record(Action.CALL_PUBLISHED, viewer.pseudonym, f"call:{draft.slug}", version=number)
