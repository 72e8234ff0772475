"""Asks name servers whose serial numbers differ whether they still send visitors and mail to the same places."""

import asyncio
import secrets
from collections.abc import Iterable, Mapping

import dns.message
import dns.rcode
import dns.rdata
import dns.rdatatype

from checks.addresses import VettedAddress
from checks.evidence.authority import AskedServer, Contents
from checks.evidence.lookups import Reach
from checks.gather.network import Network, reach_of
from checks.gather.replies import parse_reply

CONTENTS_S = 4.0
"""For one connection to each server that is compared, all side by side."""
_QUESTIONS = (
    ("", "A"),
    ("", "AAAA"),
    ("", "MX"),
    ("", "TXT"),
    ("www.", "A"),
    ("www.", "AAAA"),
    ("_dmarc.", "TXT"),
)
"""What stands before the domain, and the type of record: what visitors and mail go by."""


async def gather_contents(
    network: Network, port: int, domain: str, servers: Iterable[AskedServer]
) -> tuple[Contents, ...]:
    """What one address with each serial number says: all questions over one connection (RFC 7766, section 6.2.1)."""
    chosen: dict[int, tuple[str, VettedAddress]] = {}
    for server in servers:
        vetted = {address.text: address for address in server.addresses.vetted}
        for answer in server.answers:
            if answer.serial is not None:
                chosen.setdefault(answer.serial, (server.host, vetted[answer.address]))
    return tuple(
        await asyncio.gather(*(_ask_all(network, port, domain, host, address) for host, address in chosen.values()))
    )


async def _ask_all(network: Network, port: int, domain: str, host: str, address: VettedAddress) -> Contents:
    first = secrets.randbelow(1 << 15)
    queries = {
        first + place: dns.message.make_query(f"{before}{domain}", rdtype, flags=0, use_edns=False, id=first + place)
        for place, (before, rdtype) in enumerate(_QUESTIONS)
    }
    told: dict[str, tuple[str, ...]] = {}
    try:
        async with asyncio.timeout_at(network.deadline(CONTENTS_S)):
            reader, writer = await network.connect(address, port, timeout_s=CONTENTS_S)
            try:
                writer.write(b"".join(_framed(query.to_wire()) for query in queries.values()))
                for _ in queries:
                    told |= await _next(reader, queries)
            finally:
                writer.transport.abort()
    except (OSError, asyncio.IncompleteReadError) as error:
        return Contents(host, reach_of(error), told)
    return Contents(host, Reach.OK, told)


def _framed(wire: bytes) -> bytes:
    return len(wire).to_bytes(2, "big") + wire


async def _next(reader: asyncio.StreamReader, queries: Mapping[int, dns.message.Message]) -> dict[str, tuple[str, ...]]:
    """What the next reply tells, by the question; nothing where it is of no use. They may come in any order."""
    wire = await reader.readexactly(int.from_bytes(await reader.readexactly(2), "big"))
    query = queries.get(int.from_bytes(wire[:2], "big"))
    reply = parse_reply(query.to_wire(), wire) if query is not None else None
    if query is None or reply is None or reply.rcode() not in {dns.rcode.NOERROR, dns.rcode.NXDOMAIN}:
        return {}
    asked = query.question[0]
    own = [
        record
        for group in reply.answer
        if group.name == asked.name and group.rdtype in {asked.rdtype, dns.rdatatype.CNAME}
        for record in group
    ]
    place = f"{asked.name.to_text(omit_final_dot=True)} {dns.rdatatype.to_text(asked.rdtype)}"
    return {place: tuple(sorted({_text(record) for record in own}))}


def _text(record: dns.rdata.Rdata) -> str:
    """The record as it is compared. A company with servers everywhere tells everybody another of their addresses."""
    from checks.shared_servers import service_at  # noqa: PLC0415 - start-up: hardly any inspection needs the list

    text = record.to_text()
    if record.rdtype in {dns.rdatatype.A, dns.rdatatype.AAAA}:
        return service_at(text) or text
    return text if record.rdtype == dns.rdatatype.TXT else f"{dns.rdatatype.to_text(record.rdtype)} {text.lower()}"
