"""Calls as everybody sees them: what is asked for, until when, how winners are chosen, and what was changed."""

from datetime import datetime

from litestar import get
from litestar.params import FromPath
from msgspec import Struct

from portal import clock
from portal.accounts.permissions import anyone
from portal.awards import publishing
from portal.calls import service
from portal.calls.service import KnownCall
from portal.errors import NotAllowedError
from portal.events import service as events
from portal.pages.page import AnyRequest, Page, page
from portal.programme import needs
from portal.web.guards import requires
from portal.web.sessions import viewer_of

CALL = "/{language:str}/call/{call:str}"


class Standing(Struct, frozen=True):
    """A call and how it stands: it takes entries, has yet to open, or takes none any more."""

    call: KnownCall
    is_open: bool
    is_coming: bool


@get("/{language:str}/calls", guards=[requires(anyone)])
async def show_list(request: AnyRequest, language: FromPath[str]) -> Page:
    """Every call: those that are open first, then those to come, then the others, the newest first."""
    found = await standing_calls()
    context = {
        "open": [each.call for each in found if each.is_open],
        "coming": [each.call for each in found if each.is_coming],
        "closed": [each.call for each in reversed(found) if not each.is_open and not each.is_coming],
    }
    return page(request, language, "calls/list.html", context)


@get(CALL, guards=[requires(anyone)])
async def show(request: AnyRequest, language: FromPath[str], call: FromPath[str]) -> Page:
    """The call itself."""
    known, now = await service.published(call), clock.now()
    organised = viewer_of(request).organises
    context = {
        **_about(known, language, now),
        "events": await events.of_call(known.id),
        "slug": known.slug,
        "needs": await needs.of_call(known, language),
        "versions": await service.versions(known.id),
        "public": await publishing.of_call(known.id),
        "manages": next((city.slug for city in known.cities if city.slug in organised), ""),
    }
    return page(request, language, "calls/show.html", context)


@get(f"{CALL}/versions/{{number:int}}", guards=[requires(anyone)])
async def show_version(
    request: AnyRequest, language: FromPath[str], call: FromPath[str], number: FromPath[int]
) -> Page:
    """One version as it was published."""
    known = await service.published(call)
    versions = await service.versions(known.id)
    version = next((each for each in versions if each.number == number), None)
    if version is None:
        raise NotAllowedError
    context = {"call": known, "terms": version.terms, "version": version, "name": known.title_in(language)}
    return page(request, language, "calls/version.html", context)


async def standing_calls() -> list[Standing]:
    """Every call that is not cancelled, those that end first before others."""
    now = clock.now()
    return [
        Standing(each, is_open=service.takes_entries(each, now), is_coming=now < each.opens_at)
        for each in await service.all_of_them()
    ]


async def open_calls(city: str = "") -> list[KnownCall]:
    """Those that take entries now, of that city or of any."""
    found = [each.call for each in await standing_calls() if each.is_open]
    return [each for each in found if not city or city in {one.slug for one in each.cities}]


def _about(call: KnownCall, language: str, now: datetime) -> dict[str, object]:
    is_open = service.takes_entries(call, now)
    until = call.deadline if now < call.deadline else call.last_moment
    return {
        "call": call,
        "terms": call.terms,
        "name": call.title_in(language),
        "is_open": is_open,
        "is_coming": now < call.opens_at,
        "in_grace": is_open and now >= call.deadline,
        "left_s": max(int((until - now).total_seconds()), 0) if is_open else 0,
        "phase": service.phase_now(call, now),
    }
