"""A report's words as HTML: one source for the page and for paper."""

from portal.assessments.report.input import ReportInput
from portal.assessments.report.telling import context
from portal.templating import render


def render_html(report: ReportInput) -> str:
    """What is printed, in `report.language` (`fi`, `sv` or `en`)."""
    return render("report/report.html", report.language, context(report, paper=True))
