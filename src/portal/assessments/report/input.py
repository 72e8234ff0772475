"""What a report is made of, whoever asked for it: a command or the portal."""

from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct

from portal.assessments.catalogue import Catalogue
from portal.assessments.inspected import Inspected
from portal.assessments.sheets.proofs import Proof
from portal.assessments.sheets.result import Limits, Result
from portal.assessments.sheets.sheet import Sheet
from portal.assessments.solutions.offers import Offer


class Firm(Struct, frozen=True):
    """A firm's answer sheet, with what `assess` made of it and of the findings of the report's domains.

    `limits`: what the firm would spend on the plan. `given`: when each question was answered, by its id (aware);
    `proofs`: the fixes that were ticked done. Both empty where nobody knows, as for a sheet in a file.
    """

    catalogue: Catalogue
    sheet: Sheet
    result: Result
    limits: Limits
    given: Mapping[str, datetime] = {}
    proofs: tuple[Proof, ...] = ()


class ReportInput(Struct, frozen=True):
    """Ended checks of any number of domains, and a firm's sheet where it has one, to be told in one language.

    `for_others`: it speaks of the firm rather than to its owner, for whoever was given a link.

    `made_at` is aware. `site`: the address of this installation's front page in that language, for whoever is to check
    again; `calendar`: that of the dates as an ICS file. Both empty where there is none. `operator`: who runs it.
    `offers`: awarded solutions in force that are to be had in that language.
    """

    language: str
    made_at: datetime
    inspected: tuple[Inspected, ...] = ()
    firm: Firm | None = None
    site: str = ""
    calendar: str = ""
    operator: str = ""
    for_others: bool = False
    offers: tuple[Offer, ...] = ()
