"""What is gathered from the name service, through a real resolver on loopback."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

import pytest

from checks.addresses import AddressGuard
from checks.evidence.dane import Promises
from checks.evidence.dkim import DkimAttempts
from checks.evidence.dns import AuthorityLimits, Delegation, ZoneSigning
from checks.evidence.lookups import Lookup, Vantage
from checks.evidence.mail import MailRouting
from checks.gather import routing as routing_module
from checks.gather.gathering import Gathering
from checks.gather.network import Network
from checks.gather.sources import SOURCES
from checks.records.mail_providers import USUAL_SELECTORS
from tests.checks.gather.responder import Responder, responding
from tests.checks.gather.zones import serving

NS = ("firm.fi NS a.ns.example.", "firm.fi NS b.ns.example.")


@asynccontextmanager
async def gathering(
    *lines: str, domain: str = "firm.fi", authentic: Iterable[str] = (), failing: Iterable[str] = ()
) -> AsyncIterator[tuple[Gathering, Responder]]:
    async with responding(serving(*lines, authentic=authentic, failing=failing)) as server:
        made = Gathering(domain, Network(AddressGuard(), (server.resolver,)), SOURCES)
        yield made, server
        await made.close()


async def test_delegation_of_a_zone_takes_one_question() -> None:
    async with gathering(*NS) as (made, server):
        found = await made.part(Delegation)
    assert (found.zone, sorted(found.servers.records)) == ("firm.fi", ["a.ns.example", "b.ns.example"])
    assert found.enclosing is None
    assert server.asked == {"firm.fi. NS": 1}


async def test_delegation_of_a_subdomain_is_that_of_its_zone() -> None:
    async with gathering(*NS, "a.b.firm.fi A 192.0.2.1", domain="a.b.firm.fi") as (made, server):
        found = await made.part(Delegation)
    assert (found.servers.lookup, found.zone) == (Lookup.NO_DATA, "firm.fi")
    assert set(server.asked) == {"a.b.firm.fi. NS", "b.firm.fi. NS", "firm.fi. NS"}


async def test_delegation_of_an_alias_is_that_of_its_own_zone() -> None:
    lines = (*NS, "www.firm.fi CNAME cdn.example.", "cdn.example NS a.cdn.example.")
    async with gathering(*lines, domain="www.firm.fi") as (made, _):
        found = await made.part(Delegation)
    assert (found.servers.alias, found.zone) == ("cdn.example", "firm.fi")
    assert sorted(found.zone_servers.records) == ["a.ns.example", "b.ns.example"]


async def test_delegation_stops_where_nobody_answers() -> None:
    async with gathering(*NS, "a.b.firm.fi A 192.0.2.1", domain="a.b.firm.fi", failing=["b.firm.fi"]) as (made, server):
        found = await made.part(Delegation)
    assert (found.zone, found.zone_servers.lookup) == (None, Lookup.FAILED)
    assert "firm.fi. NS" not in server.asked


async def test_delegation_never_asks_the_top() -> None:
    async with gathering("fi NS a.fi.", "firm.fi A 192.0.2.1") as (made, server):
        found = await made.part(Delegation)
    assert (found.zone, set(server.asked)) == (None, {"firm.fi. NS"})


async def test_signing_is_that_of_the_zone_and_asked_with_signatures() -> None:
    lines = (*NS, "firm.fi SOA a. b. 1 2 3 4 5", "firm.fi DS 1 13 2 " + "ab" * 32, "shop.firm.fi A 192.0.2.1")
    async with gathering(*lines, domain="shop.firm.fi", authentic=["firm.fi"]) as (made, server):
        found = await made.part(ZoneSigning)
    assert found.zone == "firm.fi"
    assert [(answer.name, answer.rdtype, answer.lookup) for answer in found.samples] == [
        ("firm.fi", "SOA", Lookup.FOUND),
        ("shop.firm.fi", "A", Lookup.FOUND),
        ("shop.firm.fi", "MX", Lookup.NO_DATA),
    ]
    assert found.samples[0].authenticated
    assert found.keys is not None
    assert found.vouchers is not None
    assert (found.keys.lookup, found.vouchers.lookup) == (Lookup.NO_DATA, Lookup.FOUND)
    assert server.asked["firm.fi. SOA"] == 1


async def test_signing_without_a_zone_asks_nothing() -> None:
    async with gathering("firm.fi A 192.0.2.1") as (made, _):
        found = await made.part(ZoneSigning)
    assert (found.zone, found.samples, found.keys, found.vouchers) == (None, (), None, None)


async def test_authority_limits_climb_to_the_top() -> None:
    async with gathering('firm.fi CAA 0 issue "ca.example"', "a.firm.fi A 192.0.2.1", domain="a.firm.fi") as (made, _):
        found = await made.part(AuthorityLimits)
    assert [answer.name for answer in found.answers] == ["a.firm.fi", "firm.fi", "fi"]
    assert found.relevant.records == ('0 issue "ca.example"',)


async def test_authority_limits_of_an_alias_are_its_targets() -> None:
    lines = (
        "a.firm.fi CNAME cdn.example.",
        'cdn.example CAA 0 issue "cdn.example"',
        'firm.fi CAA 0 issue "ca.example"',
    )
    async with gathering(*lines, domain="a.firm.fi") as (made, _):
        assert (await made.part(AuthorityLimits)).relevant.records == ('0 issue "cdn.example"',)


@pytest.mark.parametrize("authentic", [".", "fi", "firm.fi"])
async def test_vantage_is_shown_to_validate_by_any_signed_zone(authentic: str) -> None:
    lines = (". SOA a. b. 1 2 3 4 5", "fi SOA a. b. 1 2 3 4 5", "firm.fi SOA a. b. 1 2 3 4 5")
    async with gathering(*lines, authentic=[authentic]) as (made, server):
        found = await made.part(Vantage)
    assert (found.validates, found.validating, found.resolvers) == (
        True,
        (str(server.resolver),),
        (str(server.resolver),),
    )
    assert server.asked == {". SOA": 1, "fi. SOA": 1, "firm.fi. SOA": 1}


async def test_vantage_that_nothing_shows_does_not_validate() -> None:
    async with gathering("fi SOA a. b. 1 2 3 4 5", "firm.fi SOA a. b. 1 2 3 4 5") as (made, _):
        found = await made.part(Vantage)
    assert (found.validates, found.validating) == (False, ())


async def test_routing_is_in_order_of_preference() -> None:
    lines = (
        "firm.fi MX 20 b.firm.fi.",
        "firm.fi MX 10 Mail.Example.",
        "firm.fi MX 30 b.firm.fi.",
        "firm.fi MX 20 a.firm.fi.",
        "firm.fi MX 40 192.0.2.1.",
        "a.firm.fi A 10.0.0.1",
        "b.firm.fi AAAA 2a00:1450::1",
    )
    async with gathering(*lines) as (made, server):
        found = await made.part(MailRouting)
    assert [(host.preference, host.host) for host in found.hosts] == [
        (10, "mail.example"),
        (20, "a.firm.fi"),
        (20, "b.firm.fi"),
        (40, "192.0.2.1"),
    ]
    seen = [host.addresses and (host.addresses.exists, host.addresses.refused) for host in found.hosts]
    assert seen == [(False, ()), (True, ("10.0.0.1",)), (True, ()), None]
    assert (found.answered, found.receives, found.null, found.implicit, found.own) == (True, True, False, False, None)
    assert "192.0.2.1. A" not in server.asked


async def test_routing_knows_the_null_record() -> None:
    async with gathering("firm.fi MX 0 .") as (made, server):
        found = await made.part(MailRouting)
    assert (found.answered, found.receives, found.null) == (True, False, True)
    assert set(server.asked) == {"firm.fi. MX"}


async def test_routing_without_records_falls_back_to_the_address() -> None:
    async with gathering("firm.fi A 8.8.8.8") as (made, _):
        found = await made.part(MailRouting)
    assert [host.host for host in found.hosts] == ["firm.fi"]
    assert (found.answered, found.receives, found.implicit) == (True, True, True)


async def test_routing_that_leads_nowhere() -> None:
    async with gathering(*NS) as (made, _):
        found = await made.part(MailRouting)
    assert (found.answered, found.receives, found.implicit, found.hosts) == (True, False, False, ())


async def test_routing_that_nobody_answers_for_is_not_absent() -> None:
    async with gathering(failing=["firm.fi"]) as (made, server):
        found = await made.part(MailRouting)
    assert (found.answered, found.reason.name, found.own) == (False, "dns-failed", None)
    assert set(server.asked) == {"firm.fi. MX"}


async def test_routing_looks_up_a_limited_number_of_hosts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(routing_module, "MAX_HOSTS", 3)
    async with gathering(*(f"firm.fi MX {number} mx{number}.firm.fi." for number in range(10))) as (made, server):
        found = await made.part(MailRouting)
    assert [host.host for host in found.hosts] == ["mx0.firm.fi", "mx1.firm.fi", "mx2.firm.fi"]
    assert len(server.queries) == 1 + 2 * 3


async def test_dkim_tries_the_usual_selectors_the_providers_and_a_stray_one() -> None:
    lines = (
        "firm.fi MX 10 firm-fi.mail.protection.outlook.com.",
        'firm.fi TXT "v=spf1 include:servers.mcsv.net include:zendesk.com -all"',
        "selector1._domainkey.firm.fi CNAME selector1.tenant.example.",
        'selector1.tenant.example TXT "v=DKIM1; p=AAAA"',
    )
    async with gathering(*lines) as (made, server):
        found = await made.part(DkimAttempts)
    assert found.providers == ("Microsoft 365", "Mailchimp", "Zendesk")
    tried = dict(found.tried)
    assert set(tried) == {*USUAL_SELECTORS, "zendesk1", "zendesk2"}
    assert tried["selector1"].records == ("v=DKIM1; p=AAAA",)
    assert tried["default"].lookup is Lookup.NO_NAME
    assert found.stray.lookup is Lookup.NO_NAME
    assert found.stray.name.removesuffix("._domainkey.firm.fi") not in tried
    assert max(server.asked.values()) == 1


def tlsa(name: str) -> str:
    return f"_25._tcp.{name} TLSA 3 1 1 {'ab' * 32}"


async def test_mail_servers_without_promises_take_one_question_each() -> None:
    lines = ("firm.fi MX 10 a.firm.fi.", "firm.fi MX 20 b.firm.fi.", "a.firm.fi A 8.8.8.8", "b.firm.fi A 8.8.4.4")
    async with gathering(*lines) as (made, server):
        found = await made.part(Promises)
    assert [(one.host, one.tlsa.lookup, one.addresses) for one in found.hosts] == [
        ("a.firm.fi", Lookup.NO_NAME, ()),
        ("b.firm.fi", Lookup.NO_NAME, ()),
    ]
    assert found.mx is None
    assert len(server.queries) == 1 + 2 * 2 + 2


async def test_promise_is_looked_up_with_all_that_it_rests_on() -> None:
    lines = ("firm.fi MX 10 a.firm.fi.", "a.firm.fi A 8.8.8.8", tlsa("a.firm.fi"))
    async with gathering(*lines, authentic=["firm.fi", "a.firm.fi", "_25._tcp.a.firm.fi"]) as (made, _):
        found = await made.part(Promises)
    (one,) = found.hosts
    assert found.mx is not None
    assert [answer.authenticated for answer in (found.mx, *one.answers)] == [True, True, True]
    assert (one.base, one.tlsa.records) == ("a.firm.fi", (f"3 1 1 {'ab' * 32}",))


@pytest.mark.parametrize(("holder", "base"), [("a.host.fi", "a.host.fi"), ("a.firm.fi", "a.firm.fi")])
async def test_promise_of_an_alias_stands_under_either_name(holder: str, base: str) -> None:
    lines = ("firm.fi MX 10 a.firm.fi.", "a.firm.fi CNAME a.host.fi.", "a.host.fi A 8.8.8.8", tlsa(holder))
    async with gathering(*lines) as (made, _):
        (one,) = (await made.part(Promises)).hosts
    assert (one.host, one.base, bool(one.tlsa.records)) == ("a.firm.fi", base, True)


@pytest.mark.parametrize("more", [[], ["a.firm.fi"]])
async def test_silence_about_an_aliass_promise_is_not_its_absence(more: list[str]) -> None:
    lines = ("firm.fi MX 10 a.firm.fi.", "a.firm.fi CNAME a.host.fi.", "a.host.fi A 8.8.8.8", *map(tlsa, more))
    async with gathering(*lines, failing=["_25._tcp.a.host.fi"]) as (made, _):
        (one,) = (await made.part(Promises)).hosts
    assert (one.base, one.tlsa.answered) == ("a.host.fi", False)


async def test_domain_without_mail_is_asked_for_no_promise() -> None:
    async with gathering("firm.fi MX 0 .") as (made, server):
        found = await made.part(Promises)
    assert (found.hosts, found.mx) == ((), None)
    assert set(server.asked) == {"firm.fi. MX"}
