"""Name servers asked directly, over real sockets on loopback; `.1` resolves, `.2` and up are the zone's own."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager

import dns.flags
import dns.message
import dns.rcode
import pytest

from checks.addresses import AddressGuard
from checks.contract import Consent
from checks.evidence.authority import (
    DirectAnswer,
    NameServers,
    Recursion,
    RecursionAnswer,
    ServerAnswers,
    TransferAnswer,
    ZoneTransfers,
)
from checks.evidence.lookups import Reach
from checks.gather import name_servers as name_servers_module
from checks.gather import server_probes as server_probes_module
from checks.gather.gathering import Gathering
from checks.gather.network import Network
from checks.gather.sources import SOURCES
from tests.binding import bound
from tests.checks.gather.responder import Behaviour, Responder, answer, responding
from tests.checks.gather.zones import serving

PROBES = Consent(probes=True)
OK = Reach.OK


@pytest.fixture(autouse=True)
def _less_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(name_servers_module, "TRIES_S", (1.0, 1.0))
    monkeypatch.setattr(name_servers_module, "SECOND_THOUGHT_S", 0.01)
    monkeypatch.setattr(name_servers_module, "SETTLE_S", 0.05)
    monkeypatch.setattr(server_probes_module, "TRANSFER_S", 3.0)


@pytest.fixture
def own_port(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    def use(port: int) -> None:
        monkeypatch.setattr(name_servers_module, "DNS_PORT", port)
        monkeypatch.setattr(server_probes_module, "DNS_PORT", port)

    return use


def address_of(number: int) -> str:
    return f"127.0.0.{number + 2}"


@asynccontextmanager
async def gathering(
    use: Callable[[int], None], *behaviours: Behaviour, consent: Consent = PROBES, allowed: str = "127.0.0.0/8"
) -> AsyncIterator[tuple[Gathering, list[Responder]]]:
    """firm.fi with one name server for each behaviour: a.ns.fi, b.ns.fi and so on."""
    lines = []
    for number in range(len(behaviours)):
        host = f"{chr(ord('a') + number)}.ns.fi"
        lines += [f"firm.fi NS {host}.", f"{host} A {address_of(number)}"]
    async with AsyncExitStack() as stack:
        places = bound(*(address_of(number) for number in range(len(behaviours))))
        servers = [
            await stack.enter_async_context(responding(behave, sockets=sockets))
            for behave, sockets in zip(behaviours, places, strict=True)
        ]
        use(servers[0].port)
        resolver = await stack.enter_async_context(responding(serving(*lines)))
        network = Network(AddressGuard.allowing([allowed]), (resolver.resolver,))
        made = Gathering("firm.fi", network, SOURCES, consent)
        try:
            yield made, servers
        finally:
            await made.close()


def soa(name: str, serial: int = 1) -> str:
    return f"{name} 60 IN SOA a.ns.fi. hostmaster.ns.fi. {serial} 3600 600 1209600 3600"


def with_authority(query: dns.message.Message, *records: str) -> dns.message.Message:
    reply = answer(query, *records)
    reply.flags = reply.flags & ~dns.flags.RA | dns.flags.AA
    return reply


def holding(serial: int = 1) -> Behaviour:
    """A good server: it knows firm.fi and nothing else, and keeps the zone to itself."""

    def behave(query: dns.message.Message) -> dns.message.Message:
        question = query.question[0]
        if question.name.to_text() == "firm.fi." and question.rdtype.name == "SOA":
            return with_authority(query, soa("firm.fi.", serial))
        return refusing("REFUSED")(query)

    return behave


def refusing(rcode: str) -> Callable[[dns.message.Message], dns.message.Message]:
    def behave(query: dns.message.Message) -> dns.message.Message:
        reply = dns.message.make_response(query)
        reply.set_rcode(dns.rcode.from_text(rcode))
        return reply

    return behave


def looking_up(query: dns.message.Message) -> dns.message.Message:
    """A resolver: it answers for every name, and for none with authority."""
    return answer(query, soa(query.question[0].name.to_text()))


def helpful(query: dns.message.Message) -> dns.message.Message:
    """A good server that is an open resolver as well."""
    known = query.question[0].name.to_text() == "firm.fi."
    return with_authority(query, soa("firm.fi.")) if known else looking_up(query)


def silent(_query: dns.message.Message) -> None:
    return None


def in_turn(*behaviours: Behaviour) -> Behaviour:
    """Another behaviour for each query; the last one goes on."""
    left = list(behaviours)

    def behave(query: dns.message.Message) -> dns.message.Message | bytes | None:
        return (left.pop(0) if len(left) > 1 else left[0])(query)

    return behave


Use = Callable[[int], None]


async def direct(use: Use, *behaviours: Behaviour) -> tuple[list[DirectAnswer], list[Responder]]:
    """The one answer of each server."""
    async with gathering(use, *behaviours) as (made, servers):
        found = await made.part(ServerAnswers)
    return [answer for server in found.servers for answer in server.answers], servers


async def test_name_servers_have_their_addresses(own_port: Use) -> None:
    async with gathering(own_port, holding(), holding()) as (made, servers):
        known = await made.part(NameServers)
    assert known.zone == "firm.fi"
    assert [(each.host, [address.text for address in each.vetted]) for each in known.servers] == [
        ("a.ns.fi", ["127.0.0.2"]),
        ("b.ns.fi", ["127.0.0.3"]),
    ]
    assert [server.queries for server in servers] == [[], []]


async def test_server_that_knows_the_zone_is_asked_once_and_plainly(own_port: Use) -> None:
    (found,), (server,) = await direct(own_port, holding(7))
    assert found == DirectAnswer("127.0.0.2", OK, "NOERROR", authoritative=True, serial=7)
    (query,) = server.queries
    assert (query.question[0].to_text(), query.flags & dns.flags.RD, query.edns) == ("firm.fi. IN SOA", 0, -1)


@pytest.mark.parametrize("rcode", ["REFUSED", "SERVFAIL", "NXDOMAIN", "NOTAUTH"])
async def test_server_without_authority_is_asked_twice(own_port: Use, rcode: str) -> None:
    (found,), (server,) = await direct(own_port, refusing(rcode))
    assert found == DirectAnswer("127.0.0.2", OK, rcode)
    assert server.asked == {"firm.fi. SOA": 2}


async def test_second_thought_counts(own_port: Use) -> None:
    (found,), _ = await direct(own_port, in_turn(refusing("SERVFAIL"), holding()))
    assert found.authoritative
    (found,), _ = await direct(own_port, in_turn(refusing("SERVFAIL"), silent))
    assert found == DirectAnswer("127.0.0.2", Reach.TIMEOUT)


async def test_answer_of_a_resolver_has_no_authority(own_port: Use) -> None:
    (found,), _ = await direct(own_port, looking_up)
    assert found == DirectAnswer("127.0.0.2", OK, "NOERROR")


async def test_authority_for_another_zone_is_none_for_this(own_port: Use) -> None:
    (found,), _ = await direct(own_port, lambda query: with_authority(query, soa("fi.")))
    assert found == DirectAnswer("127.0.0.2", OK, "NOERROR")


async def test_silence_is_waited_out_twice(own_port: Use) -> None:
    began = time.monotonic()
    (found,), (server,) = await direct(own_port, silent)
    assert found == DirectAnswer("127.0.0.2", Reach.TIMEOUT)
    assert server.asked == {"firm.fi. SOA": 2}
    assert time.monotonic() - began < 20


async def test_one_lost_datagram_is_nothing(own_port: Use) -> None:
    (found,), _ = await direct(own_port, in_turn(silent, holding()))
    assert found.authoritative


async def test_nothing_listening_is_refused(own_port: Use) -> None:
    async with gathering(own_port, holding(), silent) as (made, (_, other)):
        own_port(1)
        found = await made.part(ServerAnswers)
    assert [answer.reach for server in found.servers for answer in server.answers] == [Reach.REFUSED] * 2
    assert other.queries == []


@pytest.mark.parametrize(
    "garbage",
    [
        lambda query: query.id.to_bytes(2, "big") + b"\x84\x00" + b"\xff" * 60,
        lambda query: query.id.to_bytes(2, "big"),
        lambda query: query.to_wire(),
        lambda query: with_authority(dns.message.make_query("other.fi", "SOA", id=query.id), soa("firm.fi.")),
    ],
    ids=["noise", "too-short", "echo", "other-question"],
)
async def test_garbage_is_no_usable_answer(own_port: Use, garbage: Behaviour) -> None:
    (found,), _ = await direct(own_port, garbage)
    assert found == DirectAnswer("127.0.0.2", OK, "FORMERR")


async def test_reply_with_another_id_is_not_heard(own_port: Use) -> None:
    def forged(query: dns.message.Message) -> dns.message.Message:
        reply = with_authority(query, soa("firm.fi."))
        reply.id = query.id ^ 1
        return reply

    (found,), _ = await direct(own_port, forged)
    assert found == DirectAnswer("127.0.0.2", Reach.TIMEOUT)


async def test_truncated_reply_is_fetched_over_tcp(own_port: Use) -> None:
    def long(query: dns.message.Message) -> dns.message.Message:
        return with_authority(query, soa("firm.fi.", 9), *(f'firm.fi. 60 IN TXT "{n}{"x" * 200}"' for n in range(20)))

    async with gathering(own_port, long) as (made, (server,)):
        ((found,),) = [each.answers for each in (await made.part(ServerAnswers)).servers]
    assert (found.serial, server.over_tcp) == (9, 1)
    assert made.network.calls == {("127.0.0.2", server.port): 2}


@pytest.mark.parametrize(
    ("behaviours", "blocked"),
    [
        ((silent, silent), True),
        ((silent, holding()), False),
        ((silent, refusing("REFUSED")), False),
        ((silent,), False),
    ],
    ids=["all-silent", "one-answers", "one-refuses", "only-one"],
)
async def test_silence_of_all_that_the_resolver_reaches_is_our_own_networks_doing(
    own_port: Use,
    behaviours: tuple[Behaviour, ...],
    blocked: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    async with gathering(own_port, *behaviours) as (made, _):
        assert (await made.part(ServerAnswers)).blocked_here is blocked


async def test_differing_serials_are_asked_for_again(own_port: Use) -> None:
    found, servers = await direct(own_port, holding(2), in_turn(holding(1), holding(2)))
    assert [answer.serial for answer in found] == [2, 2]
    assert [server.asked["firm.fi. SOA"] for server in servers] == [2, 2]
    found, _ = await direct(own_port, holding(2), holding(1))
    assert [answer.serial for answer in found] == [2, 1]


def telling(serial: int, *records: str) -> Behaviour:
    """A good server with these records beside the SOA; each `name type data`."""

    def behave(query: dns.message.Message) -> dns.message.Message:
        question = query.question[0]
        asked = f"{question.name.to_text(omit_final_dot=True)} {question.rdtype.name}"
        if asked == "firm.fi SOA":
            return with_authority(query, soa("firm.fi.", serial))
        owned = [record.split(" ", 2) for record in records]
        fitting = [f"{name}. 60 IN {rdtype} {data}" for name, rdtype, data in owned if asked == f"{name} {rdtype}"]
        return with_authority(query, *fitting)

    return behave


async def test_servers_whose_serials_differ_tell_what_visitors_go_by(own_port: Use) -> None:
    here, there = "firm.fi A 192.0.2.1", "firm.fi A 192.0.2.2"
    mail = ("firm.fi MX 10 MX.Firm.fi.", 'firm.fi TXT "V=1"')
    behaviours = (telling(2, here, *mail), telling(1, there, *mail), telling(2, here, *mail))
    async with gathering(own_port, *behaviours) as (made, servers):
        contents = (await made.part(ServerAnswers)).contents
    assert [(one.host, one.reach, one.told["firm.fi A"]) for one in contents] == [
        ("a.ns.fi", OK, ("192.0.2.1",)),
        ("b.ns.fi", OK, ("192.0.2.2",)),
    ]
    assert contents[0].told == {
        "firm.fi A": ("192.0.2.1",),
        "firm.fi AAAA": (),
        "firm.fi MX": ("MX 10 mx.firm.fi.",),
        "firm.fi TXT": ('"V=1"',),
        "www.firm.fi A": (),
        "www.firm.fi AAAA": (),
        "_dmarc.firm.fi TXT": (),
    }
    assert [server.over_tcp for server in servers] == [7, 7, 0]
    assert sorted(made.network.calls.values()) == [2, 3, 3]  # the serial twice, and one connection for the rest


async def test_alias_and_a_companys_own_addresses_are_told_as_such(own_port: Use) -> None:
    def aliased(query: dns.message.Message) -> dns.message.Message:
        if query.question[0].name.to_text() == "www.firm.fi.":
            return with_authority(query, "www.firm.fi. 60 IN CNAME Shops.example.", "shops.example. 60 IN A 192.0.2.7")
        return telling(1, "firm.fi A 104.16.1.1", "firm.fi A 104.16.2.2")(query)

    async with gathering(own_port, aliased, holding(2)) as (made, _):
        told, refused = (await made.part(ServerAnswers)).contents
    assert (told.told["www.firm.fi A"], told.told["firm.fi A"]) == (("CNAME shops.example.",), ("Cloudflare",))
    assert (refused.reach, refused.told) == (OK, {})


@pytest.mark.parametrize("last_words", [None, b"\x00", b"\x00\x01" * 20], ids=["silence", "a-byte", "noise"])
async def test_what_is_not_told_is_left_out(own_port: Use, last_words: bytes | None) -> None:
    def curt(query: dns.message.Message) -> dns.message.Message | bytes | None:
        return last_words if query.question[0].rdtype.name == "MX" else telling(1)(query)

    async with gathering(own_port, curt, telling(2)) as (made, _):
        told, _other = (await made.part(ServerAnswers)).contents
    assert "firm.fi MX" not in told.told
    assert "firm.fi A" in told.told


async def test_servers_that_agree_are_asked_nothing_more(own_port: Use) -> None:
    async with gathering(own_port, telling(1), telling(1)) as (made, servers):
        assert (await made.part(ServerAnswers)).contents == ()
    assert [server.over_tcp for server in servers] == [0, 0]


async def test_no_more_than_six_are_asked(own_port: Use) -> None:
    found, servers = await direct(own_port, *(holding() for _ in range(8)))
    assert len(found) == 6
    assert [len(server.queries) for server in servers] == [1] * 6 + [0] * 2


async def test_nobody_is_asked_before_it_is_allowed(own_port: Use) -> None:
    async with gathering(own_port, helpful) as (made, (server,)):
        made.network.hold()
        parts = [asyncio.ensure_future(made.part(kind)) for kind in (ServerAnswers, Recursion, ZoneTransfers)]
        await asyncio.sleep(0.2)
        assert server.queries == []
        made.network.release()
        await asyncio.gather(*parts)
        assert len(server.queries) == 4


async def test_addresses_that_are_not_public_are_never_asked(own_port: Use) -> None:
    async with gathering(own_port, helpful, allowed="127.0.0.1/32") as (made, (server,)):
        answers, recursion = await made.part(ServerAnswers), await made.part(Recursion)
        transfers = await made.part(ZoneTransfers)
    assert [each.answers for each in answers.servers] == [()]
    assert (recursion.answers, transfers.answers, server.queries) == ({}, {}, [])


async def test_every_call_is_counted(own_port: Use) -> None:
    async with gathering(own_port, helpful) as (made, (server,)):
        await asyncio.gather(made.part(ServerAnswers), made.part(Recursion), made.part(ZoneTransfers))
    assert made.network.calls == {("127.0.0.2", server.port): 4}


async def test_several_names_at_one_address_are_one_to_ask(own_port: Use) -> None:
    hosts = [f"{letter}.ns.fi" for letter in "abcdef"]
    lines = [line for host in hosts for line in (f"firm.fi NS {host}.", f"{host} A {address_of(0)}")]
    async with (
        responding(helpful, address=address_of(0)) as server,
        responding(serving(*lines)) as resolver,
    ):
        own_port(server.port)
        network = Network(AddressGuard.allowing(["127.0.0.0/8"]), (resolver.resolver,))
        made = Gathering("firm.fi", network, SOURCES, PROBES)
        kinds = (ServerAnswers, Recursion, ZoneTransfers)
        answers, recursion, transfers = await asyncio.gather(*(made.part(kind) for kind in kinds))
        await made.close()
    assert network.calls == {(address_of(0), server.port): 4}
    assert [each.host for each in answers.servers if each.authoritative] == hosts
    assert ([*recursion.answers], [*transfers.answers]) == (hosts, hosts)


async def test_nothing_unusual_is_asked_without_the_owners_word(own_port: Use) -> None:
    async with gathering(own_port, helpful, consent=Consent(ports=True)) as (made, (server,)):
        assert await made.part(Recursion) == Recursion(stated=False, answers={})
        assert await made.part(ZoneTransfers) == ZoneTransfers(stated=False, answers={})
    assert server.queries == []


@pytest.mark.parametrize(
    ("behave", "found"),
    [
        (holding(), RecursionAnswer("127.0.0.2", OK, "REFUSED")),
        (helpful, RecursionAnswer("127.0.0.2", OK, "NOERROR", recursed=True, itself=True)),
        (looking_up, RecursionAnswer("127.0.0.2", OK, "NOERROR", recursed=True)),
        (silent, RecursionAnswer("127.0.0.2", Reach.TIMEOUT)),
        (lambda query: with_authority(query, soa(".")), RecursionAnswer("127.0.0.2", OK, "NOERROR")),
        (answer, RecursionAnswer("127.0.0.2", OK, "NOERROR")),
    ],
    ids=["closed", "open", "somebody-else", "silent", "holds-the-root", "knows-nothing"],
)
async def test_recursion(own_port: Use, behave: Behaviour, found: RecursionAnswer) -> None:
    async with gathering(own_port, behave) as (made, (server,)):
        assert (await made.part(Recursion)).answers == {"a.ns.fi": found}
    assert all(query.flags & dns.flags.RD for query in server.queries)
    assert server.asked["firm.fi. SOA"] == int(found.recursed)


async def transfer(use: Use, behave: Behaviour) -> TransferAnswer:
    async with gathering(use, behave) as (made, _):
        return (await made.part(ZoneTransfers)).answers["a.ns.fi"]


@pytest.mark.parametrize(
    ("behave", "found"),
    [
        (refusing("REFUSED"), TransferAnswer("127.0.0.2", OK, "REFUSED")),
        (refusing("NOTAUTH"), TransferAnswer("127.0.0.2", OK, "NOTAUTH")),
        (answer, TransferAnswer("127.0.0.2", OK, "NOERROR")),
        (lambda query: answer(query, "firm.fi. 60 IN A 192.0.2.1"), TransferAnswer("127.0.0.2", OK, "NOERROR")),
        (
            lambda query: answer(query, soa("fi."), "a.fi. 60 IN A 192.0.2.1"),
            TransferAnswer("127.0.0.2", OK, "NOERROR"),
        ),
        (lambda _query: b"\xff" * 80, TransferAnswer("127.0.0.2", Reach.FAILED)),
        (lambda _query: b"\xff", TransferAnswer("127.0.0.2", Reach.FAILED)),
        (silent, TransferAnswer("127.0.0.2", Reach.FAILED)),
        (
            lambda query: answer(query, soa("firm.fi."), "www.firm.fi. 60 IN A 192.0.2.1"),
            TransferAnswer("127.0.0.2", OK, "NOERROR", given=True),
        ),
        (
            lambda query: answer(
                query, soa("firm.fi."), *(f'{n}.firm.fi. 60 IN TXT "{"x" * 200}"' for n in range(200))
            ),
            TransferAnswer("127.0.0.2", OK, "NOERROR", given=True),
        ),
    ],
    ids=["refused", "not-auth", "empty", "no-soa", "other-zone", "noise", "one-byte", "hangs-up", "given", "long"],
)
async def test_transfer(own_port: Use, behave: Behaviour, found: TransferAnswer) -> None:
    assert await transfer(own_port, behave) == found


@asynccontextmanager
async def streaming(
    use: Use, send: Callable[[dns.message.Message, asyncio.StreamWriter], Awaitable[None]]
) -> AsyncIterator[Gathering]:
    """A server at 127.0.0.2 that writes what it likes after the query, over TCP alone."""

    ended = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            length = int.from_bytes(await reader.readexactly(2), "big")
            await send(dns.message.from_wire(await reader.readexactly(length)), writer)
            await reader.read()
        except ConnectionError:  # who asked has heard enough
            pass
        finally:
            writer.transport.abort()
            ended.set()

    async with gathering(use, silent) as (made, _):
        server = await asyncio.start_server(serve, "127.0.0.2", 0)
        use(server.sockets[0].getsockname()[1])
        async with server:
            yield made
            await ended.wait()


def framed(message: dns.message.Message) -> bytes:
    wire = message.to_wire()
    return len(wire).to_bytes(2, "big") + wire


async def test_transfer_that_begins_with_the_soa_alone(own_port: Use) -> None:
    async def send(query: dns.message.Message, writer: asyncio.StreamWriter) -> None:
        writer.write(framed(answer(query, soa("firm.fi."))))
        await writer.drain()
        reply = answer(query, "www.firm.fi. 60 IN A 192.0.2.1")
        reply.question.clear()
        writer.write(framed(reply))

    async with streaming(own_port, send) as made:
        found = (await made.part(ZoneTransfers)).answers["a.ns.fi"]
    assert found == TransferAnswer("127.0.0.2", OK, "NOERROR", given=True)


async def test_transfer_of_nothing_but_soas_gives_nothing(own_port: Use) -> None:
    async def send(query: dns.message.Message, writer: asyncio.StreamWriter) -> None:
        for _ in range(100):
            writer.write(framed(answer(query, soa("firm.fi."))))
            await writer.drain()

    async with streaming(own_port, send) as made:
        found = (await made.part(ZoneTransfers)).answers["a.ns.fi"]
    assert found == TransferAnswer("127.0.0.2", OK, "NOERROR")


async def test_transfer_by_one_byte_at_a_time_has_one_deadline(own_port: Use) -> None:
    async def send(_query: dns.message.Message, writer: asyncio.StreamWriter) -> None:
        for _ in range(100):
            writer.write(b"\xff")
            await writer.drain()
            await asyncio.sleep(0.4)

    began = time.monotonic()
    async with streaming(own_port, send) as made:
        found = (await made.part(ZoneTransfers)).answers["a.ns.fi"]
    assert found == TransferAnswer("127.0.0.2", Reach.TIMEOUT)
    assert time.monotonic() - began < 20
