"""An event as everybody sees it: when, where, whether there is room; whoever is signed in asks for a place."""

from collections.abc import Mapping
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect
from litestar.status_codes import HTTP_303_SEE_OTHER, HTTP_409_CONFLICT

from portal.accounts import people
from portal.accounts.permissions import anyone, signed_in
from portal.accounts.tables import OrganisationKind
from portal.calls import service as calls
from portal.calls.service import KnownCall
from portal.errors import EventClosedError, NotAllowedError, SlotTakenError, TeamThereError
from portal.events import places, service
from portal.events.places import Wish
from portal.events.service import KnownEvent
from portal.events.tables import EventKind, Place
from portal.exports import calendar
from portal.exports.event_calendar import event_calendar
from portal.pages.forms import id_in
from portal.pages.page import AnyRequest, Page, page, see, site, words
from portal.web.downloads import download
from portal.web.guards import requires
from portal.web.sessions import viewer_of

EVENT = "/{language:str}/call/{call:str}/event/{event:uuid}"


@get(EVENT, guards=[requires(anyone)])
async def show(
    request: AnyRequest, language: FromPath[str], call: FromPath[str], event: FromPath[UUID], told: FromQuery[str] = ""
) -> Page:
    """The event, and what whoever asks has there. `told`: what they did just now."""
    known = await calls.published(call)
    return await _event_page(request, language, known, await service.by_id(known.id, event), told=told)


@get(f"{EVENT}/calendar.ics", guards=[requires(anyone)])
async def as_calendar(
    request: AnyRequest, language: FromPath[str], call: FromPath[str], event: FromPath[UUID]
) -> Response[bytes]:
    """The event for a calendar; whoever has a place gets their own time and the link to take part from afar."""
    found = await service.by_id((await calls.published(call)).id, event)
    mine = await service.place_of(found, viewer_of(request).person)
    content = event_calendar(found, mine, language, f"{site(request)}{_address(language, call, event)}")
    return download(content, calendar.MEDIA_TYPE, "kyberkunto-event.ics", "kyberkunto-event.ics")


@post(f"{EVENT}/register", status_code=HTTP_303_SEE_OTHER, guards=[requires(signed_in)])
async def register(
    request: AnyRequest, language: FromPath[str], call: FromPath[str], event: FromPath[UUID]
) -> Page | Redirect:
    """Asks for a place, or to wait for one; in a clinic, for one of the viewer's startups."""
    known = await calls.published(call)
    found = await service.by_id(known.id, event)
    form = await request.form()
    try:
        got = await places.ask(event, _wish(viewer_of(request).person, language, found, form))
    except (EventClosedError, SlotTakenError, TeamThereError) as error:
        return await _event_page(request, language, known, found, errors={"register": _reason(error, form, language)})
    return see(f"{_address(language, call, event)}?told={got.value}")


@post(f"{EVENT}/give-up", status_code=HTTP_303_SEE_OTHER, guards=[requires(signed_in)])
async def give_up(
    request: AnyRequest, language: FromPath[str], call: FromPath[str], event: FromPath[UUID]
) -> Page | Redirect:
    """Gives one's place up, or one's place in the line."""
    known = await calls.published(call)
    found = await service.by_id(known.id, event)
    person = viewer_of(request).person
    if person is None:
        raise NotAllowedError
    try:
        await places.give_up(event, person)
    except EventClosedError as error:
        return await _event_page(request, language, known, found, errors={"register": _reason(error, {}, language)})
    return see(f"{_address(language, call, event)}?told=given-up")


def _address(language: str, call: str, event: UUID) -> str:
    return f"/{language}/call/{call}/event/{event}"


def _wish(person: UUID | None, language: str, event: KnownEvent, form: Mapping[str, str]) -> Wish:
    if person is None:
        raise NotAllowedError
    if event.kind is EventKind.INFO:
        return Wish(person, language)
    slot = id_in(form, "slot") if form.get("slot") else None
    return Wish(person, language, id_in(form, "startup"), slot)


async def _event_page(  # noqa: PLR0913 - what came back from the page's form
    request: AnyRequest,
    language: str,
    call: KnownCall,
    event: KnownEvent,
    *,
    told: str = "",
    errors: Mapping[str, str] | None = None,
) -> Page:
    person = viewer_of(request).person
    fresh = await service.by_id(call.id, event.id) if errors else event
    is_clinic = event.kind is EventKind.CLINIC
    startups = await people.organisations_of(person, OrganisationKind.STARTUP) if person and is_clinic else []
    mine = await service.place_of(fresh, person)
    context = {
        "call": call,
        "event": fresh,
        "mine": mine,
        "has_place": mine is not None and mine.place is Place.TAKEN,
        "startups": startups,
        "organises": event.city.slug in viewer_of(request).organises,
        "errors": errors or {},
        "notice": _notices(language).get(told, ""),
    }
    return page(request, language, "events/show.html", context, status=HTTP_409_CONFLICT if errors else 200)


def _reason(error: Exception, form: Mapping[str, str], language: str) -> str:
    tell = words(language)
    match error:
        case SlotTakenError() if form.get("slot"):
            return tell("Another team was faster. Choose another time, or wait until one becomes free.")
        case SlotTakenError():
            return tell("Choose a time.")
        case TeamThereError():
            return tell("Your startup has a time in this clinic already, or waits for one.")
        case _:
            return tell("The event has begun or is cancelled, so places no longer change.")


def _notices(language: str) -> dict[str, str]:
    """What was done just now, in words."""
    tell = words(language)
    return {
        Place.TAKEN.value: tell("You have a place."),
        Place.WAITING.value: tell("You are on the waiting list. When a place becomes free for you, we write to you."),
        "given-up": tell("You have given up your place."),
    }
