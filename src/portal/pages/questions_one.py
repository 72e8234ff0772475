"""One question a page: asked, answered, and on to the next."""

from litestar import get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect
from litestar.status_codes import HTTP_303_SEE_OTHER, HTTP_422_UNPROCESSABLE_ENTITY

from portal.accounts.permissions import knows_address
from portal.assessments.catalogue import Catalogue, current
from portal.assessments.sheets import service, storage
from portal.assessments.sheets.sightings import Sighting, sightings
from portal.assessments.sheets.standing import standing
from portal.assessments.sheets.storage import KeptSheet
from portal.assessments.sheets.way import FIRM, Place, way
from portal.errors import SheetError
from portal.pages.page import AnyRequest, Page, page, see, words
from portal.web.guards import requires
from portal.web.sessions import viewer_of

RETURNS = ("answers", "plan")
"""The pages from which one answer is changed, and to which it then leads back."""


@get("/{language:str}/q/{token:str}/{question:str}", guards=[requires(knows_address)])
async def show(
    request: AnyRequest,
    language: FromPath[str],
    token: FromPath[str],
    question: FromPath[str],
    back: FromQuery[str] = "",
) -> Page:
    """One question, with what is already known of its answer. `back`: one of `RETURNS`."""
    return await _page(request, language, await storage.by_token(token, viewer_of(request)), question, back)


@post("/{language:str}/q/{token:str}/{question:str}", status_code=HTTP_303_SEE_OTHER, guards=[requires(knows_address)])
async def answer(
    request: AnyRequest, language: FromPath[str], token: FromPath[str], question: FromPath[str]
) -> Page | Redirect:
    """Keeps the answer, and goes on to what is still open, or back to where it was changed from."""
    kept = await storage.by_token(token, viewer_of(request))
    form = await request.form()
    chosen, back = str(form.get("answer", "")), str(form.get("back", ""))
    catalogue = current()
    try:
        await service.answer(kept, catalogue, question, chosen)
    except SheetError as error:
        if error.code != "unknown-answer":
            raise
        return await _page(request, language, kept, question, back, error=words(language)("Choose an answer."))
    return see(f"/{language}/q/{token}/{await _onward(request, token, catalogue, question, back)}")


async def _onward(request: AnyRequest, token: str, catalogue: Catalogue, question: str, back: str) -> str:
    """The last part of the address that follows an answer."""
    if back in RETURNS:
        return f"{back}#{question}"
    kept = await storage.by_token(token, viewer_of(request))
    return way(catalogue, kept.as_of(catalogue)).after(question) or "answers"


async def _page(  # noqa: PLR0913 - what the page says
    request: AnyRequest, language: str, kept: KeptSheet, name: str, back: str, *, error: str = ""
) -> Page:
    catalogue = current()
    question = service.question_of(catalogue, name)
    place = way(catalogue, kept.as_of(catalogue)).place(name)
    seen = await _seen(kept, catalogue, name, language)
    given = kept.given.get(name)
    context = {
        "token": kept.row.token,
        "question": question,
        "place": place,
        "back": back if back in RETURNS else "",
        "back_to": f"/{language}/q/{kept.row.token}{_back(place, back)}",
        "chosen": given.answer if given else next((each.answer for each in seen if each.answer), ""),
        "seen": seen,
        "error": error,
        "unfolded": place is not None and place.chapter.id in (FIRM, catalogue.topics[0].id),
    }
    status = HTTP_422_UNPROCESSABLE_ENTITY if error else 200
    return page(request, language, "questions/one.html", context, status=status)


def _back(place: Place | None, back: str) -> str:
    """The rest of the address of the page before: where one came from, the question before, or the topics."""
    if back in RETURNS:
        return f"/{back}"
    return f"/{place.before}" if place and place.before else ""


async def _seen(kept: KeptSheet, catalogue: Catalogue, name: str, language: str) -> tuple[Sighting, ...]:
    question = catalogue.question(name)
    if question is None or not question.seen or not kept.findings:
        return ()
    return sightings(kept, catalogue, await standing(kept, catalogue), language).get(name, ())
