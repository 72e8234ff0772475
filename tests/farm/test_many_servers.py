"""A domain with the most of everything: an inspection makes at most sixty connections, and says what it left out."""

import socket
import ssl
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import dns.flags
import dns.message
import dns.rdatatype
import dns.rrset
import pytest

from checks.addresses import AddressGuard
from checks.gather.network import MAX_CONNECTIONS, Network
from tests.checks.gather.responder import Behaviour, responding
from tests.checks.gather.zones import serving
from tests.farm import hostile
from tests.farm.authority import Authority, Certificate
from tests.farm.hostile import Door, conversing
from tests.farm.hostile_looking import ALLOWED, look

DOMAIN = "many.test"
NAME_SERVERS = tuple((f"ns{number}.{DOMAIN}", f"198.18.70.{number}") for number in range(1, 14))
MAIL_SERVERS = tuple((f"mx{number}.{DOMAIN}", f"198.18.{block}.{number}") for number in range(20) for block in (71, 72))
WEB = tuple((name, f"198.18.{block}.{n}") for name, block in ((DOMAIN, 73), (f"www.{DOMAIN}", 74)) for n in range(4))
GARBLED = conversing(hostile.SMTP_HELLO, hostile.SMTP_OFFER, hostile.SMTP_GO, b"500 What is that?\r\n")

_connected: Counter[str] | None = None


def _note(event: str, details: tuple[object, ...]) -> None:
    """Counts each TCP connection that this process opens, by its address; a datagram socket's is none."""
    if _connected is not None and event == "socket.connect":
        end, place = details
        if isinstance(end, socket.socket) and isinstance(place, tuple) and end.type is socket.SOCK_STREAM:
            _connected[str(place[0])] += 1


@pytest.fixture
def connected() -> Iterator[Counter[str]]:
    """The TCP connections made during the test."""
    global _connected  # noqa: PLW0603 - an audit hook cannot be taken out again, so it looks here
    sys.addaudithook(_note)
    _connected = Counter()
    yield _connected
    _connected = None


@pytest.fixture
def tls(tmp_path: Path) -> ssl.SSLContext:
    authority = Authority()
    (tmp_path / "chain.pem").write_bytes(authority.chain_pem((DOMAIN, f"www.{DOMAIN}"), Certificate()))
    (tmp_path / "key.pem").write_bytes(authority.key_pem)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(tmp_path / "chain.pem", tmp_path / "key.pem")
    return context


def lines() -> list[str]:
    return [
        f"{DOMAIN} SOA ns1.{DOMAIN}. hostmaster.{DOMAIN}. 1 3600 600 1209600 3600",
        *(f"{DOMAIN} NS {host}." for host, _ in NAME_SERVERS),
        *(f"{DOMAIN} MX {place} {host}." for place, host in enumerate(dict.fromkeys(host for host, _ in MAIL_SERVERS))),
        *(f"{host} A {address}" for host, address in (*NAME_SERVERS, *MAIL_SERVERS, *WEB)),
        f'{DOMAIN} TXT "v=spf1 -all"',
    ]


def authority(serial: int) -> Behaviour:
    """A name server with a serial number of its own, whose replies are all too long for a datagram."""
    begin = serving(*lines())

    def behave(query: dns.message.Message) -> dns.message.Message:
        reply = begin(query)
        assert isinstance(reply, dns.message.Message)
        reply.flags = reply.flags & ~dns.flags.RA | dns.flags.AA
        for soa in (group for group in reply.answer if group.rdtype == dns.rdatatype.SOA):
            numbered = soa[0].replace(serial=serial)
            soa.clear()
            soa.add(numbered)
        texts = dns.rrset.from_text(f"{DOMAIN}.", 60, "IN", "TXT", *(f'"{n}{"x" * 200}"' for n in range(10)))
        reply.additional.append(texts)
        return reply

    return behave


@pytest.mark.farm
async def test_no_domain_is_called_more_than_sixty_times(connected: Counter[str], tls: ssl.SSLContext) -> None:
    doors = [Door(address, 25, GARBLED) for _, address in MAIL_SERVERS]
    for _, address in WEB:
        doors += [Door(address, 80, hostile.leading_on), Door(address, 443, hostile.leading_on, tls)]
    async with AsyncExitStack() as stack:
        for place, (_, address) in enumerate(NAME_SERVERS):
            await stack.enter_async_context(responding(authority(place), address=address, port=53))
        await stack.enter_async_context(hostile.standing(doors))
        names = await stack.enter_async_context(responding(serving(*lines(), authentic=[".", "test", DOMAIN])))
        network = Network(AddressGuard.allowing([ALLOWED]), (names.resolver,))
        found = await look(DOMAIN, names.resolver, network)
    made = {address: count for address, count in connected.items() if address.startswith("198.18.")}
    assert sum(made.values()) == MAX_CONNECTIONS  # there was more to look at
    assert made.keys() == {address for address, _ in network.calls if address in made}
    assert {one.status for one in found if one.outcome == "called-enough"} == {"unknown"}
    assert {one.id for one in found if one.outcome == "our-error"} == set()
