import asyncio
from pathlib import Path

import pytest
from piccolo.apps.migrations.tables import Migration

from portal import database, settings
from portal.accounts.tables import Allowance, DomainProof, Session
from portal.assessments.tables import (
    AnswerSheet,
    Assessment,
    DoneFix,
    FindingRow,
    Reply,
    Report,
    SheetDomain,
    SheetReport,
    Worker,
)
from portal.database import rows
from portal.errors import MigrationError
from portal.migrating import migrate
from portal.watching.tables import Notice, Watch, Watcher
from tests.portal.conftest import TABLES


@pytest.mark.usefixtures("portal")
async def test_every_column_of_the_tables_is_there() -> None:
    for table in TABLES:
        assert await table.select() == []


@pytest.mark.usefixtures("portal")
async def test_migrating_again_changes_nothing() -> None:
    before = await Migration.select(Migration.name, Migration.app_name)
    await database.engine().close_connection_pool()  # type: ignore[no-untyped-call]
    await asyncio.gather(migrate_once(), migrate_once())
    async with database.pool():
        assert await Migration.select(Migration.name, Migration.app_name) == before
    await reopen()


async def migrate_once() -> None:
    process = await asyncio.create_subprocess_exec(
        settings.ROOT / ".venv" / "bin" / "kyberkunto", "migrate", stdout=asyncio.subprocess.PIPE
    )
    said, _ = await process.communicate()
    assert (process.returncode, said) == (0, b"The database is up to date.\n")


async def reopen() -> None:
    low, high = database.POSTGRES_POOL
    await database.engine().start_connection_pool(min_size=low, max_size=high)  # type: ignore[call-arg, no-untyped-call]


@pytest.mark.usefixtures("portal")
async def test_unique_indexes_refuse_a_second_row() -> None:
    assessment = Assessment(token="a", domain="example.fi", language="fi")
    await assessment.save()
    sheet = AnswerSheet(token="b", language="fi", catalogue_version="1")
    await sheet.save()
    once = [
        (Assessment, {"token": "a"}),
        (FindingRow, {"assessment": assessment.id, "seq": 1, "check_id": "dns.ns_count", "subject": "example.fi"}),
        (Report, {"assessment": assessment.id, "language": "fi"}),
        (AnswerSheet, {"token": "c", "language": "fi", "catalogue_version": "1"}),
        (Reply, {"sheet": sheet.id, "question": "backup", "answer": "none"}),
        (DoneFix, {"sheet": sheet.id, "fix": "backup-cloud"}),
        (SheetReport, {"sheet": sheet.id, "language": "fi", "state": "1"}),
        (Watcher, {"token": "a", "address_hash": "a"}),
        (Worker, {"executor": "here-1"}),
        (Session, {"id_hash": "a"}),
        (DomainProof, {"holder": "a", "domain": "example.fi"}),
        (Allowance, {"key_hash": "a"}),
    ]
    for table, values in once:
        if table is not Assessment:
            await table(**values).save()
        with pytest.raises(Exception, match=r"(?i)unique"):
            await table(**values).save()


@pytest.mark.usefixtures("portal")
async def test_what_is_looked_after_is_kept_once_and_goes_with_its_watcher() -> None:
    watcher = Watcher(token="a", address="anna@kahvila.test", address_hash="a", language="fi")
    await watcher.save()
    watch = Watch(watcher=watcher.id, domain="example.fi", language="fi")
    await watch.save()
    with pytest.raises(Exception, match=r"(?i)unique"):
        await Watch(watcher=watcher.id, domain="example.fi", language="fi").save()
    same = {"watch": watch.id, "kind": "ends-7", "thing": "tls.expiry example.fi", "moment": watcher.created_at}
    await Notice(**same).save()
    with pytest.raises(Exception, match=r"(?i)unique"):
        await Notice(**same).save()
    await rows("DELETE FROM watcher WHERE id = {}", watcher.id)
    assert (await Watch.count(), await Notice.count()) == (0, 0)


@pytest.mark.usefixtures("portal")
async def test_findings_go_with_their_assessment() -> None:
    assessment = Assessment(token="a", domain="example.fi", language="fi")
    await assessment.save()
    await FindingRow(assessment=assessment.id, seq=1, check_id="dns.ns_count", subject="example.fi").save()
    await rows("DELETE FROM assessment WHERE id = {}", assessment.id)
    assert await FindingRow.count() == 0


@pytest.mark.usefixtures("portal")
async def test_answers_go_with_their_sheet_and_stay_when_a_check_goes() -> None:
    assessment = Assessment(token="a", domain="example.fi", language="fi")
    await assessment.save()
    sheet = AnswerSheet(token="b", language="fi", catalogue_version="1")
    await sheet.save()
    await SheetDomain(sheet=sheet.id, domain="example.fi", assessment=assessment.id).save()
    await Reply(sheet=sheet.id, question="backup", answer="none").save()
    await DoneFix(sheet=sheet.id, fix="backup-cloud").save()
    await rows("DELETE FROM assessment WHERE id = {}", assessment.id)
    assert (await AnswerSheet.count(), await SheetDomain.count(), await Reply.count()) == (1, 0, 1)
    await rows("DELETE FROM answer_sheet WHERE id = {}", sheet.id)
    assert (await Reply.count(), await DoneFix.count()) == (0, 0)


async def test_unreachable_database_is_told_in_one_line(tmp_path: Path) -> None:
    chosen = settings.read(
        {
            "KYBERKUNTO_VAR": str(tmp_path),
            "KYBERKUNTO_DATABASE_URL": f"postgresql://nobody@/nothing?host={tmp_path}",
        }
    )
    with pytest.raises(MigrationError, match="cannot be brought up to date"):
        await migrate(chosen)
