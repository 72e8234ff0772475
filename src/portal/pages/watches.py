"""Looking after a domain: asked for by whoever shows that it is theirs, confirmed, managed and ended from a letter."""

from typing import Any

from litestar import get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect
from litestar.status_codes import HTTP_200_OK, HTTP_303_SEE_OTHER, HTTP_409_CONFLICT, HTTP_422_UNPROCESSABLE_ENTITY

from portal import settings
from portal.accounts import proofs
from portal.accounts.permissions import knows_address, knows_link
from portal.assessments import queries
from portal.assessments.tables import Assessment
from portal.errors import UnusableAddressError
from portal.i18n import NAMES
from portal.pages.page import AnyRequest, Page, has_stated, page, see, words
from portal.watching import service
from portal.web.clients import client_of
from portal.web.guards import requires
from portal.web.sessions import holder_of, viewer_of


@get("/{language:str}/a/{token:str}/watch", guards=[requires(knows_address)])
async def show(request: AnyRequest, language: FromPath[str], token: FromPath[str], sent: FromQuery[str] = "") -> Page:
    """How to have the domain looked after; right after the letter was sent (`sent`), what happens now."""
    assessment = await queries.by_token(token, viewer_of(request))
    _require_mail()
    if sent:
        return page(request, language, "watching/sent.html", {"token": token, "domain": assessment.domain})
    return await _page(request, language, assessment)


@post("/{language:str}/a/{token:str}/watch", status_code=HTTP_303_SEE_OTHER, guards=[requires(knows_address)])
async def ask(request: AnyRequest, language: FromPath[str], token: FromPath[str]) -> Page | Redirect:
    """Sends the letter by which the address is confirmed, where the holder said yes and the record stands."""
    assessment = await queries.by_token(token, viewer_of(request))
    _require_mail()
    form = await request.form()
    typed, tongue = str(form.get("address", "")), str(form.get("tongue", ""))
    doors = form.get("doors") == "yes"
    tongue = tongue if tongue in NAMES else language
    chosen = {"typed": typed[:300], "tongue": tongue, "stated": has_stated(form), "doors": doors}
    if not chosen["stated"]:
        error = words(language)("Tick that the domain is yours, or that you act for its owner.")
        return await _page(request, language, assessment, error=error, **chosen)
    proof = await proofs.challenge_for(assessment.domain, holder_of(request))
    if proof.verified_at is None and not await proofs.verify(proof):
        return await _page(request, language, assessment, not_found=True, **chosen)
    try:
        client, standing = client_of(request), proof.token if doors else ""
        await service.ask(assessment.domain, tongue, typed, client, ports_token=standing)
    except UnusableAddressError as error:
        return await _page(request, language, assessment, slip=_reason(error.code, language), **chosen)
    return see(f"/{language}/a/{token}/watch?sent=yes")


@get("/{language:str}/w/confirm/{token:str}", guards=[requires(knows_link)])
async def offer(request: AnyRequest, language: FromPath[str], token: FromPath[str]) -> Page:
    """What the reader of the letter says yes to. Opening the page changes nothing: mail programs look links up."""
    watch = await service.to_confirm(token)
    return page(request, language, "watching/confirm.html", {"token": token, "domain": watch.domain})


@post("/{language:str}/w/confirm/{token:str}", status_code=HTTP_303_SEE_OTHER, guards=[requires(knows_link)])
async def confirm(language: FromPath[str], token: FromPath[str]) -> Redirect:
    """Begins to look after the domain."""
    watcher = await service.confirm(token)
    return see(f"/{language}/w/{watcher.token}")


@get("/{language:str}/w/{token:str}", guards=[requires(knows_link)])
async def manage(request: AnyRequest, language: FromPath[str], token: FromPath[str]) -> Page:
    """What is looked after for this reader, until when, and how to end it."""
    watcher = await service.by_token(token)
    watches = [{**each, "record": proofs.record_name(each["domain"])} for each in await service.watches_of(watcher)]
    context = {"token": token, "watches": watches}
    return page(request, language, "watching/manage.html", context)


@post("/{language:str}/w/{token:str}", status_code=HTTP_303_SEE_OTHER, guards=[requires(knows_link)])
async def change(request: AnyRequest, language: FromPath[str], token: FromPath[str]) -> Redirect:
    """Another year for one domain, or its end."""
    watcher = await service.by_token(token)
    form = await request.form()
    domain = str(form.get("domain", ""))
    if form.get("do") == "go-on":
        await service.go_on(watcher, domain)
    else:
        await service.stop(watcher, domain)
    left = await service.watches_of(watcher)
    return see(f"/{language}/w/{token}" if left else f"/{language}/w/{token}/unsubscribe")


@get("/{language:str}/w/{token:str}/unsubscribe", guards=[requires(knows_link)])
async def show_unsubscribe(request: AnyRequest, language: FromPath[str], token: FromPath[str]) -> Page:
    """One button; where nothing is sent any more, it says so. Opening the page changes nothing."""
    return page(request, language, "watching/unsubscribe.html", {"ended": not await service.is_known(token)})


@post("/{language:str}/w/{token:str}/unsubscribe", status_code=HTTP_200_OK, guards=[requires(knows_link)])
async def unsubscribe(request: AnyRequest, language: FromPath[str], token: FromPath[str]) -> Page:
    """Ends everything without asking: for the button, and for mail programs (RFC 8058), which may try twice."""
    await service.unsubscribe(token)
    return page(request, language, "watching/unsubscribe.html", {"ended": True})


def _require_mail() -> None:
    """Raises NotFoundException where this installation sends no letters: then there is no such page."""
    if not settings.current().sends_letters:
        raise NotFoundException


def _reason(code: str, language: str) -> str:
    tell = words(language)
    return {
        "no-address": tell("Type your mail address, like anna@kahvila.fi."),
        "not-an-address": tell("This does not look like a mail address. Type it like anna@kahvila.fi."),
        "special-letters": tell(
            "We cannot write to addresses with letters such as ä or ö before the @ sign. Type another one."
        ),
    }[code]


async def _page(request: AnyRequest, language: str, assessment: Assessment, **told: Any) -> Page:  # noqa: ANN401
    """`told`: what was sent (`typed`, `tongue`, `stated`, `doors`), and what is wrong with it.

    `not_found`: the record is not there yet; `error`: the tick is missing; `slip`: the address is none.
    """
    proof = await proofs.challenge_for(assessment.domain, holder_of(request))
    context = {
        "domain": assessment.domain,
        "token": assessment.token,
        "proven": proof.verified_at is not None,
        "record_name": proofs.record_name(assessment.domain),
        "record_value": proof.token,
        "expires_at": proof.expires_at,
    }
    unsaid = {"typed": "", "tongue": language, "stated": False, "doors": False, "not_found": False}
    context |= {**unsaid, "error": "", "slip": "", **told}
    wrong = context["error"] or context["slip"]
    status = HTTP_422_UNPROCESSABLE_ENTITY if wrong else HTTP_409_CONFLICT if context["not_found"] else HTTP_200_OK
    return page(request, language, "watching/ask.html", context, status=status)
