"""A call as its jurors see it: first to whom they are too close, then what is left to read."""

from collections.abc import Mapping
from uuid import UUID

from litestar import get, post
from litestar.datastructures import FormMultiDict
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect
from litestar.status_codes import HTTP_303_SEE_OTHER, HTTP_409_CONFLICT
from msgspec import Struct

from portal import clock
from portal.accounts.cities import KnownCity
from portal.accounts.permissions import judges
from portal.calls import service as calls
from portal.calls.service import KnownCall
from portal.errors import NewEntrantsError
from portal.juries import closeness, declaring, people, readings, seeing, service
from portal.juries.closeness import KnownEntrant
from portal.juries.declaring import Said
from portal.juries.people import KnownJuror
from portal.juries.readings import KnownReading
from portal.juries.service import KnownRound
from portal.juries.tables import Closeness, ReadState
from portal.pages.judging import city_in
from portal.pages.page import AnyRequest, Page, page, see, words
from portal.web.guards import requires
from portal.web.sessions import viewer_of

JURY = "/{language:str}/city/{city:str}/jury/{call:str}"


class Seat(Struct, frozen=True):
    """Where a juror is: the call, the city for which they judge, the round that goes on or was the last."""

    call: KnownCall
    city: KnownCity
    juror: KnownJuror
    entrants: tuple[KnownEntrant, ...]
    round: KnownRound | None
    readings: tuple[KnownReading, ...]

    @property
    def is_declared(self) -> bool:
        """Whether entries may open for them."""
        return closeness.is_declared(self.juror, self.entrants)

    @property
    def is_open(self) -> bool:
        """Whether they can read and mark now."""
        return self.is_declared and self.round is not None and self.round.is_open(self.call, clock.now())

    @property
    def left(self) -> list[KnownReading]:
        """What they have not handed in, in their order."""
        return [each for each in self.readings if each.state is ReadState.OPEN]

    def path(self, language: str) -> str:
        """Of the jury's page."""
        return f"/{language}/city/{self.city.slug}/jury/{self.call.slug}"


async def seat(request: AnyRequest, city: str, slug: str) -> Seat:
    """Raises NotAllowedError where the viewer is no juror of that call for that city."""
    call = await calls.of_city(slug, city)
    juror = await people.juror_of(call, city, viewer_of(request))
    round_ = await service.latest(call.id)
    own = await readings.of_juror(round_.id, juror) if round_ is not None else []
    return Seat(call, city_in(call, city), juror, tuple(await closeness.entrants_of(call.id)), round_, tuple(own))


@get(JURY, guards=[requires(judges)])
async def show(
    request: AnyRequest, language: FromPath[str], city: FromPath[str], call: FromPath[str], told: FromQuery[str] = ""
) -> Page:
    """What waits for them. `told`: what was done just now."""
    here = await seat(request, city, call)
    found = await seeing.of_round(here.call, [each.entry for each in here.readings]) if here.is_open else {}
    context = {
        **shared(here, language),
        "titles": await seeing.titles(found.values(), here.call),
        "notice": _notices(language).get(told, ""),
    }
    return page(request, language, "juries/show.html", context)


@get(f"{JURY}/declare", guards=[requires(judges)])
async def ask(request: AnyRequest, language: FromPath[str], city: FromPath[str], call: FromPath[str]) -> Page:
    """Who takes part, by name."""
    here = await seat(request, city, call)
    return await _declare_page(request, language, here)


@post(f"{JURY}/declare", status_code=HTTP_303_SEE_OTHER, guards=[requires(judges)])
async def declare(
    request: AnyRequest, language: FromPath[str], city: FromPath[str], call: FromPath[str]
) -> Page | Redirect:
    """Keeps it; what they wrote of themselves may show us somebody more, whom they look at first."""
    here = await seat(request, city, call)
    form = await request.form()
    juror = await declaring.remember(here.juror, _field(form, "employer"), _field(form, "invests"))
    here = Seat(here.call, here.city, juror, here.entrants, here.round, here.readings)
    said = _said(form)
    suggested, seen = await _suggested(here), _ids(form, "hinted")
    if surprising := set(suggested) - seen - said.close:
        return await _declare_page(request, language, here, said, surprising)
    try:
        await declaring.declare(juror, said, here.call)
    except NewEntrantsError:
        newer = {each.organisation for each in await closeness.entrants_of(here.call.id)} - said.shown
        return await _declare_page(request, language, await seat(request, city, call), said, newer)
    return see(f"{here.path(language)}?told=declared")


def shared(here: Seat, language: str) -> dict[str, object]:
    """What all pages of a juror tell."""
    return {
        "here": here,
        "call": here.call,
        "city": here.city,
        "title": here.call.title_in(language),
        "home": here.path(language),
        "zone": here.city.zone,
        "phase": here.round.phase(here.call) if here.round is not None else None,
    }


async def _suggested(here: Seat) -> dict[UUID, Mapping[Closeness, bool]]:
    """By startup, what we see that they may decide. What they found out while reading is told to nobody here."""
    found = await closeness.closeness_in([here.juror], here.entrants, here.call.id)
    shown = {
        organisation: {kind: holds for kind, holds in kinds.items() if kind != Closeness.RECUSED.value}
        for organisation, kinds in found[here.juror.id].items()
    }
    return {organisation: kinds for organisation, kinds in shown.items() if kinds}


async def _declare_page(
    request: AnyRequest,
    language: str,
    here: Seat,
    said: Said | None = None,
    surprising: frozenset[UUID] | set[UUID] = frozenset(),
) -> Page:
    """`surprising`: startups to look at once more."""
    kinds = await _suggested(here)
    fixed = {each for each, of in kinds.items() if any(kind in closeness.FOR_GOOD for kind in of)}
    before = {each for each, of in kinds.items() if any(of.values())}
    ticked = (said.close | (surprising & before)) if said is not None else before
    context = {
        **shared(here, language),
        "kinds": kinds,
        "fixed": fixed,
        "ticked": ticked,
        "surprising": surprising,
        "hinted": [*kinds],
        "words": said.words if said is not None else "",
    }
    status = HTTP_409_CONFLICT if surprising else 200
    return page(request, language, "juries/declare.html", context, status=status)


def _said(form: FormMultiDict) -> Said:
    return Said(
        close=frozenset(_ids(form, "close")),
        shown=frozenset(_ids(form, "shown")),
        words=_field(form, "words"),
    )


def _ids(form: FormMultiDict, name: str) -> set[UUID]:
    found = set()
    for each in form.getall(name, []):
        try:
            found.add(UUID(str(each)))
        except ValueError:
            continue
    return found


def _field(form: FormMultiDict, name: str) -> str:
    return str(form.get(name, ""))


def _notices(language: str) -> dict[str, str]:
    tell = words(language)
    return {
        "declared": tell("Thank you. What you said is kept."),
        "finished": tell("Handed in. That was the last one."),
        "given-back": tell("Thank you for saying so. Somebody else reads this entry."),
        "over": tell("This entry is not open to you, or the round is over."),
    }
