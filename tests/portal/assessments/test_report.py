"""The report on paper: whole, tagged, in the reader's language, and made without fetching anything."""

import io
import subprocess
from pathlib import Path

import pypdf
import pytest
from msgspec.structs import replace

from portal.assessments.report.input import ReportInput
from portal.assessments.report.printing import PackagedOnly, render_pdf
from portal.assessments.report.writing import render_html
from tests.portal.assessments.findings import AT_ZONER, CLOSED, DOMAIN, NO_DMARC, with_snippet
from tests.portal.assessments.reporting import BEGAN, firm, inspected, of_domain, worst

FIRST = {"fi": "Tee ensin", "sv": "Gör först", "en": "Do first"}


def _read(pdf: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(pdf))


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_report_is_a_tagged_pdf_in_its_reader_s_language(language: str) -> None:
    reader = _read(render_pdf(of_domain(language)))
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
    reader = _read(render_pdf(of_domain("en")))
    texts = [page.extract_text() for page in reader.pages]
    assert "Anyone can send mail in your company's name." in texts[0]
    assert "about 15 minutes" in texts[0]
    for number, text in enumerate(texts, start=1):
        assert f"Page {number} of {len(texts)}" in text
        assert "23 November 2026" in text


def test_the_provider_s_own_steps_are_printed_with_their_source() -> None:
    text = "".join(page.extract_text() for page in _read(render_pdf(of_domain("fi", NO_DMARC, AT_ZONER))).pages)
    flat = " ".join(text.split())
    assert "Näin teet palvelussa Zoner" in flat
    assert "https://www.zoner.fi/tuki/verkkotunnus/" in flat
    assert "Luimme ohjeen 23.11.2026" in flat
    assert "Näin teet palvelussa" not in render_html(of_domain("fi", NO_DMARC))


def test_first_page_says_how_much_is_whose() -> None:
    assert "In your own hands: 1 · Ask your provider: 1" in render_html(of_domain("en"))


def test_a_record_is_printed_whole() -> None:
    record = NO_DMARC.fix.records[0] if NO_DMARC.fix else None
    assert record is not None
    text = "".join(page.extract_text() for page in _read(render_pdf(of_domain())).pages)
    assert record.value.replace(" ", "") in text.replace(" ", "").replace("\n", "")


def test_fonts_are_whole_and_letters_are_right(tmp_path: Path) -> None:
    strange = replace(CLOSED, evidence={**CLOSED.evidence, "seen": "Žižek Łódź åäö ÅÄÖ"})
    pdf = tmp_path / "report.pdf"
    pdf.write_bytes(render_pdf(of_domain("fi", strange)))
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
    text = "".join(page.extract_text() for page in _read(render_pdf(of_domain("en", *findings))).pages)
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
    assert len(render_html(of_domain("en", huge))) < 40_000


def test_the_first_page_of_a_firm_is_one_page_with_gaps_and_three_things_to_do() -> None:
    reader = _read(render_pdf(worst("en", inspected())))
    first, second = (" ".join(reader.pages[number].extract_text().split()) for number in (0, 1))
    assert "A stolen password is enough to get into your mail." in first
    assert "send it on as it is" in first
    assert second.startswith("The plan")
    assert "Score between" in first or "out of 100" in first
    assert first.count("about ") >= 3


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_no_card_is_split_across_pages(language: str) -> None:
    report = worst(language, inspected())
    texts = [page.extract_text() for page in _read(render_pdf(report)).pages]
    done = {"fi": "Tehty (pvm)", "sv": "Gjort den", "en": "Done on"}[language]
    boxes = sum(text.count(done) for text in texts)
    assert report.firm is not None
    assert boxes == len(report.firm.result.plan)
    for text in texts:
        assert text.count(done) == text.count({"fi": "Tee näin:", "sv": "Gör så här:", "en": "Do this:"}[language])


def test_a_report_without_any_domain_says_so() -> None:
    html = render_html(ReportInput("en", BEGAN, (), firm(-1)))
    assert "No domain was checked." in html
    assert "There is nothing left to do." in html


def test_several_domains_stand_in_one_report() -> None:
    other = "leipomo.test"
    checks = (inspected(), inspected(replace(NO_DMARC, subject=other), domain=other))
    html = render_html(ReportInput("en", BEGAN, checks))
    assert "Your 2 domains" in html
    assert f"Every finding about {other}" in html
    assert html.count("Anyone can send mail in your company") >= 2
    assert "Anyone can send mail in your company" in render_html(worst("en", *checks))
