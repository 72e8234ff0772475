"""What everybody sees of how a call ended: nothing before it is published, and then the same for all."""

from litestar import Response, get
from litestar.params import FromPath, FromQuery

from portal.accounts.permissions import anyone
from portal.assessments import catalogue
from portal.awards import bundle, publishing, standings
from portal.awards.publishing import Published
from portal.awards.standings import KnownStanding
from portal.awards.tables import Stage
from portal.calls import service as calls
from portal.calls.service import KnownCall
from portal.errors import NotAllowedError
from portal.exports import comma_separated
from portal.pages.judging import track_names
from portal.pages.page import AnyRequest, Page, page
from portal.web.downloads import download
from portal.web.guards import requires

AT = "/{language:str}/call/{call:str}"


@get(f"{AT}/results", guards=[requires(anyone)])
async def show(request: AnyRequest, language: FromPath[str], call: FromPath[str]) -> Page:
    """Winners and finalists, each in its own words."""
    known = await calls.published(call)
    public = await publishing.of_call(known.id)
    newest = _newest(public)
    context = {
        **_shared(known, language),
        "winners": public.get(Stage.WINNERS),
        "finalists": public.get(Stage.FINALISTS),
        "has_gallery": Stage.GALLERY in public,
        "newest": newest,
        "rankings": [
            (kind, made, bundle.file_name(known.slug, kind, made.track))
            for kind, made in await _standings(known, newest.stage)
        ],
    }
    return page(request, language, "awards/results.html", context)


@get(f"{AT}/gallery", guards=[requires(anyone)])
async def gallery(request: AnyRequest, language: FromPath[str], call: FromPath[str]) -> Page:
    """Entries whose teams want them to be seen."""
    known = await calls.published(call)
    return page(
        request,
        language,
        "awards/gallery.html",
        {**_shared(known, language), "published": await publishing.gallery(known)},
    )


@get(f"{AT}/results.json", guards=[requires(anyone)])
async def as_json(call: FromPath[str]) -> Response[bytes]:
    """The bundle, byte for byte as its published SHA-256 says."""
    known = await calls.published(call)
    name = f"{known.slug}-results.json"
    return download(_newest(await publishing.of_call(known.id)).bundle.encode(), "application/json", name, name)


@get(f"{AT}/scores.csv", guards=[requires(anyone)])
async def as_csv(request: AnyRequest, call: FromPath[str], track: FromQuery[str] = "") -> Response[bytes]:
    """The scores that a ranking was made of: of the latest published round and the first track, unless told."""
    known = await calls.published(call)
    found = await _standings(known, _newest(await publishing.of_call(known.id)).stage)
    kind = request.query_params.get("round", found[-1][0])
    made = next((made for of, made in found if of == kind and track in {"", made.track}), None)
    if made is None:
        raise NotAllowedError
    name = bundle.file_name(known.slug, kind, made.track)
    return download(made.scores.encode(), comma_separated.MEDIA_TYPE, name, name)


def _newest(public: dict[Stage, Published]) -> Published:
    """The stage with the fullest bundle. Raises NotAllowedError before anything is published."""
    for stage in (Stage.WINNERS, Stage.FINALISTS):
        if stage in public:
            return public[stage]
    raise NotAllowedError


async def _standings(call: KnownCall, stage: Stage) -> list[tuple[str, KnownStanding]]:
    """By round, the rankings of which a stage tells, in the order of the call's tracks."""
    found = []
    for round_ in await publishing.rounds_for(call, stage):
        made = await standings.of_round(round_.id)
        found += [(round_.kind.value, made[each.id]) for each in call.terms.tracks if each.id in made]
    return found


def _shared(call: KnownCall, language: str) -> dict[str, object]:
    questions = {each.id: each.text[language] for each in catalogue.current().questions}
    return {
        "call": call,
        "title": call.title_in(language),
        "tracks": track_names(call, language),
        "questions": questions,
        "zone": call.lead.zone,
    }
