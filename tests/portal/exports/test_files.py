"""What is taken along, read back with other people's programs."""

import csv
import io
import json
from datetime import UTC, date, timedelta
from functools import cache
from typing import Any

import openpyxl
import pytest
from icalendar import Calendar
from jsonschema import Draft202012Validator, FormatChecker
from msgspec.structs import replace
from openpyxl.workbook import Workbook
from referencing import Registry, Resource

from checks.contract import Finding
from checks.names import parse_domain
from portal.assessments.report.input import ReportInput
from portal.assessments.sheets.assessing import assess
from portal.assessments.sheets.proofs import Tick, calls, prove
from portal.exports.data import CHECK_SCHEMA, SHEET_SCHEMA
from portal.exports.files import FORMS, export
from tests.portal.assessments.findings import DOMAIN, NO_DMARC, OF_ANOTHER_TIME, made
from tests.portal.exports.taking import (
    BEGAN,
    FINDINGS,
    LIMITS,
    MADE,
    OPEN,
    SITE,
    inspected,
    of_check,
    of_sheet,
    with_answers,
)

OF = "5b2f"
IDN = parse_domain("kahvilä.fi")
SHEETS = {
    "en": ["What to do", "Findings", "Answers", "Dates"],
    "fi": ["Mitä tehdä", "Havainnot", "Vastaukset", "Päivät"],
    "sv": ["Vad du ska göra", "Iakttagelser", "Svar", "Datum"],
}


@cache
def validator(name: str) -> Draft202012Validator:
    """As a program sees it that found both forms at their addresses."""
    base = "https://kyberkunto.example/schema/"
    forms = {"check.json": CHECK_SCHEMA, "sheet.json": SHEET_SCHEMA}
    read = {base + each: json.loads(path.read_text(encoding="utf-8")) for each, path in forms.items()}
    for each in read.values():
        Draft202012Validator.check_schema(each)
    known: Registry[Any] = Registry().with_resources((at, Resource.from_contents(each)) for at, each in read.items())
    return Draft202012Validator({"$ref": base + name}, registry=known, format_checker=FormatChecker())


def data(report: ReportInput) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(export(report, "data.json", OF).content)
    return found


def rows(report: ReportInput, form: str) -> list[dict[str, str]]:
    text = export(report, form, OF).content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


def book(report: ReportInput) -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(export(report, "tables.xlsx", OF).content))


def events(report: ReportInput, of: str = OF) -> dict[str, Any]:
    """By title."""
    read = Calendar.from_ical(export(report, "calendar.ics", of).content)
    return {str(event["summary"]): event for event in read.walk("VEVENT")}


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_check_as_data_keeps_to_its_published_form(language: str) -> None:
    found = data(of_check(language=language))
    validator("check.json").validate(found)
    assert [each["id"] for each in found["findings"]] == [each.id for each in FINDINGS]
    assert [each["id"] for each in found["dates"]] == ["dns.dnssec_expiry", "tls.expiry", "dns.domain_expiry"]


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
@pytest.mark.parametrize("findings", [(), FINDINGS])
@pytest.mark.parametrize("place", [0, -1])
def test_sheet_as_data_keeps_to_its_published_form(language: str, findings: tuple[Finding, ...], place: int) -> None:
    report = of_sheet(*findings, language=language, place=place, done={"backup-restore-test": MADE})
    found = data(report)
    validator("sheet.json").validate(found)
    assert report.firm is not None
    score = report.firm.result.score
    assert score is not None
    assert found["score"] == {"low": score.low, "high": score.high}
    assert [each["fix"] for each in found["plan"]] == [each.fix for each in report.firm.result.plan]
    assert len(found["domains"]) == bool(findings)


def test_data_of_several_domains_tells_what_each_says_of_a_ticked_fix() -> None:
    report = of_sheet(NO_DMARC, place=-1)
    assert report.firm is not None
    checks = (*report.inspected, inspected(replace(NO_DMARC, subject="toinen.test"), domain="toinen.test"))
    tick = Tick(BEGAN - timedelta(days=1), frozenset({(DOMAIN, "mail.dmarc"), ("toinen.test", "mail.dmarc")}))
    fix = "find-out-who-sends"
    result = assess(report.firm.catalogue, report.firm.sheet, checks, LIMITS)
    proof = prove(fix, tick, calls(fix, report.firm.catalogue.fixes), checks)
    found = data(replace(report, inspected=checks, firm=replace(report.firm, result=result, proofs=(proof,))))
    validator("sheet.json").validate(found)
    [done] = found["done"]
    assert (done["sight"], [look["domain"] for look in done["looks"]]) == ("disproved", [DOMAIN, "toinen.test"])
    assert [each["domain"] for each in found["topics"] if each["id"] == "domain"] == [DOMAIN, "toinen.test"]
    assert {each["domain"] for each in found["plan"][0]["findings"]} == {DOMAIN, "toinen.test"}


def test_every_answer_says_where_it_comes_from() -> None:
    report = of_sheet(OPEN, place=0)
    assert report.firm is not None
    settled = next(iter(report.firm.result.seen))
    answers = dict(report.firm.sheet.answers)
    del answers[settled]
    unsure = next(name for name in answers if name not in report.firm.result.seen)
    answers[unsure] = "dont-know"
    unasked = next(name for name in answers if name not in {unsure, *report.firm.result.seen})
    del answers[unasked]
    found = data(with_answers(report, answers))
    validator("sheet.json").validate(found)
    by_id = {each["id"]: each for each in found["answers"]}
    assert by_id[settled]["source"] == "check"
    assert by_id[settled]["seen"] == {"domain": DOMAIN, "id": OPEN.id, "subject": OPEN.subject}
    assert by_id[settled]["when"] == "2026-11-23T12:30:00Z"
    assert (by_id[unsure]["source"], by_id[unsure]["is_unknown"]) == ("owner", True)
    assert (by_id[unasked]["source"], by_id[unasked]["answer"], by_id[unasked]["when"]) == ("nobody", None, None)
    assert {each["source"] for each in found["answers"]} == {"owner", "check", "nobody"}


def test_data_that_lacks_anything_is_refused_by_the_form() -> None:
    found = data(of_sheet(*FINDINGS))
    for name in found:
        broken = {key: value for key, value in found.items() if key != name}
        assert not validator("sheet.json").is_valid(broken), name
    assert not validator("sheet.json").is_valid({**found, "more": 1})


def test_findings_of_an_earlier_version_are_taken_along() -> None:
    report = of_check(*FINDINGS, *OF_ANOTHER_TIME)
    validator("check.json").validate(data(report))
    assert len(rows(report, "findings.csv")) == len(FINDINGS) + len(OF_ANOTHER_TIME)
    assert book(report)["Findings"].max_row == 1 + len(FINDINGS) + len(OF_ANOTHER_TIME)


def test_csv_is_as_the_standard_and_excel_want_it() -> None:
    content = export(of_sheet(*FINDINGS), "plan.csv", OF).content
    assert content.startswith(b'\xef\xbb\xbf"No."')
    text = content.decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    assert len({len(line) for line in lines}) == 1
    assert text.endswith('"\r\n')


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_plan_is_a_row_for_each_fix_in_its_order(language: str) -> None:
    report = of_sheet(*FINDINGS, language=language, done={"backup-restore-test": MADE})
    assert report.firm is not None
    found = rows(report, "plan.csv")
    plan = report.firm.result.plan
    minutes, done = ([*found[0]][place] for place in (8, -1))
    assert [int(row[minutes]) for row in found if row[minutes]] == [each.minutes for each in plan]
    assert [row[done] for row in found if row[done]] == ["2026-11-24"] * len(report.firm.result.done)


def test_plan_of_a_check_is_what_it_found_to_do() -> None:
    [dmarc, second, *_] = rows(of_check(), "plan.csv")
    assert "_dmarc.kahvila.test" in dmarc["To copy"] or "_dmarc.kahvila.test" in second["To copy"]
    assert dmarc["Points"] == ""


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_workbook_has_titles_widths_and_dates(language: str) -> None:
    read = book(of_sheet(*FINDINGS, language=language))
    assert read.sheetnames == SHEETS[language]
    for sheet in read:
        assert sheet.freeze_panes == "B2"
        assert sheet.auto_filter.ref is not None
        assert sheet.print_title_rows == "$1:$1"
        assert all(cell.value and cell.font.bold for cell in sheet[1])
        assert all(sheet.column_dimensions[letter].width >= 9 for letter in "ABC")
    days = [row[0] for row in read[SHEETS[language][3]].iter_rows(min_row=2)]
    assert [cell.value.date() for cell in days] == sorted(cell.value.date() for cell in days)
    assert all(cell.is_date for cell in days)
    ends = [cell for row in read[SHEETS[language][1]].iter_rows(min_row=2) for cell in row if cell.is_date]
    assert date(2027, 2, 4) in [cell.value.date() for cell in ends]  # half past midnight in Helsinki
    assert {cell.number_format for cell in ends} == {"d mmmm yyyy" if language == "en" else "d.m.yyyy"}
    numbers = [row[8].value for row in read[SHEETS[language][0]].iter_rows(min_row=2)]
    assert numbers
    assert all(isinstance(value, int) for value in numbers)


def test_calendar_warns_before_each_end_in_the_morning() -> None:
    found = events(of_check())
    end = found[f"The certificate of www.{DOMAIN} ends"]
    assert end["dtstart"].dt == date(2027, 2, 4)
    assert end["dtend"].dt == date(2027, 2, 5)
    assert [alarm["trigger"].dt for alarm in end.walk("VALARM")] == [
        timedelta(days=-days, hours=9) for days in (30, 14, 7, 1)
    ]
    assert str(end["url"]) == SITE
    assert "Valid until 4 February 2027, 12:30 am." in str(end["description"])
    assert {f"The registration of {DOMAIN} ends", f"The signature of {DOMAIN} ends"} < set(found)
    again = found[f"Check {DOMAIN} again"]
    assert again["dtstart"].dt > BEGAN.date()
    assert [alarm["trigger"].dt for alarm in again.walk("VALARM")] == [timedelta(hours=9)]


def test_what_is_imported_again_takes_the_place_of_what_was_there() -> None:
    renewed = made("tls.expiry", "valid", f"www.{DOMAIN}", expires="2027-05-03T22:30:00+00:00", authority="Some CA")
    first = of_check()
    others = [each for each in FINDINGS if each.id != renewed.id]
    later = ReportInput("en", MADE + timedelta(days=80), of_check(*others, renewed).inspected, site=SITE)
    before, after = events(first), events(later, "another check")
    assert {str(each["uid"]) for each in before.values()} == {str(each["uid"]) for each in after.values()}
    title = f"The certificate of www.{DOMAIN} ends"
    assert after[title]["dtstart"].dt == date(2027, 5, 4)
    assert after[title]["sequence"] > before[title]["sequence"]
    assert export(first, "calendar.ics", OF).content == export(first, "calendar.ics", OF).content


def test_reminder_of_the_answers_belongs_to_one_sheet() -> None:
    title = "Look through your answers again"
    mine, theirs = events(of_sheet())[title], events(of_sheet(), "theirs")[title]
    assert mine["uid"] != theirs["uid"]
    assert title not in events(of_check())


def test_certificate_of_a_stranger_s_mail_server_is_not_the_owner_s_to_renew() -> None:
    facts = {"expires": "2027-02-03T22:30:00+00:00", "authority": "Some CA"}
    report = of_check(
        *(made("mail.mx_certificate", "good", name, **facts) for name in ("mx.big.example", f"mx.{DOMAIN}"))
    )
    assert [title for title in events(report) if "mail server" in title] == [
        f"The certificate of the mail server mx.{DOMAIN} ends"
    ]


def test_calendar_is_folded_and_ended_as_the_standard_says() -> None:
    content = export(of_check(language="fi"), "calendar.ics", OF).content
    lines = content.split(b"\r\n")
    assert lines[-1] == b""
    assert all(len(line) <= 75 for line in lines)
    assert b"\n" not in b"".join(lines)
    stamps = {str(event["dtstamp"].dt) for event in events(of_check()).values()}
    assert stamps == {str(MADE)}
    assert MADE.tzinfo is UTC


def test_names_are_read_by_every_program(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("taken")
    for form in FORMS:
        made_file = export(of_sheet(*FINDINGS), form, OF)
        (folder / made_file.name).write_bytes(made_file.content)
        assert made_file.plain_name == f"kyberkunto-{DOMAIN}-{form}"
    idn = export(of_check(domain=IDN), "calendar.ics", OF)
    assert (idn.name, idn.plain_name) == ("kyberkunto-kahvilä.fi-calendar.ics", f"kyberkunto-{IDN}-calendar.ics")
    assert export(of_sheet(), "calendar.ics", OF).name == "kyberkunto-calendar.ics"
