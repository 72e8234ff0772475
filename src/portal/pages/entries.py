"""An entry's page and its saving: by a button, or by script while somebody types."""

from collections.abc import Mapping
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect
from litestar.status_codes import HTTP_303_SEE_OTHER, HTTP_409_CONFLICT, HTTP_422_UNPROCESSABLE_ENTITY
from msgspec.structs import replace

from challenge import filling, merging
from portal.accounts.permissions import belongs
from portal.entries import drafting
from portal.entries.drafting import Saved
from portal.errors import EntriesClosedError
from portal.i18n import local_clock
from portal.pages import entry_form, entry_page
from portal.pages.entry_page import ENTRY, Shown
from portal.pages.page import AnyRequest, Page, see, words
from portal.web.guards import requires

LARGEST_FORM = 512 * 1024
"""Bytes: a call may ask for many long texts, and a letter takes up to twelve."""
BY_SCRIPT = "application/json"

Answer = Page | Redirect | Response[dict[str, object]]


@get(ENTRY, guards=[requires(belongs)])
async def show(
    request: AnyRequest,
    language: FromPath[str],
    organisation: FromPath[UUID],
    entry: FromPath[UUID],
    told: FromQuery[str] = "",
) -> Page:
    """The entry. `told`: what was done just now."""
    shown = await entry_page.load(organisation, entry)
    return entry_page.entry_page(request, language, shown, notice=entry_page.notices(language).get(told, ""))


@post(
    f"{ENTRY}/save",
    status_code=HTTP_303_SEE_OTHER,
    guards=[requires(belongs)],
    request_max_body_size=LARGEST_FORM,
)
async def save(
    request: AnyRequest, language: FromPath[str], organisation: FromPath[UUID], entry: FromPath[UUID]
) -> Answer:
    """Keeps what stands in the form; what two changed differently comes back with both."""
    shown = await entry_page.load(organisation, entry)
    form = await request.form()
    typed = entry_form.typed_of(form, shown.call.terms)
    by_script = request.headers.get("accept") == BY_SCRIPT
    try:
        saved = await drafting.save(shown.entry, typed, entry_form.was_of(form))
    except EntriesClosedError:
        return _closed_for_script(language) if by_script else entry_page.closed_page(request, language, shown, typed)
    after = replace(shown, entry=saved.entry)
    if by_script:
        return _for_script(language, after, saved, typed)
    if saved.both or saved.unread:
        return came_back(request, language, after, saved, typed)
    home = entry_page.path_of(language, saved.entry)
    if str(form.get("then", "")) == "submit":
        return see(f"{home}/submit")
    unsent = any(name.startswith("file-") and str(each) for name, each in form.multi_items())
    return see(f"{home}?told={'unsent' if unsent else 'saved'}")


def came_back(  # noqa: PLR0913, PLR0917 - what came back from the form
    request: AnyRequest,
    language: str,
    shown: Shown,
    saved: Saved,
    typed: Mapping[str, str],
    errors: Mapping[str, str] | None = None,
) -> Page:
    """The form with what is not kept yet: numbers that are none, and what somebody else changed differently."""
    kept = {name: text for name, text in typed.items() if name in saved.both or name in saved.unread}
    found = {name: entry_form.unread(language) for name in saved.unread} | dict(errors or {})
    status = HTTP_409_CONFLICT if saved.both else HTTP_422_UNPROCESSABLE_ENTITY
    return entry_page.entry_page(request, language, shown, typed=kept, both=saved.both, errors=found, status=status)


def _for_script(language: str, shown: Shown, saved: Saved, typed: Mapping[str, str]) -> Response[dict[str, object]]:
    tell, named = words(language), entry_form.labels(shown.call.terms, language)
    now = filling.flat(saved.entry.draft, shown.call.terms)
    waiting = {*saved.both, *saved.theirs, *saved.unread}
    clock = local_clock(saved.entry.saved_at, language, shown.call.lead.zone)
    told = tell("Saved: %(clock)s") % {"clock": clock}
    if saved.unread:
        told = f"{named[saved.unread[0]]}: {entry_form.unread(language)}"
    if saved.theirs:
        told += " " + tell("Somebody in your team changed: %(what)s. Reload the page to see it.") % {
            "what": ", ".join(named[name] for name in saved.theirs)
        }
    if saved.both:
        told = tell("Somebody else changed the same: %(what)s. Press “Save” to see both.") % {
            "what": ", ".join(named[name] for name in saved.both)
        }
    said: dict[str, object] = {
        "told": told,
        "is_kept": not saved.both and not saved.unread,
        "was": {name: merging.mark(now[name]) for name in typed if name in now and name not in waiting},
        "missing": entry_page.missing(shown, language),
    }
    return Response(said, status_code=HTTP_409_CONFLICT if saved.both else 200)


def _closed_for_script(language: str) -> Response[dict[str, object]]:
    tell = words(language)
    told = tell("The call is closed: nothing is saved any more. Press “Save” to get your text for copying.")
    return Response({"told": told, "is_kept": False}, status_code=HTTP_409_CONFLICT)
