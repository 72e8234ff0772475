"""How every inspection begins: with questions that need nothing but the domain's name, and on its longest way.

That is the way to the mail servers, of eight round trips. Hardly any code is needed for either, so whoever counts
milliseconds begins before loading the rest, and hands what was begun to the inspection.
"""

import asyncio
from collections.abc import Mapping
from types import MappingProxyType

from checks.errors import UnusableDomainError
from checks.evidence.lookups import Vantage
from checks.evidence.mail import MailRouting
from checks.evidence.optout import OptOut
from checks.evidence.smtp import MailServers
from checks.gather.gathering import Gatherer, Gathering
from checks.gather.network import Network
from checks.gather.optout import gather_optout
from checks.gather.routing import gather_routing
from checks.gather.smtp import gather_mail_servers
from checks.gather.vantage import gather_vantage
from checks.request import Request

WITHIN_S = 13.0
"""When everything on the network ends, whatever the servers do; gatherers have deadlines of their own before that."""

OF_THE_DOMAIN = (
    ("", "NS"),
    ("", "TXT"),
    ("", "A"),
    ("", "AAAA"),
    ("www.", "A"),
    ("www.", "AAAA"),
    ("_dmarc.", "TXT"),
    ("", "CAA"),
)
"""What stands before the domain, and the type of record."""

FIRST_SOURCES: Mapping[type, Gatherer] = MappingProxyType(
    {
        OptOut: gather_optout,
        Vantage: gather_vantage,
        MailRouting: gather_routing,
        MailServers: gather_mail_servers,
    }
)
"""Those of `checks.gather.sources` that are needed first."""

_TURNS = 10
"""Turns of the event loop in which a question leaves, or what follows from an answer: asyncio takes a few for each."""


def prepare(request: Request, network: Network) -> Gathering:
    """Nothing is asked yet. From now on the time runs, and no server of the domain's is called before `OptOut` is in.

    Raises:
        UnusableDomainError: `opted-out`, where the operator leaves the domain alone.
    """
    if request.is_refused:
        raise UnusableDomainError("opted-out", request.domain)
    network.limit(WITHIN_S)
    network.hold()
    return Gathering(request.domain, network, FIRST_SOURCES, request.consent)


async def begin(request: Request, network: Network) -> Gathering:
    """Puts the first questions and returns when they have left; the mail servers are called once there is leave to.

    Raises UnusableDomainError as `prepare` does.
    """
    gathering = prepare(request, network)
    gathering.start(MailServers)
    gathering.start(OptOut)
    for before, rdtype in OF_THE_DOMAIN:
        gathering.look_ahead(f"{before}{request.domain}", rdtype)
    await go_on()
    return gathering


async def go_on() -> None:
    """Lets everything that has something to do go on to its next wait: used between pieces of long work."""
    for _ in range(_TURNS):
        await asyncio.sleep(0)
