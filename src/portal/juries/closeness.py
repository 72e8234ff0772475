"""Conflicts of interest as they stand: who takes part, what we suggest, what is kept, and what of it holds."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from uuid import UUID

from msgspec import Struct

from portal.accounts.tables import Membership
from portal.database import rows
from portal.events.tables import Mentorship
from portal.juries import suggesting
from portal.juries.people import KnownJuror
from portal.juries.tables import Closeness, Conflict

FOR_GOOD = frozenset({Closeness.MENTOR, Closeness.MEMBER, Closeness.RECUSED})
"""Hold whatever the juror says."""

_ENTRANTS = """
    SELECT organisation.id AS organisation, organisation.name AS name, entry.home AS home,
        submission.submitted_at AS submitted_at
    FROM entry JOIN organisation ON organisation.id = entry.organisation
    JOIN submission ON submission.entry = entry.id AND submission.number = 1
    WHERE entry.call = {} AND entry.withdrawn_at IS NULL
"""


class KnownEntrant(Struct, frozen=True):
    """A startup that takes part, whatever it entered. `since`: when it submitted something first."""

    organisation: UUID
    name: str
    since: datetime
    homes: frozenset[str]
    members: frozenset[UUID]
    addresses: frozenset[str]


async def entrants_of(call: UUID) -> list[KnownEntrant]:
    """Those who take part, by name: their order tells nothing of what they entered."""
    found = await rows(_ENTRANTS, call)
    ids = list({row["organisation"] for row in found})
    team = await Membership.select(
        Membership.organisation, Membership.person, Membership.person.address.as_alias("address")
    ).where(Membership.organisation.is_in(ids or [call]))
    entrants = [
        KnownEntrant(
            organisation=each,
            name=next(row["name"] for row in found if row["organisation"] == each),
            since=max(row["submitted_at"] for row in found if row["organisation"] == each),
            homes=frozenset(row["home"] for row in found if row["organisation"] == each and row["home"]),
            members=frozenset(row["person"] for row in team if row["organisation"] == each),
            addresses=frozenset(row["address"] for row in team if row["organisation"] == each),
        )
        for each in ids
    ]
    return sorted(entrants, key=lambda each: (each.name.casefold(), str(each.organisation)))


def is_declared(juror: KnownJuror, entrants: Iterable[KnownEntrant]) -> bool:
    """Whether they have said to which of these they are too close, of those too that came last."""
    return juror.declared_at is not None and all(each.since <= juror.declared_at for each in entrants)


async def mentored(call: UUID) -> dict[UUID, frozenset[UUID]]:
    """By person, the startups that they advised."""
    found = await Mentorship.select(Mentorship.person, Mentorship.organisation).where(Mentorship.call == call)
    whom = {row["person"] for row in found}
    return {each: frozenset(row["organisation"] for row in found if row["person"] == each) for each in whom}


async def kept(jurors: Collection[UUID]) -> dict[UUID, dict[UUID, dict[Closeness, bool]]]:
    """By juror and startup, what is kept and whether it holds."""
    found: dict[UUID, dict[UUID, dict[Closeness, bool]]] = {juror: {} for juror in jurors}
    for row in await Conflict.objects().where(Conflict.juror.is_in(list(jurors))) if jurors else []:
        found[row.juror].setdefault(row.organisation, {})[Closeness(row.kind)] = row.holds
    return found


async def closeness_in(
    jurors: Collection[KnownJuror], entrants: Collection[KnownEntrant], call: UUID
) -> dict[UUID, dict[UUID, dict[Closeness, bool]]]:
    """By juror and startup, everything kept or suggested, and whether it holds."""
    known, advised = await kept([each.id for each in jurors]), await mentored(call)
    return {
        juror.id: {
            each.organisation: {
                **_suggested(juror, each),
                **known[juror.id].get(each.organisation, {}),
                **_for_good(juror, each, advised),
            }
            for each in entrants
        }
        for juror in jurors
    }


async def held_by(juror: KnownJuror) -> frozenset[UUID]:
    """The startups whose entries they may not read."""
    found = await closeness_in([juror], await entrants_of(juror.call), juror.call)
    return held(found[juror.id])


def held(found: Mapping[UUID, Mapping[Closeness, bool]]) -> frozenset[UUID]:
    """The startups of which something holds."""
    return frozenset(organisation for organisation, kinds in found.items() if any(kinds.values()))


def _suggested(juror: KnownJuror, entrant: KnownEntrant) -> dict[Closeness, bool]:
    side = suggesting.Side(juror.address, juror.employer, juror.invests_in, juror.city)
    other = suggesting.Entrant(entrant.name, entrant.addresses, entrant.homes)
    return {kind: kind is not Closeness.CITY for kind in suggesting.suggested(side, other)}


def _for_good(
    juror: KnownJuror, entrant: KnownEntrant, advised: Mapping[UUID, frozenset[UUID]]
) -> dict[Closeness, bool]:
    if juror.person is None:
        return {}
    found = {
        Closeness.MENTOR: entrant.organisation in advised.get(juror.person, ()),
        Closeness.MEMBER: juror.person in entrant.members,
    }
    return {kind: True for kind, is_so in found.items() if is_so}
