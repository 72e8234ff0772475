"""Keeping a check or a sheet in an account: from then on it is its firm's, and no address opens it to others.

Whoever knows the address of what is nobody's may do that, and of several who try at once one does. Nothing but whose it
is changes: what runs goes on, and links that were given out lead where they led.
"""

import re
from enum import StrEnum
from uuid import UUID

from msgspec import Struct

from portal.accounts.viewer import Viewer
from portal.assessments import queries
from portal.assessments.sheets import storage
from portal.assessments.sheets.domains import domains_of
from portal.assessments.tables import AnswerSheet, Assessment, SheetDomain
from portal.audit import service as audit
from portal.audit.tables import Action
from portal.database import rows, transaction
from portal.errors import AssessmentNotFoundError, SheetNotFoundError

_CLAIM_SHEET = "UPDATE answer_sheet SET firm = {} WHERE id = {} AND firm IS NULL RETURNING id"
_CLAIM_CHECK = "UPDATE assessment SET firm = {} WHERE id = {} AND firm IS NULL RETURNING id"

_ADDRESS = re.compile(r"([aq])/([A-Za-z0-9_-]{1,64})")


class Kind(StrEnum):
    """What is kept, by the sign that its address begins with."""

    CHECK = "a"
    SHEET = "q"


class Kept(Struct, frozen=True):
    """One check or sheet, as its address names it."""

    kind: Kind
    token: str

    @classmethod
    def parse(cls, text: str) -> "Kept | None":
        """Of `a/TOKEN` or `q/TOKEN`; None for anything else."""
        found = _ADDRESS.fullmatch(text)
        return cls(Kind(found[1]), found[2]) if found else None

    def __str__(self) -> str:
        return f"{self.kind}/{self.token}"


class Standing(Struct, frozen=True):
    """What can be said of it before it is kept: its domain (a sheet's first one; empty without), and whose it is."""

    domain: str
    firm: UUID | None


async def standing(kept: Kept, viewer: Viewer) -> Standing:
    """How it stands now. Raises AssessmentNotFoundError or SheetNotFoundError where the viewer may not open it."""
    if kept.kind is Kind.CHECK:
        assessment = await queries.by_token(kept.token, viewer)
        return Standing(assessment.domain, assessment.firm)
    sheet = await storage.by_token(kept.token, viewer)
    return Standing(sheet.domains[0].domain if sheet.domains else "", sheet.row.firm)


async def claim(kept: Kept, firm: UUID, viewer: Viewer) -> None:
    """Makes it that firm's, in which the viewer is: the caller has seen to that.

    Raises:
        AssessmentNotFoundError: there is no such check, or somebody was faster.
        SheetNotFoundError: the same of a sheet.
    """
    if kept.kind is Kind.CHECK:
        await _claim_check(await queries.by_token(kept.token, viewer), firm, viewer)
    else:
        await _claim_sheet((await storage.by_token(kept.token, viewer)).row, firm, viewer)


async def _claim_check(assessment: Assessment, firm: UUID, viewer: Viewer) -> None:
    async with transaction():
        if not await rows(_CLAIM_CHECK, firm, assessment.id):
            raise AssessmentNotFoundError
        await audit.record(Action.ASSESSMENT_CLAIMED, viewer.pseudonym, f"check:{assessment.id}", firm=str(firm))


async def _claim_sheet(row: AnswerSheet, firm: UUID, viewer: Viewer) -> None:
    """With it go the newest checks of its domains that are nobody's; what is another firm's stays there.

    So does the one by which it knows each domain: a check that is nobody's would not lead to a firm's (`line_of`).
    """
    async with transaction():
        if not await rows(_CLAIM_SHEET, firm, row.id):
            raise SheetNotFoundError
        along = 0
        for check in await _known_by(row):
            along += len(await rows(_CLAIM_CHECK, firm, check))
        subject = f"sheet:{row.id}"
        await audit.record(Action.ASSESSMENT_CLAIMED, viewer.pseudonym, subject, firm=str(firm), checks=along)


async def _known_by(row: AnswerSheet) -> set[UUID]:
    """The checks from which the sheet knows what it knows, in no order."""
    named = await SheetDomain.select(SheetDomain.assessment).where(SheetDomain.sheet == row.id)
    found = {entry["assessment"] for entry in named}
    for domain in await domains_of(row):
        found |= {each.id for each in (domain.newest, domain.ended) if each is not None}
    return found
