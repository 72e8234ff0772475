"""Asks for the TLSA records of the domain's mail servers (RFC 7672, section 2.2)."""

import asyncio
from datetime import UTC, datetime

from checks.evidence.dane import Promise, Promises
from checks.evidence.lookups import HostAddresses
from checks.evidence.mail import MailRouting
from checks.gather.gathering import Gathering
from checks.gather.network import Network
from checks.gather.smtp import MAX_SERVERS, SMTP_PORT


async def gather_promises(gathering: Gathering) -> Promises:
    """One question for each mail server that is talked to; what its answer rests on only where it has records."""
    routing = await gathering.part(MailRouting)
    if not routing.receives:
        return Promises((), datetime.now(UTC))
    chosen = [host.addresses for host in routing.hosts[:MAX_SERVERS] if host.addresses is not None]
    hosts = tuple(await asyncio.gather(*(_look_up(gathering.network, addresses) for addresses in chosen)))
    if not any(promise.tlsa.records for promise in hosts):
        return Promises(hosts, datetime.now(UTC))
    mx = await gathering.network.ask(gathering.domain, "MX", signatures=True)
    return Promises(hosts, datetime.now(UTC), mx)


async def _look_up(network: Network, addresses: HostAddresses) -> Promise:
    """The records of the name that the host's leads to, where it is an alias and they are there; else its own.

    Where the first question got no answer, the second one's is not what counts.
    """
    host = addresses.host
    bases = [base for base in (addresses.alias, host) if base is not None]
    answers = await asyncio.gather(
        *(network.ask(f"_{SMTP_PORT}._tcp.{base}", "TLSA", signatures=True) for base in bases)
    )
    told = (each for each in zip(bases, answers, strict=True) if each[1].records or not each[1].answered)
    base, tlsa = next(told, (host, answers[-1]))
    if not tlsa.records:
        return Promise(host, base, tlsa)
    seen = await asyncio.gather(*(network.ask(host, rdtype, signatures=True) for rdtype in ("A", "AAAA")))
    return Promise(host, base, tlsa, tuple(seen))
