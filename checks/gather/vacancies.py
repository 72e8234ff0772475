"""Looks how far up a name is missing, and asks those above it whether it is really nobody's."""

import asyncio

import dns.flags
import dns.message
import dns.rcode

from checks.evidence.dead_ends import Vacancy
from checks.evidence.lookups import Answer, Lookup, Reach
from checks.gather.gathering import Gathering
from checks.gather.name_servers import Asking, main_addresses, question
from checks.gather.registration import ask_registry
from checks.records.registries import is_open_to_all

DEADLINE_S = 5.0
MAX_ASKED = 3
"""How many of the servers above are asked, one after the other, until one tells."""


async def vacancy_of(gathering: Gathering, target: str) -> Vacancy | None:
    """How far up the target is missing. None where it exists, or that could not be told."""
    labels = target.split(".")
    names = [".".join(labels[start:]) for start in range(len(labels))]
    missing = _missing(await asyncio.gather(*(gathering.network.ask(name, "SOA") for name in names)))
    if missing is None:
        return None
    above = missing.partition(".")[2]
    if not is_open_to_all(above):
        return Vacancy(missing)
    registration, denied = await asyncio.gather(ask_registry(gathering, missing), _denied(gathering, missing, above))
    return Vacancy(missing, registration.register, denied)


def _missing(answers: list[Answer]) -> str | None:
    """The last of the names that do not exist, going up; None where the first exists or one gave no true answer."""
    missing = None
    for answer in answers:
        if not answer.answered or answer.bogus:
            return None
        if answer.lookup is not Lookup.NO_NAME or answer.alias is not None:
            break
        missing = answer.name
    return missing


async def _denied(gathering: Gathering, name: str, above: str) -> bool | None:
    """Whether the servers of the zone above say that there is no such name. None where none of them told."""
    network = gathering.network
    asking = Asking(network, network.deadline(DEADLINE_S))
    hosts = sorted((await network.ask(above, "NS")).records)[:MAX_ASKED]
    for server in await asyncio.gather(*(network.addresses(host) for host in hosts)):
        for address in main_addresses(server)[:1]:
            told = _told(await asking.put(question(name, "NS"), address))
            if told is not None:
                return told
    return None


def _told(reply: dns.message.Message | Reach) -> bool | None:
    """The denial counts from a server that has the authority; a referral says that the name exists."""
    if isinstance(reply, Reach):
        return None
    if reply.rcode() == dns.rcode.NXDOMAIN:
        return True if reply.flags & dns.flags.AA else None
    return False if reply.rcode() == dns.rcode.NOERROR else None
