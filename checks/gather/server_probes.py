"""Asks name servers what no visitor asks: to look up a stranger's name, and to hand out the whole zone.

Only where the asker has stated that the domain is theirs.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import TypeVar

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype

from checks.addresses import VettedAddress
from checks.evidence.authority import NameServers, Recursion, RecursionAnswer, TransferAnswer, ZoneTransfers
from checks.evidence.lookups import Reach
from checks.gather.gathering import Gathering
from checks.gather.name_servers import (
    DEADLINE_S,
    DNS_PORT,
    MAX_SERVERS,
    Asking,
    has_authority,
    main_addresses,
    question,
    soa_in,
)
from checks.gather.network import Network, reach_of

STRANGER = "."
"""Whose SOA is asked for: the root's. Every resolver knows it, no list of hints holds it, and it harms nobody."""
TRANSFER_S = 6.0
"""For the connection and the reply."""
_MAX_MESSAGES = 4
_MAX_PEEK = 4096
"""More of a message is not read: the SOA and one record more fit well into it."""
_MALFORMED = (dns.exception.DNSException, ValueError, UnicodeError, EOFError)

A = TypeVar("A")


async def gather_recursion(gathering: Gathering) -> Recursion:
    """One question to each server, and one more to whoever answers it."""
    if not gathering.consent.probes:
        return Recursion(stated=False, answers={})
    network = gathering.network

    async def ask(zone: str, address: VettedAddress) -> RecursionAnswer:
        return await _recursion(Asking(network, asyncio.get_running_loop().time() + DEADLINE_S), zone, address)

    return Recursion(stated=True, answers=await _each_server(gathering, ask))


async def gather_transfers(gathering: Gathering) -> ZoneTransfers:
    """One connection to each server, left as soon as it gives anything."""
    if not gathering.consent.probes:
        return ZoneTransfers(stated=False, answers={})
    network = gathering.network
    answers = await _each_server(gathering, lambda zone, address: _transfer(network, zone, address))
    return ZoneTransfers(stated=True, answers=answers)


async def _each_server(gathering: Gathering, ask: Callable[[str, VettedAddress], Awaitable[A]]) -> Mapping[str, A]:
    """What one address of each server replies, by host, each asked once; the time begins when calling is allowed."""
    known = await gathering.part(NameServers)
    await gathering.network.leave()
    if known.zone is None:
        return {}
    places = {server.host: main_addresses(server)[0] for server in known.servers[:MAX_SERVERS] if server.vetted}
    each = [*dict.fromkeys(places.values())]
    replies = dict(zip(each, await asyncio.gather(*(ask(known.zone, address) for address in each)), strict=True))
    return {host: replies[address] for host, address in places.items()}


async def _recursion(asking: Asking, zone: str, address: VettedAddress) -> RecursionAnswer:
    reply = await asking.put(question(STRANGER, "SOA", recursion=True), address)
    if isinstance(reply, Reach):
        return RecursionAnswer(address.text, reply)
    rcode = dns.rcode.to_text(reply.rcode())
    own = bool(reply.flags & dns.flags.AA) or not reply.flags & dns.flags.RA
    if own or soa_in(reply, STRANGER) is None:
        return RecursionAnswer(address.text, Reach.OK, rcode)
    reply = await asking.put(question(zone, "SOA", recursion=True), address)
    itself = not isinstance(reply, Reach) and has_authority(reply, zone)
    return RecursionAnswer(address.text, Reach.OK, rcode, recursed=True, itself=itself)


async def _transfer(network: Network, zone: str, address: VettedAddress) -> TransferAnswer:
    query = question(zone, "AXFR")
    wire = query.to_wire()
    try:
        async with asyncio.timeout(TRANSFER_S):
            reader, writer = await network.connect(address, DNS_PORT, timeout_s=TRANSFER_S)
            try:
                writer.write(len(wire).to_bytes(2, "big") + wire)
                return await _listen(reader, query, address.text)
            finally:
                writer.transport.abort()
    except (OSError, asyncio.IncompleteReadError) as error:
        return TransferAnswer(address.text, reach_of(error))
    except _MALFORMED:
        return TransferAnswer(address.text, Reach.FAILED)


async def _listen(reader: asyncio.StreamReader, query: dns.message.Message, address: str) -> TransferAnswer:
    """Reads until records beside the SOA came, or it is clear that none will; some send the SOA in a message alone.

    Raises:
        OSError: it hung up.
        DNSException: what came is no reply to this question.
    """
    begun = False
    for _ in range(_MAX_MESSAGES):
        message = await _next(reader, query)
        if not begun and not _begins(message, query):
            break
        begun = True
        if any(group.rdtype != dns.rdatatype.SOA for group in message.answer):
            return TransferAnswer(address, Reach.OK, dns.rcode.to_text(message.rcode()), given=True)
    return TransferAnswer(address, Reach.OK, dns.rcode.to_text(message.rcode()))


def _begins(message: dns.message.Message, query: dns.message.Message) -> bool:
    """Whether a transfer begins with it: the zone's SOA comes first (RFC 5936, section 2.2)."""
    first = message.answer[0] if message.rcode() == dns.rcode.NOERROR and message.answer else None
    return first is not None and (first.name, first.rdtype) == (query.question[0].name, dns.rdatatype.SOA)


async def _next(reader: asyncio.StreamReader, query: dns.message.Message) -> dns.message.Message:
    """The next message, or its beginning where it is a long one."""
    length = int.from_bytes(await reader.readexactly(2), "big")
    wire = await reader.readexactly(min(length, _MAX_PEEK))
    message = dns.message.from_wire(wire, one_rr_per_rrset=True, ignore_trailing=True, continue_on_error=True)
    if message.id != query.id or not message.flags & dns.flags.QR:
        raise dns.exception.FormError
    return message
