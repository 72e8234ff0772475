"""How a startup enters a call: first whether it may, then who, for what, and where it is at home."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from litestar import get, post
from litestar.params import FromPath
from litestar.response import Redirect
from litestar.status_codes import HTTP_303_SEE_OTHER, HTTP_422_UNPROCESSABLE_ENTITY
from msgspec.structs import replace

from portal.accounts import organisations
from portal.accounts.names import parse_name
from portal.accounts.permissions import signed_in
from portal.accounts.tables import Organisation, OrganisationKind
from portal.accounts.viewer import Viewer
from portal.calls import service as calls
from portal.calls.service import KnownCall
from portal.database import now
from portal.entries import entering
from portal.entries.entering import Entering
from portal.errors import AlreadyEnteredError, EntriesClosedError, NotEligibleError, UnusableNameError
from portal.pages import entry_list
from portal.pages.calls import CALL
from portal.pages.forms import name_reason
from portal.pages.page import AnyRequest, Page, page, see, words
from portal.web.guards import requires
from portal.web.sessions import viewer_of

NEW = "new"
NOWHERE = "none"


@get(f"{CALL}/enter", guards=[requires(signed_in)])
async def show(request: AnyRequest, language: FromPath[str], call: FromPath[str]) -> Page:
    """The form, or that entries are closed."""
    return await _form_page(request, language, await calls.published(call), {})


@post(f"{CALL}/enter", status_code=HTTP_303_SEE_OTHER, guards=[requires(signed_in)])
async def enter(request: AnyRequest, language: FromPath[str], call: FromPath[str]) -> Page | Redirect:
    """Makes an empty entry; who is not eligible is told why, and nothing is kept."""
    known, form, viewer = await calls.published(call), await request.form(), viewer_of(request)
    typed = {str(name): str(each) for name, each in form.items()}
    errors = _errors(known, typed, viewer, language)
    if errors:
        return await _form_page(request, language, known, typed, errors)
    answers = {each.id: typed[f"eligible-{each.id}"] == "yes" for each in known.terms.eligibility}
    try:
        entering.require_eligible(known, answers)
        team, viewer = await _team(typed, viewer)
        home = "" if typed["home"] == NOWHERE else typed["home"]
        made = await entering.enter(known, Entering(team, typed["track"], home, answers, language), viewer)
    except NotEligibleError as error:
        return await _form_page(request, language, known, typed, refused=error.questions)
    except EntriesClosedError:
        return await _form_page(request, language, known, typed)
    except AlreadyEnteredError as error:
        return see(f"/{language}/organisation/{typed['team']}/entry/{error.entry}")
    return see(f"/{language}/organisation/{made.organisation}/entry/{made.id}?told=made")


def _errors(call: KnownCall, typed: Mapping[str, str], viewer: Viewer, language: str) -> dict[str, str]:
    tell, found = words(language), {}
    for each in call.terms.eligibility:
        if typed.get(f"eligible-{each.id}") not in {"yes", "no"}:
            found[f"eligible-{each.id}"] = tell("Answer yes or no.")
    if typed.get("team") not in {NEW, *(str(each) for each in viewer.startups)}:
        found["team"] = tell("Choose which startup enters.")
    if typed.get("team") == NEW:
        try:
            parse_name(typed.get("name", ""))
        except UnusableNameError as error:
            found["name"] = name_reason(error.code, language)
    if call.terms.track(typed.get("track", "")) is None:
        found["track"] = tell("Choose what you enter for.")
    if typed.get("home") not in {NOWHERE, *(city.slug for city in call.cities)}:
        found["home"] = tell("Choose where you are at home.")
    return found


async def _team(typed: Mapping[str, str], viewer: Viewer) -> tuple[UUID, Viewer]:
    """The startup, made now where it is new, and the viewer who belongs to it."""
    if typed["team"] != NEW:
        return UUID(typed["team"]), viewer
    assert viewer.person is not None  # noqa: S101 - the guard saw to it
    made = await organisations.make(OrganisationKind.STARTUP, typed["name"], viewer.person, viewer.pseudonym)
    return made.id, replace(viewer, startups=viewer.startups | {made.id})


async def _form_page(  # noqa: PLR0913 - what came back from the form
    request: AnyRequest,
    language: str,
    call: KnownCall,
    typed: Mapping[str, str],
    errors: Mapping[str, str] | None = None,
    *,
    refused: tuple[str, ...] = (),
) -> Page:
    viewer, moment = viewer_of(request), await now()
    context: dict[str, Any] = {
        "call": call,
        "terms": call.terms,
        "name": call.title_in(language),
        "zone": call.lead.zone,
        "is_open": calls.takes_entries(call, moment),
        "is_coming": moment < call.opens_at and call.cancelled_at is None,
        "left_s": int((call.last_moment - moment).total_seconds()),
        "startups": await _startups(viewer),
        "entries": await entry_list.listed(viewer.startups, language, call.id),
        "typed": typed,
        "errors": errors or {},
        "refused": [each for each in call.terms.eligibility if each.id in refused],
    }
    status = HTTP_422_UNPROCESSABLE_ENTITY if errors or refused else 200
    return page(request, language, "entries/enter.html", context, status=status)


async def _startups(viewer: Viewer) -> list[Organisation]:
    if not viewer.startups:
        return []
    return await Organisation.objects().where(Organisation.id.is_in(list(viewer.startups))).order_by(Organisation.name)
