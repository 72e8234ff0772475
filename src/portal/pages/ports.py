"""The doors to the internet: knocked on only for whoever shows that the domain is theirs."""

from litestar import get, post
from litestar.params import FromPath
from litestar.response import Redirect
from litestar.status_codes import HTTP_303_SEE_OTHER

from portal.accounts import proofs
from portal.accounts.tables import DomainProof
from portal.assessments import queries, service
from portal.assessments.tables import Assessment
from portal.pages.page import AnyRequest, Page, page, see
from portal.web.clients import client_of
from portal.web.sessions import holder_of


@get("/{language:str}/a/{token:str}/ports")
async def show(request: AnyRequest, language: FromPath[str], token: FromPath[str]) -> Page:
    """How to show that the domain is yours: the record to add."""
    assessment = await queries.by_token(token)
    proof = await proofs.challenge_for(assessment.domain, holder_of(request))
    return _page(request, language, assessment, proof)


@post("/{language:str}/a/{token:str}/ports", status_code=HTTP_303_SEE_OTHER)
async def check_again(request: AnyRequest, language: FromPath[str], token: FromPath[str]) -> Page | Redirect:
    """Looks for the record and starts a new check with the ports; where there is none yet, says so."""
    assessment = await queries.by_token(token)
    proof = await proofs.challenge_for(assessment.domain, holder_of(request))
    if not await proofs.verify(proof):
        return _page(request, language, assessment, proof, not_found=True)
    started = await service.start(assessment.domain, language, client_of(request), proof=proof)
    return see(f"/{language}/a/{started.token}")


def _page(
    request: AnyRequest, language: str, assessment: Assessment, proof: DomainProof, *, not_found: bool = False
) -> Page:
    context = {
        "domain": assessment.domain,
        "token": assessment.token,
        "record_name": proofs.record_name(assessment.domain),
        "record_value": proof.token,
        "expires_at": proof.expires_at,
        "not_found": not_found,
    }
    return page(request, language, "ports/show.html", context, status=409 if not_found else 200)
