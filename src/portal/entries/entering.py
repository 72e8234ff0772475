"""How a startup enters a call: who is eligible, once in each track."""

from collections.abc import Mapping
from uuid import UUID, uuid4

from msgspec import Struct

from challenge import filling
from challenge.entry import Content
from portal.accounts.viewer import Viewer
from portal.audit import service as audit
from portal.audit.tables import Action
from portal.calls.service import KnownCall
from portal.database import transaction
from portal.entries import service, window
from portal.entries.service import KnownEntry
from portal.entries.tables import Entry
from portal.errors import AlreadyEnteredError, NotAllowedError, NotEligibleError


def subject_of(entry: UUID) -> str:
    """How the audit log calls it."""
    return f"entry:{entry}"


def require_eligible(call: KnownCall, answers: Mapping[str, bool]) -> None:
    """Raises NotEligibleError where an answer, or a missing one, keeps them from entering."""
    refused = filling.refused(call.terms, answers)
    if refused:
        raise NotEligibleError(tuple(each.id for each in refused))


class Entering(Struct, frozen=True):
    """What a form says. `home`: the slug of a city of the call, or empty; `answers`: by eligibility question."""

    organisation: UUID
    track: str
    home: str
    answers: Mapping[str, bool]
    language: str


async def enter(call: KnownCall, said: Entering, viewer: Viewer) -> KnownEntry:
    """An empty entry of that startup in that track.

    Raises:
        NotEligibleError: nothing was kept.
        AlreadyEnteredError: it has one there.
        EntriesClosedError: the call takes none now.
        NotAllowedError: the startup is not the viewer's, or the call has no such track or city.
    """
    require_eligible(call, said.answers)
    _require_known(call, said, viewer)
    content = Content(
        language=said.language, eligible={each.id: said.answers[each.id] for each in call.terms.eligibility}
    )
    async with transaction():
        opened = await window.opened(call.id)
        row = Entry(
            {
                Entry.id: uuid4(),
                Entry.call: call.id,
                Entry.organisation: said.organisation,
                Entry.track: said.track,
                Entry.home: said.home,
                Entry.draft: service.kept(content),
                Entry.saved_at: opened.moment,
                Entry.created_at: opened.moment,
            }
        )
        once = (Entry.call, Entry.organisation, Entry.track)
        if not await Entry.insert(row).on_conflict(target=once, action="DO NOTHING"):
            raise AlreadyEnteredError(await _there(call.id, said))
        await audit.record(Action.ENTRY_MADE, viewer.pseudonym, subject_of(row.id), call=str(call.id), track=said.track)
    return service.known(row)


def _require_known(call: KnownCall, said: Entering, viewer: Viewer) -> None:
    homes = {"", *(city.slug for city in call.cities)}
    if said.organisation not in viewer.startups or call.terms.track(said.track) is None or said.home not in homes:
        raise NotAllowedError


async def _there(call: UUID, said: Entering) -> UUID:
    own = (Entry.call == call) & (Entry.organisation == said.organisation) & (Entry.track == said.track)
    found = await Entry.select(Entry.id).where(own)
    entry: UUID = found[0]["id"]
    return entry
