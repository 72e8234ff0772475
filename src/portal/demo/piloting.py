"""The awarded solution that the lead city tries with its firms; the one firm that somebody here owns takes part."""

from portal.assessments.sheets import storage
from portal.calls.service import KnownCall
from portal.demo.cast import Cast
from portal.programme import pilots


async def begin(call: KnownCall, sheet: str, cast: Cast) -> None:
    """Begins the pilot of whatever was chosen for one. `sheet`: the token of the firm's."""
    organiser, owner = await cast.organiser(), await cast.viewer("owner")
    for each in await pilots.of_call(call.slug, cast.lead):
        if each.offer.piloted:
            await pilots.begin(each.offer.id, call.slug, cast.lead, organiser)
    for each in await pilots.of_call(call.slug, cast.lead):
        if each.pilot is not None:
            await pilots.join(await storage.by_token(sheet, owner), each.pilot.id, owner)
