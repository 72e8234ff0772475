"""A report written to a file, for every command that makes one."""

from pathlib import Path

from portal.assessments.report.input import ReportInput
from portal.commands.check_input import unwritable
from portal.commands.usage import UsageError


def write_pdf(path: Path, report: ReportInput) -> None:
    """Raises UsageError: `pdf-not-writable`, or `pdf-not-available` where this machine lacks what it takes."""
    try:
        from portal.assessments.report.printing import render_pdf  # noqa: PLC0415 - a second that others need not pay

        content = render_pdf(report)
    except OSError as error:  # WeasyPrint looks for Pango when it is loaded
        raise UsageError("pdf-not-available", f"no PDF can be made on this machine: {error}") from error
    try:
        path.write_bytes(content)
    except OSError as error:
        raise unwritable(path, error, report.language) from error
