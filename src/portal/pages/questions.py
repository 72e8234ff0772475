"""The guided questionnaire: where it begins, and the list of its topics, to which its link leads back."""

from urllib.parse import quote

from litestar import get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect
from litestar.status_codes import HTTP_303_SEE_OTHER

from portal.accounts import cities
from portal.accounts.permissions import anyone, knows_address
from portal.assessments import queries
from portal.assessments.catalogue import current
from portal.assessments.sheets import service, storage
from portal.assessments.sheets.storage import KeptSheet
from portal.assessments.sheets.way import way
from portal.pages.cities import choices, chosen
from portal.pages.page import AnyRequest, Page, page, see, site, words
from portal.web.clients import client_of
from portal.web.guards import requires
from portal.web.sessions import viewer_of


@get("/{language:str}/questions", guards=[requires(anyone)])
async def show(request: AnyRequest, language: FromPath[str], city: FromQuery[str] = "") -> Page:
    """What the questionnaire is, and the button that begins it; `city`: whose programme the way here meant."""
    return page(request, language, "questions/start.html", {"cities": await choices(language), "city": city})


@post("/{language:str}/questions", status_code=HTTP_303_SEE_OTHER, guards=[requires(anyone)])
async def begin(request: AnyRequest, language: FromPath[str]) -> Redirect:
    """Begins a sheet; one that comes from a domain's result knows what that check found. `city`: whose programme."""
    form = await request.form()
    check = str(form.get("check", "")).replace("\0", "")
    assessment = await queries.by_token(check, viewer_of(request)) if check else None
    city = await chosen(str(form.get("city", "")))
    row = await service.start(language, client_of(request), assessment, city.id if city else None)
    return see(f"/{language}/q/{row.token}")


@post("/{language:str}/q/{token:str}/programme", status_code=HTTP_303_SEE_OTHER, guards=[requires(knows_address)])
async def choose_programme(request: AnyRequest, language: FromPath[str], token: FromPath[str]) -> Redirect:
    """Counts the sheet in that city's programme, or in none."""
    kept = await storage.by_token(token, viewer_of(request))
    city = await chosen(str((await request.form()).get("city", "")))
    await service.count_in(kept.row, city.id if city else None)
    return see(f"/{language}/q/{token}#programme")


@get("/{language:str}/q/{token:str}", guards=[requires(knows_address)])
async def topics(request: AnyRequest, language: FromPath[str], token: FromPath[str], told: FromQuery[str] = "") -> Page:
    """The topics with what is left of each, and the link to come back with.

    `told`: `domain` right after one, `kept` right after claiming.
    """
    kept = await storage.by_token(token, viewer_of(request))
    catalogue = current()
    address = address_of(request, language, token)
    tell = words(language)
    go_on = tell("Here I can go on with the questions:")
    context = {
        "token": token,
        "way": way(catalogue, kept.as_of(catalogue)),
        "renewed": is_renewed(kept),
        "domains": kept.domains,
        "address": address,
        "mail": mail(tell("My answers on Kyberkunto"), f"{go_on}\n{address}\n"),
        "programme": await cities.by_id(kept.row.city) if kept.row.city else None,
        "cities": await choices(language) if not kept.row.city else (),
        "is_kept": kept.row.firm is not None,
        "notice": _notice(told, language),
    }
    return page(request, language, "questions/topics.html", context)


def _notice(told: str, language: str) -> str:
    tell = words(language)
    if told == "kept":
        return tell("It is kept in your account. From now on only your firm's people can open it.")
    return tell("The check of the domain has begun. You can go on with the questions.") if told else ""


def is_renewed(kept: KeptSheet) -> bool:
    """Whether the questions were renewed since the owner last looked through the answers."""
    return kept.row.catalogue_version != current().version


def address_of(request: AnyRequest, language: str, token: str) -> str:
    """The whole address of a sheet, as it is copied and mailed."""
    return f"{site(request)}/{language}/q/{token}"


def mail(subject: str, text: str) -> str:
    """A link that opens a letter without a receiver in the owner's own mail program (RFC 6068)."""
    return f"mailto:?subject={quote(subject)}&body={quote(text.replace(chr(10), chr(13) + chr(10)))}"
