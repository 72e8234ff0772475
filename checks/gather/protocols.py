"""Asks each web server for each protocol version by itself, and leaves at its answer."""

import asyncio
import os
from dataclasses import dataclass

from checks.addresses import VettedAddress
from checks.evidence.lookups import Reach
from checks.evidence.tls import HandshakeEnd, Protocols, Reply, Version
from checks.gather.gathering import Gathering
from checks.gather.network import CONNECT_S, Network, reach_of
from checks.gather.visits import Visits
from checks.records.client_hello import CODES, Alert, NotTls, ServerHello, client_hello, read_reply
from checks.records.locations import Target

MAX_REPLY = 16 * 1024
_SPOKE_TLS = {HandshakeEnd.OK, HandshakeEnd.TOO_OLD}


@dataclass(frozen=True, slots=True)
class Server:
    """Whom to ask, and by which name."""

    address: VettedAddress
    port: int
    host: str


async def gather_protocols(gathering: Gathering) -> Protocols:
    """Five short connections to each address that speaks TLS, by the first host name that it answered to."""
    visits = await gathering.part(Visits)
    names: dict[VettedAddress, list[str]] = {}
    for site in await visits.sites():
        for address in site.chosen:
            names.setdefault(address, []).append(site.host)
    found = await asyncio.gather(*(_address(visits, address, hosts) for address, hosts in names.items()))
    return Protocols({address.text: replies for address, replies in zip(names, found, strict=True) if replies})


async def _address(visits: Visits, address: VettedAddress, hosts: list[str]) -> dict[Version, Reply]:
    """The reply to each version; empty where the address speaks no TLS."""
    for host in hosts:
        handshake = (await visits.visit(address, Target(host, secure=True))).handshake
        if handshake and handshake.end in _SPOKE_TLS:
            break
    else:
        return {}
    server = Server(address, visits.ports.https, host)
    network, within_s = visits.gathering.network, visits.left_s
    replies = await asyncio.gather(*(offer(network, server, version, within_s) for version in Version))
    return dict(zip(Version, replies, strict=True))


async def offer(network: Network, server: Server, version: Version, within_s: float) -> Reply:
    """What the server says to a ClientHello with that version only. Never raises for the network."""
    until = asyncio.get_running_loop().time() + within_s
    try:
        reader, writer = await network.connect(server.address, server.port, timeout_s=min(CONNECT_S, within_s))
    except OSError as error:
        return Reply.SILENT if reach_of(error) is Reach.TIMEOUT else Reply.UNREACHED
    try:
        async with asyncio.timeout_at(until):
            writer.write(client_hello(version, server.host, os.urandom(96)))
            return _meaning(await _listen(reader), version)
    except TimeoutError:
        return Reply.SILENT
    except OSError:
        return Reply.DROPPED
    finally:
        writer.transport.abort()


async def _listen(reader: asyncio.StreamReader) -> ServerHello | Alert | NotTls | None:
    """The server's first word. None where it hung up before it, or went on without coming to one."""
    data = b""
    while len(data) < MAX_REPLY:
        chunk = await reader.read(MAX_REPLY - len(data))
        if not chunk:
            return None
        data += chunk
        said = read_reply(data)
        if said is not None:
            return said
    return None


def _meaning(said: ServerHello | Alert | NotTls | None, version: Version) -> Reply:
    match said:
        case ServerHello(version=chosen):
            return Reply.ACCEPTED if chosen == CODES[version] else Reply.REFUSED
        case Alert():
            return Reply.REFUSED
        case NotTls():
            return Reply.NOT_TLS
        case None:
            return Reply.DROPPED
