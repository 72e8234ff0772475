"""Asks where mail for the domain goes."""

import asyncio
import ipaddress

from checks.evidence.lookups import Answer
from checks.evidence.mail import MailHost, MailRouting
from checks.gather.gathering import Gathering
from checks.gather.network import Network

MAX_HOSTS = 20
"""No real domain has more mail servers; a zone with thousands must not make us ask thousands of questions."""


async def gather_routing(gathering: Gathering) -> MailRouting:
    """The MX records and their hosts' addresses; without MX records the domain's own addresses."""
    network = gathering.network
    mx = await network.ask(gathering.domain, "MX")
    if mx.records:
        hosts = await asyncio.gather(*(_look_up(network, *target) for target in _targets(mx)))
        return MailRouting(mx, tuple(hosts))
    if not mx.answered:
        return MailRouting(mx, ())
    return await _implicit(network, mx, gathering.domain)


async def _implicit(network: Network, mx: Answer, domain: str) -> MailRouting:
    own = await network.addresses(domain)
    hosts = (MailHost(0, domain, own),) if own.exists else ()
    return MailRouting(mx, hosts, own)


def _targets(mx: Answer) -> list[tuple[int, str]]:
    """The targets by preference, then name; a host named twice counts at its better place."""
    best: dict[str, int] = {}
    for preference, host in sorted(_target(record) for record in mx.records):
        best.setdefault(host, preference)
    return [(preference, host) for host, preference in best.items()][:MAX_HOSTS]


def _target(record: str) -> tuple[int, str]:
    """Preference and host of an MX record in presentation form; the root is an empty name."""
    preference, _, host = record.partition(" ")
    return int(preference), host.lower().removesuffix(".")


async def _look_up(network: Network, preference: int, host: str) -> MailHost:
    if not host or _is_address(host):
        return MailHost(preference, host, None)
    return MailHost(preference, host, await network.addresses(host))


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
