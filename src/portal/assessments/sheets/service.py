"""What an owner does with an answer sheet: begin one, answer, tick a fix done, choose a budget, name the domains."""

import logging
import secrets
from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from uuid import UUID

from portal import settings
from portal.accounts import limits
from portal.assessments import service
from portal.assessments.catalogue import Catalogue, ProfileQuestion, Question, current
from portal.assessments.service import ASKED_ON_PAGE, TOKEN_BYTES, Asking
from portal.assessments.sheets import storage
from portal.assessments.sheets.counting import counted_findings
from portal.assessments.sheets.domains import keep_domain, remove_domain
from portal.assessments.sheets.known import seen_answers
from portal.assessments.sheets.proofs import calls, mended_by
from portal.assessments.sheets.storage import KeptSheet, Source
from portal.assessments.tables import AnswerSheet, Assessment
from portal.errors import DomainNotFoundError, SheetError, TooManyDomainsError

MOST_EURO = 1_000_000
MOST_HOURS = 1000
MOST_DOMAINS = 10
"""Of one sheet."""

log = logging.getLogger(__name__)


async def start(
    language: str, client: str, assessment: Assessment | None = None, city: UUID | None = None
) -> AnswerSheet:
    """A new, empty sheet, which knows what that domain check found or will find, and is whose that is.

    `client` is the asker's pseudonym (`portal.web.clients`); `city`: in whose programme it counts.

    Raises:
        TooManyRequestsError: this client began too many in an hour.
    """
    count = settings.current().sheets_per_client_per_hour
    await limits.take("sheets", client, count, timedelta(hours=1))
    row = AnswerSheet(
        token=secrets.token_urlsafe(TOKEN_BYTES),
        language=language,
        catalogue_version=current().version,
        client=client,
        firm=assessment.firm if assessment is not None else None,
        city=city,
    )
    await row.save()
    if assessment is not None:
        await keep_domain(row, assessment)
    log.info("sheet begun", extra={"sheet": str(row.id), "client": client})
    return row


def question_of(catalogue: Catalogue, question: str) -> ProfileQuestion | Question:
    """The question of that id, about the firm or graded. Raises SheetError (`unknown-question`)."""
    found = catalogue.profile_question(question) or catalogue.question(question)
    if found is None:
        raise SheetError("unknown-question", f"{question} is no question")
    return found


async def answer(kept: KeptSheet, catalogue: Catalogue, question: str, chosen: str) -> None:
    """Keeps the owner's answer; when this returns, a crash cannot lose it.

    A question that this firm is not asked (any more) is taken as well: a form may have been open meanwhile.

    Raises:
        SheetError: `unknown-question`, or `unknown-answer` for one that the question does not have.
    """
    asked = question_of(catalogue, question)
    if all(each.id != chosen for each in asked.answers):
        raise SheetError("unknown-answer", f"{question} has no answer {chosen}")
    await storage.keep_answer(kept.row, question, chosen, _source(kept, catalogue, question, chosen))


def _source(kept: KeptSheet, catalogue: Catalogue, question: str, chosen: str) -> Source:
    """The check's, where the owner let stand what it saw and had not answered otherwise before."""
    given = kept.given.get(question)
    seen = seen_answers(catalogue.questions, counted_findings(kept.inspected)).get(question)
    own = given is not None and given.source is Source.OWNER
    return Source.CHECK if seen is not None and seen.answer == chosen and not own else Source.OWNER


async def tick(kept: KeptSheet, catalogue: Catalogue, fix: str, *, done: bool) -> None:
    """Keeps that a fix is done, and what checks had found that it mends; or that it is not done.

    Raises:
        SheetError: `unknown-fix` for one that neither the catalogue nor the checks of this sheet's domains have.
    """
    of_check = {finding.fix.id for finding in kept.findings if finding.fix is not None}
    if fix not in catalogue.fixes and fix not in of_check and all(each.fix != fix for each in kept.proofs):
        raise SheetError("unknown-fix", f"there is no fix {fix}")
    if done:
        await storage.keep_done(kept.row, fix, mended_by(calls(fix, catalogue.fixes), kept.inspected))
    else:
        await storage.drop_done(kept.row, fix)


async def spend(row: AnswerSheet, budget_eur: int, minutes: int) -> None:
    """Keeps what the plan may cost, in whole euro and minutes."""
    row.budget_eur, row.minutes, row.updated_at = budget_eur, minutes, datetime.now(UTC)
    await row.save(columns=[AnswerSheet.budget_eur, AnswerSheet.minutes, AnswerSheet.updated_at])


async def have_checked(
    kept: KeptSheet, domain: str, client: str, *, stated: bool, asked: Asking = ASKED_ON_PAGE
) -> Assessment:
    """Starts a check of a domain (in the form of `checks.names.parse_domain`): a new one of the firm, or one again.

    Raises:
        TooManyDomainsError: the sheet has `MOST_DOMAINS` already.
        TooManyChecksError: by this client, or of this domain.
    """
    before = next((each.newest for each in kept.domains if each.domain == domain), None)
    if before is None and len(kept.domains) >= MOST_DOMAINS:
        raise TooManyDomainsError
    row = kept.row
    assessment = await service.start(
        domain, row.language, client, stated=stated, previous=before, firm=row.firm, asked=asked
    )
    await keep_domain(kept.row, assessment)
    return assessment


async def check_again(kept: KeptSheet, domains: Collection[str], client: str, *, asked: Asking = ASKED_ON_PAGE) -> None:
    """Has these domains of the sheet checked again, each with the same statement as before; not those under way.

    Raises:
        DomainNotFoundError: the sheet has none of these.
        TooManyChecksError: by this client, or of one of these domains; those before it in the sheet have begun.
    """
    wanted = [each for each in kept.domains if each.domain in domains]
    if not wanted:
        raise DomainNotFoundError
    for each in wanted:
        if not each.under_way:
            await have_checked(kept, each.domain, client, stated=each.newest.stated, asked=asked)


async def drop_domain(kept: KeptSheet, domain: str) -> None:
    """Takes a domain out of the sheet, with what was found of it. Raises DomainNotFoundError."""
    if all(each.domain != domain for each in kept.domains):
        raise DomainNotFoundError
    await remove_domain(kept.row, domain)


async def count_in(row: AnswerSheet, city: UUID | None) -> None:
    """Keeps in which city's programme the sheet counts from now on; None: in none."""
    row.city = city
    await row.save(columns=[AnswerSheet.city])


async def have_seen_renewal(row: AnswerSheet, catalogue: Catalogue) -> None:
    """Keeps that the owner looked through the answers after the questions had been renewed."""
    row.catalogue_version = catalogue.version
    await row.save(columns=[AnswerSheet.catalogue_version])
