"""What the owner ticked done, in words."""

from datetime import datetime

from msgspec import Struct

from portal.assessments.report.input import Firm, ReportInput
from portal.assessments.sheets.plan_outline import PlanTeller


class DoneFix(Struct, frozen=True):
    """One fix; `when` is aware."""

    id: str
    title: str
    when: datetime


def done_fixes(report: ReportInput, firm: Firm) -> tuple[DoneFix, ...]:
    """Those that today's questions or these checks still know, the latest last."""
    teller = PlanTeller(firm.catalogue, report.language, firm.sheet.profile.get("country", ""), report.inspected)
    findings = [finding for each in report.inspected for finding in each.findings]
    known = {name: when for name, when in firm.done.items() if name in firm.result.done}
    told = (DoneFix(name, teller.title(name, findings), when) for name, when in known.items())
    return tuple(sorted((each for each in told if each.title), key=lambda each: (each.when, each.id)))
