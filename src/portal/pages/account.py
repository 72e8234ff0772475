"""Whoever is signed in, and their own affairs: what is kept for them, where they are signed in, how they are called."""

from typing import Any
from uuid import UUID

from litestar import get, post
from litestar.params import FromPath
from litestar.response import Redirect
from litestar.status_codes import HTTP_303_SEE_OTHER, HTTP_422_UNPROCESSABLE_ENTITY

from portal.accounts import cities, invitations, people, sessions
from portal.accounts.permissions import signed_in
from portal.accounts.tables import Organisation, OrganisationKind, Person
from portal.accounts.viewer import Viewer
from portal.assessments import belongings
from portal.assessments.outline import item
from portal.audit import service as audit
from portal.audit.tables import Action
from portal.calls import service as calls
from portal.database import transaction
from portal.errors import NotAllowedError, UnusableNameError
from portal.i18n import NAMES
from portal.juries import people as people_of_juries
from portal.juries.people import KnownJuror
from portal.pages import entry_list, event_list
from portal.pages.forms import name_reason
from portal.pages.page import AnyRequest, Page, page, see
from portal.privacy import keeping
from portal.web.guards import requires
from portal.web.sessions import sign_out, viewer_of


@get("/{language:str}/me", guards=[requires(signed_in)])
async def show(request: AnyRequest, language: FromPath[str]) -> Page:
    """What is kept for them, and the ways onward."""
    viewer, person = viewer_of(request), await _person(request)
    context = {
        "person": person,
        "viewer": viewer,
        "firms": [await _firm(each, language) for each in await _organisations(viewer, OrganisationKind.FIRM)],
        "startups": await _organisations(viewer, OrganisationKind.STARTUP),
        "entries": await entry_list.listed(viewer.startups, language),
        "coming": await event_list.listed(viewer.person),
        "ending": await keeping.ending_soon(viewer),
        "waiting": len(await invitations.waiting_for(viewer)),
        "cities": [await cities.by_slug(slug) for slug in sorted(viewer.organises)],
        "juries": [await _jury(each, language) for each in await people_of_juries.juries_of(viewer)],
        "judges": [await cities.by_slug(slug) for slug in sorted(viewer.judges)],
    }
    return page(request, language, "account/show.html", context)


@post("/{language:str}/me/sign-out", status_code=HTTP_303_SEE_OTHER, guards=[requires(signed_in)])
async def leave(request: AnyRequest, language: FromPath[str]) -> Redirect:
    """Ends this session."""
    return await _leave(request, language)


@get("/{language:str}/me/sessions", guards=[requires(signed_in)])
async def show_sessions(request: AnyRequest, language: FromPath[str]) -> Page:
    """Where they are signed in."""
    viewer = viewer_of(request)
    assert viewer.person is not None  # noqa: S101 - the guard saw to it
    found = await sessions.sessions_of(viewer.person)
    in_order = sorted(found, key=lambda each: each.id != viewer.session)
    return page(request, language, "account/sessions.html", {"sessions": in_order, "this": viewer.session})


@post("/{language:str}/me/sessions", status_code=HTTP_303_SEE_OTHER, guards=[requires(signed_in)])
async def end_sessions(request: AnyRequest, language: FromPath[str]) -> Redirect:
    """Ends the one that the form names, or all others; what is not theirs counts as ended."""
    viewer = viewer_of(request)
    assert viewer.person is not None  # noqa: S101 - the guard saw to it
    named = str((await request.form()).get("session", ""))
    if named == str(viewer.session):
        return await _leave(request, language)
    whom = f"person:{viewer.pseudonym}"
    async with transaction():
        if named == "others":
            await sessions.end_others(viewer.person, viewer.session)
            await audit.record(Action.SESSION_ENDED, viewer.pseudonym, whom, which="others")
        elif (chosen := _uuid(named)) and await sessions.end_of(viewer.person, chosen):
            await audit.record(Action.SESSION_ENDED, viewer.pseudonym, whom, which="one")
    return see(f"/{language}/me/sessions")


@get("/{language:str}/me/name", guards=[requires(signed_in)])
async def show_name(request: AnyRequest, language: FromPath[str]) -> Page:
    """How they are called, and the language of letters to them."""
    person = await _person(request)
    return _name(request, language, person, (person.name, person.language))


@post("/{language:str}/me/name", status_code=HTTP_303_SEE_OTHER, guards=[requires(signed_in)])
async def call(request: AnyRequest, language: FromPath[str]) -> Page | Redirect:
    """Keeps both."""
    person, fields = await _person(request), await request.form()
    typed, tongue = str(fields.get("name", "")), str(fields.get("tongue", ""))
    tongue = tongue if tongue in NAMES else person.language
    try:
        await people.call(person.id, typed, tongue)
    except UnusableNameError as error:
        return _name(request, language, person, (typed[:300], tongue), name_reason(error.code, language))
    return see(f"/{tongue}/me")


async def _leave(request: AnyRequest, language: str) -> Redirect:
    actor = viewer_of(request).pseudonym
    await audit.record(Action.SIGN_OUT, actor, f"person:{actor}")
    sign_out(request)
    answer = see(f"/{language}/")
    answer.headers["clear-site-data"] = '"cache", "storage"'  # whoever comes to this device after them finds nothing
    return answer


def _name(request: AnyRequest, language: str, person: Person, typed: tuple[str, str], error: str = "") -> Page:
    context = {"address": person.address, "typed": typed[0], "chosen": typed[1], "error": error}
    status = HTTP_422_UNPROCESSABLE_ENTITY if error else 200
    return page(request, language, "account/name.html", context, status=status)


async def _person(request: AnyRequest) -> Person:
    """Whoever is signed in. Raises NotAllowedError where they had everything of theirs deleted just now."""
    viewer = viewer_of(request)
    found = await people.by_id(viewer.person) if viewer.person is not None else None
    if found is None:
        raise NotAllowedError
    return found


async def _organisations(viewer: Viewer, kind: OrganisationKind) -> list[Organisation]:
    return await people.organisations_of(viewer.person, kind) if viewer.person is not None else []


async def _jury(juror: KnownJuror, language: str) -> dict[str, object]:
    """A call in whose jury they are, and the way there."""
    call = await calls.by_id(juror.call)
    return {"title": call.title_in(language), "path": f"/{language}/city/{juror.city}/jury/{call.slug}"}


async def _firm(firm: Organisation, language: str) -> dict[str, Any]:
    """A firm as the page shows it; of each domain, the headline of what is to be mended first."""
    own = await belongings.of(firm.id)
    first = {each.domain: item(each.urgent[0], each.domain, language) for each in own.domains if each.urgent}
    return {"id": firm.id, "name": firm.name, "sheets": own.sheets, "domains": own.domains, "first": first}


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
