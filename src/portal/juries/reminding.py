"""Letters to jurors for whom something waits: when organisers press the button, one a day to each at most."""

from datetime import timedelta
from uuid import UUID

from msgspec import Struct

from portal import settings
from portal.accounts.cities import KnownCity
from portal.accounts.viewer import Viewer
from portal.calls.service import KnownCall
from portal.database import now
from portal.i18n import local_moment
from portal.juries import people, readings, service
from portal.juries.closeness import entrants_of, is_declared
from portal.juries.people import KnownJuror
from portal.juries.tables import Juror, ReadState
from portal.mail import service as letterbox
from portal.mail.tables import Kind, Letter

AT_MOST_EVERY = timedelta(days=1)


class Waiting(Struct, frozen=True):
    """What waits for a juror: to declare first, or `left` entries."""

    juror: KnownJuror
    declares: bool
    left: int


async def waiting(call: KnownCall) -> list[Waiting]:
    """All jurors for whom something waits."""
    entrants, round_ = await entrants_of(call.id), await service.latest(call.id)
    going_on = round_ is not None and round_.is_open(call, await now())
    given = await readings.in_round(round_.id) if round_ is not None and going_on else []
    found = []
    for juror in await people.jury_of(call.id):
        left = sum(each.juror == juror.id and each.state is ReadState.OPEN for each in given)
        declares = bool(entrants) and not is_declared(juror, entrants)
        if juror.judges and (declares or left):
            found.append(Waiting(juror, declares, left))
    return found


async def may_be_reminded(call: KnownCall) -> list[Waiting]:
    """Those of them to whom nobody wrote within a day."""
    long_ago = await now() - AT_MOST_EVERY
    found = await waiting(call)
    return [each for each in found if each.juror.reminded_at is None or each.juror.reminded_at <= long_ago]


async def remind(call: KnownCall, city: KnownCity, viewer: Viewer, only: UUID | None = None) -> int:
    """Writes to all for whom something waits, or to one of them; how many letters went out.

    Raises:
        NotAllowedError: the viewer organises nothing in that city any more.
    """
    written: list[Letter] = []
    async with people.changing(call, city, viewer):
        moment = await now()
        for each in await may_be_reminded(call):
            if only in {None, each.juror.id}:
                letter = await _letter(each, call)
                await letter.save()
                await Juror.update({Juror.reminded_at: moment}).where(Juror.id == each.juror.id)
                written.append(letter)
    for letter in written:
        await letterbox.post(letter)
    return len(written)


async def _letter(each: Waiting, call: KnownCall) -> Letter:
    """Told by the clock of the city for which they judge; what has ended meanwhile is not sent."""
    juror = each.juror
    home = next((city for city in call.cities if city.id == juror.city_id), call.lead)
    round_ = await service.latest(call.id)
    phase = round_.phase(call) if round_ is not None else None
    until = phase.ends if phase is not None and each.left else None
    about = {
        "call": call.title_in(juror.language).text,
        "declares": each.declares,
        "left": each.left,
        "until": local_moment(until, juror.language, home.zone) if until is not None else "",
        "link": f"{settings.current().public_url}/{juror.language}/city/{juror.city}/jury/{call.slug}",
    }
    return letterbox.written(Kind.JURY, juror.language, juror.address, about, until)
