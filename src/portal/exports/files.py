"""The one way out: what was checked and answered, in the form that somebody asked for."""

import json
from collections.abc import Callable, Mapping
from types import MappingProxyType

from msgspec import Struct

from checks.names import display_name
from portal.assessments.report.input import ReportInput
from portal.exports import calendar, comma_separated, workbook
from portal.exports.data import check_document, sheet_document
from portal.exports.grids import grids
from portal.exports.texts import file_name


class Export(Struct, frozen=True):
    """A file to take along. `plain_name` is its name in ASCII, for programs that know no other (RFC 6266)."""

    name: str
    plain_name: str
    media_type: str
    content: bytes


class _Form(Struct, frozen=True):
    media_type: str
    make: Callable[[ReportInput, str], bytes]


def export(report: ReportInput, form: str, of: str) -> Export:
    """One of `FORMS`. `of` is the id of the sheet or check; `report.made_at`, when anything in it last changed.

    A pure function, for a thread of its own: a workbook takes some tenths of a second. Raises KeyError for another
    form, or for a form that needs a sheet or a check where there is none.
    """
    made = FORMS[form]
    domain = report.inspected[0].domain if len(report.inspected) == 1 else ""
    plain, name = (_named(each, form) for each in (domain, display_name(domain)))
    return Export(name, plain, made.media_type, made.make(report, of))


def _named(domain: str, form: str) -> str:
    return "-".join(part for part in ("kyberkunto", file_name(domain), form) if part)


def _data(report: ReportInput, _of: str) -> bytes:
    firm = report.firm
    told = sheet_document(report, firm) if firm else check_document(report.inspected[0], report.language)
    return json.dumps(told, indent=2).encode("ascii")


def _table(name: str) -> Callable[[ReportInput, str], bytes]:
    def make(report: ReportInput, _of: str) -> bytes:
        return comma_separated.comma_separated({grid.name: grid for grid in grids(report)}[name])

    return make


def _workbook(report: ReportInput, _of: str) -> bytes:
    title = ", ".join(["Kyberkunto", *(display_name(each.domain) for each in report.inspected)])
    return workbook.workbook(grids(report), title, report.language)


FORMS: Mapping[str, _Form] = MappingProxyType(
    {
        "data.json": _Form("application/json", _data),
        "tables.xlsx": _Form(workbook.MEDIA_TYPE, _workbook),
        "plan.csv": _Form(comma_separated.MEDIA_TYPE, _table("plan")),
        "findings.csv": _Form(comma_separated.MEDIA_TYPE, _table("findings")),
        "answers.csv": _Form(comma_separated.MEDIA_TYPE, _table("answers")),
        "calendar.ics": _Form(calendar.MEDIA_TYPE, calendar.calendar),
    }
)
"""By the last part of their address."""
