"""Everything of one person as a zip file: data in published forms, and every report as a PDF."""

import asyncio
import io
import json
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from msgspec import Struct

from checks.contract import Json
from checks.document import moment
from portal import settings
from portal.accounts.tables import Membership, Organisation, Person
from portal.assessments import queries
from portal.assessments.report import gathering
from portal.assessments.report.input import ReportInput
from portal.assessments.sheets import reports, storage
from portal.assessments.tables import AnswerSheet, Assessment, Stage
from portal.errors import ReportError
from portal.exports import files
from portal.exports import gathering as data
from portal.privacy import account, competition, words
from portal.sharing.tables import Badge, ShareLink

Render = Callable[[ReportInput], bytes]


class Maker(Struct, frozen=True):
    """What an archive is made with: `render` prints a report, outside the event loop."""

    zip: zipfile.ZipFile
    language: str
    render: Render

    def put(self, name: str, content: Json) -> None:
        """Adds a file of JSON."""
        self.zip.writestr(name, json.dumps(content, indent=2, ensure_ascii=False))


async def of(person: Person, language: str, render: Render) -> bytes:
    """The archive, with its PDFs in that language. What ends while it is made is told as it was or left out."""
    content = io.BytesIO()
    with _zip(content) as archive:
        make = Maker(archive, language, render)
        archive.writestr("README.txt", words.readme())
        make.put("account.json", await account.of(person))
        mine = await Membership.select(Membership.organisation).where(Membership.person == person.id)
        for number, row in enumerate(mine, start=1):
            organisation = await Organisation.objects().where(Organisation.id == row["organisation"]).first()
            if organisation is not None:
                await _organisation(make, f"organisation-{number}", organisation)
    return content.getvalue()


@contextmanager
def _zip(content: io.BytesIO) -> Iterator[zipfile.ZipFile]:
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        yield archive


async def _organisation(make: Maker, folder: str, row: Organisation) -> None:
    sheets = await AnswerSheet.select(AnswerSheet.id).where(AnswerSheet.firm == row.id).order_by(AnswerSheet.created_at)
    checks = await Assessment.objects().where(Assessment.firm == row.id).order_by(Assessment.created_at)
    told: dict[str, Json] = {
        "form": "kyberkunto-organisation-1",
        "id": str(row.id),
        "name": row.name,
        "kind": row.kind,
        "created_at": moment(row.created_at),
        "sheets": [await _sheet(make, f"{folder}/answers-{n}", each["id"]) for n, each in enumerate(sheets, start=1)],
        "checks": [await _check(make, f"{folder}/check-{n}", each) for n, each in enumerate(checks, start=1)],
        "entries": await competition.of_startup(make.zip, folder, row.id),
    }
    make.put(f"{folder}/organisation.json", told)


async def _sheet(make: Maker, name: str, sheet: UUID) -> Json:
    """A sheet's data and PDF, and what its owner shares of it."""
    kept = await storage.by_id(sheet)
    site = settings.current().public_url
    told = await data.of_sheet(kept, make.language, site)
    content = await asyncio.to_thread(files.export, told, "data.json", str(sheet))
    make.zip.writestr(f"{name}.json", content.content)
    made = await reports.report_of(kept, make.language)
    pdf = bytes(made.pdf) if made is not None and made.status == Stage.DONE else b""
    has_pdf = await _paper(make, name, pdf, await gathering.of_sheet(kept, make.language))
    return {
        "data": f"{name}.json",
        "pdf": f"{name}.pdf" if has_pdf else None,
        "path": f"/{make.language}/q/{kept.row.token}",
        "created_at": moment(kept.row.created_at),
        "updated_at": moment(kept.row.updated_at),
        "links": await _links(ShareLink.sheet == sheet),
    }


async def _check(make: Maker, name: str, row: Assessment) -> Json:
    """A check's data and PDF; of one that has not ended well, when it was asked for."""
    is_done = row.status == Stage.DONE
    has_pdf = False
    if is_done:
        told = await data.of_check(row, make.language, settings.current().public_url)
        content = await asyncio.to_thread(files.export, told, "data.json", str(row.id))
        make.zip.writestr(f"{name}.json", content.content)
        made = await queries.report_of(row, make.language)
        pdf = bytes(made.pdf) if made is not None and made.status == Stage.DONE else b""
        has_pdf = await _paper(make, name, pdf, await gathering.of_check(row, make.language))
    return {
        "domain": row.domain,
        "data": f"{name}.json" if is_done else None,
        "pdf": f"{name}.pdf" if has_pdf else None,
        "path": f"/{make.language}/a/{row.token}",
        "created_at": moment(row.created_at),
        "stated": row.stated,
        "links": await _links(ShareLink.assessment == row.id),
        "badges": [
            {"path": f"/{make.language}/b/{each.token}", "expires_at": moment(each.expires_at)}
            for each in await Badge.objects().where(Badge.assessment == row.id)
        ],
    }


async def _paper(make: Maker, name: str, pdf: bytes, told: ReportInput) -> bool:
    """Adds the PDF that there is, or a new one; whether it could be printed."""
    try:
        make.zip.writestr(f"{name}.pdf", pdf or await asyncio.to_thread(make.render, told), zipfile.ZIP_STORED)
    except ReportError:
        return False
    return True


async def _links(mine: Any) -> list[Json]:  # noqa: ANN401 - Piccolo's conditions share no public type
    return [
        {
            "path": f"/{each.language}/s/{each.token}",
            "audience": each.audience,
            "note": each.note,
            "created_at": moment(each.created_at),
            "expires_at": moment(each.expires_at),
            "opened_at": moment(each.opened_at) if each.opened_at is not None else None,
        }
        for each in await ShareLink.objects().where(mine).order_by(ShareLink.created_at)
    ]
