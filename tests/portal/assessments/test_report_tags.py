"""What a screen reader gets of a report: its tags in order, headings, header cells, texts for charts, the language."""

import io
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pypdf
import pytest

from portal.assessments.report.printing import render_pdf
from tests.portal.assessments.reporting import inspected, worst


@pytest.fixture(scope="module", params=["fi", "sv", "en"])
def reader(request: pytest.FixtureRequest) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(render_pdf(worst(request.param, inspected()))))


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
    return list(tags(reader.root_object["/StructTreeRoot"]["/K"]))


def test_headings_never_skip_a_level(reader: pypdf.PdfReader) -> None:
    levels = [int(name[1]) for name, _ in everything(reader) if len(name) == 2 and name[0] == "H" and name[1].isdigit()]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_every_cell_of_a_table_names_its_header_cells(reader: pypdf.PdfReader) -> None:
    tables = [node for name, node in everything(reader) if name == "Table"]
    assert len(tables) >= 6
    for table in tables:
        cells = list(tags(table["/K"]))
        heads = {str(node["/ID"]) for name, node in cells if name == "TH"}
        assert heads
        for cell in (node for name, node in cells if name == "TD"):
            named = {str(head) for head in cell["/A"]["/Headers"]}
            assert named
            assert named <= heads


def test_every_chart_and_sign_has_a_text(reader: pypdf.PdfReader) -> None:
    figures = [node for name, node in everything(reader) if name == "Figure"]
    assert figures
    assert all(str(figure.get("/Alt", "")).strip() for figure in figures)


def test_bookmarks_lead_to_every_part(reader: pypdf.PdfReader) -> None:
    top = [entry for entry in reader.outline if not isinstance(entry, list)]
    below = [entry for entry in reader.outline if isinstance(entry, list)]
    assert len(top) == 1
    assert len([entry for entry in below[0] if not isinstance(entry, list)]) >= 5


def test_title_and_language_are_told(reader: pypdf.PdfReader) -> None:
    assert reader.metadata is not None
    assert str(reader.metadata.title).startswith("Kyberkunto")
    assert str(reader.root_object["/Lang"]) in {"fi", "sv", "en"}
