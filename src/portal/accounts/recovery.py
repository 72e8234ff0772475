"""Codes on paper, for when every second factor is lost: ten, each for once, known to their owner alone."""

import hashlib
import re
import secrets
from uuid import UUID

from portal.accounts.tables import RecoveryCode
from portal.database import hold, rows, transaction

COUNT = 10
LENGTH = 24
"""Characters, of 5 bits each: 120 bits, so that a fast hash may keep them (ASVS 5.0, V6.5.2, asks for 112)."""

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
"""Crockford's base 32: nothing that is read for something else."""
_READ_AS = str.maketrans("oil", "011")
_SPEND = "DELETE FROM recovery_code WHERE person = {} AND code_hash = {} RETURNING id"


async def renew(person: UUID) -> list[str]:
    """Ten new codes in place of all earlier ones, to be shown now and never again."""
    codes = ["".join(secrets.choice(_ALPHABET) for _ in range(LENGTH)) for _ in range(COUNT)]
    async with transaction():
        await hold(f"recovery:{person}")
        await forget(person)
        await RecoveryCode.insert(*(RecoveryCode(person=person, code_hash=_hash(person, code)) for code in codes))
    return ["-".join(code[at : at + 4] for at in range(0, LENGTH, 4)) for code in codes]


async def spend(person: UUID, typed: str) -> bool:
    """Whether that is one of their codes; then it is none any more."""
    code = re.sub(r"[\s-]", "", typed).lower().translate(_READ_AS)
    return bool(await rows(_SPEND, person, _hash(person, code)))


async def left(person: UUID) -> int:
    """How many they have."""
    count: int = await RecoveryCode.count().where(RecoveryCode.person == person)
    return count


async def forget(person: UUID) -> None:
    """Makes all their codes worthless."""
    await RecoveryCode.delete().where(RecoveryCode.person == person)


def _hash(person: UUID, code: str) -> str:
    """Of so many random bits a fast hash suffices; the person in it keeps one guess from being tried on all."""
    return hashlib.sha256(f"recovery:{person}:{code}".encode()).hexdigest()
