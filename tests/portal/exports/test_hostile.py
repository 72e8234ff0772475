"""What strangers wrote into their records, in every file that is taken along: read back whole, and acting nowhere."""

import csv
import io
import json
import re
import zipfile
from xml.etree import ElementTree as ET

import openpyxl
import pytest
from icalendar import Calendar

from checks.names import display_name
from portal.assessments.report.input import ReportInput
from portal.exports.files import export
from portal.exports.texts import even, readable
from tests.conftest import SOAK
from tests.hostile_texts import hostile_texts
from tests.portal.assessments.findings import made
from tests.portal.exports.taking import hostile, of_check

COUNT = 2000 if SOAK else 40
FORMULA = re.compile(r"[\s\"\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\u00a0\u00ad\u061c]*[=+\-@＝＋－＠﹦−]")

pytestmark = pytest.mark.soak
csv.field_size_limit(10_000_000)
texts = pytest.mark.parametrize("text", hostile_texts(COUNT), ids=lambda text: ascii(text)[:40])


def report_with(text: str) -> ReportInput:
    certificate = made("tls.expiry", "valid", text, expires="2027-02-03T22:30:00+00:00", authority=text)
    return of_check(hostile(text), certificate, domain=text)


@texts
def test_csv_holds_no_formula_and_the_whole_text(text: str) -> None:
    for form in ("findings.csv", "plan.csv"):
        content = export(report_with(text), form, "1").content.decode("utf-8-sig")
        lines = list(csv.reader(io.StringIO(content, newline=""), strict=True))
        assert len({len(line) for line in lines}) == 1
        assert len(lines) == 2 + (form == "findings.csv")
        cells = [cell for line in lines for cell in line]
        assert not [cell for cell in cells if FORMULA.match(cell)]
        for part in ";\t":  # as spreadsheets of other countries part it
            for cell in re.split(f"[{part}\r\n]", content):
                assert not FORMULA.match(cell), cell[:80]
        whole = readable(text).replace("'", "")
        assert any(whole in cell.replace("'", "") for cell in cells)
        shown = readable(display_name(text)).replace("'", "")
        assert shown in [cell.replace("'", "") for cell in cells]


@texts
def test_workbook_holds_no_formula_no_link_and_the_whole_text(text: str) -> None:
    content = export(report_with(text), "tables.xlsx", "1").content
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        for name in packed.namelist():
            tags = {each.tag.rpartition("}")[2] for each in ET.fromstring(packed.read(name)).iter()}  # noqa: S314 - ours
            assert not tags & {"f", "hyperlink", "hyperlinks", "oleObject", "externalReference"}, name
        assert not [name for name in packed.namelist() if "vba" in name.lower() or "external" in name.lower()]
    book = openpyxl.load_workbook(io.BytesIO(content))
    for sheet in book:
        assert not [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f" or cell.hyperlink]
    columns = ["".join(str(cell.value or "") for cell in column[1:]) for column in book["Findings"].iter_cols()]
    assert any(even(text) in column for column in columns)


@texts
def test_calendar_holds_its_own_days_and_the_whole_text(text: str) -> None:
    content = export(report_with(text), "calendar.ics", "1").content
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    assert b"\r" not in content.replace(b"\r\n", b"")
    assert b"\n" not in content.replace(b"\r\n", b"")
    read = Calendar.from_ical(content)
    assert [each.name for each in read.walk()] == [
        "VCALENDAR",
        *("VEVENT", "VALARM"),
        *("VEVENT", *["VALARM"] * 4),
    ]
    again, end = read.walk("VEVENT")
    shown = even(display_name(text))
    assert str(again["summary"]) == f"Check {shown} again"
    assert str(end["summary"]) == f"The certificate of {shown} ends"
    named = re.sub(r"\\(.)", lambda each: "\n" if each[1] in "nN" else each[1], str(read["x-wr-calname"]))
    assert named == (f"Kyberkunto: {shown}" if shown else "Kyberkunto")
    assert set(end) == set(again) == {
        "UID", "DTSTAMP", "LAST-MODIFIED", "SEQUENCE", "DTSTART", "DTEND", "TRANSP", "SUMMARY", "DESCRIPTION", "URL",
    }  # fmt: skip


@texts
def test_data_is_given_out_as_it_is(text: str) -> None:
    made_file = export(report_with(text), "data.json", "1")
    found = json.loads(made_file.content)
    assert [each["subject"] for each in found["findings"]] == [text, text]
    assert found["findings"][0]["evidence"]["seen"] == text
    assert found["findings"][0]["fix"]["records"][0]["value"] == text
    for name in (made_file.name, made_file.plain_name):
        assert not re.search(r"[\s/\\\"'<>:;|?*\x00-\x1f]|^\.|\.\.$", name)
