"""The assignment: shown with who would read how much, then applied as it was shown; or why there is none."""

from litestar import get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect
from litestar.status_codes import HTTP_303_SEE_OTHER

from challenge.errors import (
    AssignmentError,
    PersonError,
    TooFewReadsError,
    UnconnectedPanelError,
    UnreadableEntriesError,
)
from portal.accounts.permissions import organises
from portal.errors import StalePanelError
from portal.juries import assigning
from portal.juries.assigning import Panel, number
from portal.pages.judging import Place, place, track_names
from portal.pages.jury_panel import PANEL, path
from portal.pages.page import AnyRequest, Page, page, see, words
from portal.pages.ranking import shared
from portal.web.guards import requires

_MOST_NAMED = 10


@get(f"{PANEL}/assign", guards=[requires(organises)])
async def show(
    request: AnyRequest,
    language: FromPath[str],
    city: FromPath[str],
    call: FromPath[str],
    undeclared: FromQuery[str] = "",
) -> Page:
    """Who would read how much. `undeclared`: `yes` where those who have not declared yet get entries, too."""
    here = await place(request, city, call)
    panel = await assigning.panel_of(here.call, here.opened, undeclared=undeclared == "yes")
    return await _page(request, language, here, panel, undeclared == "yes")


@post(f"{PANEL}/assign", status_code=HTTP_303_SEE_OTHER, guards=[requires(organises)])
async def apply(request: AnyRequest, language: FromPath[str], city: FromPath[str], call: FromPath[str]) -> Redirect:
    """Makes it so, where nothing changed since it was shown."""
    here, form = await place(request, city, call), await request.form()
    undeclared, state = form.get("undeclared") == "yes", str(form.get("state", ""))
    acting = here.acting
    try:
        await assigning.apply(state, here.call, acting.city, here.opened, acting.viewer, undeclared=undeclared)
    except (StalePanelError, AssignmentError, PersonError):
        return see(f"{path(language, here)}?told=stale")
    return see(f"{path(language, here)}?told=assigned")


async def _page(request: AnyRequest, language: str, here: Place, panel: Panel, undeclared: bool) -> Page:  # noqa: FBT001 - what the form says
    proposal, reasons = None, []
    try:
        proposal = await assigning.propose(panel)
    except (AssignmentError, PersonError) as error:
        reasons = _reasons(error, language)
    names = track_names(here.call, language)
    context = {
        **shared(here, language),
        "panel": panel,
        "proposal": proposal,
        "reasons": reasons,
        "undeclared": undeclared,
        "apart": [names[each] for each in proposal.apart] if proposal is not None else [],
        "city_names": {each.slug: each for each in here.call.cities},
    }
    return page(request, language, "juries/assign.html", context)


def _reasons(error: Exception, language: str) -> list[str]:
    """Why there is no assignment, in plain words, and what helps."""
    tell = words(language)
    match error:
        case UnreadableEntriesError():
            line = tell("Entry %(entry)s: %(able)s may read it, %(needed)s are needed.")
            short = sorted(error.short.items())[:_MOST_NAMED]
            lines = [line % {"entry": number(name), "able": able, "needed": error.reads} for name, able in short]
            return [
                *lines,
                tell("Take more people into the jury, from other cities too."),
                tell("Or publish a version of the call with fewer readers for each entry."),
            ]
        case TooFewReadsError():
            line = tell("%(needed)s readings are needed, and the jury can give %(available)s.")
            told = line % {"needed": error.needed, "available": error.available}
            return [told, tell("Take more people into the jury, or let jurors read more entries.")]
        case UnconnectedPanelError(needed=int()):
            line = tell("There are too few readings to compare all jurors: %(needed)s are needed.")
            return [line % {"needed": error.needed}, tell("Have more jurors read each entry, or take fewer jurors.")]
        case UnconnectedPanelError():
            return [
                tell("Conflicts part the jury in two groups that read nothing in common: marks cannot be compared."),
                tell("Take in somebody who is close to nobody."),
            ]
        case _:
            return [tell("No assignment was found. Is there at least one entry, and at least one juror?")]
