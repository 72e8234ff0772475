"""The one entry: a sheet in, what it comes to and what to do about it out."""

from collections.abc import Sequence

from checks.contract import Finding
from portal.assessments.catalogue import Catalogue
from portal.assessments.sheets.result import Limits, Result
from portal.assessments.sheets.sheet import Sheet

NO_LIMITS = Limits()


def assess(
    catalogue: Catalogue, sheet: Sheet, findings: Sequence[Finding] = (), limits: Limits = NO_LIMITS
) -> Result:
    """The score of a sheet, what is not known, and the best plan within the limits. Pure and deterministic.

    `findings`: those of the domain check that the sheet uses, as they were kept; none where there is no check.
    The first call in a process takes about a second more where there is something to plan: it loads scipy.

    Raises:
        SheetError: `unknown-version`, `unknown-question` or `unknown-answer`.
    """
    raise NotImplementedError
