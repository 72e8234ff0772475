"""Looks for the holder's wish not to be checked: a TXT record, asked for before any server is called."""

import asyncio

from checks.evidence.optout import OptOut
from checks.gather.gathering import Gathering

LABEL = "_kyberkunto-optout"
WISH = "optout"
"""What the record says. Its text counts, not its presence: a wildcard's text turns up under every name."""
PATIENCE_S = 4.0
"""How long we hold back for the answer: a name service that is silent about this one name keeps nobody waiting."""


async def gather_optout(gathering: Gathering) -> OptOut:
    """The wish of the domain's holder or of a larger domain's, the nearest first; without one, leave to call."""
    labels = gathering.domain.split(".")
    names = [f"{LABEL}.{'.'.join(labels[at:])}" for at in range(len(labels) - 1)]
    asked = [asyncio.ensure_future(gathering.network.ask(name, "TXT")) for name in names]
    await asyncio.wait(asked, timeout=PATIENCE_S)
    for name, answer in zip(names, asked, strict=True):
        if not answer.done():
            answer.cancel()
        elif any(text.strip().lower() == WISH for text in answer.result().records):
            return OptOut(name)
    gathering.network.release()
    return OptOut()
