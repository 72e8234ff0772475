"""A call's events as its organisers see them: made, changed, cancelled, and who comes. Times are the city's own."""

from collections.abc import Mapping
from uuid import UUID

from litestar import get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect
from litestar.status_codes import HTTP_303_SEE_OTHER, HTTP_409_CONFLICT, HTTP_422_UNPROCESSABLE_ENTITY

from portal.accounts import cities
from portal.accounts.cities import KnownCity
from portal.accounts.permissions import organises
from portal.calls import service as calls
from portal.calls.service import KnownCall
from portal.errors import EventChangedError, EventClosedError, NotAllowedError, UnusableEventError
from portal.events import organising, service
from portal.events.describing import Typed, checked
from portal.events.service import KnownEvent
from portal.events.tables import EventKind
from portal.pages import event_forms
from portal.pages.page import AnyRequest, Page, page, see, words
from portal.web.guards import requires
from portal.web.sessions import viewer_of

EVENTS = "/{language:str}/city/{city:str}/call/{call:str}/events"
EVENT = f"{EVENTS}/{{event:uuid}}"


@get(EVENTS, guards=[requires(organises)])
async def show(
    request: AnyRequest, language: FromPath[str], city: FromPath[str], call: FromPath[str], told: FromQuery[str] = ""
) -> Page:
    """The call's events; those of its other cities are to be looked at. `told`: what was done just now."""
    known = await calls.of_city(call, city)
    found = await service.of_call(known.id)
    context = {
        "call": known,
        "city": await cities.by_slug(city),
        "own": [each for each in found if each.city.slug == city],
        "others": [each for each in found if each.city.slug != city],
        "notice": _notices(language).get(told, ""),
    }
    return page(request, language, "events/list.html", context)


@get(f"{EVENTS}/new/{{kind:str}}", guards=[requires(organises)])
async def new(
    request: AnyRequest, language: FromPath[str], city: FromPath[str], call: FromPath[str], kind: FromPath[str]
) -> Page:
    """The form of a new info session or clinic."""
    known, here = await calls.of_city(call, city), await cities.by_slug(city)
    return _form_page(request, language, known, here, event_forms.empty(_kind(kind)))


@post(f"{EVENTS}/new/{{kind:str}}", status_code=HTTP_303_SEE_OTHER, guards=[requires(organises)])
async def make(
    request: AnyRequest, language: FromPath[str], city: FromPath[str], call: FromPath[str], kind: FromPath[str]
) -> Page | Redirect:
    """Makes it; what is wrong comes back to its field."""
    known, here = await calls.of_city(call, city), await cities.by_slug(city)
    typed = event_forms.typed(await request.form(), _kind(kind))
    try:
        made = await organising.make(known, here, checked(typed, here), viewer_of(request))
    except UnusableEventError as error:
        errors = event_forms.reasons(error, language)
        return _form_page(request, language, known, here, typed, errors=errors)
    return see(f"{_home(language, city, call)}/{made}?told=made")


@get(EVENT, guards=[requires(organises)])
async def edit(
    request: AnyRequest, language: FromPath[str], city: FromPath[str], call: FromPath[str], event: FromPath[UUID]
) -> Page:
    """One event of the city: who comes, and its form."""
    told = request.query_params.get("told", "")
    known, here = await calls.of_city(call, city), await cities.by_slug(city)
    found = await _own(known, here, event)
    return await _manage_page(request, language, known, found, notice=_notices(language).get(told, ""))


@post(EVENT, status_code=HTTP_303_SEE_OTHER, guards=[requires(organises)])
async def change(
    request: AnyRequest, language: FromPath[str], city: FromPath[str], call: FromPath[str], event: FromPath[UUID]
) -> Page | Redirect:
    """Keeps what was changed, and tells those who have a place."""
    known, here = await calls.of_city(call, city), await cities.by_slug(city)
    found, form = await _own(known, here, event), await request.form()
    typed = event_forms.typed(form, found.kind)
    try:
        await organising.change(event, here, checked(typed, here), _edits(form), viewer_of(request))
    except UnusableEventError as error:
        errors = event_forms.reasons(error, language)
        return await _manage_page(request, language, known, found, typed=typed, errors=errors)
    except (EventChangedError, EventClosedError) as error:
        fresh = await _own(known, here, event)
        errors = {"save": _reason(error, language)}
        return await _manage_page(request, language, known, fresh, typed=typed, errors=errors, status=HTTP_409_CONFLICT)
    return see(f"{_home(language, city, call)}/{event}?told=changed")


@post(f"{EVENT}/cancel", status_code=HTTP_303_SEE_OTHER, guards=[requires(organises)])
async def cancel(
    request: AnyRequest, language: FromPath[str], city: FromPath[str], call: FromPath[str], event: FromPath[UUID]
) -> Page | Redirect:
    """Cancels it, where whoever does has ticked that they mean it; everybody is told."""
    known, here = await calls.of_city(call, city), await cities.by_slug(city)
    found = await _own(known, here, event)
    if (await request.form()).get("sure") != "yes":
        errors = {"sure": words(language)("Tick that you want to cancel it.")}
        return await _manage_page(request, language, known, found, errors=errors)
    try:
        await organising.cancel(event, here, viewer_of(request))
    except EventClosedError as error:
        errors = {"save": _reason(error, language)}
        return await _manage_page(request, language, known, found, errors=errors, status=HTTP_409_CONFLICT)
    return see(f"{_home(language, city, call)}?told=cancelled")


def _home(language: str, city: str, call: str) -> str:
    return f"/{language}/city/{city}/call/{call}/events"


def _kind(name: str) -> EventKind:
    if name not in set(EventKind):
        raise NotAllowedError
    return EventKind(name)


def _edits(form: Mapping[str, object]) -> int:
    text = str(form.get("edits", ""))
    return int(text) if text.isascii() and text.isdigit() else -1


async def _own(call: KnownCall, city: KnownCity, event: UUID) -> KnownEvent:
    found = await service.by_id(call.id, event)
    if found.city.id != city.id:
        raise NotAllowedError
    return found


def _form_page(  # noqa: PLR0913 - what came back from the page's form
    request: AnyRequest,
    language: str,
    call: KnownCall,
    city: KnownCity,
    typed: Typed,
    *,
    errors: Mapping[str, str] | None = None,
) -> Page:
    context = {
        "call": call,
        "city": city,
        "typed": typed,
        "mentors": event_forms.mentors_shown(typed),
        "errors": errors or {},
    }
    status = HTTP_422_UNPROCESSABLE_ENTITY if errors else 200
    return page(request, language, "events/new.html", context, status=status)


async def _manage_page(  # noqa: PLR0913 - what came back from one of the page's forms
    request: AnyRequest,
    language: str,
    call: KnownCall,
    event: KnownEvent,
    *,
    typed: Typed | None = None,
    errors: Mapping[str, str] | None = None,
    notice: str = "",
    status: int = HTTP_422_UNPROCESSABLE_ENTITY,
) -> Page:
    shown = typed or event_forms.of(event)
    context = {
        "call": call,
        "city": event.city,
        "event": event,
        "guests": await organising.guests(event.id),
        "times": {slot.id: slot for slot in event.slots},
        "typed": shown,
        "mentors": event_forms.mentors_shown(shown),
        "errors": errors or {},
        "notice": notice,
    }
    return page(request, language, "events/manage.html", context, status=status if errors else 200)


def _reason(error: Exception, language: str) -> str:
    tell = words(language)
    if isinstance(error, EventChangedError):
        return tell(
            "Somebody else has saved this event since you opened it. What you typed stands below. "
            "Compare it with the event's page, and save again if it is still right."
        )
    return tell("The event has begun or is cancelled, so it can no longer be changed.")


def _notices(language: str) -> dict[str, str]:
    """What was done just now, in words."""
    tell = words(language)
    return {
        "made": tell("The event is made. It stands on the call's page."),
        "changed": tell("The event is saved. If time or place changed, we write to those who have a place."),
        "cancelled": tell("The event is cancelled. We write to everybody who asked for a place."),
    }
