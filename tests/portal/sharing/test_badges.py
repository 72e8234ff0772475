"""A badge is there only for whoever proved the domain, and says only what the newest check bears out."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from checks.contract import Finding, Severity, Status
from portal.accounts import proofs
from portal.assessments import service
from portal.assessments.inspected import Inspected
from portal.assessments.tables import Assessment
from portal.errors import AssessmentNotDoneError, LinkNotFoundError
from portal.sharing import badges
from portal.sharing.badges import Standing, standing
from portal.sharing.tables import Badge
from tests.portal.assessments.findings import DOMAIN, NO_DMARC, made
from tests.portal.conftest import Installation
from tests.portal.pages.asking import finish, keep
from tests.portal.responder import Responder

NOW = datetime(2026, 11, 23, 12, 30, tzinfo=UTC)
ENCRYPTED = made("tls.https", "encrypted", address="198.18.0.9")
NOT_TOLD = Finding("tls.expiry", Status.UNKNOWN, Severity.INFO, DOMAIN, "connection-timeout", {})
SMALL = Finding("web.banner", Status.FAIL, Severity.LOW, DOMAIN, "talkative", {})


@pytest.fixture
def zone(portal: Installation, responder: Responder) -> Iterator[dict[str, str]]:
    assert portal.environment["KYBERKUNTO_RESOLVERS"] == responder.address
    responder.texts.clear()
    yield responder.texts
    responder.texts.clear()


async def proven(zone: dict[str, str], row: Assessment) -> Badge:
    proof = await proofs.challenge_for(row.domain, "holder")
    zone[proofs.record_name(row.domain)] = proof.token
    badge = await badges.make(row, proof)
    assert badge is not None
    return badge


def inspected(*findings: Finding, age: timedelta = timedelta()) -> Inspected:
    return Inspected(DOMAIN, NOW - age, 1.0, "2026.11", findings)


async def test_a_proven_domain_has_a_badge_that_shows_its_newest_check(zone: dict[str, str]) -> None:
    row = await keep(ENCRYPTED, NO_DMARC)
    badge = await proven(zone, row)
    assert (await badges.show(badge.token)).inspected.findings == (ENCRYPTED, NO_DMARC)
    again = await service.start(DOMAIN, "en", "somebody", previous=row)
    assert (await badges.show(badge.token)).inspected.findings == (ENCRYPTED, NO_DMARC)
    await finish(again, ENCRYPTED)
    assert (await badges.show(badge.token)).inspected.findings == (ENCRYPTED,)
    assert await badges.badge_of(again) is not None


async def test_a_check_by_somebody_else_changes_no_badge(zone: dict[str, str]) -> None:
    badge = await proven(zone, await keep(ENCRYPTED, NO_DMARC))
    await finish(await service.start(DOMAIN, "en", "a stranger"), ENCRYPTED)
    assert len((await badges.show(badge.token)).inspected.findings) == 2


async def test_without_the_record_there_is_no_badge(zone: dict[str, str]) -> None:
    row = await keep(ENCRYPTED)
    proof = await proofs.challenge_for(DOMAIN, "holder")
    assert await badges.make(row, proof) is None
    zone[proofs.record_name(DOMAIN)] = "another token"
    assert await badges.make(row, proof) is None
    assert await Badge.count() == 0


async def test_the_proof_of_another_domain_gives_no_badge(zone: dict[str, str]) -> None:
    proof = await proofs.challenge_for("other.test", "holder")
    zone[proofs.record_name("other.test")] = proof.token
    assert await badges.make(await keep(ENCRYPTED), proof) is None


async def test_a_check_under_way_has_no_badge(zone: dict[str, str]) -> None:
    row = await service.start(DOMAIN, "en", "somebody")
    with pytest.raises(AssessmentNotDoneError):
        await proven(zone, row)


async def test_proving_again_keeps_the_address_and_renews_its_time(zone: dict[str, str]) -> None:
    row = await keep(ENCRYPTED)
    first = await proven(zone, row)
    await Badge.update({Badge.expires_at: datetime.now(UTC) + timedelta(days=1)}, force=True)
    second = await proven(zone, row)
    assert second.token == first.token
    assert second.expires_at > datetime.now(UTC) + timedelta(days=300)
    assert await Badge.count() == 1


async def test_an_ended_badge_is_gone(zone: dict[str, str]) -> None:
    row = await keep(ENCRYPTED)
    badge = await proven(zone, row)
    again = await service.start(DOMAIN, "en", "somebody", previous=row)
    await finish(again, ENCRYPTED)
    await badges.end(again)
    with pytest.raises(LinkNotFoundError):
        await badges.show(badge.token)


async def test_a_badge_ends_by_itself(zone: dict[str, str]) -> None:
    row = await keep(ENCRYPTED)
    badge = await proven(zone, row)
    await Badge.update({Badge.expires_at: datetime.now(UTC) - timedelta(seconds=1)}, force=True)
    with pytest.raises(LinkNotFoundError):
        await badges.show(badge.token)
    assert await badges.badge_of(row) is None
    await badges.forget_ended()
    assert await Badge.count() == 0


@pytest.mark.parametrize(
    ("findings", "expected"),
    [
        ((ENCRYPTED,), Standing.WELL),
        ((ENCRYPTED, SMALL), Standing.WELL),
        ((ENCRYPTED, NO_DMARC), Standing.CHECKED),
        ((ENCRYPTED, NOT_TOLD), Standing.CHECKED),
        ((NOT_TOLD,), Standing.CHECKED),
        ((), Standing.CHECKED),
    ],
)
def test_well_protected_is_only_what_is_surely_so(findings: tuple[Finding, ...], expected: Standing) -> None:
    assert standing(inspected(*findings), NOW) is expected


def test_one_grave_fault_among_much_good_is_not_well_protected() -> None:
    good = [made("tls.https", "encrypted", f"{place}.{DOMAIN}", address="198.18.0.9") for place in range(50)]
    grave = Finding("mail.tls_rpt", Status.FAIL, Severity.HIGH, DOMAIN, "absent", {})
    assert standing(inspected(*good, grave), NOW) is Standing.CHECKED


@pytest.mark.parametrize(("days", "expected"), [(90, Standing.WELL), (91, Standing.OLD)])
def test_an_old_check_says_nothing_about_today(days: int, expected: Standing) -> None:
    assert standing(inspected(ENCRYPTED, age=timedelta(days=days)), NOW) is expected
