"""Pitch decks: small PDFs of three slides (ISO 32000-1), with the standard fonts that every reader has."""

import textwrap
from collections.abc import Sequence

WIDTH, HEIGHT = 960, 540
SLIDES = 3
"""In each deck of ours."""
_COLOURS = ("0.10 0.30 0.42", "0.36 0.20 0.42", "0.13 0.38 0.28", "0.48 0.24 0.12")
_TITLE_AT, _TEXT_AT = 40, 62
"""Letters in a line."""
Slide = tuple[str, str]
"""Heading and text."""


def pdf(by: str, slides: Sequence[Slide], colour: int) -> bytes:
    """A deck; the same for the same words."""
    pages = [_page(by, *slide, number, _COLOURS[colour % len(_COLOURS)]) for number, slide in enumerate(slides, 1)]
    kids = " ".join(f"{5 + 2 * at} 0 R" for at in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for at, drawn in enumerate(pages):
        fonts = "/Font << /B 3 0 R /R 4 0 R >>"
        box = f"/MediaBox [0 0 {WIDTH} {HEIGHT}] /Resources << {fonts} >> /Contents {6 + 2 * at} 0 R"
        objects.append(f"<< /Type /Page /Parent 2 0 R {box} >>".encode())
        objects.append(f"<< /Length {len(drawn)} >>\nstream\n".encode() + drawn + b"\nendstream")
    return _file(objects)


def _page(by: str, heading: str, text: str, number: int, colour: str) -> bytes:
    """A band with the heading, the text under it, whose it is at the foot."""
    lines = [f"{colour} rg 0 {HEIGHT - 170} {WIDTH} 170 re f", "1 1 1 rg"]
    for at, line in enumerate(textwrap.wrap(heading, _TITLE_AT)[:3]):
        lines.append(_line("B", 34, 60, HEIGHT - 70 - 42 * at, line))
    lines.append("0.13 0.13 0.13 rg")
    for at, line in enumerate(textwrap.wrap(text, _TEXT_AT)[:9]):
        lines.append(_line("R", 24, 60, HEIGHT - 230 - 34 * at, line))
    lines.append("0.4 0.4 0.4 rg")
    lines.append(_line("R", 14, 60, 24, f"{by}    {number}"))
    return "\n".join(lines).encode("cp1252", "replace")


def _line(font: str, size: int, x: int, y: int, text: str) -> str:
    escaped = text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
    return f"BT /{font} {size} Tf {x} {y} Td ({escaped}) Tj ET"


def _file(objects: Sequence[bytes]) -> bytes:
    """The objects with their table of places, from which readers begin."""
    made, places = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"), []
    for number, each in enumerate(objects, 1):
        places.append(len(made))
        made += f"{number} 0 obj\n".encode() + each + b"\nendobj\n"
    start, count = len(made), len(objects) + 1
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    made += f"xref\n0 {count}\n0000000000 65535 f \n{table}".encode()
    made += f"trailer\n<< /Size {count} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(made)
