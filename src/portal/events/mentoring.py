"""Who advised whom. A mentor of a startup is too close to it to judge what it enters.

A mentorship begins when the team takes the mentor's time, not when they meet: a juror must not read in between. It
goes only where the team gives the time up before it begins, so that nobody sheds a strict juror by taking their time
and giving it up again. A mentor without an account is found by their address as soon as they have one.
"""

from uuid import UUID, uuid4

from portal import clock
from portal.accounts.tables import Person
from portal.database import rows, transaction
from portal.events.tables import Mentorship, Slot
from portal.mail_addresses import pseudonym

_MEETINGS = """
    SELECT slot.id, slot.mentor_address, registration.organisation FROM slot
    JOIN event ON event.id = slot.event JOIN registration ON registration.slot = slot.id
    WHERE event.call = {} AND registration.organisation IS NOT NULL
"""
_KEEP = """
    INSERT INTO mentorship (id, call, person, organisation, since) VALUES ({}, {}, {}, {}, {}) ON CONFLICT DO NOTHING
"""
_OTHER_MEETINGS = """
    SELECT slot.id FROM slot JOIN event ON event.id = slot.event JOIN registration ON registration.slot = slot.id
    WHERE event.call = {} AND slot.mentor = {} AND registration.organisation = {}
"""


async def of_call(call: UUID) -> frozenset[tuple[UUID, UUID]]:
    """Every mentorship of a call, as person and organisation; those who signed in meanwhile are found."""
    await link(call)
    found = await Mentorship.select(Mentorship.person, Mentorship.organisation).where(Mentorship.call == call)
    return frozenset((each["person"], each["organisation"]) for each in found)


async def link(call: UUID) -> None:
    """Keeps a mentorship for each team that has a mentor's time, where the mentor has an account by now."""
    async with transaction():
        meetings = await rows(_MEETINGS, call)
        hashes = {pseudonym(each["mentor_address"]) for each in meetings}
        if not hashes:
            return
        known = await Person.select(Person.id, Person.address_hash).where(Person.address_hash.is_in(list(hashes)))
        people = {each["address_hash"]: each["id"] for each in known}
        for each in meetings:
            person = people.get(pseudonym(each["mentor_address"]))
            if person is not None:
                await Slot.update({Slot.mentor: person}).where(Slot.id == each["id"])
                await rows(_KEEP, uuid4(), call, person, each["organisation"], clock.now())


async def undo(call: UUID, slot: UUID, organisation: UUID) -> None:
    """Their team gave that time up before it began: nobody was advised, unless at another time."""
    found = await Slot.select(Slot.mentor).where(Slot.id == slot).first()
    mentor = found["mentor"] if found else None
    if mentor is not None and not await rows(_OTHER_MEETINGS, call, mentor, organisation):
        await Mentorship.delete().where(
            Mentorship.call == call, Mentorship.person == mentor, Mentorship.organisation == organisation
        )
