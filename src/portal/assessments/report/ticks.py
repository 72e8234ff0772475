"""What the owner ticked done, in words, with what later checks say of it."""

from portal.assessments.report.input import Firm, ReportInput
from portal.assessments.sheets.telling_proofs import ToldTick, told_ticks


def ticks(report: ReportInput, firm: Firm) -> tuple[ToldTick, ...]:
    """Those that today's questions or checks still know, the latest last."""
    return told_ticks(firm.catalogue, firm.proofs, [each.domain for each in report.inspected], report.language)
