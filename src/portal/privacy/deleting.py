"""Deletes everything of a person, or all that an organisation has, for good: rows, letters, files, jobs.

It is one transaction. What was deleted is written down outside the database before it ends (`portal.tombstones`), so
that a backup from before brings nobody back. The audit log keeps a pseudonym, whose only key was the person's row.
"""

import json
import logging
from collections.abc import Collection, Iterable
from uuid import UUID

from msgspec import Struct

from portal import database, jobs, settings, tombstones
from portal.accounts import limits, organisations
from portal.accounts.tables import DomainProof, Invitation, Membership, OrganisationKind, Person, SignInLink
from portal.accounts.viewer import Viewer
from portal.assessments.service import PER_PERSON
from portal.assessments.tables import CheckLog
from portal.audit import service as audit
from portal.audit.tables import Action
from portal.database import hold, transaction
from portal.errors import NotAllowedError, UndecidedFirmError
from portal.mail import service as letterbox
from portal.mail.tables import Kind, Letter
from portal.privacy import belongings, competition
from portal.privacy.belongings import AT_ONCE, Belongings
from portal.watching.tables import Watch

_BY_ADDRESS = ("letters-address", "sign-in-address-0", "sign-in-address-1", "invitations-address")
_BY_PERSON = ("organisations", "invitations-person", "second-step", "second-factors", "exports")
"""Limits that are counted by an address's pseudonym, and by a person's id."""

log = logging.getLogger(__name__)


class Place(Struct, frozen=True):
    """An organisation of somebody's. `others`: how many people it has besides."""

    id: UUID
    name: str
    is_firm: bool
    others: int


class Outlook(Struct, frozen=True):
    """What becomes of a person's organisations: those that go with them, those that stay, those they must decide on.

    Undecided is one in which others are, but nobody else decides.
    """

    goes: tuple[Place, ...]
    stays: tuple[Place, ...]
    undecided: tuple[Place, ...]


async def outlook(person: UUID) -> Outlook:
    """What would become of that person's organisations now."""
    mine = await Membership.select(
        Membership.organisation, Membership.organisation.name.as_alias("name"),
        Membership.organisation.kind.as_alias("kind"),
    ).where(Membership.person == person).order_by(Membership.joined_at)  # fmt: skip
    goes: list[Place] = []
    stays: list[Place] = []
    undecided: list[Place] = []
    for row in mine:
        people = await organisations.people_of(row["organisation"])
        others = [each for each in people if each.person != person]
        place = Place(row["organisation"], row["name"], row["kind"] == OrganisationKind.FIRM, len(others))
        decided = stays if any(each.is_owner for each in others) else undecided
        (decided if others else goes).append(place)
    return Outlook(tuple(goes), tuple(stays), tuple(undecided))


async def delete_person(
    person_id: UUID, doomed: Collection[UUID] = (), *, actor: str = "", kind: Kind | None = None
) -> None:
    """Deletes everything of that person. `doomed`: organisations that nobody else decides in and that are to go.

    `actor`: how the audit log calls who does it, where that is not themselves. `kind`: the last letter to their
    address, none where they need none.

    Raises:
        NotAllowedError: there is no such person any more.
        UndecidedFirmError: others belong to an organisation in which they alone decide, and that is not to go.
        OSError: the tombstones cannot be written; nothing is deleted.
    """
    async with transaction():
        await hold(f"person:{person_id}")
        person = await Person.objects().where(Person.id == person_id).first()
        if person is None:
            raise NotAllowedError
        gone = await _everything_of(person, set(doomed))
        await competition.erase(person)
        await _delete_rows(gone, {person.address})
        await _forget_address(person)
        letter = await _farewell(person, kind)
        await tombstones.bury(each for part in gone for each in part.buried)
        await audit.record(Action.DELETED, actor or person.pseudonym, f"person:{person.pseudonym}")
    await _finish([*(job for part in gone for job in part.jobs)], letter)


async def delete_organisation(organisation: UUID, viewer: Viewer) -> None:
    """Deletes an organisation that the viewer decides in, with its sheets, checks, links and reports.

    Raises:
        NotAllowedError: they do not decide there any more.
    """
    async with organisations.owned(organisation, viewer):
        gone = await belongings.of_organisations([organisation])
        await _delete_rows([gone])
        await tombstones.bury(gone.buried)
        await audit.record(Action.ORGANISATION_DELETED, viewer.pseudonym, organisations.subject_of(organisation))
    await _finish(gone.jobs, None)


async def delete_empty() -> None:
    """Deletes organisations that have no people: nobody could ever open what is theirs."""
    empty = await database.rows(
        "SELECT id FROM organisation WHERE NOT EXISTS (SELECT 1 FROM membership WHERE organisation = organisation.id)"
    )
    for row in empty:
        organisation = UUID(str(row["id"]))
        async with transaction():
            await hold(organisations.subject_of(organisation))
            if await Membership.exists().where(Membership.organisation == organisation):
                continue
            gone = await belongings.of_organisations([organisation])
            await _delete_rows([gone])
            await audit.record(Action.ORGANISATION_DELETED, audit.SYSTEM, organisations.subject_of(organisation))
        await _finish(gone.jobs, None)


async def _everything_of(person: Person, doomed: Collection[UUID]) -> list[Belongings]:
    """Raises UndecidedFirmError."""
    for row in await Membership.select(Membership.organisation).where(Membership.person == person.id):
        await hold(organisations.subject_of(row["organisation"]))
    found = await outlook(person.id)
    if any(place.id not in doomed for place in found.undecided):
        raise UndecidedFirmError
    going = [place.id for place in (*found.goes, *found.undecided)]
    return [
        await belongings.of_organisations(going),
        await belongings.of_watcher(person.address_hash),
        await belongings.of_person(person),
    ]


async def _delete_rows(gone: Iterable[Belongings], addresses: Collection[str] = ()) -> None:
    """With what stands below them, and what speaks of them, or of these addresses, elsewhere."""
    tokens = set(addresses)
    for part in gone:
        tokens |= part.tokens
        for ids in _parts(part.checks):
            await Watch.update({Watch.checking: None}).where(Watch.checking.is_in(ids))
        if holders := await _persons_holders(part):
            await DomainProof.delete().where(DomainProof.holder.is_in(holders))
        for table, row_ids in part.rows:
            for ids in _parts(row_ids):
                await table.delete().where(table.id.is_in(ids))  # type: ignore[attr-defined]  # each has its id
    await _delete_speaking_of(tokens)


async def _persons_holders(part: Belongings) -> list[str]:
    persons = [ids[0] for table, ids in part.rows if table is Person and ids]
    return [holder for person in persons for holder in await belongings.holders_of(person)]


async def _delete_speaking_of(tokens: Collection[str]) -> None:
    """Letters that wait and sign-in links that lead to what is gone; there are few of both at any time."""
    if not tokens:
        return
    waiting = await Letter.select(Letter.id, Letter.about).where(Letter.status.is_in(list(letterbox.OPEN)))
    links = await SignInLink.select(SignInLink.id, SignInLink.wanted)
    letters = [row["id"] for row in waiting if any(token in row["about"] for token in tokens)]
    wanted = [row["id"] for row in links if any(token in json.dumps(row["wanted"]) for token in tokens)]
    await Letter.delete().where(Letter.id.is_in(letters)) if letters else None
    await SignInLink.delete().where(SignInLink.id.is_in(wanted)) if wanted else None


async def _forget_address(person: Person) -> None:
    """Letters and links to it, what is counted by it, and who they were in the log of checks."""
    await database.rows("DELETE FROM letter WHERE lower(recipient) = lower({})", person.address)
    await database.rows("DELETE FROM sign_in_link WHERE lower(address) = lower({})", person.address)
    await database.rows("DELETE FROM feedback WHERE lower(reply_to) = lower({})", person.address)
    called = [name for name in (person.name, person.address) if name]
    await Invitation.update({Invitation.invited_by: ""}).where(Invitation.invited_by.is_in(called))
    for name in _BY_ADDRESS:
        await limits.forget(name, person.address_hash)
    for name in _BY_PERSON:
        await limits.forget(name, str(person.id))
    await limits.forget(PER_PERSON, person.pseudonym)
    await CheckLog.update({CheckLog.person: ""}).where(CheckLog.person == person.pseudonym)


async def _farewell(person: Person, kind: Kind | None) -> Letter | None:
    """The last letter to that address, which is erased as soon as it is sent."""
    if kind is None or not settings.current().sends_letters:
        return None
    letter = letterbox.written(kind, person.language, person.address, {})
    await letter.save()
    return letter


async def _finish(job_ids: Collection[UUID], letter: Letter | None) -> None:
    """What is outside our database, and what SQLite's log still holds. A crash before it leaves random ids."""
    if letter is not None:
        await letterbox.post(letter)
    await jobs.forget(job_ids)
    await database.overwrite_deleted()
    log.info("deleted for good", extra={"jobs": len(job_ids)})


def _parts(ids: Collection[UUID]) -> list[list[UUID]]:
    listed = list(ids)
    return [listed[start : start + AT_ONCE] for start in range(0, len(listed), AT_ONCE)]
