"""What teams are told of how their entries were judged: organisers write and send it, the team reads it."""

from uuid import UUID

from litestar import get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect
from litestar.status_codes import HTTP_303_SEE_OTHER, HTTP_409_CONFLICT

from portal import settings
from portal.accounts.permissions import belongs, organises
from portal.awards import letters
from portal.calls import service as calls
from portal.entries import service as entries
from portal.errors import NotAllowedError, SavedMeanwhileError
from portal.pages.deciding import LARGEST_FORM
from portal.pages.forms import id_in
from portal.pages.judging import Place, place
from portal.pages.page import AnyRequest, Page, page, see, site, words
from portal.pages.ranking import AT, shared
from portal.web.guards import requires


@get(f"{AT}/feedback", guards=[requires(organises)])
async def show(
    request: AnyRequest, language: FromPath[str], city: FromPath[str], call: FromPath[str], told: FromQuery[str] = ""
) -> Page:
    """The letters of a round whose decisions are published."""
    here = await place(request, city, call, request.query_params.get("round", ""))
    return await _page(request, language, here, told=told)


@post(
    f"{AT}/feedback",
    status_code=HTTP_303_SEE_OTHER,
    guards=[requires(organises)],
    request_max_body_size=LARGEST_FORM,
)
async def keep(
    request: AnyRequest, language: FromPath[str], city: FromPath[str], call: FromPath[str]
) -> Page | Redirect:
    """Keeps one letter's text."""
    form = await request.form()
    here = await place(request, city, call, str(form.get("round", "")))
    entry, text, edits = id_in(form, "entry"), str(form.get("text", "")), str(form.get("edits", ""))
    try:
        seen = int(edits) if edits.isascii() and edits.isdigit() and len(edits) < len("1000000") else -1
        await letters.keep(here.acting, here.locked, entry, text, seen)
    except SavedMeanwhileError:
        tell = words(language)
        told = tell("Somebody else saved this letter meanwhile, or it is sent. What you typed is still here.")
        return await _page(request, language, here, typed={entry: text}, error=told)
    return see(f"{_home(language, here)}&told=kept#letter-{entry}")


@post(f"{AT}/feedback/send", status_code=HTTP_303_SEE_OTHER, guards=[requires(organises)])
async def send(request: AnyRequest, language: FromPath[str], city: FromPath[str], call: FromPath[str]) -> Redirect:
    """Sends all that are not sent yet."""
    here = await place(request, city, call, str((await request.form()).get("round", "")))
    await letters.send(here.acting, here.locked, site(request) if settings.current().sends_letters else None)
    return see(f"{_home(language, here)}&told=sent")


@get("/{language:str}/organisation/{organisation:uuid}/entry/{entry:uuid}/feedback", guards=[requires(belongs)])
async def read(
    request: AnyRequest, language: FromPath[str], organisation: FromPath[UUID], entry: FromPath[UUID]
) -> Page:
    """What the team was sent."""
    known = await entries.of_team(organisation, entry)
    call = await calls.by_id(known.call)
    found = await letters.told_to(call.id, known.id)
    if not found:
        raise NotAllowedError
    submitted = await entries.submission(known.id, known.submission)
    context = {
        "call": call,
        "title": call.title_in(language),
        "entry": known,
        "content": submitted.content,
        "told": found,
        "zone": call.lead.zone,
    }
    return page(request, language, "awards/feedback.html", context)


def _home(language: str, here: Place) -> str:
    return f"/{language}/city/{here.acting.city.slug}/call/{here.call.slug}/feedback?round={here.locked.kind.value}"


async def _page(  # noqa: PLR0913 - what came back from the page's form
    request: AnyRequest,
    language: str,
    here: Place,
    *,
    told: str = "",
    typed: dict[UUID, str] | None = None,
    error: str = "",
) -> Page:
    tell = words(language)
    notices = {"kept": tell("The letter is saved."), "sent": tell("The letters are on their way.")}
    found = await letters.drafts(here.call, here.locked)
    context = {
        **shared(here, language),
        "drafts": found,
        "open": [each for each in found if each.sent_at is None],
        "typed": typed or {},
        "errors": {"letters": error} if error else {},
        "longest": letters.LONGEST,
        "notice": notices.get(told, ""),
    }
    return page(request, language, "awards/letters.html", context, status=HTTP_409_CONFLICT if error else 200)
