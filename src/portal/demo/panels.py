"""A call's jury before anybody read: who is in it, in which order, to whom they said that they are too close."""

from datetime import datetime, timedelta
from typing import Any

from portal.calls.service import KnownCall
from portal.demo import texts
from portal.demo.cast import Cast
from portal.demo.texts import SomeBody
from portal.juries import declaring, people
from portal.juries.closeness import closeness_in, entrants_of, held
from portal.juries.declaring import Said
from portal.juries.people import KnownJuror
from portal.juries.tables import Conflict, Juror

_ASIDE = 1000
"""Where numbers are while they change."""


def somebody(juror: KnownJuror) -> SomeBody:
    """What we know of that juror."""
    return next(each for each in texts.people() if each.address == juror.address)


async def gathered(call: KnownCall, cast: Cast) -> None:
    """All of both cities' jurors, with the numbers that their names tell, and their chair."""
    organiser = await cast.organiser()
    await people.add_all(call, cast.lead, organiser)
    order = [each.address for each in texts.people()]
    jury = sorted(await people.jury_of(call.id), key=lambda each: order.index(each.address))
    for number, each in enumerate(jury, 1):
        await Juror.update({Juror.number: _ASIDE + number}).where(Juror.id == each.id)
    for number, each in enumerate(jury, 1):
        await Juror.update({Juror.number: number}).where(Juror.id == each.id)
        if somebody(each).chairs:
            await people.change(each.id, None, call, cast.lead, organiser, chairs=True)


async def declared(call: KnownCall, juror: KnownJuror) -> None:
    """They say what they have to say of themselves and of the startups."""
    who = somebody(juror)
    juror = await declaring.remember(juror, who.employer, who.invests_in)
    entrants = await entrants_of(call.id)
    suggested = held((await closeness_in([juror], entrants, call.id))[juror.id])
    own = frozenset(each.organisation for each in entrants if each.name in who.close_to)
    shown = frozenset(each.organisation for each in entrants)
    await declaring.declare(juror, Said(own | suggested, shown, who.why_close if own else ""), call)


async def date_back(call: KnownCall, joined: datetime) -> None:
    """They came on that day and declared on the next."""
    later = joined + timedelta(days=1)
    await Juror.update({Juror.joined_at: joined}).where(Juror.call == call.id)
    said: dict[Any, Any] = {Juror.declared_at: later}
    await Juror.update(said).where(Juror.call == call.id, Juror.declared_at.is_not_null())
    jury = [each.id for each in await people.jury_of(call.id)]
    await Conflict.update({Conflict.said_at: later}).where(Conflict.juror.is_in(jury), Conflict.said_at.is_not_null())
