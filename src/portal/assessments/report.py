"""A result on paper: one PDF (PDF/UA-1) from the templates in `templates/report/`, made without fetching anything."""

import logging
from pathlib import Path
from typing import Any

import weasyprint
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from checks import advice
from checks.contract import Severity
from checks.limits import tell_limit
from portal.assessments.outline import Item, Outline, outline
from portal.assessments.report_input import ReportInput
from portal.settings import ROOT
from portal.templating import STATIC, render

SCHEME = "kyberkunto:"
_FONTS = STATIC / "vendor" / "fonts"
_STYLE = ROOT / "templates" / "report" / "report.css"
_GOOD_SHOWN = 4

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


def render_pdf(report: ReportInput) -> bytes:
    """The report as a tagged PDF in `report.language` (`fi`, `sv` or `en`). Blocks for about a second."""
    fonts = FontConfiguration()
    fetcher = PackagedOnly()
    style = weasyprint.CSS(
        string=_STYLE.read_text(encoding="utf-8"), base_url=SCHEME, url_fetcher=fetcher, font_config=fonts
    )
    page = weasyprint.HTML(string=render_html(report), base_url=SCHEME, url_fetcher=fetcher)
    made: bytes = page.write_pdf(stylesheets=[style], font_config=fonts, pdf_variant="pdf/ua-1")
    return made


def render_html(report: ReportInput) -> str:
    """What is printed, as HTML."""
    arranged = outline(report.findings, report.domain, report.language)
    context: dict[str, Any] = {
        "report": report,
        "outline": arranged,
        "good": _best(arranged),
        "everything": _everything(arranged),
        "limits": [tell_limit(limit, report.language) for limit in report.limits],
    }
    return render("report/report.html", report.language, context)


def _best(arranged: Outline) -> list[Item]:
    """The few good things worth most, those whose failing would have been gravest; one of each check."""
    gravity = list(Severity)
    of_each: dict[str, Item] = {}
    for good in arranged.fine:
        of_each.setdefault(good.finding.id, good)
    return sorted(of_each.values(), key=lambda good: gravity.index(advice.card(good.finding.id).heaviest))[:_GOOD_SHOWN]


def _everything(arranged: Outline) -> list[Item]:
    """All findings: what is wrong, then what we could not tell, what is fine, and the rest."""
    wrong = [entry for step in arranged.steps for entry in step.items]
    return [
        *wrong,
        *arranged.unknown,
        *arranged.fine,
        *arranged.info,
        *arranged.aside,
        *arranged.not_asked,
        *arranged.not_stated,
    ]
