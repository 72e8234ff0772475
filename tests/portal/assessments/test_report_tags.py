"""What a screen reader gets of a report: PDF/UA-1 by an outside judge, and its tags as we read them ourselves."""

import io
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import page
import pypdf
import pytest
import weasyprint
from msgspec.structs import replace

from portal.assessments.report.input import ReportInput
from portal.assessments.report.printing import render_pdf
from portal.assessments.report.writing import render_html
from tests.portal.assessments.findings import CLOSED, NO_DMARC, with_snippet
from tests.portal.assessments.reporting import BEGAN, inspected, worst


@pytest.fixture(scope="module", params=["fi", "sv", "en"])
def pdf(request: pytest.FixtureRequest) -> bytes:
    return render_pdf(worst(request.param, inspected()))


@pytest.fixture(scope="module")
def reader(pdf: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(pdf))


def broken_rules(pdf: bytes) -> list[str]:
    """What another program finds against PDF/UA-1 (ISO 14289-1)."""
    found = page.validate_pdf_bytes(pdf, profile=page.ValidationProfile.PDF_UA_1)
    assert found.rules.total > 100
    assert found.is_compliant is not bool(found.failures)
    return [f"{each.rule_id}: {each.message}" for each in found.failures]


def test_report_of_a_firm_is_pdf_ua(pdf: bytes) -> None:
    assert broken_rules(pdf) == []


def test_report_of_several_domains_with_strange_texts_is_pdf_ua() -> None:
    strange = "<h6>x</h6> \u05d0\u05d1 \u202egnp.exe \u4e2d\u6587 \U0001f600 \x00 " + "x" * 3000
    findings = (
        with_snippet(NO_DMARC, strange),
        replace(NO_DMARC, subject=strange),
        replace(CLOSED, evidence={strange: strange}),
    )
    checks = (inspected(*findings), inspected(*findings, domain="leipomo.test"))
    assert broken_rules(render_pdf(ReportInput("en", BEGAN, checks))) == []


def test_judge_refuses_an_ordinary_pdf() -> None:
    assert len(broken_rules(weasyprint.HTML(string="<p>A paragraph</p>").write_pdf())) >= 3


def tags(node: Any) -> Iterator[tuple[str, Any]]:  # noqa: ANN401 - pypdf's own objects
    """Every element of the structure tree in reading order."""
    found = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(found, list):
        for kid in found:
            yield from tags(kid)
    elif isinstance(found, dict):
        if "/S" in found:
            yield str(found["/S"]).removeprefix("/"), found
        if "/K" in found:
            yield from tags(found["/K"])


def everything(reader: pypdf.PdfReader) -> list[tuple[str, Any]]:
    root: Any = reader.root_object
    return list(tags(root["/StructTreeRoot"]["/K"]))


def test_headings_never_skip_a_level(reader: pypdf.PdfReader) -> None:
    levels = [int(name[1]) for name, _ in everything(reader) if len(name) == 2 and name[0] == "H" and name[1].isdigit()]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_every_cell_of_a_table_names_its_header_cells(reader: pypdf.PdfReader) -> None:
    tables = [node for name, node in everything(reader) if name == "Table"]
    assert len(tables) >= 3
    for table in tables:
        cells = list(tags(table["/K"]))
        heads = {str(node["/ID"]) for name, node in cells if name == "TH"}
        assert heads
        assert {str(node["/A"]["/Scope"]) for name, node in cells if name == "TH"} <= {"/Row", "/Column"}
        for cell in (node for name, node in cells if name == "TD"):
            named = {str(head) for head in cell["/A"]["/Headers"]}
            assert named
            assert named <= heads


def test_every_chart_and_sign_has_a_text(reader: pypdf.PdfReader) -> None:
    figures = [node for name, node in everything(reader) if name == "Figure"]
    assert figures
    assert all(str(figure.get("/Alt", "")).strip() for figure in figures)
    width, height = (float(each) for each in reader.pages[0].mediabox.upper_right)
    for figure in figures:
        left, lower, right, upper = (float(each) for each in figure["/A"]["/BBox"])
        assert 0 < left < right < width
        assert 0 < lower < upper < height


def test_chart_is_where_its_tag_says(reader: pypdf.PdfReader) -> None:
    """The first one, the score's bar, is on the upper half of the first page."""
    chart = next(node for name, node in everything(reader) if name == "Figure")
    assert float(chart["/A"]["/BBox"][1]) > float(reader.pages[0].mediabox.top) / 2


def test_every_entry_of_a_list_is_a_label_and_a_body(reader: pypdf.PdfReader) -> None:
    lists = [node for name, node in everything(reader) if name == "L"]
    assert lists
    for each in lists:
        entries = [entry.get_object() for entry in each["/K"]]
        assert {entry["/S"] for entry in entries} <= {"/LI", "/L"}
        for entry in (entry for entry in entries if entry["/S"] == "/LI"):
            parts = [part.get_object()["/S"] for part in entry["/K"]]
            assert parts.count("/Lbl") <= 1
            assert parts.count("/LBody") == len(parts) - parts.count("/Lbl")


def test_bookmarks_lead_to_every_part(reader: pypdf.PdfReader) -> None:
    top = [entry for entry in reader.outline if not isinstance(entry, list)]
    below = [entry for entry in reader.outline if isinstance(entry, list)]
    assert len(top) == 1
    assert len([entry for entry in below[0] if not isinstance(entry, list)]) >= 5


def test_title_and_language_are_told(reader: pypdf.PdfReader) -> None:
    assert reader.metadata is not None
    assert str(reader.metadata.title).startswith("Kyberkunto")
    assert str(reader.root_object["/Lang"]) in {"fi", "sv", "en"}


def test_links_are_tagged_and_lead_only_to_ours_and_to_our_sources() -> None:
    """Never to what was scanned, however much it looks like an address (Matterhorn 28-011: each link in a Link)."""
    scanned = "https://evil.test/"
    report = worst("en", inspected(replace(CLOSED, evidence={"page": scanned, "seen": f"<a href={scanned}>x</a>"})))
    made = render_pdf(
        replace(report, site="https://kyberkunto.example.fi/en", calendar="https://kyberkunto.example.fi/c")
    )
    assert broken_rules(made) == []
    reader = pypdf.PdfReader(io.BytesIO(made))
    notes = [note.get_object() for page in reader.pages for note in page.get("/Annots", [])]
    targets = {str(note["/A"]["/URI"]) for note in notes}
    assert "https://kyberkunto.example.fi/c" in targets
    assert len(targets) >= 4
    assert all(target.startswith("https://") and target != scanned for target in targets)
    assert sum(name == "Link" for name, _ in everything(reader)) == len(notes)
    assert all(str(note["/Contents"]) for note in notes)


def test_our_own_address_without_encryption_is_no_link() -> None:
    report = replace(worst("en", inspected()), site="http://127.0.0.1:8000/en", calendar="http://127.0.0.1:8000/c")
    assert "http://127.0.0.1" in render_html(report)
    assert 'href="http://' not in render_html(report)
