"""What leads nowhere, through a real resolver on loopback; the servers above are played by another."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

import dns.flags
import dns.message
import dns.rcode
import pytest

from checks.addresses import AddressGuard
from checks.evidence.dead_ends import DeadEnd, DeadEnds, Vacancy
from checks.evidence.lookups import Lookup
from checks.evidence.registration import Register
from checks.gather import dead_ends as dead_ends_module
from checks.gather import name_servers as name_servers_module
from checks.gather.dead_ends import gather_dead_ends
from checks.gather.gathering import Gathering
from checks.gather.network import Network
from checks.gather.sources import SOURCES
from tests.checks.gather.responder import Behaviour, Responder, responding
from tests.checks.gather.zones import serving

ZONE = (
    "firm.fi NS ns.provider.fi.",
    "firm.fi A 192.0.2.1",
    "ns.provider.fi A 192.0.2.53",
    "fi NS a.nic.fi.",
    "a.nic.fi A 127.0.0.1",
    "com NS a.nic.com.",
    "a.nic.com A 127.0.0.1",
    "azurewebsites.net NS a.nic.com.",
)
NXDOMAIN = dns.rcode.NXDOMAIN


def above(rcode: dns.rcode.Rcode = NXDOMAIN, flags: int = dns.flags.AA) -> Behaviour:
    """A server of the zone above, which always replies so."""

    def behave(query: dns.message.Message) -> dns.message.Message:
        reply = dns.message.make_response(query)
        reply.set_rcode(rcode)
        reply.flags |= flags
        return reply

    return behave


@asynccontextmanager
async def gathered(
    *lines: str, failing: Iterable[str] = (), registry: Behaviour | None = None
) -> AsyncIterator[tuple[DeadEnds, Responder]]:
    behave = serving(*ZONE, *lines, failing=failing)
    async with responding(behave) as server, responding(registry or above()) as upper:
        made = Gathering("firm.fi", Network(AddressGuard.allowing(["127.0.0.0/8"]), (server.resolver,)), SOURCES)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(name_servers_module, "DNS_PORT", upper.port)
            found = await gather_dead_ends(made)
        yield found, server
        await made.close()


async def test_whole_domain_leads_nowhere_wrong() -> None:
    async with gathered("www.firm.fi CNAME firm.fi.") as (found, server):
        assert found == DeadEnds(())
    assert not any(name.startswith("kk-") and "_domainkey" not in name for name in server.asked)


async def test_alias_into_the_domain_itself() -> None:
    async with gathered("www.firm.fi CNAME old.firm.fi.") as (found, _):
        assert found.ends == (DeadEnd("www.firm.fi", "CNAME", "old.firm.fi", "old.firm.fi", Vacancy("old.firm.fi")),)


async def test_alias_to_a_domain_that_is_nobodys() -> None:
    async with gathered("www.firm.fi CNAME a.shop.vacant.com.") as (found, _):
        assert [(end.owner, end.vacancy) for end in found.ends] == [
            ("www.firm.fi", Vacancy("vacant.com", Register.UNSEEN, denied=True))
        ]


@pytest.mark.parametrize(
    ("registry", "denied"),
    [
        (above(dns.rcode.NOERROR, 0), False),
        (above(NXDOMAIN, 0), None),
        (above(dns.rcode.REFUSED), None),
    ],
)
async def test_servers_above_have_the_word(registry: Behaviour, denied: bool | None) -> None:  # noqa: FBT001
    async with gathered("www.firm.fi CNAME shop.vacant.com.", registry=registry) as (found, _):
        (end,) = found.ends
        assert end.vacancy == Vacancy("vacant.com", Register.UNSEEN, denied)


async def test_silent_servers_above_leave_it_open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(name_servers_module, "TRIES_S", (0.1,))
    async with gathered("www.firm.fi CNAME shop.vacant.com.", registry=lambda _query: None) as (found, _):
        (end,) = found.ends
        assert end.vacancy == Vacancy("vacant.com", Register.UNSEEN, None)


async def test_too_long_a_search_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dead_ends_module, "DEADLINE_S", 0.2)
    async with responding(lambda _query: None) as server:
        made = Gathering("firm.fi", Network(AddressGuard(), (server.resolver,)), SOURCES)
        found = await gather_dead_ends(made)
        await made.close()
    assert (found.ends, [answer.lookup for answer in found.unanswered]) == ((), [Lookup.TIMEOUT])


async def test_what_was_found_stays_where_looking_closer_takes_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dead_ends_module, "CLOSER_S", 0.2)
    async with gathered("www.firm.fi CNAME shop.vacant.com.", registry=lambda _query: None) as (found, _):
        assert [(end.owner, end.vacancy) for end in found.ends] == [("www.firm.fi", None)]
        assert [answer.lookup for answer in found.unanswered] == [Lookup.TIMEOUT]


async def test_first_alias_of_several_is_the_record() -> None:
    lines = ("www.firm.fi CNAME shop.provider.fi.", "shop.provider.fi CNAME gone.vacant.com.")
    async with gathered(*lines) as (found, _):
        assert [(end.owner, end.value, end.target) for end in found.ends] == [
            ("www.firm.fi", "shop.provider.fi", "gone.vacant.com")
        ]


async def test_names_that_could_not_be_looked_up_prove_nothing() -> None:
    async with gathered("www.firm.fi CNAME shop.vacant.com.", failing=["vacant.com"]) as (found, _):
        assert [(end.owner, end.vacancy) for end in found.ends] == [("www.firm.fi", None)]
    async with gathered("www.firm.fi CNAME shop.vacant.com.", failing=["shop.vacant.com"]) as (found, _):
        assert (found.ends, [answer.name for answer in found.unanswered]) == ((), ["www.firm.fi"])
    async with gathered(failing=["mail.firm.fi"]) as (found, _):
        assert (found.ends, [answer.name for answer in found.unanswered]) == ((), ["mail.firm.fi"])


async def test_what_mail_and_name_servers_and_policies_name() -> None:
    lines = (
        "firm.fi MX 10 mx.vacant.com.",
        "firm.fi NS ns.gone.com.",
        'firm.fi TXT "v=spf1 include:spf.lost.com ~all"',
        "_dmarc.firm.fi CNAME dmarc.vacant.com.",
        "google._domainkey.firm.fi CNAME key.vacant.com.",
        "mta-sts.firm.fi CNAME sts.vacant.com.",
    )
    async with gathered(*lines) as (found, server):
        assert [(end.owner, end.rdtype, end.target, end.vacancy and end.vacancy.name) for end in found.ends] == [
            ("_dmarc.firm.fi", "CNAME", "dmarc.vacant.com", "vacant.com"),
            ("google._domainkey.firm.fi", "CNAME", "key.vacant.com", "vacant.com"),
            ("mta-sts.firm.fi", "CNAME", "sts.vacant.com", "vacant.com"),
            ("firm.fi", "MX", "mx.vacant.com", "vacant.com"),
            ("firm.fi", "NS", "ns.gone.com", "gone.com"),
            ("firm.fi", "TXT", "spf.lost.com", "lost.com"),
        ]
    assert max(server.asked.values()) == 1


@pytest.mark.parametrize(("proof", "reserved"), [((), False), (('asuid.www.firm.fi TXT "ABC"',), True)])
async def test_proof_at_the_hosting_service(proof: tuple[str, ...], reserved: bool) -> None:  # noqa: FBT001
    async with gathered("www.firm.fi CNAME shop.azurewebsites.net.", *proof) as (found, _):
        (end,) = found.ends
        assert (end.vacancy, end.reserved) == (Vacancy("shop.azurewebsites.net"), reserved)


async def test_what_a_wildcard_gives_is_one_record() -> None:
    plain = serving(*ZONE)

    def behave(query: dns.message.Message) -> dns.message.Message:
        name = query.question[0].name.to_text(omit_final_dot=True)
        if name.endswith(".firm.fi"):
            alias = dns.rrset.from_text(f"{name}.", 60, "IN", "CNAME", "old.provider.fi.")
            reply = dns.message.make_response(query, recursion_available=True)
            reply.answer.append(alias)
            reply.set_rcode(NXDOMAIN if query.question[0].rdtype != dns.rdatatype.CNAME else dns.rcode.NOERROR)
            return reply
        return plain(query)  # type: ignore[return-value]

    async with responding(behave) as server:
        made = Gathering("firm.fi", Network(AddressGuard(), (server.resolver,)), SOURCES)
        found = await gather_dead_ends(made)
        await made.close()
    owners = {end.owner for end in found.ends}
    assert owners == {"*.firm.fi"}
    assert len(found.ends) == 1
