"""A call's jury as organisers see it: who is in it, who has said to whom they are too close, how far they are."""

from litestar import get, post
from litestar.datastructures import FormMultiDict
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect
from litestar.status_codes import HTTP_303_SEE_OTHER

from challenge.terms import PhaseKind
from portal import clock, settings
from portal.accounts.permissions import organises
from portal.awards import impartial
from portal.awards import service as awards
from portal.errors import RoundError, TooCloseError
from portal.juries import assigning, closeness, opening, people, progress, readings, reminding, scoring
from portal.juries.people import MOST_READS
from portal.pages.forms import id_in
from portal.pages.judging import Place, anybodys_place, place, track_names
from portal.pages.page import AnyRequest, Page, page, see, words
from portal.pages.ranking import shared
from portal.web.guards import requires

PANEL = "/{language:str}/city/{city:str}/call/{call:str}/jury"


@get(PANEL, guards=[requires(organises)])
async def show(
    request: AnyRequest, language: FromPath[str], city: FromPath[str], call: FromPath[str], told: FromQuery[str] = ""
) -> Page:
    """The whole jury. `told`: what was done just now."""
    here = await anybodys_place(request, city, call)
    if await impartial.is_entrant(here.call, here.acting.viewer):
        return page(request, language, "awards/entrant.html", shared(here, language))
    context = {
        **shared(here, language),
        **await _jury(here),
        **await _round(here),
        "candidates": await people.waiting_to_join(here.call),
        "may_remind": {each.juror.id for each in await reminding.may_be_reminded(here.call)},
        "sends_letters": settings.current().sends_letters,
        "track_names": track_names(here.call, language),
        "now": clock.now(),
        "most": MOST_READS,
        "notice": _notices(language).get(told, ""),
        "refused": _refusals(language).get(told, ""),
    }
    return page(request, language, "juries/panel.html", context)


@post(f"{PANEL}/add", status_code=HTTP_303_SEE_OTHER, guards=[requires(organises)])
async def add(request: AnyRequest, language: FromPath[str], city: FromPath[str], call: FromPath[str]) -> Redirect:
    """Takes all jurors of the call's cities into its jury."""
    here = await place(request, city, call)
    await people.add_all(here.call, here.acting.city, here.acting.viewer)
    return _back(language, here, "added")


@post(f"{PANEL}/juror", status_code=HTTP_303_SEE_OTHER, guards=[requires(organises)])
async def change(request: AnyRequest, language: FromPath[str], city: FromPath[str], call: FromPath[str]) -> Redirect:
    """Says how much a juror reads at most, and whether they chair."""
    here, form = await place(request, city, call), await request.form()
    juror, chairs = id_in(form, "juror"), form.get("chairs") == "yes"
    await people.change(juror, _most(form), here.call, here.acting.city, here.acting.viewer, chairs=chairs)
    return _back(language, here, "changed")


@post(f"{PANEL}/out", status_code=HTTP_303_SEE_OTHER, guards=[requires(organises)])
async def take_out(request: AnyRequest, language: FromPath[str], city: FromPath[str], call: FromPath[str]) -> Redirect:
    """Takes a juror out of the jury."""
    here = await place(request, city, call)
    juror = id_in(await request.form(), "juror")
    await people.take_out(juror, here.call, here.acting.city, here.acting.viewer)
    return _back(language, here, "out")


@post(f"{PANEL}/back", status_code=HTTP_303_SEE_OTHER, guards=[requires(organises)])
async def take_back(request: AnyRequest, language: FromPath[str], city: FromPath[str], call: FromPath[str]) -> Redirect:
    """Takes one who was taken out in again."""
    here = await place(request, city, call)
    juror = id_in(await request.form(), "juror")
    await people.take_back(juror, here.call, here.acting.city, here.acting.viewer)
    return _back(language, here, "added")


@post(f"{PANEL}/remind", status_code=HTTP_303_SEE_OTHER, guards=[requires(organises)])
async def remind(request: AnyRequest, language: FromPath[str], city: FromPath[str], call: FromPath[str]) -> Redirect:
    """Writes to all for whom something waits, or to the one that the form names."""
    here, form = await place(request, city, call), await request.form()
    only = id_in(form, "juror") if "juror" in form else None
    await reminding.remind(here.call, here.acting.city, here.acting.viewer, only)
    return _back(language, here, "reminded")


@post(f"{PANEL}/open", status_code=HTTP_303_SEE_OTHER, guards=[requires(organises)])
async def open_round(
    request: AnyRequest, language: FromPath[str], city: FromPath[str], call: FromPath[str]
) -> Redirect:
    """Opens the screening, or the final of those who were chosen in it."""
    here, form = await place(request, city, call), await request.form()
    kind = PhaseKind.FINAL if form.get("kind") == PhaseKind.FINAL else PhaseKind.SCREENING
    finalists = await awards.finalists(here.call.id) if kind is PhaseKind.FINAL else []
    try:
        await opening.open_round(kind, here.call, here.acting.city, here.acting.viewer, finalists)
    except RoundError as error:
        return _back(language, here, error.code)
    return _back(language, here, "opened")


@post(f"{PANEL}/give", status_code=HTTP_303_SEE_OTHER, guards=[requires(organises)])
async def give(request: AnyRequest, language: FromPath[str], city: FromPath[str], call: FromPath[str]) -> Redirect:
    """Gives an entry to a juror by hand."""
    here, form = await place(request, city, call), await request.form()
    text = str(form.get("entry", ""))
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0  # noqa: PLR2004 - an INTEGER
    acting = here.acting
    try:
        await readings.give(here.opened.id, number, id_in(form, "juror"), here.call, acting.city, acting.viewer)
    except TooCloseError:
        return _back(language, here, "too-close")
    return _back(language, here, "given")


@post(f"{PANEL}/take", status_code=HTTP_303_SEE_OTHER, guards=[requires(organises)])
async def take(request: AnyRequest, language: FromPath[str], city: FromPath[str], call: FromPath[str]) -> Redirect:
    """Takes an entry from a juror who has not begun it."""
    here = await place(request, city, call)
    reading = id_in(await request.form(), "reading")
    await readings.take(reading, here.call, here.acting.city, here.acting.viewer)
    return _back(language, here, "taken")


def path(language: str, here: Place) -> str:
    """Of the jury's page."""
    return f"/{language}/city/{here.acting.city.slug}/call/{here.call.slug}/jury"


def _back(language: str, here: Place, told: str) -> Redirect:
    return see(f"{path(language, here)}?told={told}")


async def _jury(here: Place) -> dict[str, object]:
    """Its people, with how far they are in the round."""
    jury, entrants = await people.jury_of(here.call.id), await closeness.entrants_of(here.call.id)
    declared = {each.id: closeness.is_declared(each, entrants) for each in jury}
    given = await readings.in_round(here.round.id) if here.round is not None else []
    found = await closeness.closeness_in(jury, entrants, here.call.id)
    return {
        "jurors": progress.of_jurors(jury, given, declared),
        "close": {each.id: len(closeness.held(found[each.id])) for each in jury},
        "entrants": entrants,
        "city_names": {each.slug: each for each in here.call.cities},
        "undeclared": sum(each.judges and not declared[each.id] for each in jury),
    }


async def _round(here: Place) -> dict[str, object]:
    """Its entries with their readers, and what jurors write to the organisers."""
    kinds = {each.kind for each in here.rounds}
    opens = next((kind for kind in PhaseKind if kind is not PhaseKind.ENTRIES and kind not in kinds), None)
    if opens is not None and here.call.terms.phase(opens) is None and opens is PhaseKind.FINAL:
        opens = None
    shown: dict[str, object] = {
        "opens": opens,
        "phase": here.round.phase(here.call) if here.round is not None else None,
        "entries": [],
        "notes": {},
        "is_open": False,
    }
    if here.round is None:
        return shown
    panel = await assigning.panel_of(here.call, here.round, undeclared=True)
    entrants = await closeness.entrants_of(here.call.id)
    declared = {each.id: closeness.is_declared(each, entrants) for each in panel.jurors}
    jury = await people.jury_of(here.call.id)
    return {
        **shown,
        "entries": progress.of_entries(panel, jury, declared),
        "notes": await scoring.notes_in(here.round.id),
        "is_open": here.round.is_open(here.call, clock.now()),
    }


def _most(form: FormMultiDict) -> int | None:
    text = str(form.get("most", "")).strip()
    return min(int(text), MOST_READS) if text.isascii() and text.isdigit() and len(text) < 7 else None  # noqa: PLR2004 - an INTEGER


def _notices(language: str) -> dict[str, str]:
    tell = words(language)
    return {
        "added": tell("The jury is larger now. Write to those who came, so that they say to whom they are too close."),
        "changed": tell("It is changed."),
        "out": tell("They are out of the jury. What they had not finished is free for others."),
        "reminded": tell("The letters are on their way. Nobody gets more than one a day."),
        "opened": tell("The round is open. Now assign the entries to the jurors."),
        "given": tell("The juror has one entry more. Assigning anew leaves it there."),
        "taken": tell("The entry is taken away from the juror."),
        "assigned": tell("The entries are assigned. Write to the jurors that they can begin."),
    }


def _refusals(language: str) -> dict[str, str]:
    tell = words(language)
    return {
        "too-early": tell("Entries are still taken. The jury begins once the grace period is over."),
        "phase-over": tell("By the call's own dates this round is over. Publish a version with later dates first."),
        "no-entries": tell("There is nothing to read in this round."),
        "not-locked": tell("First lock the screening and decide on the finalists."),
        "cancelled": tell("The call was cancelled."),
        "too-close": tell("This juror is too close to that entrant. Choose somebody else."),
        "stale": tell("Something changed since you saw the assignment. Look at it once more."),
    }
