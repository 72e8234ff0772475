"""The proof that somebody holds a domain: a token in a TXT record that only its holder can make."""

import secrets
from datetime import UTC, datetime, timedelta

from portal.accounts.tables import DomainProof
from portal.errors import ProofExpiredError
from portal.network import network

LABEL = "_kyberkunto-challenge"
TOKEN_BYTES = 16
VALID_FOR = timedelta(days=7)


def record_name(domain: str) -> str:
    """Where the token is to stand."""
    return f"{LABEL}.{domain}"


async def challenge_for(domain: str, holder: str) -> DomainProof:
    """The holder's proof of that domain, whose token still is valid for a while; made where there is none.

    `holder` is what tells one asker from another (`portal.web.holder`), so that nobody can use another's proof.
    """
    now = datetime.now(UTC)
    mine = (DomainProof.holder == holder) & (DomainProof.domain == domain)
    await DomainProof.delete().where(mine, DomainProof.expires_at <= now)
    row = DomainProof(
        holder=holder, domain=domain, token=secrets.token_hex(TOKEN_BYTES), created_at=now, expires_at=now + VALID_FOR
    )
    await DomainProof.insert(row).on_conflict(target=(DomainProof.holder, DomainProof.domain), action="DO NOTHING")
    kept = await DomainProof.objects().where(mine).first()
    assert kept is not None  # noqa: S101 - just inserted, or there before
    return kept


async def verify(proof: DomainProof) -> bool:
    """Looks the token up and keeps the time at which it was found. A silent resolver is no proof either.

    Raises:
        ProofExpiredError: the token is too old; ask `challenge_for` for a new one.
    """
    if proof.expires_at <= datetime.now(UTC):
        raise ProofExpiredError
    if not await stands(proof.domain, proof.token):
        return False
    proof.verified_at = datetime.now(UTC)
    await proof.save(columns=[DomainProof.verified_at])
    return True


async def stands(domain: str, token: str) -> bool:
    """Whether the token stands in the domain's TXT record right now. Never answered from before."""
    answer = await network().ask(record_name(domain), "TXT")
    return any(secrets.compare_digest(text.strip().encode(), token.encode()) for text in answer.records)


async def forget_expired() -> None:
    """Removes proofs whose token is too old."""
    await DomainProof.delete().where(DomainProof.expires_at <= datetime.now(UTC))
