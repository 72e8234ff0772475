"""What people do with assessments: start one, have it printed, object to a finding."""

import logging
import secrets
from datetime import datetime, timedelta
from uuid import UUID

from msgspec import Struct

from portal import jobs, settings
from portal.accounts import limits
from portal.accounts.tables import DomainProof
from portal.assessments import queries
from portal.assessments.tables import Assessment, CheckLog, Dispute, FindingRow, Ground, Report, Stage, Way
from portal.database import transaction
from portal.errors import AssessmentNotDoneError, FindingNotFoundError, TooManyChecksError, TooManyRequestsError

TOKEN_BYTES = 24
"""An assessment's address holds 192 random bits."""
MAX_MESSAGE = 2000
PER_PERSON = "person"
"""The limit that is counted by a person's pseudonym."""
_HOUR = timedelta(hours=1)

log = logging.getLogger(__name__)


class Asking(Struct, frozen=True):
    """How a check is asked for: `person` is the pseudonym of whoever is signed in, otherwise empty."""

    person: str = ""
    way: Way = Way.PAGE


ASKED_ON_PAGE = Asking()
"""By a visitor, on a page."""


async def start(  # noqa: PLR0913 - all that a check is asked with
    domain: str,
    language: str,
    client: str,
    *,
    stated: bool = False,
    proof: DomainProof | None = None,
    previous: Assessment | None = None,
    standing_token: str = "",
    firm: UUID | None = None,
    asked: Asking = ASKED_ON_PAGE,
) -> Assessment:
    """Queues a check of a domain (in the form of `checks.names.parse_domain`); its row is kept before its job is.

    `client` is the asker's pseudonym (`portal.web.clients`). `stated`: they ticked that the domain is theirs or that
    they act for its owner. With a verified `proof` of that domain besides, the ports are looked at as well; the proof
    is looked up again when the check starts. `standing_token`: the same of a proof that was verified long ago and whose
    record the holder leaves in its place. `previous`: the check from which it is asked again; one of another domain is
    none. What stood for the doors of that one stands for this one too, so that an open door is not forgotten; and whose
    that one is, this one is. `firm`: whose it is where that one is nobody's, or there is none. `asked`:
    what the check log says besides (`CheckLog`).

    Raises:
        TooManyChecksError: by this client or person, or of this domain.
    """
    await _take_allowances(domain, client, asked.person)
    earlier = previous if previous is not None and previous.domain == domain else None
    standing = standing_token or (earlier.proof_token if earlier is not None and stated else "")
    row = Assessment(
        token=secrets.token_urlsafe(TOKEN_BYTES),
        domain=domain,
        language=language,
        client=client,
        stated=stated,
        previous=earlier.id if earlier is not None else None,
        proof_token=proof.token if proof is not None and _opens_ports(proof, domain, stated=stated) else standing,
        firm=(earlier.firm if earlier is not None else None) or firm,
    )
    async with transaction():
        await row.save()
        await _log_of(row, asked).save()
    log.info("check asked for", extra={"assessment": str(row.id), "domain": domain, "client": client})
    await jobs.enqueue(jobs.CHECK, row.id)
    return row


async def next_at(domain: str, client: str) -> datetime | None:
    """From when this client may have that domain checked again; None where it may now."""
    chosen = settings.current()
    times = (
        await limits.next_at("client", client, chosen.checks_per_client_per_hour, _HOUR),
        await limits.next_at("target", domain, chosen.checks_per_target_per_hour, _HOUR),
    )
    return max(filter(None, times), default=None)


async def request_report(assessment: Assessment, language: str, *, for_others: bool = False) -> Report:
    """The report in that language: queued now, or whatever became of an earlier request.

    A failed one, and one that tells of other awarded solutions than those in force, is made anew.

    Raises:
        AssessmentNotDoneError: there is nothing to print yet, or the check failed.
    """
    if assessment.status != Stage.DONE:
        raise AssessmentNotDoneError
    mine = queries.report_where(assessment, language, for_others=for_others)
    now = await queries.offers_now(language)
    await Report.delete().where(mine, (Report.status == Stage.FAILED.value) | (Report.offers != now))
    row = Report(assessment=assessment.id, language=language, for_others=for_others, offers=now)
    once = (Report.assessment, Report.language, Report.for_others)
    await Report.insert(row).on_conflict(target=once, action="DO NOTHING")
    kept = await Report.objects().where(mine).first()
    assert kept is not None  # noqa: S101 - just inserted, or there before
    if kept.status == Stage.QUEUED:
        await jobs.enqueue(jobs.REPORT, kept.id)
    return kept


async def dispute(assessment: Assessment, check_id: str, subject: str, message: str) -> None:
    """Keeps an objection to one finding for the operator, who reads it with `kyberkunto disputes`.

    Raises:
        FindingNotFoundError: the assessment has no finding of that check about that subject.
    """
    known = await FindingRow.exists().where(
        FindingRow.assessment == assessment.id, FindingRow.check_id == check_id, FindingRow.subject == subject
    )
    if not known:
        raise FindingNotFoundError
    text = message.strip()[:MAX_MESSAGE]
    await Dispute(assessment=assessment.id, check_id=check_id, subject=subject, message=text).save()
    log.warning("finding disputed", extra={"assessment": str(assessment.id), "check": check_id})


def _log_of(row: Assessment, asked: Asking) -> CheckLog:
    ground = Ground.PROOF if row.proof_token else Ground.STATED if row.stated else Ground.PUBLIC
    return CheckLog(domain=row.domain, client=row.client, person=asked.person, way=asked.way.value, ground=ground.value)


def _opens_ports(proof: DomainProof, domain: str, *, stated: bool) -> bool:
    """Both are needed: whoever can make a record may be a stranger's technician, and a tick alone shows nothing."""
    return stated and proof.verified_at is not None and proof.domain == domain


async def _take_allowances(domain: str, client: str, person: str) -> None:
    """`person`: the pseudonym of whoever is signed in, who is one wherever they ask from."""
    chosen = settings.current()
    try:
        await limits.take("client", client, chosen.checks_per_client_per_hour, _HOUR)
        if person:
            await limits.take(PER_PERSON, person, chosen.checks_per_person_per_hour, _HOUR)
        await limits.take("target", domain, chosen.checks_per_target_per_hour, _HOUR)
    except TooManyRequestsError as error:
        raise TooManyChecksError(error.limit, error.retry_after_s) from error
