"""What a team is written when its entry was handed in: each of them, in their own language."""

from datetime import UTC

from portal import settings
from portal.accounts import organisations
from portal.accounts.tables import Person
from portal.calls.service import KnownCall
from portal.entries.service import KnownEntry, KnownSubmission
from portal.i18n import local_time
from portal.mail import service as letterbox
from portal.mail.tables import Kind, Letter


async def write(entry: KnownEntry, submission: KnownSubmission, call: KnownCall) -> list[Letter]:
    """Keeps the letters, in the caller's transaction; none where this installation sends none."""
    if not settings.current().sends_letters:
        return []
    team = await organisations.by_id(entry.organisation)
    ids = [member.person for member in await organisations.people_of(entry.organisation)]
    people = await Person.select(Person.address, Person.language).where(Person.id.is_in(ids))
    letters = []
    for person in people:
        told = _told(entry, submission, call, person["language"])
        about = {**told, "team": team.name}
        letters.append(letterbox.written(Kind.ENTRY_RECEIPT, person["language"], person["address"], about))
    for letter in letters:
        await letter.save()
    return letters


async def post(letters: list[Letter]) -> None:
    """Queues their jobs, once they are kept."""
    for letter in letters:
        await letterbox.post(letter)


def _told(entry: KnownEntry, submission: KnownSubmission, call: KnownCall, language: str) -> dict[str, object]:
    lead, when = call.lead, submission.submitted_at
    page = f"{language}/organisation/{entry.organisation}/entry/{entry.id}/receipt/{submission.number}"
    return {
        "title": submission.content.title,
        "call": call.title_in(language).text,
        "receipt": submission.receipt,
        "when": f"{local_time(when, language, lead.zone)} ({lead.described.zone})",
        "utc": when.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC"),
        "digest": submission.digest,
        "late": submission.is_late,
        "link": f"{settings.current().public_url}/{page}",
    }
