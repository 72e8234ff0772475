"""Answer sheets in the database: what the owner answered and when, what they ticked done, what a check knows."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from msgspec import Struct

from checks.contract import Finding, Status
from portal.accounts.permissions import open_to
from portal.accounts.viewer import Viewer
from portal.assessments.catalogue import Catalogue, ProfileQuestion, Question, current
from portal.assessments.inspected import Inspected
from portal.assessments.sheets.counting import counted_findings
from portal.assessments.sheets.domains import KeptDomain, domains_of
from portal.assessments.sheets.known import seen_answers
from portal.assessments.sheets.proofs import Proof, Sight, Tick, calls, prove
from portal.assessments.sheets.sheet import Sheet
from portal.assessments.tables import AnswerSheet, DoneFix, Reply
from portal.database import transaction
from portal.errors import SheetNotFoundError

_TOLD = {Status.PASS, Status.FAIL, Status.INFO}
"""What a check says where it could look and tell."""


class Source(StrEnum):
    """Whose an answer is: the owner's own, or what the domain check saw and the owner let stand."""

    OWNER = "owner"
    CHECK = "check"


class Given(Struct, frozen=True):
    """The owner's answer to one question, whose it is, and when they gave it (aware)."""

    answer: str
    at: datetime
    source: Source = Source.OWNER


class KeptSheet(Struct, frozen=True):
    """One sheet as it stands. `given` is by question; it and the ticks may be of earlier catalogues.

    An answer that rests on what a check saw follows the newest one, and is open again where that no longer sees it.
    `proofs`: every fix that was ticked done, with what later checks say of it; `done` are those that none of them
    speaks against.
    """

    row: AnswerSheet
    given: Mapping[str, Given]
    proofs: tuple[Proof, ...] = ()
    domains: tuple[KeptDomain, ...] = ()

    @property
    def done(self) -> dict[str, datetime]:
        """By fix, when it was ticked, where no later check still finds what it mends."""
        return {each.fix: each.ticked_at for each in self.proofs if each.sight is not Sight.DISPROVED}

    @property
    def inspected(self) -> tuple[Inspected, ...]:
        """The newest ended checks of its domains, in the order in which these were added."""
        return tuple(each.inspected for each in self.domains if each.inspected is not None)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What these checks found, of all domains."""
        return tuple(finding for each in self.domains for finding in each.findings)

    def as_of(self, catalogue: Catalogue) -> Sheet:
        """The sheet as a value: of everything that was kept, what that catalogue knows."""
        fixes = set(catalogue.fixes) | {finding.fix.id for finding in self.findings if finding.fix is not None}
        return Sheet(
            version=catalogue.version,
            profile={each.id: self.given[each.id].answer for each in catalogue.profile if self._still(each)},
            answers={each.id: self.given[each.id].answer for each in catalogue.questions if self._still(each)},
            done=frozenset(self.done) & fixes,
        )

    def _still(self, question: Question | ProfileQuestion) -> bool:
        given = self.given.get(question.id)
        return given is not None and any(answer.id == given.answer for answer in question.answers)


async def by_token(token: str, viewer: Viewer) -> KeptSheet:
    """The sheet at that address, where the viewer may open it. Raises SheetNotFoundError."""
    mine = open_to(AnswerSheet.firm, viewer)
    return await _kept(await AnswerSheet.objects().where(AnswerSheet.token == token, mine).first())


async def by_id(sheet_id: UUID) -> KeptSheet:
    """The sheet with that id. Raises SheetNotFoundError."""
    return await _kept(await AnswerSheet.objects().where(AnswerSheet.id == sheet_id).first())


async def _kept(row: AnswerSheet | None) -> KeptSheet:
    if row is None:
        raise SheetNotFoundError
    columns = (Reply.question, Reply.answer, Reply.source, Reply.answered_at)
    replies = await Reply.select(*columns).where(Reply.sheet == row.id)
    ticks = await DoneFix.select(DoneFix.fix, DoneFix.done_at, DoneFix.mended).where(DoneFix.sheet == row.id)
    domains = await domains_of(row)
    inspected = [each.inspected for each in domains if each.inspected is not None]
    return KeptSheet(
        row,
        _followed({reply["question"]: _given(reply) for reply in replies}, inspected),
        tuple(_proof(entry, inspected) for entry in ticks),
        domains,
    )


async def keep_answer(row: AnswerSheet, question: str, answer: str, source: Source = Source.OWNER) -> None:
    """Keeps an answer in place of an earlier one; it is in the database when this returns."""
    now = datetime.now(UTC)
    reply = Reply(sheet=row.id, question=question, answer=answer, source=source.value, answered_at=now)
    async with transaction():
        await Reply.insert(reply).on_conflict(
            target=(Reply.sheet, Reply.question),
            action="DO UPDATE",
            values=[(Reply.answer, answer), (Reply.source, source.value), (Reply.answered_at, now)],
        )
        await _touch(row, now)


async def keep_done(row: AnswerSheet, fix: str, mended: Iterable[tuple[str, str]]) -> None:
    """Keeps that a fix is done. `mended`: domains and ids of the checks that failed for it until now."""
    now = datetime.now(UTC)
    kept = json.dumps(sorted(mended))
    async with transaction():
        await DoneFix.insert(DoneFix(sheet=row.id, fix=fix, done_at=now, mended=kept)).on_conflict(
            target=(DoneFix.sheet, DoneFix.fix),
            action="DO UPDATE",
            values=[(DoneFix.done_at, now), (DoneFix.mended, kept)],
        )
        await _touch(row, now)


async def drop_done(row: AnswerSheet, fix: str) -> None:
    """Keeps that a fix is not done after all."""
    async with transaction():
        await DoneFix.delete().where(DoneFix.sheet == row.id, DoneFix.fix == fix)
        await _touch(row, datetime.now(UTC))


async def _touch(row: AnswerSheet, now: datetime) -> None:
    await AnswerSheet.update({AnswerSheet.updated_at: now}).where(AnswerSheet.id == row.id)


def _given(reply: Mapping[str, Any]) -> Given:
    return Given(reply["answer"], reply["answered_at"], Source(reply["source"]))


def _followed(given: Mapping[str, Given], inspected: Iterable[Inspected]) -> dict[str, Given]:
    """The answers as the newest check leaves them: the owner's own stand, those that rest on a check follow it."""
    told = counted_findings(inspected)
    catalogue = current()
    seen = seen_answers(catalogue.questions, told)
    looked = {finding.id for finding in told if finding.status in _TOLD}
    kept = {}
    for name, each in given.items():
        question = catalogue.question(name)
        if each.source is Source.OWNER or question is None:
            kept[name] = each
        elif name in seen:
            kept[name] = Given(seen[name].answer, each.at, Source.CHECK)
        elif looked.isdisjoint(entry.check for entry in question.seen if entry.answer):
            kept[name] = each
    return kept


def _proof(entry: Mapping[str, Any], inspected: Sequence[Inspected]) -> Proof:
    mended = frozenset((domain, check) for domain, check in json.loads(entry["mended"]))
    return prove(entry["fix"], Tick(entry["done_at"], mended), calls(entry["fix"], current().fixes), inspected)
