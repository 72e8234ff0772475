"""What each entrant is told of how their entry was judged, in its own language: assembled, edited, sent once."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from msgspec import Struct

from portal.accounts.tables import Membership
from portal.awards import decisions, impartial, publishing, reading
from portal.awards.impartial import Acting
from portal.awards.reading import Read
from portal.awards.tables import FeedbackLetter, Verdict
from portal.calls.service import KnownCall
from portal.database import now
from portal.entries.service import SubmittedEntry
from portal.errors import NotAllowedError, SavedMeanwhileError
from portal.i18n import NAMES
from portal.juries import service as juries
from portal.juries.service import KnownRound
from portal.mail import service as mail
from portal.mail.tables import Kind, Letter

LONGEST = 40_000
"""Characters of one letter's text."""


class Draft(Struct, frozen=True):
    """What one team is to read. `text`: as organisers left it, or what the jurors wrote to it, where none did.

    `verdict`: what was published of the entry; `sent_at`: None until it is sent, and then nothing of it changes.
    """

    entry: SubmittedEntry
    verdict: Verdict
    text: str
    edits: int
    sent_at: datetime | None


class Told(Struct, frozen=True):
    """What a team reads of one round."""

    round: str
    verdict: Verdict
    text: str
    sent_at: datetime


async def drafts(call: KnownCall, round_: KnownRound) -> list[Draft]:
    """One for each entry that the round's published decisions speak of, by number.

    Raises:
        NotAllowedError: they are not published yet.
    """
    await _require_published(call, round_)
    decided = await decisions.of_round(round_.id)
    kept = {row.entry: row for row in await FeedbackLetter.objects().where(FeedbackLetter.round == round_.id)}
    reads = reading.by_entry(await reading.reads_of(round_))
    found = []
    for entry in await reading.entered(round_):
        verdict = decided[entry.id].verdict if entry.id in decided else None
        if verdict is not None:
            found.append(_draft(entry, verdict, kept.get(entry.id), reads.get(entry.id, ())))
    return found


async def keep(acting: Acting, round_: KnownRound, entry: UUID, text: str, edits: int) -> None:
    """Keeps a letter's text.

    Raises:
        SavedMeanwhileError: somebody else changed it meanwhile, or it is sent.
        NotAllowedError: there is no such letter yet, or the viewer may not.
    """
    async with impartial.deciding(acting):
        draft = next((each for each in await drafts(acting.call, round_) if each.entry.id == entry), None)
        if draft is None:
            raise NotAllowedError
        if draft.sent_at is not None or draft.edits != edits:
            raise SavedMeanwhileError
        await _write(round_, draft, text)


async def send(acting: Acting, round_: KnownRound, site: str | None) -> int:
    """Sends every letter that is not sent yet to all of its team; how many entries were told.

    `site`: our address; None where this installation sends no letters, and teams find the text on their page alone.

    Raises:
        NotAllowedError: nothing is published yet, or the viewer may not.
    """
    letters: list[Letter] = []
    async with impartial.deciding(acting):
        open_ones = [each for each in await drafts(acting.call, round_) if each.sent_at is None]
        for draft in open_ones:
            await _write(round_, draft, draft.text, await now())
            letters += await _letters(acting.call, draft, site) if site is not None else []
        for letter in letters:
            await letter.save()
    for letter in letters:
        await mail.post(letter)
    return len(open_ones)


async def told_to(call: UUID, entry: UUID) -> list[Told]:
    """What the team of an entry was sent, the first round first."""
    found = []
    for round_ in await juries.rounds_of(call):
        own = (FeedbackLetter.round == round_.id) & (FeedbackLetter.entry == entry)
        row = await FeedbackLetter.objects().where(own, FeedbackLetter.sent_at.is_not_null()).first()
        decided = (await decisions.of_round(round_.id)).get(entry)
        if row is not None and decided is not None and decided.verdict is not None:
            found.append(Told(round_.kind.value, decided.verdict, row.text, row.sent_at))
    return found


async def _require_published(call: KnownCall, round_: KnownRound) -> None:
    if decisions.stage(call.terms, round_.kind) not in await publishing.of_call(call.id):
        raise NotAllowedError


def _draft(entry: SubmittedEntry, verdict: Verdict, row: FeedbackLetter | None, reads: Sequence[Read]) -> Draft:
    if row is not None:
        return Draft(entry, verdict, row.text, row.edits, row.sent_at)
    written = [each.feedback.strip() for each in reads if each.feedback.strip()]
    return Draft(entry, verdict, "\n\n".join(written)[:LONGEST], 0, None)


async def _write(round_: KnownRound, draft: Draft, text: str, sent_at: datetime | None = None) -> None:
    own = (FeedbackLetter.round == round_.id) & (FeedbackLetter.entry == draft.entry.id)
    row = await FeedbackLetter.objects().get_or_create(own)
    row.text, row.edits, row.sent_at = _fit(text), draft.edits + 1, sent_at
    await row.save()


def _fit(text: str) -> str:
    return "\n".join(text.replace("\0", "").splitlines()).strip()[:LONGEST]


async def _letters(call: KnownCall, draft: Draft, site: str) -> list[Letter]:
    language = draft.entry.content.language
    spoken = language if language in NAMES else "en"
    entry = draft.entry
    about: Mapping[str, str] = {
        "call": call.title_in(spoken).text,
        "title": entry.content.title,
        "link": f"{site}/{spoken}/organisation/{entry.organisation}/entry/{entry.id}/feedback",
    }
    people = await Membership.select(Membership.person.address.as_alias("address")).where(
        Membership.organisation == entry.organisation
    )
    return [mail.written(Kind.FEEDBACK, spoken, each["address"], about) for each in people]
