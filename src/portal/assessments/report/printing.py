"""A report on paper: one PDF (PDF/UA-1) from the templates in `templates/report/`, made without fetching anything."""

import logging
from functools import cache
from pathlib import Path

import cssselect2  # type: ignore[import-untyped]  # by WeasyPrint, for WeasyPrint
import pydyf
import weasyprint
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from portal.assessments.report.input import ReportInput
from portal.assessments.report.parsing import parse
from portal.assessments.report.tagging import mend
from portal.assessments.report.writing import render_html
from portal.settings import ROOT
from portal.templating import STATIC

SCHEME = "kyberkunto:"
_FONTS = STATIC / "vendor" / "fonts"
_STYLE = ROOT / "templates" / "report" / "report.css"

# It warns of every letter that no font here has; a stranger's text could fill the log with them.
logging.getLogger("weasyprint").setLevel(logging.ERROR)


class PackagedOnly(URLFetcher):  # type: ignore[misc]  # WeasyPrint has no types
    """Gives out the fonts that came with us by their bare name, and refuses everything else, whatever its scheme."""

    def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:  # noqa: ARG002 - WeasyPrint's signature
        """The font. Raises ValueError for any other address."""
        name = url.removeprefix(SCHEME)
        fonts = {path.name: path for path in _FONTS.glob("*.ttf")}
        if not url.startswith(SCHEME) or name not in fonts:
            raise ValueError("a report fetches nothing")
        return URLFetcherResponse(url, Path(fonts[name]).read_bytes(), {"Content-Type": "font/ttf"})


class _Paper(weasyprint.HTML):  # type: ignore[misc]  # the same
    """A document of ours: read by our parser, and without WeasyPrint's own style.

    That style's rules for notes give each element six more styles.
    """

    def __init__(self, html: str) -> None:
        self.base_url = SCHEME
        self.url_fetcher = PackagedOnly()
        self.media_type = "print"
        self.wrapper_element = cssselect2.ElementWrapper.from_html_root(parse(html))
        self.etree_element = self.wrapper_element.etree_element

    def _ua_stylesheets(self, forms: bool = False) -> list[weasyprint.CSS]:  # noqa: ARG002, FBT001, FBT002 - the same
        """Where WeasyPrint asks no more, it would use its own style before ours: slower, and the same on paper."""
        return []


@cache
def _style() -> tuple[weasyprint.CSS, FontConfiguration]:
    """Ours, and the fonts that it names; read once."""
    fonts = FontConfiguration()
    text = _STYLE.read_text(encoding="utf-8")
    return weasyprint.CSS(string=text, base_url=SCHEME, url_fetcher=PackagedOnly(), font_config=fonts), fonts


def render_pdf(report: ReportInput) -> bytes:
    """The report as a tagged PDF in `report.language` (`fi`, `sv` or `en`). Blocks for seconds."""
    return print_html(render_html(report))


def print_html(html: str) -> bytes:
    """That HTML as a tagged PDF, in the report's style.

    A letter that no font here has is printed as its number, `[U+4E2D]`: an empty box would tell nobody what it was.
    """
    made, missing = _printed(html)
    if missing:
        made, _ = _printed(html.translate({letter: f"[U+{letter:04X}]" for letter in missing}))
    return made


def _printed(html: str) -> tuple[bytes, set[int]]:
    """The PDF, and the letters that no font here has."""
    style, fonts = _style()
    missing: set[int] = set()

    def finish(document: weasyprint.Document, pdf: pydyf.PDF) -> None:
        missing.update(letter for font in document.fonts.values() for letter in font.missing)
        mend(pdf)

    page = _Paper(html)
    made: bytes = page.write_pdf(stylesheets=[style], font_config=fonts, pdf_variant="pdf/ua-1", finisher=finish)
    return made, missing
