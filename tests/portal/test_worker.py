"""A real worker process: takes what is queued, finds what was forgotten, and takes over from the lost."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from dbos import DBOSClient

from portal import jobs, rounds, settings
from portal.accounts import proofs
from portal.accounts.tables import DomainProof
from portal.assessments import queries, service
from portal.assessments.tables import Assessment, Report, Stage, Worker
from tests.portal.conftest import Installation
from tests.portal.responder import Responder

PATIENCE_S = 60


@contextmanager
def worker(portal: Installation, **more: str) -> Iterator[subprocess.Popen[bytes]]:
    inherited = {name: text for name, text in os.environ.items() if not name.startswith("KYBERKUNTO_")}
    environment = {**inherited, **portal.environment, **more}
    with (Path(portal.environment["KYBERKUNTO_VAR"]) / "worker.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "portal.processes", "worker"], env=environment, stdin=subprocess.PIPE, stderr=log
        )
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        assert process.stdin is not None
        process.stdin.close()


@asynccontextmanager
async def slow_names(responder: Responder, delay_s: float) -> AsyncIterator[None]:
    responder.delay_s = delay_s
    try:
        yield
    finally:
        responder.delay_s = 0.0


async def until(holds: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not await holds():  # noqa: ASYNC110 - another process makes it hold
            await asyncio.sleep(0.1)


async def ended(assessment: Assessment) -> Assessment:
    async def has_ended() -> bool:
        return (await queries.by_id(assessment.id)).status in {Stage.DONE, Stage.FAILED}

    await until(has_ended)
    return await queries.by_id(assessment.id)


async def begun(assessment: Assessment) -> None:
    async def has_begun() -> bool:
        return (await queries.by_id(assessment.id)).status == Stage.RUNNING

    await until(has_begun)


async def test_who_asks_first_is_served_first_whatever_the_name(portal: Installation) -> None:
    asked = [await service.start(f"{name}.fi", "fi", "somebody") for name in ("zoo", "metsa", "aitta")]
    with worker(portal, KYBERKUNTO_CONCURRENT_CHECKS="1"):
        served = [await ended(one) for one in asked]
    starts = [one.started_at for one in served if one.started_at is not None]
    assert starts == sorted(starts)
    assert len(starts) == 3


async def test_queued_check_is_done_and_printed(portal: Installation) -> None:
    with worker(portal):
        done = await ended(await service.start("example.fi", "en", "somebody"))
        found = await queries.findings_of(done)
        assert (done.status, done.failure, done.attempt) == ("done", "", 1)
        assert len({(entry.finding.id, entry.finding.subject) for entry in found}) == len(found) > 0
        assert done.score_low is not None
        assert 0 <= done.score_low <= done.score_high <= 100
        assert done.resolvers == portal.environment["KYBERKUNTO_RESOLVERS"]
        report = await service.request_report(done, "sv")

        async def printed() -> bool:
            return await queries.report_stage(done, "sv") in {"done", "failed"}

        await until(printed)
    kept = await queries.report_of(done, "sv")
    assert kept is not None
    assert (kept.id, kept.status, bytes(kept.pdf)[:5]) == (report.id, "done", b"%PDF-")


async def test_domain_that_does_not_exist_fails_with_that_reason(portal: Installation, responder: Responder) -> None:
    responder.missing.add("absent.fi")
    with worker(portal):
        found = await ended(await service.start("absent.fi", "en", "somebody"))
    assert (found.status, found.failure) == ("failed", "no-such-domain")
    assert await queries.findings_of(found) == []


async def test_row_whose_job_was_never_queued_is_swept_up(portal: Installation) -> None:
    long_ago = datetime.now(UTC) - timedelta(minutes=1)
    row = Assessment(token="forgotten", domain="example.fi", language="en", created_at=long_ago)
    await row.save()
    with worker(portal):
        assert (await ended(row)).status == "done"


async def test_job_is_queued_once_however_often(portal: Installation) -> None:
    row = await service.start("example.fi", "en", "somebody")
    for _ in range(3):
        await jobs.enqueue(jobs.CHECK, row.id)
    with worker(portal):
        assert (await ended(row)).attempt == 1


async def test_killed_worker_goes_on_where_it_was_after_its_restart(portal: Installation, responder: Responder) -> None:
    async with slow_names(responder, 0.4):
        with worker(portal) as first:
            row = await service.start("example.fi", "en", "somebody")
            await begun(row)
            first.send_signal(signal.SIGKILL)
            first.wait()
        with worker(portal):
            done = await ended(row)
    assert (done.status, done.attempt) == ("done", 2)


async def test_jobs_of_a_worker_that_never_comes_back_are_taken_over(
    portal: Installation, responder: Responder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rounds, "LOST_AFTER", timedelta(seconds=12))
    async with slow_names(responder, 0.4):
        with worker(portal) as lost:
            row = await service.start("example.fi", "en", "somebody")
            await begun(row)
            lost.send_signal(signal.SIGKILL)
            lost.wait()
        await _rename_lost_worker(row.id)
        with worker(portal):
            done = await ended(row)
    assert (done.status, done.attempt) == ("done", 2)


async def _rename_lost_worker(row_id: UUID) -> None:
    """As if it had been on another machine: nobody here recovers under that name at the start."""
    await Worker.update({Worker.executor: "elsewhere-1"}, force=True)
    client = DBOSClient(system_database_url=jobs.database_url(settings.current()))
    from sqlalchemy import text  # noqa: PLC0415 - only this test reaches into the jobs' own database

    with client._sys_db.engine.begin() as connection:  # noqa: SLF001 - there is no public way to lose a worker
        schema = "" if client._sys_db.engine.dialect.name == "sqlite" else "dbos."  # noqa: SLF001
        connection.execute(
            text(f"UPDATE {schema}workflow_status SET executor_id = 'elsewhere-1' WHERE workflow_uuid = :id"),  # noqa: S608
            {"id": str(row_id)},
        )
    client.destroy()


@pytest.mark.parametrize("withdrawn", [False, True])
async def test_ports_are_looked_at_only_while_the_proof_stands(
    portal: Installation, responder: Responder, *, withdrawn: bool
) -> None:
    proof = await proofs.challenge_for("proven.fi", "holder")
    responder.texts[proofs.record_name("proven.fi")] = proof.token
    assert await proofs.verify(proof)
    if withdrawn:
        responder.texts.clear()
    with worker(portal):
        done = await ended(await service.start("proven.fi", "en", "somebody", stated=True, proof=proof))
    assert (done.status, done.ports_allowed) == ("done", not withdrawn)
    assert await DomainProof.count() == 1
    responder.texts.clear()


@pytest.mark.parametrize("stated", [False, True])
async def test_only_who_says_the_domain_is_theirs_has_its_servers_probed(portal: Installation, *, stated: bool) -> None:
    with worker(portal):
        done = await ended(await service.start("example.fi", "en", "somebody", stated=stated))
    outcomes = {entry.finding.outcome for entry in await queries.findings_of(done)}
    assert ("not-stated" in outcomes) is not stated
    assert "not-asked" in outcomes


async def test_wish_in_the_domain_s_records_is_honoured(portal: Installation, responder: Responder) -> None:
    responder.texts["_kyberkunto-optout.private.fi"] = "optout"
    with worker(portal):
        found = await ended(await service.start("shop.private.fi", "en", "somebody", stated=True))
    responder.texts.clear()
    assert (found.status, found.failure) == ("failed", "opted-out")
    assert await queries.findings_of(found) == []


@pytest.mark.parametrize(("domain", "left_alone"), [("shop.private.fi", True), ("notprivate.fi", False)])
async def test_wish_in_the_operator_s_settings_is_honoured(
    portal: Installation, domain: str, *, left_alone: bool
) -> None:
    with worker(portal, KYBERKUNTO_OPTED_OUT="other.fi, private.fi"):
        found = await ended(await service.start(domain, "en", "somebody"))
    assert found.failure == ("opted-out" if left_alone else "")


async def test_failed_report_can_be_asked_for_again(portal: Installation) -> None:
    row = Assessment(token="odd", domain="example.fi", language="en", status=Stage.DONE.value)
    await row.save()
    report = await service.request_report(row, "xx")
    with worker(portal):

        async def failed() -> bool:
            return await queries.report_stage(row, "xx") == "failed"

        await until(failed)
    assert (await service.request_report(row, "xx")).id != report.id
    assert await Report.count() == 1
