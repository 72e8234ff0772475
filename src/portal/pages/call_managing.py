"""A city's calls as its organisers see them: making one, looking after it, publishing it, ending it."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from litestar import get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect
from litestar.status_codes import HTTP_303_SEE_OTHER, HTTP_422_UNPROCESSABLE_ENTITY

from challenge.checking import LONGEST, Fault
from challenge.defaults import begun, defaults
from portal import clock
from portal.accounts import cities
from portal.accounts.cities import KnownCity
from portal.accounts.permissions import organises
from portal.calls import drafts, partners, publishing
from portal.calls.drafts import Draft
from portal.errors import CallOverError, EditedMeanwhileError, NotAllowedError, UnusableTermsError
from portal.i18n import NAMES
from portal.pages import call_reasons
from portal.pages.call_editing import has_scored
from portal.pages.call_inputs import PARTS, title_of
from portal.pages.call_values import moment_of
from portal.pages.page import AnyRequest, Page, page, see, words
from portal.web.guards import requires
from portal.web.sessions import viewer_of

CITY = "/{language:str}/city/{city:str}"
CALL = f"{CITY}/call/{{call:str}}"
USUAL_WEEKS = 8
"""For how long entries are open, where nobody says otherwise."""
_USUAL_TIME = "16:00"


@get(f"{CITY}/calls", guards=[requires(organises)])
async def show_list(
    request: AnyRequest, language: FromPath[str], city: FromPath[str], told: FromQuery[str] = ""
) -> Page:
    """The city's calls, what it is asked to join, and the form for a new one."""
    return await _list_page(request, language, await cities.by_slug(city), told=told)


@post(f"{CITY}/calls", status_code=HTTP_303_SEE_OTHER, guards=[requires(organises)])
async def make(request: AnyRequest, language: FromPath[str], city: FromPath[str]) -> Page | Redirect:
    """A new call, with everything in it but its own texts."""
    known, form = await cities.by_slug(city), await request.form()
    typed = {name: str(form.get(name, "")).strip() for name in ("title", "day", "time")}
    tracks = [str(each) for each in form.getall("track", [])]
    deadline = moment_of(typed["day"], typed["time"], known.zone)
    errors = _wrong(typed["title"], deadline, tracks, language)
    if errors or deadline is None:
        return await _list_page(request, language, known, errors=errors, typed=typed, tracks=tracks)
    own = known.described.languages
    opens = min(_next_morning(known), deadline - timedelta(days=1))
    terms = begun({own[0]: typed["title"]}, own, tracks, opens, deadline)
    slug = await drafts.make(known, terms, viewer_of(request))
    return see(f"/{language}/city/{city}/call/{slug}?told=made")


@get(CALL, guards=[requires(organises)])
async def show(
    request: AnyRequest, language: FromPath[str], city: FromPath[str], call: FromPath[str], told: FromQuery[str] = ""
) -> Page:
    """Everything that there is to do about one call."""
    draft = await drafts.of_city(call, city)
    found = await publishing.faults(draft, has_scored) if draft.is_changed else ()
    context = {
        **shared(draft, city, language),
        "parts": [(part, title_of(part, language), sum(fault.part == part for fault in found)) for part in PARTS],
        "is_ready": not found,
        "notice": notices(language).get(told, ""),
    }
    return page(request, language, "calls/hub.html", context)


@get(f"{CALL}/publish", guards=[requires(organises)])
async def show_publish(request: AnyRequest, language: FromPath[str], city: FromPath[str], call: FromPath[str]) -> Page:
    """What is still missing, or the call as everybody will see it, and the button."""
    draft = await drafts.of_city(call, city)
    return _publish_page(request, language, city, draft, await publishing.faults(draft, has_scored))


@post(f"{CALL}/publish", status_code=HTTP_303_SEE_OTHER, guards=[requires(organises)])
async def publish(
    request: AnyRequest, language: FromPath[str], city: FromPath[str], call: FromPath[str]
) -> Page | Redirect:
    """Publishes it as it was shown."""
    draft, form = await drafts.of_city(call, city), await request.form()
    change = {code: str(form.get(f"change-{code}", ""))[: 2 * publishing.LONGEST_CHANGE] for code in NAMES}
    try:
        _require_seen(draft, str(form.get("seen", "")))
        await publishing.publish(draft, change, await cities.by_slug(city), viewer_of(request), has_scored)
    except UnusableTermsError as error:
        return _publish_page(request, language, city, draft, error.faults, change)
    except EditedMeanwhileError:
        return see(f"/{language}/city/{city}/call/{call}?told=overtaken")
    return see(f"/{language}/city/{city}/call/{call}?told=published")


@get(f"{CALL}/end", guards=[requires(organises)])
async def show_end(request: AnyRequest, language: FromPath[str], city: FromPath[str], call: FromPath[str]) -> Page:
    """Throwing changes away, or cancelling the call."""
    return _end_page(request, language, city, await drafts.of_city(call, city))


@post(f"{CALL}/end", status_code=HTTP_303_SEE_OTHER, guards=[requires(organises)])
async def end(
    request: AnyRequest, language: FromPath[str], city: FromPath[str], call: FromPath[str]
) -> Page | Redirect:
    """Does what was ticked."""
    draft, known, form = await drafts.of_city(call, city), await cities.by_slug(city), await request.form()
    tell, act = words(language), form.get("do")
    if act not in {"discard", "cancel"} or form.get("sure") != act:
        return _end_page(request, language, city, draft, {f"sure-{act}": tell("Tick that you are sure.")})
    try:
        if act == "discard":
            await drafts.discard(draft, known, viewer_of(request))
        else:
            await publishing.cancel(draft, known, viewer_of(request))
    except EditedMeanwhileError:
        return see(f"/{language}/city/{city}/call/{call}?told=overtaken")
    except CallOverError:
        return _end_page(request, language, city, draft, {"sure-cancel": tell("The call is over already.")})
    gone = act == "discard" and not draft.version
    return see(
        f"/{language}/city/{city}/calls?told=gone" if gone else f"/{language}/city/{city}/call/{call}?told={act}"
    )


def notices(language: str) -> dict[str, str]:
    """What was done just now, in words."""
    tell = words(language)
    return {
        "made": tell("The call is made. Write its texts, look through the rest, and publish it."),
        "saved": tell("Saved."),
        "published": tell("The call is published."),
        "overtaken": tell("Somebody else changed the call meanwhile. Look at it again before you publish."),
        "discard": tell("The changes are thrown away."),
        "cancel": tell("The call is cancelled."),
        "gone": tell("The call is thrown away."),
        "joined": tell("Your city makes the call now."),
        "declined": tell("You said no."),
        "asked": tell("The city is asked. Its organisers see it among their calls."),
        "taken-back": tell("The city is asked no more."),
    }


def _require_seen(draft: Draft, seen: str) -> None:
    if seen != f"{draft.version}.{draft.edits}":
        raise EditedMeanwhileError


def _next_morning(city: KnownCity) -> datetime:
    """Nine o'clock tomorrow on the city's clock."""
    here = clock.now().astimezone(city.zone) + timedelta(days=1)
    return here.replace(hour=9, minute=0, second=0, microsecond=0).astimezone(UTC)


def _wrong(title: str, deadline: datetime | None, tracks: list[str], language: str) -> dict[str, str]:
    tell, found = words(language), {}
    if not title:
        found["title"] = tell("Type a title.")
    elif len(title) > LONGEST["title"]:
        found["title"] = tell("Make this shorter.")
    if deadline is None:
        found["day"] = tell("Give both the date and the time. Some nights a clock leaps over an hour.")
    elif deadline <= clock.now() + timedelta(days=1):
        found["day"] = tell("Choose a later day: startups need time.")
    if not set(tracks) & {track.id for track in defaults().tracks}:
        found["tracks"] = tell("Choose at least one.")
    return found


async def _list_page(  # noqa: PLR0913 - what came back from the page's form
    request: AnyRequest,
    language: str,
    city: KnownCity,
    *,
    told: str = "",
    errors: Mapping[str, str] | None = None,
    typed: Mapping[str, str] | None = None,
    tracks: list[str] | None = None,
) -> Page:
    usual = (clock.now() + timedelta(weeks=USUAL_WEEKS)).astimezone(city.zone)
    context = {
        "city": city,
        "name": city.name_in(language),
        "calls": await drafts.in_city(city.id),
        "requests": await partners.requests_to(city),
        "tracks": defaults().tracks,
        "chosen": ["pilot"] if tracks is None else tracks,
        "typed": typed or {"title": "", "day": f"{usual:%Y-%m-%d}", "time": _USUAL_TIME},
        "errors": errors or {},
        "notice": notices(language).get(told, ""),
    }
    status = HTTP_422_UNPROCESSABLE_ENTITY if errors else 200
    return page(request, language, "calls/manage.html", context, status=status)


def _publish_page(  # noqa: PLR0913, PLR0917 - what came back from the page's form
    request: AnyRequest,
    language: str,
    city: str,
    draft: Draft,
    found: tuple[Fault, ...],
    change: Mapping[str, str] | None = None,
) -> Page:
    if draft.cancelled_at is not None:
        raise NotAllowedError
    told = {fault for fault in found if fault.part == "change"}
    context = {
        **shared(draft, city, language),
        "faults": [
            (fault, title_of(fault.part, language), call_reasons.reason(fault, language))
            for fault in found
            if fault.part != "change"
        ],
        "errors": call_reasons.reasons(told, language),
        "change": change or {},
        "longest": publishing.LONGEST_CHANGE,
        "terms": draft.terms,
    }
    status = HTTP_422_UNPROCESSABLE_ENTITY if change is not None else 200
    return page(request, language, "calls/publish.html", context, status=status)


def _end_page(
    request: AnyRequest, language: str, city: str, draft: Draft, errors: Mapping[str, str] | None = None
) -> Page:
    context = {**shared(draft, city, language), "errors": errors or {}}
    status = HTTP_422_UNPROCESSABLE_ENTITY if errors else 200
    return page(request, language, "calls/end.html", context, status=status)


def shared(draft: Draft, city: str, language: str) -> dict[str, object]:
    """What each of a call's pages for organisers is made with."""
    return {
        "draft": draft,
        "city": city,
        "leads": draft.lead.slug == city,
        "name": draft.title_in(language),
        "home": f"/{language}/city/{city}/call/{draft.slug}",
    }
