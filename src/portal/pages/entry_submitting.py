"""An entry is looked through and submitted, has its receipts, may be withdrawn, and may stand in the gallery."""

import secrets
from datetime import timedelta
from uuid import UUID

from litestar import get, post
from litestar.params import FromPath
from litestar.response import Redirect
from litestar.status_codes import HTTP_303_SEE_OTHER, HTTP_409_CONFLICT

from portal.accounts import limits
from portal.accounts.permissions import belongs
from portal.entries import service, submitting
from portal.errors import EntriesClosedError, EntryChangedError, EntryIncompleteError
from portal.pages import entry_page
from portal.pages.entry_page import ENTRY, Shown
from portal.pages.page import AnyRequest, Page, page, see, words
from portal.web.guards import requires
from portal.web.sessions import viewer_of

PER_ENTRY_AND_HOUR = 60


@get(f"{ENTRY}/submit", guards=[requires(belongs)])
async def review(
    request: AnyRequest, language: FromPath[str], organisation: FromPath[UUID], entry: FromPath[UUID]
) -> Page:
    """Everything as the jury would see it, and the button."""
    return _review_page(request, language, await entry_page.load(organisation, entry))


@post(f"{ENTRY}/submit", status_code=HTTP_303_SEE_OTHER, guards=[requires(belongs)])
async def submit(
    request: AnyRequest, language: FromPath[str], organisation: FromPath[UUID], entry: FromPath[UUID]
) -> Page | Redirect:
    """Hands it in, where it is as the form showed it, whole, and in time."""
    shown = await entry_page.load(organisation, entry)
    form = await request.form()
    key, edits = str(form.get("key", "")), str(form.get("edits", ""))
    await limits.take("submissions", str(entry), PER_ENTRY_AND_HOUR, timedelta(hours=1))
    home = entry_page.path_of(language, shown.entry)
    try:
        made = await submitting.submit(shown.entry, key, int(edits) if edits.isdecimal() else -1, viewer_of(request))
    except EntriesClosedError:
        return entry_page.closed_page(request, language, await entry_page.load(organisation, entry), {})
    except EntryIncompleteError:
        return see(f"{home}#missing")
    except EntryChangedError:
        tell = words(language)
        notice = tell("The entry was changed since you looked at it. This is how it is now. It is not submitted yet.")
        again = await entry_page.load(organisation, entry)
        return _review_page(request, language, again, notice=notice, status=HTTP_409_CONFLICT)
    return see(f"{home}/receipt/{made.number}")


@get(f"{ENTRY}/receipt/{{number:int}}", guards=[requires(belongs)])
async def receipt(
    request: AnyRequest,
    language: FromPath[str],
    organisation: FromPath[UUID],
    entry: FromPath[UUID],
    number: FromPath[int],
) -> Page:
    """That it was received, when, and what exactly."""
    shown = await entry_page.load(organisation, entry)
    submission = await service.submission(entry, number)
    context = {
        **entry_page.about(shown, language),
        **entry_page.content_context(submission.content),
        "submission": submission,
        "counts": number == shown.entry.submission and shown.entry.withdrawn_at is None,
    }
    return page(request, language, "entries/receipt.html", context)


@get(f"{ENTRY}/withdraw", guards=[requires(belongs)])
async def ask_to_withdraw(
    request: AnyRequest, language: FromPath[str], organisation: FromPath[UUID], entry: FromPath[UUID]
) -> Page:
    """What would happen, and the button."""
    shown = await entry_page.load(organisation, entry)
    return page(request, language, "entries/withdraw.html", entry_page.about(shown, language))


@post(f"{ENTRY}/withdraw", status_code=HTTP_303_SEE_OTHER, guards=[requires(belongs)])
async def withdraw(
    request: AnyRequest, language: FromPath[str], organisation: FromPath[UUID], entry: FromPath[UUID]
) -> Page | Redirect:
    """Takes it out of the call; a draft that was never submitted is deleted."""
    shown = await entry_page.load(organisation, entry)
    try:
        await submitting.withdraw(shown.entry, viewer_of(request))
    except EntriesClosedError:
        return page(
            request, language, "entries/withdraw.html", entry_page.about(shown, language), status=HTTP_409_CONFLICT
        )
    if not shown.entry.submission:
        return see(f"/{language}/organisation/{organisation}")
    return see(f"{entry_page.path_of(language, shown.entry)}?told=withdrawn")


@post(f"{ENTRY}/gallery", status_code=HTTP_303_SEE_OTHER, guards=[requires(belongs)])
async def gallery(
    request: AnyRequest, language: FromPath[str], organisation: FromPath[UUID], entry: FromPath[UUID]
) -> Redirect:
    """Whether it may stand in the public gallery."""
    known = await service.of_team(organisation, entry)
    await submitting.show_in_gallery(known, shows=(await request.form()).get("shows") == "yes")
    return see(f"{entry_page.path_of(language, known)}?told=gallery#gallery")


def _review_page(request: AnyRequest, language: str, shown: Shown, *, notice: str = "", status: int = 200) -> Page:
    context = {
        **entry_page.about(shown, language),
        **entry_page.content_context(shown.entry.draft),
        "missing": entry_page.missing(shown, language),
        "key": secrets.token_urlsafe(24),
        "notice": notice,
    }
    return page(request, language, "entries/review.html", context, status=status)
