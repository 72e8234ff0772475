"""Looks up the zone's name servers, and asks each of them what it knows about the zone."""

import asyncio
import secrets
from collections.abc import Sequence
from datetime import UTC, datetime

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdataclass
import dns.rdatatype
from dns.rdtypes.ANY.SOA import SOA
from msgspec import Struct

from checks.addresses import VettedAddress
from checks.evidence.authority import AskedServer, DirectAnswer, NameServers, ServerAnswers
from checks.evidence.dns import Delegation
from checks.evidence.lookups import HostAddresses, Reach
from checks.gather.gathering import Gathering
from checks.gather.network import Network, reach_of
from checks.gather.zone_contents import gather_contents

DNS_PORT = 53
MAX_SERVERS = 6
"""No more are asked directly: they are called for every domain, and six that agree tell as much as thirteen."""
MAX_LOOKED_UP = 20
TRIES_S = (1.5, 1.5)
"""How long each try waits; two, because one lost datagram is nothing."""
SECOND_THOUGHT_S = 0.5
"""After a reply without authority: a server that is just being restarted must not pass for one without the zone."""
SETTLE_S = 2.0
"""After differing serial numbers: a change that is just being passed on takes about so long."""
DEADLINE_S = 9.0
"""For all questions to all servers together."""


async def gather_name_servers(gathering: Gathering) -> NameServers:
    """The addresses of the servers that the delegation names, side by side."""
    delegation = await gathering.part(Delegation)
    if delegation.zone is None:
        return NameServers(None)
    hosts = sorted(set(delegation.zone_servers.records))[:MAX_LOOKED_UP]
    found = await asyncio.gather(*(gathering.network.addresses(host) for host in hosts))
    return NameServers(delegation.zone, tuple(found))


async def gather_server_answers(gathering: Gathering) -> ServerAnswers:
    """The SOA of the zone from an IPv4 and an IPv6 address of each server, side by side; and what differs with it."""
    known = await gathering.part(NameServers)
    await gathering.network.leave()
    if known.zone is None:
        return ServerAnswers((), datetime.now(UTC))
    servers = known.servers[:MAX_SERVERS]
    asking = Asking(gathering.network, asyncio.get_running_loop().time() + DEADLINE_S)
    answers = await _round(asking, known.zone, servers)
    if _differ(answers):
        await asyncio.sleep(SETTLE_S)
        answers = await _round(asking, known.zone, servers)
    asked = tuple(AskedServer(server, found) for server, found in zip(servers, answers, strict=True))
    blocked = _is_silent(answers) and await _resolves(gathering.network, known.zone)
    compared = _differ(answers)
    contents = await gather_contents(gathering.network, DNS_PORT, gathering.domain, asked) if compared else ()
    return ServerAnswers(asked, datetime.now(UTC), blocked, contents)


class Asking(Struct, frozen=True):
    """Puts questions to name servers until its time (of the event loop's clock) is up."""

    network: Network
    until: float

    async def put(self, query: dns.message.Message, address: VettedAddress) -> dns.message.Message | Reach:
        """The reply, or how it was missed. Never raises for the network."""
        missed = Reach.TIMEOUT
        for try_s in TRIES_S:
            left_s = self.until - asyncio.get_running_loop().time()
            if left_s <= 0:
                break
            try:
                return await self.network.put(query, address, DNS_PORT, timeout_s=min(try_s, left_s))
            except OSError as error:
                missed = reach_of(error)
            if missed is not Reach.TIMEOUT:
                break
        return missed


def main_addresses(server: HostAddresses) -> tuple[VettedAddress, ...]:
    """The first IPv4 and the first IPv6 address."""
    firsts = {address.is_ipv6: address for address in reversed(server.vetted)}
    return tuple(firsts[ipv6] for ipv6 in sorted(firsts))


def question(zone: str, rdtype: str, *, recursion: bool = False) -> dns.message.Message:
    """A question without EDNS: what is asked here fits into 512 bytes, and old servers stumble over more."""
    flags = dns.flags.RD if recursion else 0
    return dns.message.make_query(zone, rdtype, flags=flags, use_edns=False)


def soa_in(reply: dns.message.Message, zone: str) -> SOA | None:
    """The SOA of this very zone, where it is the answer."""
    if reply.rcode() != dns.rcode.NOERROR:
        return None
    found = reply.get_rrset(reply.answer, dns.name.from_text(zone), dns.rdataclass.IN, dns.rdatatype.SOA)
    return found[0] if found else None


def has_authority(reply: dns.message.Message, zone: str) -> bool:
    """Whether the reply is that of a server that holds the zone (RFC 1035, section 4.1.1)."""
    return bool(reply.flags & dns.flags.AA) and soa_in(reply, zone) is not None


def _differ(answers: Sequence[Sequence[DirectAnswer]]) -> bool:
    """Whether there is more than one serial number."""
    return len({answer.serial for found in answers for answer in found if answer.authoritative}) > 1


def _is_silent(answers: Sequence[Sequence[DirectAnswer]]) -> bool:
    """Whether two addresses or more could have replied, and none did."""
    reaches = {answer.address: answer.reach for found in answers for answer in found}
    reached = [reach for reach in reaches.values() if reach is not Reach.BLOCKED_HERE]
    return len(reached) > 1 and set(reached) <= {Reach.TIMEOUT, Reach.REFUSED}


async def _resolves(network: Network, zone: str) -> bool:
    """Whether the resolver reaches the servers even now: a name that nobody asked for before is in no cache."""
    return (await network.ask(f"{secrets.token_hex(8)}.{zone}", "A")).answered


async def _round(asking: Asking, zone: str, servers: Sequence[HostAddresses]) -> list[tuple[DirectAnswer, ...]]:
    """Each address is asked once, however many of the servers' names lead to it."""
    places = [main_addresses(server) for server in servers]
    each = [*dict.fromkeys(address for found in places for address in found)]
    answers = dict(zip(each, await asyncio.gather(*(_ask(asking, zone, address) for address in each)), strict=True))
    return [tuple(answers[address] for address in found) for found in places]


async def _ask(asking: Asking, zone: str, address: VettedAddress) -> DirectAnswer:
    """The second reply counts where the first was without authority; its silence then leaves the matter open."""
    found = _read(await asking.put(question(zone, "SOA"), address), zone, address.text)
    if found.reach is not Reach.OK or found.authoritative:
        return found
    await asyncio.sleep(SECOND_THOUGHT_S)
    return _read(await asking.put(question(zone, "SOA"), address), zone, address.text)


def _read(reply: dns.message.Message | Reach, zone: str, address: str) -> DirectAnswer:
    if isinstance(reply, Reach):
        return DirectAnswer(address, reply)
    soa, rcode = soa_in(reply, zone), dns.rcode.to_text(reply.rcode())
    if soa is None or not has_authority(reply, zone):
        return DirectAnswer(address, Reach.OK, rcode)
    return DirectAnswer(address, Reach.OK, rcode, authoritative=True, serial=soa.serial)
