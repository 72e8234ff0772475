"""Files of an entry: sent together with the form, so that nothing typed is lost, and taken along as files alone."""

from uuid import UUID

from litestar import Request, Response, get, post
from litestar.datastructures import UploadFile
from litestar.exceptions import HTTPException
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect
from litestar.status_codes import (
    HTTP_200_OK,
    HTTP_303_SEE_OTHER,
    HTTP_413_REQUEST_ENTITY_TOO_LARGE,
    HTTP_422_UNPROCESSABLE_ENTITY,
)
from msgspec.structs import replace

from challenge import decks
from challenge.decks import Fault
from challenge.entry import DECK
from challenge.errors import DeckError
from portal.accounts.permissions import belongs
from portal.entries import drafting, files, service
from portal.entries.drafting import Saved
from portal.entries.service import KnownEntry
from portal.errors import EntriesClosedError, NotAllowedError
from portal.pages import entries, entry_form, entry_page
from portal.pages.entry_page import ENTRY, Shown
from portal.pages.page import AnyRequest, Page, language_of, page, see
from portal.web.downloads import download
from portal.web.guards import requires

LARGEST_BODY = decks.LARGEST + entries.LARGEST_FORM
"""Bytes of a request: the file and the form that comes along."""
FILE = f"{ENTRY}/file/{{field:str}}"


def say_too_large(request: Request[object, object, object], _error: HTTPException) -> Page:  # type: ignore[type-var]
    """How much too large a request was of which nothing was read."""
    language = language_of(request)
    announced = request.content_length or LARGEST_BODY
    told = entry_form.too_large(announced - decks.LARGEST, language)
    back = request.url.path.partition("/file/")[0]
    context = {"told": told, "back": back}
    return page(request, language, "entries/too_large.html", context, status=HTTP_413_REQUEST_ENTITY_TOO_LARGE)


@post(
    FILE,
    status_code=HTTP_303_SEE_OTHER,
    guards=[requires(belongs)],
    request_max_body_size=LARGEST_BODY,
    exception_handlers={HTTP_413_REQUEST_ENTITY_TOO_LARGE: say_too_large},
)
async def send(
    request: AnyRequest,
    language: FromPath[str],
    organisation: FromPath[UUID],
    entry: FromPath[UUID],
    field: FromPath[str],
) -> Page | Redirect:
    """Keeps what stands in the form, and then the file; or takes the file out."""
    shown = await entry_page.load(organisation, entry)
    files.require_field(shown.call.terms, field)
    form = await request.form()
    typed = entry_form.typed_of(form, shown.call.terms)
    errors = {}
    try:
        saved = await drafting.save(shown.entry, typed, entry_form.was_of(form))
        try:
            after = await _change(saved.entry, field, form.get(f"file-{field}"), form.get("remove") == field)
        except DeckError as error:
            after, errors[f"file-{field}"] = saved.entry, entry_form.refusal(error, language)
    except EntriesClosedError:
        return entry_page.closed_page(request, language, shown, typed)
    if saved.both or saved.unread or errors:
        return _came_back(request, language, replace(shown, entry=after), saved, typed, errors)
    told = "removed" if form.get("remove") == field else "uploaded"
    return see(f"{entry_page.path_of(language, after)}?told={told}#file-{field}")


@get(FILE, guards=[requires(belongs)])
async def take(
    organisation: FromPath[UUID], entry: FromPath[UUID], field: FromPath[str], submission: FromQuery[int] = 0
) -> Response[bytes]:
    """The file, always to keep: that of the draft, or as it was submitted."""
    known = await service.of_team(organisation, entry)
    if submission:
        content = (await service.submission(known.id, submission)).content
        if field not in content.files:
            raise NotAllowedError
        file = await service.kept_file(known.id, field, content.files[field])
    else:
        file = await files.of_draft(known, field)
    return download(file.content, "application/pdf", file.name, f"{DECK}.pdf")


async def _change(entry: KnownEntry, field: str, sent: object, is_to_go: bool) -> KnownEntry:  # noqa: FBT001 - a button
    if is_to_go:
        return await files.remove(entry, field)
    if not isinstance(sent, UploadFile) or not sent.filename:
        raise DeckError(Fault.EMPTY)
    content = await sent.read(decks.LARGEST + entries.LARGEST_FORM + 1)
    return await files.keep(entry, field, sent.filename, content)


def _came_back(  # noqa: PLR0913, PLR0917 - what came back from the form
    request: AnyRequest, language: str, shown: Shown, saved: Saved, typed: dict[str, str], errors: dict[str, str]
) -> Page:
    if saved.both or saved.unread:
        return entries.came_back(request, language, shown, saved, typed, errors)
    status = HTTP_422_UNPROCESSABLE_ENTITY if errors else HTTP_200_OK
    return entry_page.entry_page(request, language, shown, errors=errors, status=status)
