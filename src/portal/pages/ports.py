"""The doors to the internet: knocked on only for whoever shows that the domain is theirs."""

from litestar import get, post
from litestar.params import FromPath
from litestar.response import Redirect
from litestar.status_codes import HTTP_200_OK, HTTP_303_SEE_OTHER, HTTP_409_CONFLICT, HTTP_422_UNPROCESSABLE_ENTITY

from portal.accounts import proofs
from portal.accounts.permissions import knows_address
from portal.accounts.tables import DomainProof
from portal.assessments import queries, service
from portal.assessments.tables import Assessment
from portal.pages.page import AnyRequest, Page, asking, has_stated, page, see, words
from portal.web.clients import client_of
from portal.web.guards import requires
from portal.web.sessions import holder_of, viewer_of


@get("/{language:str}/a/{token:str}/ports", guards=[requires(knows_address)])
async def show(request: AnyRequest, language: FromPath[str], token: FromPath[str]) -> Page:
    """How to show that the domain is yours: the record to add."""
    assessment = await queries.by_token(token, viewer_of(request))
    proof = await proofs.challenge_for(assessment.domain, holder_of(request))
    return _page(request, language, assessment, proof)


@post("/{language:str}/a/{token:str}/ports", status_code=HTTP_303_SEE_OTHER, guards=[requires(knows_address)])
async def check_again(request: AnyRequest, language: FromPath[str], token: FromPath[str]) -> Page | Redirect:
    """Looks for the record and starts a new check with the ports; where it or the statement is missing, says so."""
    assessment = await queries.by_token(token, viewer_of(request))
    proof = await proofs.challenge_for(assessment.domain, holder_of(request))
    if not has_stated(await request.form()):
        tell = words(language)
        error = tell("Tick that the domain is yours, or that you act for its owner.")
        return _page(request, language, assessment, proof, error=error)
    if not await proofs.verify(proof):
        return _page(request, language, assessment, proof, not_found=True)
    client = client_of(request)
    started = await service.start(
        assessment.domain, language, client, stated=True, proof=proof, previous=assessment, asked=asking(request)
    )
    return see(f"/{language}/a/{started.token}")


def _page(  # noqa: PLR0913 - what the page says
    request: AnyRequest,
    language: str,
    assessment: Assessment,
    proof: DomainProof,
    *,
    not_found: bool = False,
    error: str = "",
) -> Page:
    """`not_found`: the statement was made, and the record is not there yet. `error`: what is wrong with the form."""
    context = {
        "domain": assessment.domain,
        "token": assessment.token,
        "record_name": proofs.record_name(assessment.domain),
        "record_value": proof.token,
        "expires_at": proof.expires_at,
        "not_found": not_found,
        "stated": not_found,
        "error": error,
    }
    status = HTTP_422_UNPROCESSABLE_ENTITY if error else HTTP_409_CONFLICT if not_found else HTTP_200_OK
    return page(request, language, "ports/show.html", context, status=status)
