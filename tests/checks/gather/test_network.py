import asyncio
import time
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path

import dns.flags
import dns.message
import dns.rrset
import pytest

from checks.addresses import AddressGuard, VettedAddress
from checks.errors import AddressNotPublicError, CalledEnoughError, TooManyCallsError
from checks.evidence.lookups import Lookup, Reach
from checks.gather import network as network_module
from checks.gather import resolving
from checks.gather.gathering import Gathering
from checks.gather.network import Network, Resolver, reach_of, system_resolvers
from checks.gather.replies import MAX_RECORDS
from tests.checks.gather.responder import Behaviour, Responder, answer, responding, with_reason
from tests.checks.serving import serving


@pytest.fixture(autouse=True)
def _less_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resolving, "TRIES_S", (0.3, 0.3, 0.4))
    monkeypatch.setattr(resolving, "HEAD_START_S", 0.1)
    monkeypatch.setattr(resolving, "PAUSE_S", 0.05)


def network_of(*responders: Responder) -> Network:
    return Network(AddressGuard(), tuple(responder.resolver for responder in responders))


def always(*records: str, rcode: str = "NOERROR", ad: bool = False) -> Behaviour:
    return lambda query: answer(query, *records, rcode=rcode, ad=ad)


def silent(_query: dns.message.Message) -> None:
    return None


def checks_disabled(query: dns.message.Message) -> bool:
    return bool(query.flags & dns.flags.CD)


async def test_answer_has_records_and_resolver() -> None:
    async with responding(always("firm.fi. 60 IN MX 10 Mail.Example.")) as server:
        found = await network_of(server).ask("Firm.FI.", "MX")
    assert (found.name, found.lookup, found.records) == ("firm.fi", Lookup.FOUND, ("10 Mail.Example.",))
    assert found.resolver == f"127.0.0.1:{server.port}"


async def test_same_question_is_put_once() -> None:
    async with responding(always("firm.fi. 60 IN A 192.0.2.1"), delay_s=0.02) as server:
        network = network_of(server)
        await asyncio.gather(*(network.ask("firm.fi", "A") for _ in range(20)))
        await network.ask("FIRM.fi.", "A")
    assert server.asked == {"firm.fi. A": 1}


async def test_strings_of_a_txt_record_are_joined() -> None:
    async with responding(always('firm.fi. 60 IN TXT "v=spf1 ip4:192.0" ".2.1 -all"')) as server:
        assert (await network_of(server).ask("firm.fi", "TXT")).records == ("v=spf1 ip4:192.0.2.1 -all",)


async def test_txt_that_is_not_utf8_is_still_text() -> None:
    async with responding(always('firm.fi. 60 IN TXT "k\\195\\164yt\\228\\255"')) as server:
        assert (await network_of(server).ask("firm.fi", "TXT")).records == ("käyt��",)


@pytest.mark.parametrize(("rcode", "lookup"), [("NOERROR", Lookup.NO_DATA), ("NXDOMAIN", Lookup.NO_NAME)])
async def test_empty_answer(rcode: str, lookup: Lookup) -> None:
    async with responding(always(rcode=rcode)) as server:
        found = await network_of(server).ask("firm.fi", "MX")
    assert (found.lookup, found.records, found.answered) == (lookup, (), True)


@pytest.mark.parametrize("rcode", ["SERVFAIL", "REFUSED", "FORMERR", "NOTIMP"])
async def test_failing_resolver_is_no_answer(rcode: str) -> None:
    async with responding(always(rcode=rcode)) as server:
        found = await network_of(server).ask("firm.fi", "MX")
    assert (found.lookup, found.rcode, found.bogus, found.answered) == (Lookup.FAILED, rcode, False, False)


async def test_referral_is_no_answer() -> None:
    def refer(query: dns.message.Message) -> dns.message.Message:
        reply = dns.message.make_response(query)
        reply.authority.append(dns.rrset.from_text("fi.", 60, "IN", "NS", "a.fi."))
        return reply

    async with responding(refer) as server:
        assert (await network_of(server).ask("firm.fi", "MX")).lookup is Lookup.FAILED


async def test_silence_is_a_timeout_and_told_once_for_all_later_questions() -> None:
    async with responding(silent) as server:
        network = network_of(server)
        started = time.monotonic()
        assert (await network.ask("firm.fi", "MX")).lookup is Lookup.TIMEOUT
        waited = time.monotonic() - started
        later = await network.ask("firm.fi", "A")
        assert time.monotonic() - started - waited < 0.5
    assert 0.9 < waited < 5
    assert later.lookup is Lookup.TIMEOUT
    assert server.asked == {"firm.fi. MX": 3}


async def test_total_patience_is_ten_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    assert sum(resolving.TRIES_S) == 10.0


async def test_nothing_listening_is_told_at_once() -> None:
    async with responding(silent) as server:
        port = server.port
    started = time.monotonic()
    found = await Network(AddressGuard(), (Resolver("127.0.0.1", port),)).ask("firm.fi", "MX")
    assert (found.lookup, time.monotonic() - started < 0.9) == (Lookup.TIMEOUT, True)


async def test_no_resolver_at_all_is_a_timeout() -> None:
    assert (await Network(AddressGuard(), ()).ask("firm.fi", "MX")).lookup is Lookup.TIMEOUT


async def test_late_answer_to_the_first_try_still_counts() -> None:
    async with responding(always("firm.fi. 60 IN A 192.0.2.1"), delay_s=0.45) as server:
        assert (await network_of(server).ask("firm.fi", "A")).lookup is Lookup.FOUND


async def test_dead_first_resolver_slows_only_the_first_question() -> None:
    async with AsyncExitStack() as stack:
        dead = await stack.enter_async_context(responding(silent))
        alive = await stack.enter_async_context(responding(always("firm.fi. 60 IN A 192.0.2.1")))
        network = network_of(dead, alive)
        started = time.monotonic()
        assert (await network.ask("firm.fi", "A")).lookup is Lookup.FOUND
        first = time.monotonic() - started
        for number in range(10):
            assert (await network.ask(f"{number}.firm.fi", "A")).lookup is Lookup.NO_DATA
        later = time.monotonic() - started - first
    assert first >= 0.1
    assert later < 0.9
    assert dead.asked["firm.fi. A"] == 1


async def test_failing_first_resolver_gives_way_to_the_next() -> None:
    async with AsyncExitStack() as stack:
        failing = await stack.enter_async_context(responding(always(rcode="REFUSED")))
        alive = await stack.enter_async_context(responding(always("firm.fi. 60 IN A 192.0.2.1")))
        found = await network_of(failing, alive).ask("firm.fi", "A")
    assert (found.lookup, found.resolver) == (Lookup.FOUND, str(alive.resolver))


async def test_truncated_reply_is_asked_again_by_tcp() -> None:
    texts = [f'firm.fi. 60 IN TXT "{number:03} {"x" * 200}"' for number in range(20)]
    async with responding(always(*texts)) as server:
        found = await network_of(server).ask("firm.fi", "TXT")
    assert (found.lookup, len(found.records), server.over_tcp) == (Lookup.FOUND, 20, 1)


async def test_truncated_reply_without_tcp_is_a_timeout() -> None:
    def truncate(query: dns.message.Message) -> bytes | None:
        reply = answer(query)
        reply.flags |= dns.flags.TC
        return reply.to_wire() if len(server.queries) % 2 else None

    async with responding(truncate) as server:
        found = await network_of(server).ask("firm.fi", "TXT")
    assert (found.lookup, server.over_tcp > 0) == (Lookup.TIMEOUT, True)


async def test_reply_still_truncated_by_tcp_is_malformed() -> None:
    def truncate(query: dns.message.Message) -> dns.message.Message:
        reply = answer(query)
        reply.flags |= dns.flags.TC
        return reply

    async with responding(truncate) as server:
        found = await network_of(server).ask("firm.fi", "TXT")
    assert (found.lookup, found.rcode) == (Lookup.FAILED, "FORMERR")


@pytest.mark.parametrize("tail", [b"", b"\x81\x80\x00\x01\x00\x01\x00\x00", b"\xff" * 600, bytes(600)])
async def test_malformed_reply_is_a_failure(tail: bytes) -> None:
    async with responding(lambda query: query.id.to_bytes(2, "big") + tail) as server:
        found = await network_of(server).ask("firm.fi", "MX")
    assert (found.answered, found.records) == (False, ())


async def test_malformed_record_hides_the_whole_reply() -> None:
    def spoil(query: dns.message.Message) -> bytes:
        wire = answer(query, 'firm.fi. 60 IN CAA 0 issue "ca.example"').to_wire()
        return wire.replace(b"issue", b"is-ue")

    async with responding(spoil) as server:
        found = await network_of(server).ask("firm.fi", "CAA")
    assert (found.lookup, found.rcode) == (Lookup.FAILED, "FORMERR")


async def test_reply_to_another_question_is_passed_over() -> None:
    def lie(query: dns.message.Message) -> dns.message.Message:
        other = dns.message.make_query("other.fi", "A", id=query.id)
        return answer(other, "other.fi. 60 IN A 192.0.2.1")

    async with responding(lie) as server:
        assert (await network_of(server).ask("firm.fi", "A")).answered is False


async def test_reply_with_a_wrong_id_is_not_heard() -> None:
    def guess(query: dns.message.Message) -> dns.message.Message:
        query.id ^= 1
        return answer(query, "firm.fi. 60 IN A 192.0.2.1")

    async with responding(guess) as server:
        assert (await network_of(server).ask("firm.fi", "A")).lookup is Lookup.TIMEOUT


async def test_alias_is_followed_within_the_reply() -> None:
    records = ("www.firm.fi. 60 IN CNAME Shop.example.", "shop.example. 60 IN A 192.0.2.1")
    async with responding(always(*records)) as server:
        found = await network_of(server).ask("www.firm.fi", "A")
    assert (found.lookup, found.records, found.alias) == (Lookup.FOUND, ("192.0.2.1",), "shop.example")


async def test_alias_to_a_name_that_does_not_exist() -> None:
    async with responding(always("www.firm.fi. 60 IN CNAME gone.example.", rcode="NXDOMAIN")) as server:
        found = await network_of(server).ask("www.firm.fi", "A")
    assert (found.lookup, found.alias) == (Lookup.NO_NAME, "gone.example")


async def test_alias_itself_can_be_asked_for() -> None:
    async with responding(always("www.firm.fi. 60 IN CNAME Shop.example.")) as server:
        found = await network_of(server).ask("www.firm.fi", "CNAME")
    assert (found.lookup, found.records, found.alias) == (Lookup.FOUND, ("shop.example",), None)


async def test_aliases_in_a_circle_are_no_answer() -> None:
    records = ("www.firm.fi. 60 IN CNAME b.firm.fi.", "b.firm.fi. 60 IN CNAME www.firm.fi.")
    async with responding(always(*records)) as server:
        assert (await network_of(server).ask("www.firm.fi", "A")).lookup is Lookup.FAILED


@pytest.mark.parametrize("name", ["", "@", "a..fi", ".fi", "ä.fi", "x" * 64 + ".fi", "a." * 130 + "fi", "a\\999.fi"])
async def test_unusable_name_is_never_sent(name: str) -> None:
    async with responding(always()) as server:
        found = await network_of(server).ask(name, "A")
    assert (found.lookup, found.rcode, server.queries) == (Lookup.FAILED, "BADNAME", [])


async def test_too_many_questions_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(network_module, "MAX_QUESTIONS", 3)
    async with responding(always()) as server:
        network = network_of(server)
        found = [await network.ask(f"{number}.fi", "A") for number in range(5)]
    assert [each.rcode for each in found] == ["NOERROR"] * 3 + ["TOOMANY"] * 2
    assert len(server.queries) == 3


async def test_authenticated_only_where_signatures_were_asked_for() -> None:
    """An echoing resolver mirrors the AD flag of the question; we never set it, so we are never fooled."""

    def echo(query: dns.message.Message) -> dns.message.Message:
        return answer(query, "firm.fi. 60 IN A 192.0.2.1", ad=bool(query.flags & dns.flags.AD))

    async with responding(echo) as server:
        assert (await network_of(server).ask("firm.fi", "A", signatures=True)).authenticated is False
    assert server.queries[0].ednsflags & dns.flags.DO
    async with responding(always("firm.fi. 60 IN A 192.0.2.1", ad=True)) as server:
        assert (await network_of(server).ask("firm.fi", "A", signatures=True)).authenticated is True


async def test_signatures_are_read_with_their_times() -> None:
    rrsig = "A 13 2 60 20261201000000 20261101000000 2371 Firm.fi. AAAA"
    async with responding(always("firm.fi. 60 IN A 192.0.2.1", f"firm.fi. 60 IN RRSIG {rrsig}")) as server:
        found = await network_of(server).ask("firm.fi", "A", signatures=True)
    (signature,) = found.signatures
    assert (signature.covers, signature.algorithm, signature.key_tag, signature.signer) == ("A", 13, 2371, "firm.fi")
    assert (signature.inception, signature.expiration) == (
        datetime(2026, 11, 1, tzinfo=UTC),
        datetime(2026, 12, 1, tzinfo=UTC),
    )
    assert signature.text.startswith("A 13 2 60 20261201000000 20261101000000 2371 ")


async def test_authenticated_needs_a_real_answer() -> None:
    async with responding(always(rcode="REFUSED", ad=True)) as server:
        assert (await network_of(server).ask("firm.fi", "A", signatures=True)).authenticated is False


def refusing(query: dns.message.Message) -> dns.message.Message:
    """What a validating resolver does with a forged answer."""
    if checks_disabled(query):
        return answer(query, "firm.fi. 60 IN A 192.0.2.1", ad=True)
    return answer(query, rcode="SERVFAIL")


async def test_answer_only_without_checking_is_bogus() -> None:
    async with responding(refusing) as server:
        found = await network_of(server).ask("firm.fi", "A", signatures=True)
    assert (found.lookup, found.bogus, found.authenticated) == (Lookup.FOUND, True, False)
    assert [checks_disabled(query) for query in server.queries] == [False, True, False]


async def test_resolver_that_blames_validation_is_believed_at_once() -> None:
    def blame(query: dns.message.Message) -> dns.message.Message:
        return refusing(query) if checks_disabled(query) else with_reason(refusing(query), 6)

    async with responding(blame) as server:
        assert (await network_of(server).ask("firm.fi", "A")).bogus is True
    assert len(server.queries) == 2


async def test_resolver_that_blames_the_network_is_believed_too() -> None:
    def blame(query: dns.message.Message) -> dns.message.Message:
        return refusing(query) if checks_disabled(query) else with_reason(refusing(query), 22)

    async with responding(blame) as server:
        found = await network_of(server).ask("firm.fi", "A")
    assert (found.lookup, found.bogus, len(server.queries)) == (Lookup.FAILED, False, 1)


async def test_hiccup_does_not_pass_for_a_forgery() -> None:
    replies = iter(("SERVFAIL", "NOERROR", "NOERROR"))
    async with responding(lambda query: answer(query, rcode=next(replies))) as server:
        found = await network_of(server).ask("firm.fi", "A")
    assert (found.lookup, found.bogus) == (Lookup.NO_DATA, False)


async def test_question_ends_with_its_last_asker() -> None:
    async with responding(silent) as server:
        network = network_of(server)
        first, second = (asyncio.create_task(network.ask("firm.fi", "A")) for _ in range(2))
        await asyncio.sleep(0.05)
        first.cancel()
        await asyncio.sleep(0.05)
        running = asyncio.all_tasks() - {asyncio.current_task(), first}
        assert second in running
        assert len(running) > 1
        second.cancel()
        await asyncio.gather(first, second, return_exceptions=True)
        await network.close()
        assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_closed_gathering_leaves_no_task_behind() -> None:
    async def gather_all(gathering: Gathering) -> object:
        return await asyncio.gather(*(gathering.network.ask(f"{n}.firm.fi", "A") for n in range(100)))

    async with responding(silent) as server:
        gathering = Gathering("firm.fi", network_of(server), {str: gather_all})
        asker = asyncio.create_task(gathering.part(str))
        await asyncio.sleep(0.1)
        asker.cancel()
        await gathering.close()
        await asyncio.gather(asker, return_exceptions=True)
        assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_closing_leaves_questions_of_others_alone() -> None:
    async with responding(always("firm.fi. 60 IN A 192.0.2.1"), delay_s=0.1) as server:
        network = network_of(server)
        asker = asyncio.create_task(network.ask("firm.fi", "A"))
        await asyncio.sleep(0)
        await Gathering("firm.fi", network, {}).close()
        assert (await asker).lookup is Lookup.FOUND


async def test_everything_ends_at_the_limit() -> None:
    async with responding(silent) as server, serving(lambda connection: connection.recv(1)) as listener:
        network = Network(AddressGuard.allowing(["127.0.0.0/8"]), (server.resolver,))
        network.limit(0.15)
        network.hold()
        began = time.monotonic()
        answer, connection = await asyncio.gather(
            network.ask("firm.fi", "A"),
            network.connect(network.guard.vet("127.0.0.1"), listener.port),
            return_exceptions=True,
        )
        assert time.monotonic() - began < 0.29
        assert not isinstance(answer, BaseException)
        assert answer.lookup is Lookup.TIMEOUT
        assert isinstance(connection, TimeoutError)
        assert (await network.ask("other.fi", "A")).lookup is Lookup.TIMEOUT
        assert network.deadline(60) < asyncio.get_running_loop().time()
        assert not network.calls
        await network.close()


async def test_without_a_limit_each_has_its_own_deadline() -> None:
    network = Network(AddressGuard(), ())
    assert network.deadline(5) == pytest.approx(asyncio.get_running_loop().time() + 5, abs=0.1)
    network.limit(2)
    assert network.deadline(5) == pytest.approx(asyncio.get_running_loop().time() + 2, abs=0.1)
    assert network.deadline(1) == pytest.approx(asyncio.get_running_loop().time() + 1, abs=0.1)


async def test_reply_with_thousands_of_records_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resolving, "TRIES_S", (5.0, 5.0, 5.0))  # so many records take the responder a while
    records = [f"firm.fi. 60 IN A 198.51.{number // 250}.{number % 250}" for number in range(MAX_RECORDS)]
    # One record of each reply is the sender's own, about EDNS.
    for count, lookup in ((MAX_RECORDS - 1, Lookup.FOUND), (MAX_RECORDS, Lookup.FAILED)):
        async with responding(always(*records[:count])) as server:
            assert (await network_of(server).ask("firm.fi", "A")).lookup is lookup


async def test_addresses_are_vetted() -> None:
    def both(query: dns.message.Message) -> dns.message.Message:
        if query.question[0].rdtype.name == "A":
            return answer(query, "firm.fi. 60 IN A 10.0.0.1", "firm.fi. 60 IN A 8.8.8.8")
        return answer(query, "firm.fi. 60 IN AAAA 64:ff9b::7f00:1", "firm.fi. 60 IN AAAA 2a00:1450::1")

    async with responding(both) as server:
        found = await network_of(server).addresses("firm.fi")
    assert [address.text for address in found.vetted] == ["8.8.8.8", "2a00:1450::1"]
    assert found.refused == ("10.0.0.1", "64:ff9b::7f00:1")


async def test_connect_gives_streams_and_refusals() -> None:
    network = Network(AddressGuard(), ())
    async with responding(always()) as server:
        _, writer = await network.connect(VettedAddress("127.0.0.1"), server.port)
        writer.close()
        await writer.wait_closed()
    with pytest.raises(ConnectionRefusedError):
        await network.connect(VettedAddress("127.0.0.1"), server.port)


async def test_only_so_many_connections_are_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("checks.gather.network.MAX_CONNECTIONS", 2)
    network = Network(AddressGuard(), ())
    long = [f'firm.fi. 60 IN TXT "{number}{"x" * 200}"' for number in range(20)]
    async with responding(always(*long)) as server:
        there = VettedAddress("127.0.0.1"), server.port
        for _ in range(2):
            _, writer = await network.connect(*there)
            writer.transport.abort()
        with pytest.raises(CalledEnoughError):
            await network.connect(*there)
        with pytest.raises(CalledEnoughError):  # a question is no connection, but an answer that needs one is
            await network.put(dns.message.make_query("firm.fi", "TXT"), *there, timeout_s=5)
    assert network.calls == {("127.0.0.1", server.port): 3}


@pytest.mark.parametrize(
    ("error", "reach"),
    [
        (AddressNotPublicError("10.0.0.1"), Reach.NOT_PUBLIC),
        (TooManyCallsError(), Reach.BUSY_HERE),
        (CalledEnoughError(), Reach.CALLED_ENOUGH),
        (TimeoutError(), Reach.TIMEOUT),
        (ConnectionRefusedError(), Reach.REFUSED),
        (OSError(101, "Network is unreachable"), Reach.BLOCKED_HERE),
        (OSError(113, "No route to host"), Reach.FAILED),
        (ConnectionResetError(), Reach.FAILED),
    ],
)
def test_what_a_failed_connection_says(error: BaseException, reach: Reach) -> None:
    assert reach_of(error) is reach


def test_system_resolvers_are_read_from_resolv_conf(tmp_path: Path) -> None:
    path = tmp_path / "resolv.conf"
    path.write_text(
        "# ours\nsearch firm.fi\nnameserver 192.0.2.53\nnameserver\n;nameserver 192.0.2.1\nnameserver ::1\n"
    )
    assert system_resolvers(path) == (Resolver("192.0.2.53"), Resolver("::1"))


def test_machine_without_resolv_conf_has_no_resolver(tmp_path: Path) -> None:
    assert system_resolvers(tmp_path / "absent") == ()


def test_resolver_is_shown_with_an_unusual_port_only() -> None:
    assert [str(Resolver("192.0.2.53")), str(Resolver("192.0.2.53", 5353))] == ["192.0.2.53", "192.0.2.53:5353"]


def denied(soa: str, *aliases: str) -> Behaviour:
    """There is no such record, says a zone with that SOA (`TTL`, then its data)."""
    ttl, _, data = soa.partition(" ")

    def reply(query: dns.message.Message) -> dns.message.Message:
        made = answer(query, *aliases)
        made.authority.append(dns.rrset.from_text("firm.fi.", int(ttl), "IN", "SOA", data))
        return made

    return reply


@pytest.mark.parametrize(
    ("behave", "kept_s"),
    [
        (always("firm.fi. 90 IN TXT a"), 90),
        (always("firm.fi. 90 IN CNAME else.fi.", "else.fi. 300 IN TXT a"), 90),
        (always("firm.fi. 2000000000 IN TXT a"), 604_800),
        (denied("300 a. b. 1 2 3 4 120"), 120),
        (denied("50 a. b. 1 2 3 4 120"), 50),
        (denied("300 a. b. 1 2 3 4 120", "firm.fi. 20 IN CNAME gone.firm.fi."), 20),
        (always("firm.fi. 0 IN TXT a"), None),
        (always(rcode="NXDOMAIN"), None),
        (always(rcode="SERVFAIL"), None),
    ],
)
async def test_how_long_the_resolver_keeps_an_answer_is_what_it_said(behave: Behaviour, kept_s: int | None) -> None:
    async with responding(behave) as server:
        network = network_of(server)
        assert network.kept_until("firm.fi", "TXT") is None
        began = datetime.now(UTC)
        await network.ask("Firm.fi.", "TXT")
        until = network.kept_until("FIRM.fi", "TXT")
    if kept_s is None:
        assert until is None
    else:
        assert until is not None
        assert kept_s <= (until - began).total_seconds() < kept_s + 2
