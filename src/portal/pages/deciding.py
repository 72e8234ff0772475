"""Decisions about the entries of a track, with their reasons; and what is published of them, when."""

from collections.abc import Mapping
from uuid import UUID

from litestar import get, post
from litestar.datastructures import FormMultiDict
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect
from litestar.status_codes import HTTP_303_SEE_OTHER, HTTP_409_CONFLICT, HTTP_422_UNPROCESSABLE_ENTITY

from portal.accounts.permissions import organises
from portal.awards import decisions, meeting, publishing
from portal.awards.decisions import NOTHING, Choice
from portal.awards.meeting import Board
from portal.awards.tables import Stage, Verdict
from portal.errors import AlreadyDoneError, NotAllowedError, NotReadyError, ReasonsNeededError, SavedMeanwhileError
from portal.pages.judging import Place, place
from portal.pages.page import AnyRequest, Page, page, see, words
from portal.pages.ranking import AT, drawing, shared
from portal.web.guards import requires

LARGEST_FORM = 1024 * 1024
"""Bytes: a reason for each of some hundred entries."""


@get(f"{AT}/decide", guards=[requires(organises)])
async def show(
    request: AnyRequest, language: FromPath[str], city: FromPath[str], call: FromPath[str], track: FromQuery[str] = ""
) -> Page:
    """The track's entries from the best on, each with what was decided."""
    here = await place(request, city, call, request.query_params.get("round", ""), track)
    return await _page(request, language, here)


@post(
    f"{AT}/decide",
    status_code=HTTP_303_SEE_OTHER,
    guards=[requires(organises)],
    request_max_body_size=LARGEST_FORM,
)
async def decide(
    request: AnyRequest, language: FromPath[str], city: FromPath[str], call: FromPath[str]
) -> Page | Redirect:
    """Keeps all of it, or brings it back with what is missing."""
    form = await request.form()
    here = await place(request, city, call, str(form.get("round", "")), str(form.get("track", "")))
    found = await _board(here)
    choices = {each.entry.id: _choice(form, each.entry.number) for each in found.placed}
    try:
        await decisions.decide(here.acting, here.locked, here.track.id, choices)
    except ReasonsNeededError as error:
        return await _page(request, language, here, choices, _reasons(error, language))
    except SavedMeanwhileError:
        tell = words(language)
        told = tell("Somebody else saved decisions meanwhile. What you typed is still here: compare, and save again.")
        fresh = await decisions.of_round(here.locked.id)
        again = {entry: _with_edits(choice, fresh.get(entry, NOTHING)) for entry, choice in choices.items()}
        return await _page(request, language, here, again, {"decisions": told}, others=fresh)
    return see(f"/{language}/city/{city}/call/{call}/ranking?{here.query}&told=decided")


@get(f"{AT}/publish-results", guards=[requires(organises)])
async def ask_to_publish(
    request: AnyRequest, language: FromPath[str], city: FromPath[str], call: FromPath[str], told: FromQuery[str] = ""
) -> Page:
    """The stages, what keeps each back, and what publishing means."""
    return await _stages_page(request, language, await place(request, city, call), told=told)


@post(f"{AT}/publish-results", status_code=HTTP_303_SEE_OTHER, guards=[requires(organises)])
async def publish(
    request: AnyRequest, language: FromPath[str], city: FromPath[str], call: FromPath[str]
) -> Page | Redirect:
    """Publishes a stage, for good."""
    here = await place(request, city, call)
    stage = str((await request.form()).get("stage", ""))
    if stage not in set(Stage):
        raise NotAllowedError
    told = "published"
    try:
        await publishing.publish(here.acting, Stage(stage))
    except AlreadyDoneError:
        told = "before"
    except NotReadyError:
        return await _stages_page(request, language, here, status=HTTP_409_CONFLICT)
    return see(f"/{language}/city/{city}/call/{call}/publish-results?told={told}")


def _choice(form: FormMultiDict, number: int) -> Choice:
    verdict, edits = str(form.get(f"verdict-{number}", "")), str(form.get(f"edits-{number}", "0"))
    return Choice(
        Verdict(verdict) if verdict in set(Verdict) else None,
        str(form.get(f"reason-{number}", "")),
        int(edits) if edits.isascii() and edits.isdigit() and len(edits) < len("1000000") else -1,
    )


def _with_edits(choice: Choice, stands: Choice) -> Choice:
    return Choice(choice.verdict, choice.reason, stands.edits, stands.decided_at)


def _reasons(error: ReasonsNeededError, language: str) -> dict[str, str]:
    tell = words(language)
    told = {
        "band": tell("Entry {}: the ranking cannot tell it from its neighbour, and you decided otherwise. Say why."),
        "against": tell("Entry {}: this is against the ranking. Say why."),
        "unranked": tell("Entry {}: there is no ranking of this track. Say why it is chosen."),
    }
    return {f"reason-{number}": told[why].replace("{}", number) for number, why in error.entries.items()}


async def _board(here: Place) -> Board:
    found = await meeting.board(here.call, here.locked, here.track.id)
    if found is None:
        raise NotAllowedError
    return found


async def _page(  # noqa: PLR0913 - what came back from the page's form
    request: AnyRequest,
    language: str,
    here: Place,
    typed: Mapping[UUID, Choice] | None = None,
    errors: Mapping[str, str] | None = None,
    *,
    others: Mapping[UUID, Choice] | None = None,
) -> Page:
    found = await _board(here)
    context = {
        **shared(here, language),
        **drawing(here, language),
        "board": found,
        "choices": typed or {each.entry.id: each.choice for each in found.placed},
        "others": others or {},
        "verdicts": decisions.verdicts(here.call.terms, here.locked.kind),
        "is_settled": await decisions.is_settled(here.call, here.locked),
        "longest": decisions.LONGEST_REASON,
        "errors": errors or {},
        "query": here.query,
    }
    status = HTTP_422_UNPROCESSABLE_ENTITY if errors else 200
    return page(request, language, "awards/decide.html", context, status=status)


async def _stages_page(request: AnyRequest, language: str, here: Place, *, told: str = "", status: int = 200) -> Page:
    tell = words(language)
    notices = {"published": tell("Published. Everybody sees it now."), "before": tell("It was published before.")}
    public = await publishing.of_call(here.call.id)
    waits = {
        stage: await publishing.readiness(here.call, stage)
        for stage in publishing.stages(here.call)
        if stage not in public
    }
    context = {
        **shared(here, language),
        "stages": publishing.stages(here.call),
        "public": public,
        "waits": waits,
        "notice": notices.get(told, ""),
    }
    return page(request, language, "awards/publish.html", context, status=status)
