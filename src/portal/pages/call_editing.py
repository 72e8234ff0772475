"""A call's terms as organisers work on them: a short page for each part, and for each item of a list."""

from collections.abc import Collection, Mapping
from uuid import UUID

from litestar import get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect
from litestar.status_codes import HTTP_303_SEE_OTHER, HTTP_409_CONFLICT, HTTP_422_UNPROCESSABLE_ENTITY
from msgspec.structs import replace

from challenge.checking import Fault
from challenge.terms import Terms
from portal.accounts import cities
from portal.accounts.permissions import organises
from portal.calls import drafts, publishing
from portal.calls.drafts import Draft
from portal.errors import EditedMeanwhileError, UnusableTermsError
from portal.juries import service as juries
from portal.pages import call_reasons, call_values
from portal.pages.call_inputs import LISTS, NEW, PARTS, groups, title_of
from portal.pages.page import AnyRequest, Page, page, see, words
from portal.web.guards import requires
from portal.web.sessions import viewer_of

EDIT = "/{language:str}/city/{city:str}/call/{call:str}/edit/{part:str}"


@get(EDIT, guards=[requires(organises)])
async def show(  # noqa: PLR0913, PLR0917 - the path and its query
    request: AnyRequest,
    language: FromPath[str],
    city: FromPath[str],
    call: FromPath[str],
    part: FromPath[str],
    told: FromQuery[str] = "",
) -> Page:
    """The part's inputs, or the items of its list, with what is still missing. `told`: what was done just now."""
    draft = await drafts.of_city(call, city)
    _require(part, PARTS)
    if part in LISTS:
        return await _list_page(request, language, city, draft, part, told)
    return await _form_page(request, language, city, draft, part)


@post(EDIT, status_code=HTTP_303_SEE_OTHER, guards=[requires(organises)])
async def save(
    request: AnyRequest, language: FromPath[str], city: FromPath[str], call: FromPath[str], part: FromPath[str]
) -> Page | Redirect:
    """Keeps the part."""
    _require(part, [each for each in PARTS if each not in LISTS])
    return await _save(request, language, city, call, part)


@get(f"{EDIT}/{{item:str}}", guards=[requires(organises)])
async def show_item(  # noqa: PLR0913, PLR0917 - the path
    request: AnyRequest,
    language: FromPath[str],
    city: FromPath[str],
    call: FromPath[str],
    part: FromPath[str],
    item: FromPath[str],
) -> Page:
    """One item's inputs."""
    draft = await drafts.of_city(call, city)
    _require_item(draft.terms, part, item)
    return await _form_page(request, language, city, draft, part, item)


@post(f"{EDIT}/{{item:str}}", status_code=HTTP_303_SEE_OTHER, guards=[requires(organises)])
async def save_item(  # noqa: PLR0913, PLR0917 - the path
    request: AnyRequest,
    language: FromPath[str],
    city: FromPath[str],
    call: FromPath[str],
    part: FromPath[str],
    item: FromPath[str],
) -> Page | Redirect:
    """Keeps one item, or takes it out."""
    _require(part, LISTS)
    return await _save(request, language, city, call, part, item)


async def _save(  # noqa: PLR0913, PLR0917 - the path
    request: AnyRequest, language: str, city: str, call: str, part: str, item: str = ""
) -> Page | Redirect:
    """Where somebody was faster, or a number is none, the page comes back with all that was typed."""
    form = {name: str(text) for name, text in (await request.form()).items()}
    draft, known = await drafts.of_city(call, city), await cities.by_slug(city)
    if item:
        _require_item(draft.terms, part, item)
    seen = replace(draft, edits=_number(form.get("edits", "")), version=_number(form.get("version", "")))

    def change(terms: Terms) -> Terms:
        if item and form.get("do") == "remove":
            return call_values.without(part, item, terms)
        return call_values.changed(part, item, terms, draft.lead.zone, form)

    try:
        await drafts.save(seen, change, known, viewer_of(request))
    except UnusableTermsError as error:
        errors = call_reasons.reasons(error.faults, language)
        return await _form_page(request, language, city, draft, part, item, form, errors)
    except EditedMeanwhileError:
        return await _form_page(request, language, city, draft, part, item, form, _overtaken(language))
    home = f"/{language}/city/{city}/call/{call}"
    return see(f"{home}/edit/{part}?told=saved" if item else f"{home}?told=saved#parts")


async def _form_page(  # noqa: PLR0913, PLR0917 - what came back from the page's form
    request: AnyRequest,
    language: str,
    city: str,
    draft: Draft,
    part: str,
    item: str = "",
    typed: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
) -> Page:
    missing = {} if item == NEW else call_reasons.reasons(await _faults(draft, part, item), language)
    values = call_values.values(part, item, draft.terms, draft.lead.zone)
    context = {
        **_shared(draft, city, part, language),
        "item": item,
        "is_new": item == NEW,
        "groups": groups(part, draft.terms, language),
        "values": values if typed is None else typed,
        "errors": errors or {},
        "missing": missing if typed is None else {},
    }
    refused = HTTP_409_CONFLICT if "overtaken" in (errors or {}) else HTTP_422_UNPROCESSABLE_ENTITY
    status = 200 if typed is None else refused
    return page(request, language, "calls/edit.html", context, status=status)


async def _list_page(  # noqa: PLR0913, PLR0917 - the path and its query
    request: AnyRequest, language: str, city: str, draft: Draft, part: str, told: str
) -> Page:
    found = await publishing.faults(draft, has_scored)
    context = {
        **_shared(draft, city, part, language),
        "items": getattr(draft.terms, part),
        "faulty": {fault.item for fault in found if fault.part == part},
        "whole": [call_reasons.reason(fault, language) for fault in found if fault.part == part and not fault.item],
        "notice": words(language)("Saved.") if told == "saved" else "",
    }
    return page(request, language, "calls/items.html", context)


def _shared(draft: Draft, city: str, part: str, language: str) -> dict[str, object]:
    return {
        "draft": draft,
        "city": city,
        "part": part,
        "called": title_of(part, language),
        "name": draft.title_in(language),
        "home": f"/{language}/city/{city}/call/{draft.slug}",
    }


async def _faults(draft: Draft, part: str, item: str) -> list[Fault]:
    found = await publishing.faults(draft, has_scored)
    return [fault for fault in found if fault.part == part and (not item or fault.item == item)]


async def has_scored(call: UUID) -> bool:
    """Whether the jury of that call has begun."""
    return bool(await juries.rounds_of(call))


def _overtaken(language: str) -> dict[str, str]:
    tell = words(language)
    told = tell("Somebody else saved this call meanwhile. What you typed is still here. Look at it and save again.")
    return {"overtaken": told}


def _require(part: str, among: Collection[str]) -> None:
    if part not in among:
        raise NotFoundException


def _require_item(terms: Terms, part: str, item: str) -> None:
    _require(part, LISTS)
    if item != NEW and item not in {each.id for each in getattr(terms, part)}:
        raise NotFoundException


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1  # noqa: PLR2004 - no such count
