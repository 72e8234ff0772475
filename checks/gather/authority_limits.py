"""Asks which certificate authorities the domain lets issue certificates for it."""

import asyncio

from checks.evidence.dns import AuthorityLimits
from checks.gather.gathering import Gathering


async def gather_authority_limits(gathering: Gathering) -> AuthorityLimits:
    """The CAA records of the domain and of every domain above it, up to the top one, side by side."""
    labels = gathering.domain.split(".")
    names = [".".join(labels[start:]) for start in range(len(labels))]
    return AuthorityLimits(tuple(await asyncio.gather(*(gathering.network.ask(name, "CAA") for name in names))))
