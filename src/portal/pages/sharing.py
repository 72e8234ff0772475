"""Who can see this: the owner's links to a sheet or a check, each made for one audience and ended by one button."""

from collections.abc import Mapping
from typing import Any

from litestar import get, post
from litestar.datastructures import FormMultiDict
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect
from litestar.status_codes import HTTP_303_SEE_OTHER, HTTP_422_UNPROCESSABLE_ENTITY

from portal.accounts.permissions import knows_address
from portal.assessments import queries
from portal.assessments.sheets import storage
from portal.errors import NothingTickedError, TooManyLinksError
from portal.i18n import NAMES
from portal.pages.page import AnyRequest, Page, page, see, site, words
from portal.pages.questions import mail
from portal.sharing import files, service
from portal.sharing.files import OwnFile
from portal.sharing.service import Wish
from portal.sharing.tables import Audience, ShareLink
from portal.web.guards import requires
from portal.web.sessions import viewer_of

SHEET, CHECK = "/{language:str}/q/{token:str}/share", "/{language:str}/a/{token:str}/share"
"""The same pages at a sheet's address and at a check's."""


@get([SHEET, CHECK], guards=[requires(knows_address)])
async def show(request: AnyRequest, language: FromPath[str], token: FromPath[str], told: FromQuery[str] = "") -> Page:
    """The links that lead somewhere now, and what can be shared. `told`: `made` or `ended`, right after that."""
    file = await _file(request, token)
    tell = words(language)
    notices = {"made": tell("The link is ready. Copy it below."), "ended": tell("The link is ended. It opens nothing.")}
    context = {
        "home": _home(request),
        "file": file,
        "notice": notices.get(told, ""),
        "is_kept": file.is_kept,
        "links": [_shown(request, link) for link in await service.links_of(file)],
    }
    return page(request, language, "sharing/links.html", context)


@get([f"{SHEET}/{{audience:str}}", f"{CHECK}/{{audience:str}}"], guards=[requires(knows_address)])
async def ask(request: AnyRequest, language: FromPath[str], token: FromPath[str], audience: FromPath[str]) -> Page:
    """What a link for that audience shows, how long it is to last, and the button that makes it."""
    return await _form(request, await _file(request, token), Wish(_audience(audience), language))


@post(
    [f"{SHEET}/{{audience:str}}", f"{CHECK}/{{audience:str}}"],
    status_code=HTTP_303_SEE_OTHER,
    guards=[requires(knows_address)],
)
async def make(
    request: AnyRequest, language: FromPath[str], token: FromPath[str], audience: FromPath[str]
) -> Page | Redirect:
    """Makes the link; what is missing comes back with a reason."""
    file = await _file(request, token)
    wish = _wish(await request.form(), _audience(audience), language)
    tell = words(language)
    try:
        await service.share(file, wish)
    except NothingTickedError:
        return await _form(request, file, wish, {"ticks": tell("Tick at least one thing.")})
    except TooManyLinksError:
        error = tell("You have as many links as there can be. End one that you no longer need.")
        return await _form(request, file, wish, {"make": error})
    return see(f"{_home(request)}/share?told=made")


@post([f"{SHEET}/end", f"{CHECK}/end"], status_code=HTTP_303_SEE_OTHER, guards=[requires(knows_address)])
async def end(request: AnyRequest, language: FromPath[str], token: FromPath[str]) -> Redirect:  # noqa: ARG001 - in the path
    """Ends a link at once."""
    file = await _file(request, token)
    await service.end(file, str((await request.form()).get("link", "")))
    return see(f"{_home(request)}/share?told=ended")


def _wish(form: FormMultiDict, audience: Audience, language: str) -> Wish:
    """What was typed; an answer that the form does not offer counts as the usual one."""
    days, tongue = str(form.get("days", "")), str(form.get("tongue", ""))
    return Wish(
        audience=audience,
        language=tongue if tongue in NAMES else language,
        days=int(days) if days in map(str, service.DAYS) else service.USUAL_DAYS,
        note=str(form.get("note", "")),
        ticks=[str(tick) for tick in form.getall("tick", [])],
    )


async def _file(request: AnyRequest, token: str) -> OwnFile:
    viewer = viewer_of(request)
    if _is_sheet(request):
        return files.of_sheet(await storage.by_token(token, viewer))
    return await files.of_check(await queries.by_token(token, viewer))


def _is_sheet(request: AnyRequest) -> bool:
    return "/q/" in request.url.path


def _home(request: AnyRequest) -> str:
    """The address of the sheet or the check itself."""
    kind = "q" if _is_sheet(request) else "a"
    return f"/{request.path_params['language']}/{kind}/{request.path_params['token']}"


def _audience(text: str) -> Audience:
    """Raises NotFoundException for an audience that there is not."""
    if text not in set(Audience):
        raise NotFoundException
    return Audience(text)


def _shown(request: AnyRequest, link: ShareLink) -> dict[str, Any]:
    """A link with its whole address, and a letter that sends it in the link's language."""
    address = f"{site(request)}/{link.language}/s/{link.token}"
    tell = words(link.language)
    subject, greeting = tell("A page about our cyber security"), tell("Hello! You can open the page here:")
    letter = mail(subject, f"{greeting}\n{address}\n")
    return {"row": link, "address": address, "mail": letter, "spoken": NAMES[link.language]}


async def _form(request: AnyRequest, file: OwnFile, wish: Wish, errors: Mapping[str, str] | None = None) -> Page:
    """The form with what was wished so far; `errors`: by field, why it came back."""
    context = {
        "home": _home(request),
        "audience": wish.audience,
        "days": service.DAYS,
        "claims": await files.claims_of(file) if wish.audience is Audience.SUMMARY else (),
        "wish": wish,
        "errors": errors or {},
    }
    status = HTTP_422_UNPROCESSABLE_ENTITY if errors else 200
    return page(request, request.path_params["language"], "sharing/make.html", context, status=status)
