"""What a call's organisers take along: its entries, submissions, assignments and scores as files."""

import asyncio

from litestar import Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from portal.accounts.permissions import organises
from portal.audit import service as audit
from portal.audit.tables import Action
from portal.calls import service as calls
from portal.exports import call_gathering
from portal.exports.call_files import FORMS, export
from portal.pages.page import AnyRequest
from portal.web.downloads import download
from portal.web.guards import requires
from portal.web.sessions import viewer_of


@get("/{language:str}/city/{city:str}/call/{call:str}/take/{form:str}", guards=[requires(organises)])
async def take(
    request: AnyRequest, language: FromPath[str], city: FromPath[str], call: FromPath[str], form: FromPath[str]
) -> Response[bytes]:
    """A file, made in a thread. That it was taken is recorded before anything leaves.

    Raises:
        NotFoundException: for no form of ours.
    """
    known = await calls.of_city(call, city)
    if form not in FORMS:
        raise NotFoundException
    taken = await call_gathering.of_call(known, language)
    made = await asyncio.to_thread(export, taken, form)
    actor = viewer_of(request).pseudonym
    await audit.record(Action.EXPORTED, actor, f"call:{known.slug}", city=city, form=form.replace(".", "-"))
    answer = download(made.content, made.media_type, made.name, made.plain_name)
    if made.media_type == "application/json":
        answer.headers["link"] = '</schema/call.json>; rel="describedby"'
    return answer
