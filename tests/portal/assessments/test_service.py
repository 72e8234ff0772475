from datetime import UTC, datetime

import pytest

from checks.contract import Finding, Fix, Record, Severity, Status
from portal import settings
from portal.accounts import proofs
from portal.accounts.viewer import VISITOR
from portal.assessments import queries, recording, service
from portal.assessments.service import Asking
from portal.assessments.tables import Assessment, FindingRow, Report, Stage
from portal.errors import (
    AssessmentNotDoneError,
    AssessmentNotFoundError,
    FindingNotFoundError,
    SupersededError,
    TooManyChecksError,
)

pytestmark = pytest.mark.usefixtures("portal")

NO_DELEGATION = Finding(
    "dns.ns_count",
    Status.FAIL,
    Severity.MEDIUM,
    "example.fi",
    "only-one",
    {"count": 1, "servers": ["ns1.example.net"], "word": "Ärlig ☃"},
    Fix("dns.second-server", (Record("add", "example.fi", "NS", "ns2.example.net"),)),
)
SECOND = Finding("dns.ns_count", Status.PASS, Severity.INFO, "other.fi", "enough", {})


async def started(domain: str = "example.fi") -> Assessment:
    return await service.start(domain, "fi", "somebody")


async def running() -> Assessment:
    begun = await recording.begin((await started()).id)
    assert begun is not None
    return begun


async def test_start_keeps_a_row_that_its_token_finds() -> None:
    made = await started()
    found = await queries.by_token(made.token, VISITOR)
    assert (found.id, found.domain, found.language, found.status) == (made.id, "example.fi", "fi", "queued")
    assert len(made.token) == 32
    assert (datetime.now(UTC) - found.created_at).total_seconds() < 60


async def test_unknown_token_is_not_found() -> None:
    await started()
    with pytest.raises(AssessmentNotFoundError):
        await queries.by_token("x" * 32, VISITOR)


async def test_client_over_its_limit_is_told_when_to_come_back() -> None:
    allowed = settings.current().checks_per_client_per_hour
    for number in range(allowed):
        await started(f"example{number}.fi")
    with pytest.raises(TooManyChecksError) as refusal:
        await started("another.fi")
    assert refusal.value.limit == "client"
    assert 0 < refusal.value.retry_after_s <= 3600 // allowed
    assert await Assessment.count() == allowed


async def test_target_over_its_limit_is_refused_to_everybody() -> None:
    allowed = settings.current().checks_per_target_per_hour
    for number in range(allowed):
        await service.start("example.fi", "fi", f"client {number}")
    with pytest.raises(TooManyChecksError) as refusal:
        await service.start("example.fi", "fi", "yet another client")
    assert refusal.value.limit == "target"


async def test_person_over_their_limit_is_refused_wherever_they_ask_from() -> None:
    allowed, asked = settings.current().checks_per_person_per_hour, Asking(person="anna")
    for number in range(allowed):
        await service.start(f"example{number}.fi", "fi", f"client {number}", asked=asked)
    with pytest.raises(TooManyChecksError) as refusal:
        await service.start("another.fi", "fi", "yet another client", asked=asked)
    assert refusal.value.limit == "person"
    await service.start("another.fi", "fi", "yet another client", asked=Asking(person="berta"))


async def test_recorded_finding_comes_back_equal() -> None:
    assessment = await running()
    await recording.record(assessment, NO_DELEGATION)
    await recording.record(assessment, SECOND)
    stored = await queries.findings_of(assessment)
    assert [entry.finding for entry in stored] == [NO_DELEGATION, SECOND]
    assert await queries.findings_of(assessment, after=stored[0].seq) == stored[1:]


async def test_second_attempt_keeps_each_finding_once_and_drops_what_it_did_not_find() -> None:
    first = await running()
    await recording.record(first, NO_DELEGATION)
    await recording.record(first, SECOND)
    second = await recording.begin(first.id)
    assert second is not None
    await recording.record(second, SECOND)
    await recording.finish(second, [SECOND], limits=(), resolvers=("192.0.2.53",))
    ended = await queries.by_id(first.id)
    assert [entry.finding for entry in await queries.findings_of(ended)] == [SECOND]
    assert (ended.status, ended.score_low, ended.score_high, ended.resolvers) == ("done", 100.0, 100.0, "192.0.2.53")


async def test_superseded_attempt_may_not_write() -> None:
    first = await running()
    second = await recording.begin(first.id)
    assert second is not None
    with pytest.raises(SupersededError):
        await recording.record(first, NO_DELEGATION)
    with pytest.raises(SupersededError):
        await recording.finish(first, [], limits=(), resolvers=())
    with pytest.raises(SupersededError):
        await recording.fail(first, "our-error")
    assert await FindingRow.count() == 0
    assert (await queries.by_id(first.id)).status == Stage.RUNNING


async def test_ended_check_does_not_begin_again() -> None:
    assessment = await running()
    await recording.finish(assessment, [], limits=(), resolvers=())
    assert await recording.begin(assessment.id) is None


async def test_report_is_refused_before_the_check_has_ended() -> None:
    with pytest.raises(AssessmentNotDoneError):
        await service.request_report(await started(), "fi")


async def test_report_asked_for_twice_is_one() -> None:
    assessment = await running()
    await recording.finish(assessment, [], limits=(), resolvers=())
    done = await queries.by_id(assessment.id)
    first = await service.request_report(done, "fi")
    assert (await service.request_report(done, "fi")).id == first.id
    assert (await service.request_report(done, "sv")).id != first.id
    assert await Report.count() == 2


async def test_failed_report_is_printed_anew() -> None:
    assessment = await running()
    await recording.finish(assessment, [], limits=(), resolvers=())
    done = await queries.by_id(assessment.id)
    first = await service.request_report(done, "fi")
    await Report.update({Report.status: Stage.FAILED.value}).where(Report.id == first.id)
    assert (await service.request_report(done, "fi")).id != first.id


async def test_dispute_reaches_the_operator() -> None:
    assessment = await running()
    await recording.record(assessment, NO_DELEGATION)
    await service.dispute(assessment, "dns.ns_count", "example.fi", "  We have two.  ")
    [entry] = await queries.disputes()
    assert (entry["domain"], entry["check_id"], entry["message"]) == ("example.fi", "dns.ns_count", "We have two.")


async def test_dispute_of_no_finding_is_refused() -> None:
    with pytest.raises(FindingNotFoundError):
        await service.dispute(await running(), "dns.ns_count", "example.fi", "")


@pytest.mark.parametrize(
    ("proven", "verified", "stated"),
    [("example.fi", True, True), ("example.fi", True, False), ("example.fi", False, True), ("other.fi", True, True)],
)
async def test_ports_need_a_verified_proof_of_that_domain_and_a_statement(
    proven: str, *, verified: bool, stated: bool
) -> None:
    proof = await proofs.challenge_for(proven, "holder")
    proof.verified_at = datetime.now(UTC) if verified else None
    started = await service.start("example.fi", "fi", "somebody", stated=stated, proof=proof)
    kept = await queries.by_id(started.id)
    allowed = (proven, verified, stated) == ("example.fi", True, True)
    assert (kept.proof_token, kept.stated) == (proof.token if allowed else "", stated)


@pytest.mark.parametrize(
    ("domain", "stated", "again"), [("example.fi", True, True), ("example.fi", False, False), ("other.fi", True, False)]
)
async def test_a_check_again_rests_on_the_record_that_the_earlier_one_rested_on(
    domain: str, *, stated: bool, again: bool
) -> None:
    proof = await proofs.challenge_for("example.fi", "holder")
    proof.verified_at = datetime.now(UTC)
    earlier = await service.start("example.fi", "fi", "somebody", stated=True, proof=proof)
    later = await service.start(domain, "fi", "somebody", stated=stated, previous=earlier)
    assert (await queries.by_id(later.id)).proof_token == (proof.token if again else "")
