"""The report on paper: whole, tagged, in the reader's language, and made without fetching anything."""

import io
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pypdf
import pytest
from msgspec.structs import replace

from checks.contract import Finding
from checks.limits import Limit
from checks.score import score
from portal.assessments.report import PackagedOnly, render_html, render_pdf
from portal.assessments.report_input import ReportInput
from tests.portal.assessments.findings import AT_ZONER, CLOSED, DOMAIN, NO_DMARC, ONE_NAME_SERVER, with_snippet

FIRST = {"fi": "Tee ensin", "sv": "Gör först", "en": "Do first"}


def _report(language: str = "fi", *findings: Finding) -> ReportInput:
    found = findings or (NO_DMARC, ONE_NAME_SERVER, CLOSED)
    began = datetime(2026, 11, 23, 12, 30, tzinfo=UTC)
    return ReportInput(DOMAIN, language, began, 3.4, "2026.11", found, score(found), ("198.18.0.53",), (Limit.NO_IPV6,))


def _read(pdf: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(pdf))


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_report_is_a_tagged_pdf_in_its_reader_s_language(language: str) -> None:
    reader = _read(render_pdf(_report(language)))
    root = reader.root_object
    assert str(root["/Lang"]) == language
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert "/StructTreeRoot" in root
    assert b"pdfuaid:part" in root["/Metadata"].get_object().get_data()
    first_page = reader.pages[0].extract_text()
    assert FIRST[language] in first_page
    assert reader.outline[0]["/Title"] == DOMAIN


def test_first_page_tells_what_to_do_and_every_page_its_number() -> None:
    reader = _read(render_pdf(_report("en")))
    texts = [page.extract_text() for page in reader.pages]
    assert "Anyone can send mail in your company's name." in texts[0]
    assert "about 15 minutes" in texts[0]
    for number, text in enumerate(texts, start=1):
        assert f"Page {number} of {len(texts)}" in text
        assert "23 November 2026" in text


def test_the_provider_s_own_steps_are_printed_with_their_source() -> None:
    text = "".join(page.extract_text() for page in _read(render_pdf(_report("fi", NO_DMARC, AT_ZONER))).pages)
    flat = " ".join(text.split())
    assert "Näin teet palvelussa Zoner" in flat
    assert "https://www.zoner.fi/tuki/verkkotunnus/" in flat
    assert "Luimme ohjeen 23.11.2026" in flat
    assert "Näin teet palvelussa" not in render_html(_report("fi", NO_DMARC))


def test_first_page_says_how_much_is_whose() -> None:
    assert "In your own hands: 1 · Ask your provider: 1" in render_html(_report("en"))


def test_a_record_is_printed_whole() -> None:
    record = NO_DMARC.fix.records[0] if NO_DMARC.fix else None
    assert record is not None
    text = "".join(page.extract_text() for page in _read(render_pdf(_report())).pages)
    assert record.value.replace(" ", "") in text.replace(" ", "").replace("\n", "")


def test_fonts_are_whole_and_letters_are_right(tmp_path: Path) -> None:
    strange = replace(CLOSED, evidence={**CLOSED.evidence, "seen": "Žižek Łódź åäö ÅÄÖ"})
    pdf = tmp_path / "report.pdf"
    pdf.write_bytes(render_pdf(_report("fi", strange)))
    text = subprocess.run(["pdftotext", str(pdf), "-"], capture_output=True, check=True).stdout.decode()
    assert "Žižek Łódź åäö ÅÄÖ" in text
    fonts = subprocess.run(["pdffonts", str(pdf)], capture_output=True, check=True).stdout.decode()
    rows = [line.split() for line in fonts.splitlines()[2:]]
    assert {row[-5] for row in rows} == {"yes"}
    names = [row[0].partition("+")[2] for row in rows]
    assert sum(name.startswith("Source-Sans-3") for name in names) == 2


HOSTILE = (
    '<img src="file:///etc/passwd"><link rel=attachment href="http://198.18.0.1/"><style>@import "http://x/"</style>'
)


def test_hostile_text_stays_text_and_fetches_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    fetch = PackagedOnly.fetch

    def listen(self: PackagedOnly, url: str, headers: object = None) -> object:
        asked.append(url)
        return fetch(self, url, headers)

    monkeypatch.setattr(PackagedOnly, "fetch", listen)
    findings = [
        replace(CLOSED, evidence={**CLOSED.evidence, "seen": HOSTILE}),
        with_snippet(replace(NO_DMARC, subject=HOSTILE), HOSTILE),
    ]
    text = "".join(page.extract_text() for page in _read(render_pdf(_report("en", *findings))).pages)
    assert "etc/passwd" in text.replace("\n", "")
    assert {url for url in asked if not url.startswith("kyberkunto:")} == set()


@pytest.mark.parametrize(
    "url", ["https://198.18.0.1/", "file:///etc/passwd", "data:text/css,", "kyberkunto:../settings.py", "kyberkunto:"]
)
def test_nothing_but_the_packaged_fonts_is_given_out(url: str) -> None:
    with pytest.raises(ValueError, match="fetches nothing"):
        PackagedOnly().fetch(url)


def test_a_huge_text_is_cut_short() -> None:
    huge = replace(CLOSED, evidence={**CLOSED.evidence, "seen": "x" * 100_000})
    assert len(render_html(_report("en", huge))) < 40_000
