"""The badge of a proven domain: made, ended, and what it says at the moment. Never a fault, and never a score."""

import secrets
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from msgspec import Struct
from piccolo.columns.combination import Where

from checks.contract import Severity, Status
from checks.score import score
from portal import tombstones
from portal.accounts import proofs
from portal.accounts.tables import DomainProof
from portal.assessments import queries
from portal.assessments.earlier import as_of_today, is_known
from portal.assessments.inspected import Inspected
from portal.assessments.service import TOKEN_BYTES
from portal.assessments.sheets.result import TOP_BAND
from portal.assessments.tables import Assessment
from portal.database import transaction
from portal.errors import LinkNotFoundError
from portal.sharing import files
from portal.sharing.tables import Badge

LASTS = timedelta(days=365)
"""Then the holder shows again that the domain is theirs: domains change hands."""
FRESH = timedelta(days=90)
"""An older check says nothing about today."""
_GRAVE = {Severity.CRITICAL, Severity.HIGH}


class Standing(StrEnum):
    """What a badge says besides the date."""

    WELL = "well"
    CHECKED = "checked"
    OLD = "old"


class Shown(Struct, frozen=True):
    """A badge as the public meets it, with the newest ended check of its domain."""

    badge: Badge
    inspected: Inspected
    standing: Standing


async def make(assessment: Assessment, proof: DomainProof) -> Badge | None:
    """A badge for the domain of a check, if the proof's token stands in the domain now; None where it does not.

    One that there is already is proven anew.

    Raises:
        AssessmentNotDoneError: the check has not ended.
        ProofExpiredError: the token is too old.
    """
    await queries.inspected(assessment)
    if proof.domain != assessment.domain or not await proofs.verify(proof):
        return None
    now = datetime.now(UTC)
    row = Badge(
        token=secrets.token_urlsafe(TOKEN_BYTES),
        domain=assessment.domain,
        assessment=await queries.first_of(assessment),
        proven_at=now,
        expires_at=now + LASTS,
    )
    await Badge.insert(row).on_conflict(
        target=Badge.assessment, action="DO UPDATE", values=[(Badge.proven_at, now), (Badge.expires_at, now + LASTS)]
    )
    return await badge_of(assessment)


async def badge_of(assessment: Assessment) -> Badge | None:
    """The badge of the line of checks to which this one belongs, if it holds."""
    own = await _of_line(assessment)
    return await Badge.objects().where(own, Badge.expires_at > datetime.now(UTC)).first()


async def end(assessment: Assessment) -> None:
    """Ends the badge of the line of checks to which this one belongs; its picture and its page are gone at once."""
    mine = await _of_line(assessment)
    async with transaction():
        gone = await Badge.delete().where(mine).returning(Badge.id)
        await tombstones.bury(("badge", row["id"]) for row in gone)


async def show(token: str) -> Shown:
    """The badge at that address. Raises LinkNotFoundError for one that has run out or was ended, or never was."""
    badge = await Badge.objects().where(Badge.token == token, Badge.expires_at > datetime.now(UTC)).first()
    if badge is None:
        raise LinkNotFoundError
    inspected = await files.newest_inspected(await queries.by_id(badge.assessment))
    return Shown(badge, inspected, standing(inspected, datetime.now(UTC)))


def standing(inspected: Inspected, now: datetime) -> Standing:
    """`WELL` only where nothing is gravely wrong and, whatever could not be told, the score is in the upper band."""
    if now - inspected.started_at > FRESH:
        return Standing.OLD
    grave = any(each.status is Status.FAIL and each.severity in _GRAVE for each in inspected.findings)
    low = score(as_of_today(each, inspected.domain) for each in inspected.findings if is_known(each)).low
    return Standing.WELL if not grave and low >= TOP_BAND else Standing.CHECKED


async def forget_ended() -> None:
    """Removes badges that have run out."""
    await Badge.delete().where(Badge.expires_at <= datetime.now(UTC))


async def _of_line(assessment: Assessment) -> Where:
    return Badge.assessment == await queries.first_of(assessment)
