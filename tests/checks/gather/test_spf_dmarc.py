"""The gatherers of SPF and DMARC, put to a name server on loopback."""

import re

import dns.message
import pytest

from checks.addresses import AddressGuard
from checks.evidence.dmarc import DmarcReportHosts, DmarcWalk
from checks.evidence.lookups import Lookup
from checks.evidence.spf import SpfPolicy
from checks.evidence.tls_rpt import TlsReporting
from checks.gather import resolving
from checks.gather import spf as gather_spf
from checks.gather.dmarc import MAX_REPORT_HOSTS
from checks.gather.gathering import Gathering
from checks.gather.network import Network
from checks.gather.sources import SOURCES
from checks.records.dmarc_discovery import discover
from checks.records.dmarc_reports import organization
from checks.records.spf_tree import State
from tests.checks.gather.responder import Behaviour, Responder, answer, responding

DOMAIN = "firm.fi"


@pytest.fixture(autouse=True)
def _less_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resolving, "TRIES_S", (0.3, 0.3, 0.4))


def serving(zone: dict[str, str], silent: frozenset[str] = frozenset()) -> Behaviour:
    """A server of TXT and other records, keyed `name type`; names it does not hold do not exist."""

    def behave(query: dns.message.Message) -> dns.message.Message | None:
        question = query.question[0]
        name, rdtype = question.name.to_text(), question.rdtype.name
        if name.rstrip(".") in silent:
            return None
        data = zone.get(f"{name.rstrip('.').lower()} {rdtype}")
        if data is None:
            return answer(query, rcode="NXDOMAIN")
        return answer(query, *(f"{name} 60 IN {rdtype} {piece}" for piece in data.split("\n")))

    return behave


def gathering(server: Responder, domain: str = DOMAIN) -> Gathering:
    return Gathering(domain, Network(AddressGuard(), (server.resolver,)), SOURCES)


async def test_whole_policy_is_gathered_and_each_question_put_once() -> None:
    zone = {
        f"{DOMAIN} TXT": '"v=spf1 mx include:a.fi " "include:b.fi ~all"\n"other"',
        f"{DOMAIN} MX": "10 mx.firm.fi.\n20 six.firm.fi.",
        "mx.firm.fi A": "192.0.2.1",
        "six.firm.fi AAAA": "2001:db8::1",
        "a.fi TXT": '"v=spf1 include:c.fi a:gone.fi -all"',
        "b.fi TXT": '"v=spf1 include:c.fi -all"',
        "c.fi TXT": '"v=spf1 ip4:192.0.2.9 -all"',
    }
    async with responding(serving(zone)) as server:
        found = await gathering(server).part(SpfPolicy)
    root = found.root
    assert (root.state, root.lookups, root.voids, root.unanswered) == (State.VALID, 6, ("gone.fi",), ())
    assert set(server.asked.values()) == {1}


async def test_silent_include_is_unanswered_and_the_rest_is_there() -> None:
    zone = {f"{DOMAIN} TXT": '"v=spf1 include:slow.fi include:a.fi -all"', "a.fi TXT": '"v=spf1 a:x.fi -all"'}
    async with responding(serving(zone, frozenset({"slow.fi"}))) as server:
        found = await gathering(server).part(SpfPolicy)
    root = found.root
    assert [answer.name for answer in root.unanswered] == ["slow.fi"]
    assert root.lookups == 3


async def test_chain_of_silent_names_is_given_up_at_the_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gather_spf, "DEADLINE_S", 0.2)
    zone = {f"{DOMAIN} TXT": '"v=spf1 include:slow.fi -all"'}
    async with responding(serving(zone, frozenset({"slow.fi"}))) as server:
        found = await gathering(server).part(SpfPolicy)
    assert [answer.lookup for answer in found.root.unanswered] == [Lookup.TIMEOUT]


async def test_hostile_zone_ends_the_questions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resolving, "TRIES_S", (10.0,))  # on a loaded machine two hundred answers take a while

    def behave(query: dns.message.Message) -> dns.message.Message:
        question = query.question[0]
        name = question.name.to_text()
        short = re.sub(r"^(?:[0-9]+\.)*", "", name)
        terms = " ".join(f"mx:{count}.{short}" for count in range(10))
        hosts = [f"{name} 60 IN MX 1 {count}.{name}" for count in range(10)]
        data = {"TXT": [f'{name} 60 IN TXT "v=spf1 {terms} include:x.%{{d}} -all"'], "MX": hosts}
        return answer(query, *data.get(question.rdtype.name, []))

    async with responding(behave) as server:
        found = await gathering(server).part(SpfPolicy)
    assert len(server.asked) == gather_spf.MAX_QUESTIONS
    assert found.root.lookups > 10


async def test_walk_up_the_names_asks_all_at_once() -> None:
    zone = {f"_dmarc.{DOMAIN} TXT": '"v=DMARC1; p=reject; sp=none"'}
    async with responding(serving(zone)) as server:
        found = await gathering(server, f"www.{DOMAIN}").part(DmarcWalk)
    assert [step.domain for step in found.steps] == ["www.firm.fi", "firm.fi", "fi"]
    assert discover(found.steps).policy == "none"
    assert len(server.queries) == 3


async def test_hosts_of_report_addresses_are_asked_whether_they_take_them() -> None:
    zone = {
        f"_dmarc.{DOMAIN} TXT": (
            f'"v=DMARC1; p=none; rua=mailto:a@{DOMAIN},mailto:b@rep.example; ruf=mailto:c@own.{DOMAIN}"'
        ),
        f"{DOMAIN}._report._dmarc.rep.example TXT": '"v=DMARC1"',
    }
    async with responding(serving(zone)) as server:
        found = (await gathering(server).part(DmarcReportHosts)).hosts
        assert {host: seen.permission.records for host, seen in found.items()} == {
            "rep.example": ("v=DMARC1",),
            f"own.{DOMAIN}": (),
        }
        assert organization(found[f"own.{DOMAIN}"].steps) == DOMAIN
        assert server.asked[f"{DOMAIN}._report._dmarc.{DOMAIN}. TXT"] == 0


async def test_hosts_of_reports_about_encryption_are_asked_whether_they_take_mail() -> None:
    rua = f"mailto:a@{DOMAIN},mailto:b@rep.example,mailto:c@no.example,https://page.example/"
    zone = {f"_smtp._tls.{DOMAIN} TXT": f'"v=TLSRPTv1; rua={rua}"', "rep.example MX": "10 mx.rep.example."}
    async with responding(serving(zone)) as server:
        found = (await gathering(server).part(TlsReporting)).inboxes
        assert {host: inbox.takes_no_mail for host, inbox in found.items()} == {
            "rep.example": False,
            "no.example": True,
        }
        assert server.asked["rep.example. A"] == 0


async def test_without_a_rule_nobody_is_asked_about_reports() -> None:
    async with responding(serving({})) as server:
        assert (await gathering(server).part(DmarcReportHosts)).hosts == {}
        assert not any("_report" in question for question in server.asked)


async def test_only_so_many_hosts_of_report_addresses_are_asked() -> None:
    addresses = " ".join(f'"mailto:a@host{number}.example,"' for number in range(30))
    async with responding(serving({f"_dmarc.{DOMAIN} TXT": f'"v=DMARC1; p=none; rua=" {addresses}'})) as server:
        assert len((await gathering(server).part(DmarcReportHosts)).hosts) == MAX_REPORT_HOSTS
