import asyncio
import gc
import logging
import weakref
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

import dns.flags
import dns.message
import pytest

from checks import inspection
from checks.addresses import AddressGuard
from checks.contract import KEPT_UNTIL, Check, Evidence, Status, Verdict
from checks.dns import ns_count
from checks.errors import UnusableDomainError
from checks.evidence.dns import Delegation
from checks.gather import resolving
from checks.gather.gathering import Gathering
from checks.gather.network import Network
from checks.inspection import Request, inspect, look_around
from checks.mail import mx, spf_all
from checks.web import redirect
from tests.checks.gather.responder import Behaviour, Responder, answer, responding
from tests.checks.gather.zones import serving

FIRM = serving("firm.fi NS a.ns.example.", "firm.fi MX 0 .", "fi SOA a. b. 1 2 3 4 5", authentic=["fi"])
BOTH = (ns_count.CHECK, mx.CHECK)


@asynccontextmanager
async def seen_through(behave: Behaviour) -> AsyncIterator[tuple[Network, Responder]]:
    async with responding(behave) as server:
        yield Network(AddressGuard(), (server.resolver,)), server


async def outcomes(network: Network, *checks: Check, domain: str = "firm.fi") -> dict[str, str]:
    return {finding.id: finding.outcome async for finding in inspect(Request(domain), network, checks)}


async def test_findings_carry_gravity_and_fix_of_their_cards() -> None:
    async with seen_through(FIRM) as (network, _):
        found = {finding.id: finding async for finding in inspect(Request("firm.fi"), network, BOTH)}
    assert set(found) == {"dns.ns_count", "mail.mx"}
    one = found["dns.ns_count"]
    assert (one.status, one.severity.value, one.topic, one.subject) == (Status.FAIL, "medium", "dns", "firm.fi")
    assert one.fix is not None
    assert one.fix.id == "add-name-server"
    assert (found["mail.mx"].outcome, found["mail.mx"].fix) == ("takes-no-mail", None)


async def test_ended_inspection_is_let_go_without_a_search_for_garbage() -> None:
    gc.collect()
    gc.disable()
    try:
        async with responding(FIRM) as server:
            network = Network(AddressGuard(), (server.resolver,))
            assert await outcomes(network, redirect.CHECK)
            kept = weakref.ref(network)
            del network
            await asyncio.sleep(0)
            assert kept() is None
    finally:
        gc.enable()


async def test_domain_that_does_not_exist_is_refused_before_the_first_finding() -> None:
    async with seen_through(FIRM) as (network, _):
        with pytest.raises(UnusableDomainError) as raised:
            await outcomes(network, *BOTH, domain="gone.fi")
    assert (raised.value.code, raised.value.text) == ("no-such-domain", "gone.fi")


async def test_alias_to_nothing_exists_all_the_same() -> None:
    async with seen_through(lambda query: answer(query, "firm.fi. 60 IN CNAME gone.fi.", rcode="NXDOMAIN")) as (
        network,
        _,
    ):
        assert await outcomes(network, ns_count.CHECK) == {"dns.ns_count": "none-seen"}


@pytest.mark.parametrize("rcode", ["SERVFAIL", "REFUSED"])
async def test_failing_resolver_does_not_make_a_domain_inexistent(rcode: str) -> None:
    async with seen_through(lambda query: answer(query, rcode=rcode)) as (network, _):
        assert await outcomes(network, *BOTH) == {"dns.ns_count": "dns-failed", "mail.mx": "dns-failed"}


async def test_silent_resolver_does_not_make_a_domain_inexistent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resolving, "TRIES_S", (0.1,))
    async with seen_through(lambda _: None) as (network, _):
        assert await outcomes(network, *BOTH) == {"dns.ns_count": "dns-timeout", "mail.mx": "dns-timeout"}


async def test_forged_word_does_not_make_a_domain_inexistent() -> None:
    def forged(query: dns.message.Message) -> dns.message.Message:
        return answer(query, rcode="NXDOMAIN" if query.flags & dns.flags.CD else "SERVFAIL")

    async with seen_through(forged) as (network, _):
        assert await outcomes(network, ns_count.CHECK) == {"dns.ns_count": "none-seen"}


def crash(_evidence: Evidence) -> Iterator[Verdict]:
    raise ZeroDivisionError


async def test_fault_of_ours_is_told_as_ours_and_logged(caplog: pytest.LogCaptureFixture) -> None:
    broken = Check("mail.mx", (Delegation,), (), crash)
    async with seen_through(FIRM) as (network, _):
        assert await outcomes(network, ns_count.CHECK, broken) == {"dns.ns_count": "only-one", "mail.mx": "our-error"}
    assert [record.levelno for record in caplog.records] == [logging.ERROR]


@dataclass(frozen=True)
class Slow:
    """A part that takes longer than anybody waits."""


async def gather_slowly(_gathering: Gathering) -> Slow:
    await asyncio.sleep(60)
    return Slow()


async def test_backstop_ends_what_never_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inspection, "DEADLINE_S", 0.2)
    monkeypatch.setattr(inspection, "SOURCES", {**inspection.SOURCES, Slow: gather_slowly})
    slow = Check("mail.mx", (Slow,), (), crash)
    async with seen_through(FIRM) as (network, _):
        assert await outcomes(network, slow) == {"mail.mx": "connection-timeout"}
        assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_reader_who_leaves_ends_everything() -> None:
    def slow_mail(query: dns.message.Message) -> dns.message.Message | None:
        return None if query.question[0].rdtype.name == "MX" else FIRM(query)  # type: ignore[return-value]

    async with seen_through(slow_mail) as (network, _):
        findings = inspect(Request("firm.fi"), network, BOTH)
        assert (await anext(findings)).id == "dns.ns_count"
        await findings.aclose()
        assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_looking_around_puts_no_question_twice() -> None:
    async with seen_through(FIRM) as (network, server):
        await outcomes(network, ns_count.CHECK)
        assert (await look_around("firm.fi", network)).validates is True
        assert (await look_around("firm.fi", network)).validates is True
    assert max(server.asked.values()) == 1


async def test_fault_that_records_mend_says_until_when_the_old_ones_may_be_seen() -> None:
    behave = serving("firm.fi NS a.ns.example.", "firm.fi MX 10 mail.firm.fi.", 'firm.fi TXT "v=spf1 ?all"')
    async with seen_through(behave) as (network, _):
        found = {
            finding.id: finding async for finding in inspect(Request("firm.fi"), network, (spf_all.CHECK, mx.CHECK))
        }
    until = datetime.fromisoformat(str(found["mail.spf_all"].evidence[KEPT_UNTIL]))
    assert 0 <= (until - datetime.now(UTC)).total_seconds() <= 60
    assert KEPT_UNTIL not in found["mail.mx"].evidence
