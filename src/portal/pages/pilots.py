"""What a city awarded in a call, for its organisers: begin and end pilots, take an award back."""

from collections.abc import Awaitable, Callable
from uuid import UUID

from litestar import get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect
from litestar.status_codes import HTTP_303_SEE_OTHER

from portal import clock
from portal.accounts import cities
from portal.accounts.cities import KnownCity
from portal.accounts.permissions import organises
from portal.accounts.viewer import Viewer
from portal.assessments.solutions import service as awards
from portal.calls import service as calls
from portal.errors import NotAllowedError
from portal.pages.forms import id_in
from portal.pages.page import AnyRequest, Page, page, see, words
from portal.programme import pilots
from portal.programme.admitting import LEAST
from portal.web.guards import requires
from portal.web.sessions import viewer_of

PILOTS = "/{language:str}/city/{city:str}/call/{call:str}/pilots"

_ACTS: dict[str, Callable[[UUID, str, KnownCity, Viewer], Awaitable[None]]] = {
    "begin": pilots.begin,
    "end": pilots.end,
    "withdraw": awards.withdraw,
}
"""By what the form says: each takes an id (a solution's, or to `end` a pilot's), the call's slug and the city."""


@get(PILOTS, guards=[requires(organises)])
async def show(
    request: AnyRequest, language: FromPath[str], city: FromPath[str], call: FromPath[str], told: FromQuery[str] = ""
) -> Page:
    """Each awarded solution with its pilot. `told`: what was done just now."""
    known_call, known_city = await calls.of_city(call, city), await cities.by_slug(city)
    context = {
        "city": known_city,
        "call": known_call,
        "title": known_call.title_in(language),
        "running": await pilots.of_call(call, known_city),
        "today": clock.now().date(),
        "least": LEAST,
        "days": pilots.AFTER.days,
        "notice": _notice(told, language),
    }
    return page(request, language, "pilots/manage.html", context)


@post(PILOTS, status_code=HTTP_303_SEE_OTHER, guards=[requires(organises)])
async def act(request: AnyRequest, language: FromPath[str], city: FromPath[str], call: FromPath[str]) -> Redirect:
    """Does what the form says; where somebody was faster, nothing."""
    await calls.of_city(call, city)
    known = await cities.by_slug(city)
    form = await request.form()
    done = str(form.get("do", ""))
    try:
        await _ACTS[done](id_in(form, "of"), call, known, viewer_of(request))
    except (KeyError, NotAllowedError):
        done = "gone"
    return see(f"/{language}/city/{city}/call/{call}/pilots?told={done}")


def _notice(told: str, language: str) -> str:
    tell = words(language)
    return {
        "begin": tell("The pilot has begun. Firms see it in their plans."),
        "end": tell("The pilot has ended. What came of it is published."),
        "withdraw": tell("The award was taken back. No report tells of it any more."),
        "gone": tell("Nothing was changed: that is not there, or somebody was faster."),
    }.get(told, "")
