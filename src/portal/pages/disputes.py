"""This is wrong: somebody objects to a finding, and the operator gets to read it."""

from litestar import get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect
from litestar.status_codes import HTTP_303_SEE_OTHER, HTTP_422_UNPROCESSABLE_ENTITY

from portal.accounts.permissions import knows_address
from portal.assessments import queries, service
from portal.assessments.outline import item
from portal.assessments.tables import Assessment
from portal.errors import FindingNotFoundError
from portal.pages.page import AnyRequest, Page, page, see, words
from portal.web.guards import requires
from portal.web.sessions import viewer_of


@get("/{language:str}/a/{token:str}/wrong", guards=[requires(knows_address)])
async def show(
    request: AnyRequest,
    language: FromPath[str],
    token: FromPath[str],
    check: FromQuery[str] = "",
    subject: FromQuery[str] = "",
) -> Page:
    """The form for one finding."""
    return await _form(request, language, await queries.by_token(token, viewer_of(request)), (check, subject))


@post("/{language:str}/a/{token:str}/wrong", status_code=HTTP_303_SEE_OTHER, guards=[requires(knows_address)])
async def send(request: AnyRequest, language: FromPath[str], token: FromPath[str]) -> Page | Redirect:
    """Keeps what was written for the operator; an empty message comes back."""
    assessment = await queries.by_token(token, viewer_of(request))
    form = await request.form()
    check, subject, message = (str(form.get(name, "")) for name in ("check", "subject", "message"))
    error = _problem_with(message, language)
    if error:
        return await _form(request, language, assessment, (check, subject), (message, error))
    await service.dispute(assessment, check, subject, message)
    return see(f"/{language}/a/{token}?told=wrong")


def _problem_with(message: str, language: str) -> str:
    tell = words(language)
    if not message.strip():
        return tell("Write in a few words how it is.")
    if len(message) > service.MAX_MESSAGE:
        return tell("The text is too long: at most 2,000 characters.")
    return ""


async def _form(
    request: AnyRequest,
    language: str,
    assessment: Assessment,
    about: tuple[str, str],
    refused: tuple[str, str] = ("", ""),
) -> Page:
    """The form about the finding of that check and subject; `refused` is what was typed, and why it came back."""
    stored = await queries.findings_of(assessment)
    found = next((s.finding for s in stored if (s.finding.id, s.finding.subject) == about), None)
    if found is None:
        raise FindingNotFoundError
    typed, error = refused
    context = {
        "domain": assessment.domain,
        "token": assessment.token,
        "item": item(found, assessment.domain, language),
        "typed": typed,
        "error": error,
    }
    status = HTTP_422_UNPROCESSABLE_ENTITY if error else 200
    return page(request, language, "disputes/form.html", context, status=status)
