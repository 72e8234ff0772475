"""What people take along: files of a check or a sheet, calendars to subscribe to, and the forms of our data."""

import asyncio
from urllib.parse import urlsplit

from litestar import Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from portal.accounts.permissions import anyone, knows_address, knows_link
from portal.assessments import queries
from portal.assessments.report.input import ReportInput
from portal.assessments.sheets import storage
from portal.exports import calendar, gathering
from portal.exports.call_files import SCHEMA as CALL_SCHEMA
from portal.exports.data import CHECK_SCHEMA, SHEET_SCHEMA
from portal.exports.files import FORMS, export
from portal.exports.tickets import Ticket, read_ticket
from portal.pages.page import AnyRequest, site
from portal.programme.document import SCHEMA as PROGRAMME_SCHEMA
from portal.web.downloads import download
from portal.web.guards import requires
from portal.web.sessions import viewer_of

_SCHEMAS = {
    "check.json": CHECK_SCHEMA,
    "sheet.json": SHEET_SCHEMA,
    "programme.json": PROGRAMME_SCHEMA,
    "call.json": CALL_SCHEMA,
}
_OF_SHEETS = {"answers.csv"}
_OF_CHECKS = {"findings.csv"}


@get("/{language:str}/a/{token:str}/take/{form:str}", guards=[requires(knows_address)])
async def of_check(
    request: AnyRequest, language: FromPath[str], token: FromPath[str], form: FromPath[str]
) -> Response[bytes]:
    """A check's file."""
    assessment = await queries.by_token(token, viewer_of(request))
    report = await gathering.of_check(assessment, language, f"{site(request)}/{language}")
    return await _file(report, form, str(assessment.id), "check.json")


@get("/{language:str}/q/{token:str}/take/{form:str}", guards=[requires(knows_address)])
async def of_sheet(
    request: AnyRequest, language: FromPath[str], token: FromPath[str], form: FromPath[str]
) -> Response[bytes]:
    """A sheet's file."""
    kept = await storage.by_token(token, viewer_of(request))
    report = await gathering.of_sheet(kept, language, f"{site(request)}/{language}")
    return await _file(report, form, str(kept.row.id), "sheet.json")


@get("/{language:str}/calendar/{ticket:str}", guards=[requires(knows_link)])
async def subscribed(request: AnyRequest, language: FromPath[str], ticket: FromPath[str]) -> Response[bytes]:
    """The dates as they are now, for a calendar that fetches them by itself."""
    known = read_ticket(ticket.removesuffix(".ics"))
    report = await gathering.of_ticket(known, language, f"{site(request)}/{language}")
    content = await asyncio.to_thread(calendar.calendar, report, str(known.id))
    return Response(content, media_type=calendar.MEDIA_TYPE)


@get("/schema/{name:str}", guards=[requires(anyone)])
async def schema(name: FromPath[str]) -> Response[bytes]:
    """The published form of our data (JSON Schema 2020-12), at an address that stays."""
    if name not in _SCHEMAS:
        raise NotFoundException
    return Response(_SCHEMAS[name].read_bytes(), media_type="application/schema+json")


def calendar_address(request: AnyRequest, language: str, ticket: Ticket) -> str:
    """Where a calendar fetches the dates, by the scheme that opens it on most devices."""
    return f"webcal://{urlsplit(site(request)).netloc}/{language}/calendar/{ticket.text()}.ics"


async def _file(report: ReportInput, form: str, of: str, published: str) -> Response[bytes]:
    """Made in a thread: whoever reads pages meanwhile does not wait. Raises NotFoundException for no form of ours."""
    missing = (form in _OF_SHEETS and report.firm is None) or (form in _OF_CHECKS and not report.inspected)
    if form not in FORMS or missing:
        raise NotFoundException
    made = await asyncio.to_thread(export, report, form, of)
    answer = download(made.content, made.media_type, made.name, made.plain_name)
    if made.media_type == "application/json":
        answer.headers["link"] = f'</schema/{published}>; rel="describedby"'
    return answer
