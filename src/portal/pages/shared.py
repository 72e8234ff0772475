"""What whoever has a link sees: the page of its audience, read-only, with no way to the owner's own pages."""

from typing import Any

from litestar import get, post
from litestar.params import FromPath
from litestar.response import Redirect
from litestar.status_codes import HTTP_303_SEE_OTHER

from portal.accounts.permissions import knows_link
from portal.assessments.report.telling import context
from portal.errors import LinkNotFoundError
from portal.pages.page import AnyRequest, Page, has_stated, page, see
from portal.sharing import files, papers, service
from portal.sharing.claims import Source
from portal.sharing.files import OwnFile
from portal.sharing.tables import Audience, ShareLink
from portal.web.clients import client_of
from portal.web.guards import requires
from portal.web.sessions import viewer_of


@get("/{language:str}/s/{token:str}", guards=[requires(knows_link)])
async def show(request: AnyRequest, language: FromPath[str], token: FromPath[str]) -> Page:
    """The page of a link, in whatever language it is opened."""
    link = await service.follow(token)
    file = await service.file_of(link)
    await service.note_opened(link)
    tell = _TELLERS[Audience(link.audience)]
    shared = {"token": token, "expires_at": link.expires_at}
    told = await tell(link, file, language)
    return page(request, language, f"sharing/{link.audience}.html", {**shared, **told})


@post("/{language:str}/s/{token:str}/check", status_code=HTTP_303_SEE_OTHER, guards=[requires(knows_link)])
async def check_again(request: AnyRequest, language: FromPath[str], token: FromPath[str]) -> Redirect:
    """Has a domain checked again for whoever mends it; the owner sees the result as well."""
    link = await service.follow(token)
    if link.audience != Audience.LETTER:
        raise LinkNotFoundError
    form = await request.form()
    domain = str(form.get("domain", ""))
    person = viewer_of(request).pseudonym
    await service.check_again(link, domain, client_of(request), stated=has_stated(form), person=person)
    return see(f"/{language}/s/{token}#again")


async def _report(_link: ShareLink, file: OwnFile, language: str) -> dict[str, Any]:
    """Everything, as it is printed: what a report says knows no address of its owner's."""
    return {**await _told(file, language), "state": await papers.stage(file, language)}


async def _letter(_link: ShareLink, file: OwnFile, language: str) -> dict[str, Any]:
    return {**await _told(file, language), "checks": file.newest, "under_way": file.under_way}


async def _told(file: OwnFile, language: str) -> dict[str, Any]:
    return context(await files.report_of(file, language), paper=False)


async def _summary(link: ShareLink, file: OwnFile, _language: str) -> dict[str, Any]:
    told = await service.told_by(link, file)
    return {
        "domains": [each.domain for each in file.newest],
        "seen": [claim for claim in told if claim.source is Source.SEEN],
        "stated": [claim for claim in told if claim.source is Source.STATED],
    }


_TELLERS = {Audience.REPORT: _report, Audience.LETTER: _letter, Audience.SUMMARY: _summary}
