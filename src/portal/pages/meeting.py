"""What jurors have beside reading: the chair's table for the meeting, and the final in pairs."""

from litestar import get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect
from litestar.status_codes import HTTP_303_SEE_OTHER

from challenge.terms import PhaseKind
from portal import clock
from portal.accounts.permissions import judges
from portal.awards import comparing, meeting
from portal.errors import NotAllowedError
from portal.juries import people, seeing
from portal.juries.people import KnownJuror
from portal.pages.judging import Place, anybodys_place, criterion_names
from portal.pages.page import AnyRequest, Page, page, see
from portal.pages.ranking import drawing, pairs_of, shared
from portal.web.guards import requires

AT = "/{language:str}/city/{city:str}/jury/{call:str}"


@get(f"{AT}/meeting", guards=[requires(judges)])
async def show(  # noqa: PLR0913, PLR0917 - what stands in the address
    request: AnyRequest,
    language: FromPath[str],
    city: FromPath[str],
    call: FromPath[str],
    track: FromQuery[str] = "",
    sort: FromQuery[str] = "disagreement",
) -> Page:
    """The locked round's entries, where jurors disagree most first; for the chair alone."""
    here = await anybodys_place(request, city, call, request.query_params.get("round", ""), track)
    chair = await _juror(here)
    if not chair.chairs:
        raise NotAllowedError
    board = None
    if here.round is not None:
        board = await meeting.board_for(here.call, here.round, here.track.id, chair, here.acting.viewer)
    by = sort if sort in meeting.ORDERS else "disagreement"
    context = {
        **shared(here, language),
        **drawing(here, language),
        "board": board,
        "placed": meeting.ordered(board.placed, by) if board else [],
        "titles": await seeing.titles((each.entry for each in board.placed), here.call) if board else {},
        "criteria": criterion_names(here.call, language),
        "sort": by,
        "pairs": await pairs_of(here.round, here.track.id) if board and here.round and not board.hidden else None,
        "ties": here.call.terms.ties,
    }
    return page(request, language, "awards/meeting.html", context)


@get(f"{AT}/compare", guards=[requires(judges)])
async def pair(request: AnyRequest, language: FromPath[str], city: FromPath[str], call: FromPath[str]) -> Page:
    """The next two that the juror has not compared."""
    here = await anybodys_place(request, city, call, PhaseKind.FINAL.value)
    juror = await _juror(here)
    if not here.opened.is_open(here.call, clock.now()):
        raise NotAllowedError
    work = await comparing.work_of(here.opened, juror)
    shown = [await seeing.seen(each, here.call, language) for each in (work.left[0] if work.left else ())]
    context = {**shared(here, language), "pair": shown, "left": len(work.left), "pairs": work.pairs}
    return page(request, language, "awards/compare.html", context)


@post(f"{AT}/compare", status_code=HTTP_303_SEE_OTHER, guards=[requires(judges)])
async def compare(request: AnyRequest, language: FromPath[str], city: FromPath[str], call: FromPath[str]) -> Redirect:
    """Keeps which of the two is better."""
    form = await request.form()
    here = await anybodys_place(request, city, call, PhaseKind.FINAL.value)
    better, worse = (str(form.get(name, "")) for name in ("better", "worse"))
    if not all(each.isascii() and each.isdigit() and len(each) < len("1000000") for each in (better, worse)):
        raise NotAllowedError
    await comparing.say(here.opened, await _juror(here), int(better), int(worse))
    return see(f"/{language}/city/{city}/jury/{call}/compare")


async def _juror(here: Place) -> KnownJuror:
    return await people.juror_of(here.call, here.acting.city.slug, here.acting.viewer)
