"""A gathering about good.test, whose names a real name server on loopback knows and whose ports a test chooses."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import dns.message

from checks.addresses import AddressGuard
from checks.gather.gathering import Gathering
from checks.gather.http import Ports
from checks.gather.network import Network
from checks.gather.sources import SOURCES
from checks.gather.visits import Visits
from tests.checks.gather.responder import answer, responding

Zone = Mapping[str, str]
"""The address of each name; `silence` where the name server does not answer."""

GOOD_ZONE: Zone = {"good.test": "127.0.0.1", "www.good.test": "127.0.0.1"}


@asynccontextmanager
async def gathering(ports: Ports, zone: Zone = GOOD_ZONE) -> AsyncIterator[Gathering]:
    """Everything as in earnest, but for the ports, the resolver, and loopback being allowed."""

    def behave(query: dns.message.Message) -> dns.message.Message | None:
        question = query.question[0]
        name = question.name.to_text(omit_final_dot=True)
        address = zone.get(name)
        if address == "silence":
            return None
        if address is None:
            return answer(query, rcode="NXDOMAIN")
        family = "AAAA" if ":" in address else "A"
        return answer(query, *([f"{name}. 60 IN {family} {address}"] if question.rdtype.name == family else []))

    async def with_those_ports(gathering: Gathering) -> Visits:
        return Visits(gathering, ports)

    async with responding(behave) as server:
        network = Network(AddressGuard.allowing(["127.0.0.0/8"]), (server.resolver,))
        found = Gathering("good.test", network, {**SOURCES, Visits: with_those_ports})
        try:
            yield found
        finally:
            await found.close()
