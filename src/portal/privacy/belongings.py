"""What belongs to organisations and to an address, as ids: what an export tells and a deletion takes away."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from msgspec import Struct
from piccolo.table import Table

from portal.accounts.tables import Invitation, Organisation, Person, Session
from portal.assessments.tables import AnswerSheet, Assessment, Report, SheetDomain, SheetReport
from portal.entries.tables import Entry
from portal.privacy.tables import Export
from portal.sharing.tables import Badge, ShareLink
from portal.watching.tables import Watch, Watcher

AT_ONCE = 500
"""Values in one statement; SQLite takes a thousand at least."""


class Belongings(Struct, frozen=True):
    """Rows by table and id, in an order in which they can be deleted; `tokens`: their addresses on the web.

    `jobs`: ids of rows that have jobs of their own.
    """

    rows: tuple[tuple[type[Table], tuple[UUID, ...]], ...]
    tokens: frozenset[str]
    jobs: tuple[UUID, ...]

    @property
    def buried(self) -> list[tuple[str, UUID]]:
        """As `portal.tombstones` writes them down."""
        return [(table._meta.tablename, row_id) for table, ids in self.rows for row_id in ids]  # noqa: SLF001 - Piccolo's own documented way

    @property
    def checks(self) -> tuple[UUID, ...]:
        """The checks among them."""
        return next((ids for table, ids in self.rows if table is Assessment), ())


async def of_organisations(organisations: Collection[UUID]) -> Belongings:
    """These organisations themselves, and all that is theirs alone."""
    owned = list(organisations)
    sheets = await _found(AnswerSheet, AnswerSheet.firm, owned)
    checks = await _found(Assessment, Assessment.firm, owned)
    more: list[tuple[type[Table], tuple[UUID, ...]]] = [
        await _ids(Entry, owned),
        (Organisation, tuple(owned)),
        await _ids(Invitation, owned),
    ]
    return await _with_contents(sheets, checks, more)


async def of_watcher(address_hash: str) -> Belongings:
    """What is looked after for that address, and the checks that came of it and are nobody's and in no sheet."""
    watchers = [row["id"] for row in await Watcher.select(Watcher.id).where(Watcher.address_hash == address_hash)]
    watches = [row["id"] for row in await _found(Watch, Watch.watcher, watchers, token=False)]
    askers = [f"watch-{each.hex}" for each in watches]
    checks = [row for row in await _found(Assessment, Assessment.client, askers) if row["firm"] is None]
    used = {row["assessment"] for row in await _used([row["id"] for row in checks])}
    alone = [row for row in checks if row["id"] not in used]
    return await _with_contents([], alone, [(Watch, tuple(watches)), (Watcher, tuple(watchers))])


async def of_person(person: Person) -> Belongings:
    """Their own row, what they had made, and who asked that address somewhere."""
    invitations = await Invitation.select(Invitation.id).where(Invitation.address_hash == person.address_hash)
    exports = await Export.select(Export.id).where(Export.person == person.id)
    mine = tuple(row["id"] for row in exports)
    return Belongings(
        ((Invitation, tuple(row["id"] for row in invitations)), (Person, (person.id,))), frozenset(), mine
    )


async def holders_of(person: UUID) -> list[str]:
    """Under which names that person's browsers proved that they hold domains."""
    found = await Session.select(Session.data).where(Session.person == person).output(load_json=True)
    return [str(row["data"]["holder"]) for row in found if isinstance(row["data"], dict) and "holder" in row["data"]]


async def _with_contents(
    sheets: Sequence[dict[str, Any]],
    checks: Sequence[dict[str, Any]],
    more: Sequence[tuple[type[Table], tuple[UUID, ...]]],
) -> Belongings:
    sheet_ids, check_ids = ([row["id"] for row in each] for each in (sheets, checks))
    links = [
        *await _found(ShareLink, ShareLink.sheet, sheet_ids),
        *await _found(ShareLink, ShareLink.assessment, check_ids),
    ]
    badges = await _found(Badge, Badge.assessment, check_ids)
    reports = await _found(Report, Report.assessment, check_ids, token=False)
    reports += await _found(SheetReport, SheetReport.sheet, sheet_ids, token=False)
    tokens = frozenset(row["token"] for each in (sheets, checks, links, badges) for row in each)
    found = ((ShareLink, links), (Badge, badges), (AnswerSheet, sheets), (Assessment, checks))
    rows = tuple((table, tuple(row["id"] for row in each)) for table, each in found)
    return Belongings((*rows, *more), tokens, (*check_ids, *(row["id"] for row in reports)))


async def _found(table: Any, column: Any, values: Sequence[Any], *, token: bool = True) -> list[dict[str, Any]]:  # noqa: ANN401 - any of the tables above
    columns = [table.id, *([table.token] if token else []), *([table.firm] if table is Assessment else [])]
    parts = [values[start : start + AT_ONCE] for start in range(0, len(values), AT_ONCE)]
    return [row for part in parts for row in await table.select(*columns).where(column.is_in(list(part)))]


async def _ids(table: Any, organisations: Sequence[UUID]) -> tuple[type[Table], tuple[UUID, ...]]:  # noqa: ANN401 - any with an organisation
    return table, tuple(row["id"] for row in await _found(table, table.organisation, organisations, token=False))


async def _used(checks: Sequence[UUID]) -> list[dict[str, Any]]:
    parts = [checks[start : start + AT_ONCE] for start in range(0, len(checks), AT_ONCE)]
    found = [
        SheetDomain.select(SheetDomain.assessment).where(SheetDomain.assessment.is_in(list(part))) for part in parts
    ]
    return [row for query in found for row in await query]
