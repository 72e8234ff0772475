"""Asks for the domain's DMARC record and, side by side, for those of the names above it."""

import asyncio

from checks.evidence.dmarc import DmarcWalk
from checks.gather.gathering import Gathering
from checks.records.dmarc_discovery import Step, walk_names


async def gather_dmarc(gathering: Gathering) -> DmarcWalk:
    """All names of the tree walk, at most eight questions at once."""
    names = walk_names(gathering.domain)
    answers = await asyncio.gather(*(gathering.network.ask(f"_dmarc.{name}", "TXT") for name in names))
    return DmarcWalk(tuple(Step(name, answer) for name, answer in zip(names, answers, strict=True)))
