"""A round's ranking for organisers: how far the jury is; once the round is locked, how sure the order is."""

from litestar import get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect
from litestar.status_codes import HTTP_303_SEE_OTHER, HTTP_409_CONFLICT

from challenge.pairwise import PairwiseRanking, rank_pairs
from portal.accounts.permissions import organises
from portal.awards import band, comparing, decisions, impartial, locking, meeting, publishing, reading
from portal.errors import AlreadyDoneError, ScoresMissingError
from portal.juries.service import KnownRound
from portal.pages.judging import Place, anybodys_place, place, track_names
from portal.pages.page import AnyRequest, Page, page, see, words
from portal.web.guards import requires

AT = "/{language:str}/city/{city:str}/call/{call:str}"


@get(f"{AT}/ranking", guards=[requires(organises)])
async def show(  # noqa: PLR0913, PLR0917 - what stands in the address
    request: AnyRequest,
    language: FromPath[str],
    city: FromPath[str],
    call: FromPath[str],
    track: FromQuery[str] = "",
    told: FromQuery[str] = "",
) -> Page:
    """The round that was asked for, or the latest. `told`: what was done just now."""
    here = await anybodys_place(request, city, call, request.query_params.get("round", ""), track)
    if await impartial.is_entrant(here.call, here.acting.viewer):
        return page(request, language, "awards/entrant.html", shared(here, language))
    return await _page(request, language, here, told)


@get(f"{AT}/lock", guards=[requires(organises)])
async def ask_to_lock(request: AnyRequest, language: FromPath[str], city: FromPath[str], call: FromPath[str]) -> Page:
    """What is missing still, and what locking means."""
    here = await place(request, city, call, request.query_params.get("round", ""))
    return await _lock_page(request, language, here)


@post(f"{AT}/lock", status_code=HTTP_303_SEE_OTHER, guards=[requires(organises)])
async def lock(
    request: AnyRequest, language: FromPath[str], city: FromPath[str], call: FromPath[str]
) -> Page | Redirect:
    """Locks the round; where somebody is missing, the page says who."""
    form = await request.form()
    here = await place(request, city, call, str(form.get("round", "")))
    home = f"/{language}/city/{city}/call/{call}/ranking?{here.query}"
    try:
        await locking.lock(here.acting, here.opened, accepts_short=form.get("short") == "yes")
    except AlreadyDoneError:
        return see(f"{home}&told=before")
    except ScoresMissingError:
        return await _lock_page(request, language, here, refused=True)
    return see(f"{home}&told=locked")


def shared(here: Place, language: str) -> dict[str, object]:
    """What every page of organisers about a round tells."""
    return {
        "call": here.call,
        "city": here.acting.city,
        "title": here.call.title_in(language),
        "home": f"/{language}/city/{here.acting.city.slug}/call/{here.call.slug}",
        "rounds": here.rounds,
        "round": here.round,
        "track": here.track,
        "tracks": track_names(here.call, language),
        "zone": here.acting.city.zone,
    }


async def pairs_of(round_: KnownRound, track: str) -> PairwiseRanking | None:
    """What the comparisons of a locked final come to; None where there are none."""
    said = await comparing.of_round(round_, track)
    return rank_pairs(comparing.as_values(said)) if said else None


def drawing(here: Place, language: str) -> dict[str, object]:
    """What the drawing of a board needs."""
    names = {each.slug: each.name_in(language).text for each in here.call.cities}
    return {"plot_width": band.WIDTH, "plot_height": band.HEIGHT, "city_names": names}


async def _page(request: AnyRequest, language: str, here: Place, told: str) -> Page:
    context = {**shared(here, language), **drawing(here, language), "notice": _notices(language).get(told, "")}
    if here.round is None:
        return page(request, language, "awards/ranking.html", {**context, "progress": None, "board": None})
    found = await meeting.board(here.call, here.round, here.track.id)
    context |= {
        "progress": await reading.progress(here.call, here.round) if here.round.locked_at is None else None,
        "board": found,
        "pairs": await pairs_of(here.round, here.track.id),
        "is_settled": await decisions.is_settled(here.call, here.round),
        "stage": decisions.stage(here.call.terms, here.round.kind),
        "public": await publishing.of_call(here.call.id),
        "query": here.query,
    }
    return page(request, language, "awards/ranking.html", context)


async def _lock_page(request: AnyRequest, language: str, here: Place, *, refused: bool = False) -> Page:
    context = {
        **shared(here, language),
        "progress": await reading.progress(here.call, here.opened),
        "refused": refused,
        "query": here.query,
    }
    return page(request, language, "awards/lock.html", context, status=HTTP_409_CONFLICT if refused else 200)


def _notices(language: str) -> dict[str, str]:
    tell = words(language)
    return {
        "locked": tell("The round is locked. No score changes any more."),
        "before": tell("The round was locked before."),
        "decided": tell("The decisions are saved. Nobody outside sees them before you publish them."),
    }
