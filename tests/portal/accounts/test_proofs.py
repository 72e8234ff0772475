from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from portal.accounts import proofs
from portal.accounts.tables import DomainProof
from portal.errors import ProofExpiredError
from tests.portal.conftest import Installation
from tests.portal.responder import Responder


@pytest.fixture(autouse=True)
def zone(portal: Installation, responder: Responder) -> Iterator[dict[str, str]]:
    assert portal.environment["KYBERKUNTO_RESOLVERS"] == responder.address
    responder.texts.clear()
    yield responder.texts
    responder.texts.clear()


async def test_challenge_is_the_same_until_it_expires() -> None:
    first = await proofs.challenge_for("example.fi", "holder")
    again = await proofs.challenge_for("example.fi", "holder")
    assert (again.id, again.token) == (first.id, first.token)
    assert len(bytes.fromhex(first.token)) * 8 >= 128


async def test_each_holder_has_a_token_of_their_own() -> None:
    mine = await proofs.challenge_for("example.fi", "holder")
    theirs = await proofs.challenge_for("example.fi", "somebody else")
    assert mine.token != theirs.token


async def test_expired_challenge_is_made_anew() -> None:
    first = await proofs.challenge_for("example.fi", "holder")
    await DomainProof.update({DomainProof.expires_at: datetime.now(UTC) - timedelta(seconds=1)}, force=True)
    again = await proofs.challenge_for("example.fi", "holder")
    assert again.token != first.token
    assert await DomainProof.count() == 1


async def test_token_in_the_record_proves_the_domain(zone: dict[str, str]) -> None:
    proof = await proofs.challenge_for("example.fi", "holder")
    zone[proofs.record_name("example.fi")] = proof.token
    assert await proofs.verify(proof)
    kept = await proofs.challenge_for("example.fi", "holder")
    assert kept.verified_at is not None


async def test_no_record_proves_nothing() -> None:
    proof = await proofs.challenge_for("example.fi", "holder")
    assert not await proofs.verify(proof)
    assert (await proofs.challenge_for("example.fi", "holder")).verified_at is None


async def test_token_of_another_holder_proves_nothing(zone: dict[str, str]) -> None:
    theirs = await proofs.challenge_for("example.fi", "somebody else")
    zone[proofs.record_name("example.fi")] = theirs.token
    assert not await proofs.verify(await proofs.challenge_for("example.fi", "holder"))


async def test_expired_token_is_refused(zone: dict[str, str]) -> None:
    proof = await proofs.challenge_for("example.fi", "holder")
    zone[proofs.record_name("example.fi")] = proof.token
    proof.expires_at = datetime.now(UTC) - timedelta(seconds=1)
    with pytest.raises(ProofExpiredError):
        await proofs.verify(proof)


async def test_expired_proofs_are_forgotten() -> None:
    await proofs.challenge_for("example.fi", "holder")
    await DomainProof.update({DomainProof.expires_at: datetime.now(UTC) - timedelta(seconds=1)}, force=True)
    await proofs.challenge_for("other.fi", "holder")
    await proofs.forget_expired()
    assert [row["domain"] for row in await DomainProof.select(DomainProof.domain)] == ["other.fi"]
