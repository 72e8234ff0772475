"""One entry and its marks: read on the left, marked on the right, kept as they go, handed in, or given back."""

import re
from collections.abc import Mapping
from typing import Any

from litestar import Response, get, post
from litestar.datastructures import FormMultiDict
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect
from litestar.status_codes import HTTP_200_OK, HTTP_303_SEE_OTHER, HTTP_409_CONFLICT, HTTP_422_UNPROCESSABLE_ENTITY
from msgspec import Struct
from msgspec.structs import replace

from challenge.terms import HIGHEST_MARK, Criterion, told
from portal.accounts.cities import Told
from portal.accounts.permissions import judges
from portal.entries.service import SubmittedEntry
from portal.errors import NotAllowedError, SavedMeanwhileError
from portal.i18n import local_clock
from portal.juries import readings, scoring, seeing
from portal.juries.readings import KnownReading
from portal.juries.scoring import Kept, Typed
from portal.juries.tables import ReadState
from portal.pages.jury import JURY, Seat, seat, shared
from portal.pages.page import AnyRequest, Page, page, see, words
from portal.web.downloads import download
from portal.web.guards import requires

ENTRY = f"{JURY}/entry/{{number:int}}"
JSON = "application/json"
_MARK = re.compile(r"\d{1,2}")


class Open(Struct, frozen=True):
    """An entry that is open to its juror."""

    here: Seat
    reading: KnownReading
    entry: SubmittedEntry

    def path(self, language: str) -> str:
        """Of its page."""
        return f"{self.here.path(language)}/entry/{self.entry.number}"


@get(ENTRY, guards=[requires(judges)])
async def show(  # noqa: PLR0913, PLR0917 - what stands in the address
    request: AnyRequest,
    language: FromPath[str],
    city: FromPath[str],
    call: FromPath[str],
    number: FromPath[int],
    told: FromQuery[str] = "",
) -> Page | Redirect:
    """The entry and its marks. `told`: what was done just now."""
    here = await seat(request, city, call)
    if not here.is_open:
        return see(here.path(language))
    opened = await _opened(here, number)
    return await _page(request, language, opened, await scoring.of_reading(opened.reading.id), told=told)


@post(f"{ENTRY}/save", status_code=HTTP_200_OK, guards=[requires(judges)])
async def save(
    request: AnyRequest, language: FromPath[str], city: FromPath[str], call: FromPath[str], number: FromPath[int]
) -> Response[Any] | Redirect:
    """Keeps a draft: for the page's script, which asks for JSON, or for the button."""
    opened, typed = await _typed(request, city, call, number)
    is_script = request.headers.get("accept", "") == JSON
    try:
        kept = await _keep(opened, typed, finish=False)
    except SavedMeanwhileError:
        if not is_script:
            return await _overtaken(request, language, opened, typed)
        return Response({"said": _overtaken_words(language)}, status_code=HTTP_409_CONFLICT, media_type=JSON)
    if not is_script:
        return see(f"{opened.path(language)}?told=saved")
    clock = local_clock(kept.saved_at, language, opened.here.city.zone)
    tell = words(language)
    said = tell("Saved %(when)s") % {"when": clock}
    return Response({"edits": kept.edits, "said": said, "missing": len(kept.missing)}, media_type=JSON)


@post(f"{ENTRY}/done", status_code=HTTP_303_SEE_OTHER, guards=[requires(judges)])
async def done(
    request: AnyRequest, language: FromPath[str], city: FromPath[str], call: FromPath[str], number: FromPath[int]
) -> Page | Redirect:
    """Hands it in and goes on to the next one; what lacks a mark is told at its place."""
    opened, typed = await _typed(request, city, call, number)
    try:
        kept = await _keep(opened, typed, finish=True)
    except SavedMeanwhileError:
        return await _overtaken(request, language, opened, typed)
    if kept.missing:
        standing = await scoring.of_reading(opened.reading.id)
        return await _page(request, language, opened, standing, errors=_missing(opened, kept, language))
    return see(await _onward(request, language, opened))


@post(f"{ENTRY}/cannot", status_code=HTTP_303_SEE_OTHER, guards=[requires(judges)])
async def cannot(
    request: AnyRequest, language: FromPath[str], city: FromPath[str], call: FromPath[str], number: FromPath[int]
) -> Redirect:
    """They do not know enough of it: somebody else reads it."""
    return await _give_back(request, language, city, call, number, ReadState.CANNOT_JUDGE)


@post(f"{ENTRY}/recuse", status_code=HTTP_303_SEE_OTHER, guards=[requires(judges)])
async def recuse(
    request: AnyRequest, language: FromPath[str], city: FromPath[str], call: FromPath[str], number: FromPath[int]
) -> Redirect:
    """They find that they are too close: a conflict holds from now on."""
    return await _give_back(request, language, city, call, number, ReadState.RECUSED)


@get(f"{ENTRY}/file/{{field:str}}", guards=[requires(judges)])
async def file(
    request: AnyRequest, city: FromPath[str], call: FromPath[str], number: FromPath[int], field: FromPath[str]
) -> Response[bytes]:
    """A file of the entry, under a name that tells nothing of its team."""
    here = await seat(request, city, call)
    if not here.is_open:
        raise NotAllowedError
    opened = await _opened(here, number)
    found, name = await seeing.file_of(opened.entry, here.call, field)
    return download(found.content, "application/pdf", name, name)


async def _opened(here: Seat, number: int) -> Open:
    """Raises NotAllowedError where the juror does not read that entry."""
    reading = next((each for each in here.readings if each.number == number), None)
    if reading is None or not here.is_declared:
        raise NotAllowedError
    found = await seeing.of_round(here.call, [reading.entry])
    return Open(here, reading, found[reading.entry])


async def _typed(request: AnyRequest, city: str, call: str, number: int) -> tuple[Open, Typed]:
    opened = await _opened(await seat(request, city, call), number)
    form = await request.form()
    given = {each.id: _text(form, f"mark-{each.id}") for each in opened.here.call.terms.criteria}
    marks = {name: int(text) for name, text in given.items() if _MARK.fullmatch(text) and int(text) <= HIGHEST_MARK}
    edits = _text(form, "edits")
    typed = Typed(
        marks,
        private_note=_text(form, "private"),
        note=_text(form, "note"),
        feedback=_text(form, "feedback"),
        edits=int(edits) if edits.isascii() and edits.isdigit() and len(edits) < 7 else 0,  # noqa: PLR2004 - an INTEGER
    )
    return opened, typed


async def _keep(opened: Open, typed: Typed, *, finish: bool) -> Kept:
    juror = opened.here.juror
    return await scoring.keep(opened.reading.id, juror.id, typed, juror.pseudonym, finish=finish)


async def _give_back(  # noqa: PLR0913, PLR0917 - what stands in the address
    request: AnyRequest, language: str, city: str, call: str, number: int, state: ReadState
) -> Redirect:
    opened = await _opened(await seat(request, city, call), number)
    why = _text(await request.form(), "why")
    await readings.give_back(opened.reading, opened.here.juror, state, why)
    return see(f"{opened.here.path(language)}?told=given-back")


async def _onward(request: AnyRequest, language: str, opened: Open) -> str:
    """The next entry in the juror's order that is left, or the list where none is."""
    here = await seat(request, opened.here.city.slug, opened.here.call.slug)
    order = [each.number for each in here.readings]
    after = order.index(opened.entry.number) if opened.entry.number in order else 0
    left = {each.number for each in here.left}
    onward = next((each for each in (*order[after:], *order[:after]) if each in left), None)
    return f"{here.path(language)}?told=finished" if onward is None else f"{here.path(language)}/entry/{onward}"


async def _overtaken(request: AnyRequest, language: str, opened: Open, typed: Typed) -> Page:
    """What was typed, to be kept over the newer one if they press again."""
    newer = await scoring.of_reading(opened.reading.id)
    shown = replace(typed, marks={**newer.marks, **typed.marks}, edits=newer.edits)
    errors = {"marks": _overtaken_words(language)}
    return await _page(request, language, opened, shown, errors=errors, status=HTTP_409_CONFLICT)


async def _page(  # noqa: PLR0913 - what came back from the page's form
    request: AnyRequest,
    language: str,
    opened: Open,
    typed: Typed,
    *,
    told: str = "",
    errors: Mapping[str, str] | None = None,
    status: int = HTTP_422_UNPROCESSABLE_ENTITY,
) -> Page:
    call, tell = opened.here.call, words(language)
    context = {
        **shared(opened.here, language),
        "entry": await seeing.seen(opened.entry, call, language),
        "typed": typed,
        "is_done": opened.reading.state is ReadState.DONE,
        "criteria": [_told(each, opened.here, language) for each in call.terms.criteria],
        "saved_at": await scoring.saved_at(opened.reading.id),
        "longest": scoring.LONGEST,
        "errors": errors or {},
        "notice": tell("What you typed is saved.") if told == "saved" else "",
    }
    return page(request, language, "juries/entry.html", context, status=status if errors else HTTP_200_OK)


def _told(criterion: Criterion, here: Seat, language: str) -> dict[str, object]:
    """A criterion in words; `share`: its part of the whole, in percent."""
    terms = here.call.terms
    whole = sum(each.weight for each in terms.criteria)

    def say(text: Mapping[str, str]) -> Told:
        return Told(*told(text, language, terms.languages))

    return {
        "id": criterion.id,
        "name": say(criterion.name),
        "text": say(criterion.text),
        "share": round(100 * criterion.weight / whole),
        "anchors": [(mark, say(text)) for mark, text in sorted(criterion.anchors.items())],
    }


def _missing(opened: Open, kept: Kept, language: str) -> dict[str, str]:
    tell, terms = words(language), opened.here.call.terms
    names = {each.id: told(each.name, language, terms.languages)[0] for each in terms.criteria}
    sentence = tell("Give a mark: %(name)s")
    return {f"criterion-{name}": sentence % {"name": names[name]} for name in kept.missing}


def _overtaken_words(language: str) -> str:
    tell = words(language)
    return tell("You saved this entry in another window meanwhile. What you typed here is not saved yet.")


def _text(form: FormMultiDict, name: str) -> str:
    return str(form.get(name, ""))
