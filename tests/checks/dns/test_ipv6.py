import pytest

from checks.addresses import AddressGuard
from checks.dns.ipv6 import CHECK
from checks.evidence.authority import NameServers
from checks.evidence.dns import Delegation
from checks.evidence.lookups import Answer, HostAddresses, Lookup
from checks.evidence.mail import MailHost, MailRouting
from checks.evidence.web_addresses import WebAddresses
from tests.checks.telling import found, judged, nothing

V4, V6 = "192.0.1.1", "2001:67c:2a8::80"
NS = Delegation(found("firm.fi", "NS", "a.ns.fi", "b.ns.fi"))
MX = found("firm.fi", "MX", "10 mx.firm.fi.", "20 mx2.firm.fi.")


def host(name: str, *addresses: str, silent: bool = False) -> HostAddresses:
    v4 = [text for text in addresses if ":" not in text]
    v6 = [text for text in addresses if ":" in text]
    answers = (
        found(name, "A", *v4) if v4 else nothing(name, "A"),
        found(name, "AAAA", *v6) if v6 else nothing(name, "AAAA", Lookup.TIMEOUT if silent else Lookup.NO_DATA),
    )
    return HostAddresses(name, *answers, tuple(AddressGuard().vet(text) for text in addresses), ())


Parts = tuple[Delegation, NameServers, MailRouting, WebAddresses]


def parts(
    web: tuple[HostAddresses, ...] = (),
    mail: tuple[HostAddresses, ...] = (),
    servers: tuple[HostAddresses, ...] = (),
    delegation: Delegation = NS,
    mx: Answer = MX,
) -> Parts:
    routing = MailRouting(mx, tuple(MailHost(10, each.host, each) for each in mail))
    return delegation, NameServers("firm.fi", servers), routing, WebAddresses(web)


WEB4, WWW6 = host("firm.fi", V4), host("www.firm.fi", V4, V6)
MX4, MX6 = host("mx.firm.fi", V4), host("mx2.firm.fi", V4, V6)
NS4, NS6 = host("a.ns.fi", V4), host("b.ns.fi", V4, V6)
NO_WWW = host("www.firm.fi")

CASES = [
    ("everywhere", parts((host("firm.fi", V6), WWW6), (MX4, MX6), (NS4, NS6))),
    ("everywhere", parts((host("firm.fi", V4, V6), NO_WWW), (), (NS6,))),
    ("partly", parts((WEB4, WWW6), (MX6,), (NS6,))),
    ("partly", parts((host("firm.fi", V4, V6), WWW6), (MX4,), (NS6,))),
    ("partly", parts((WEB4,), (MX4,), (NS4, NS6))),
    ("nowhere", parts((WEB4, NO_WWW), (MX4,), (NS4,))),
    ("no-web", parts((host("firm.fi"), NO_WWW))),
    ("dns-timeout", parts((host("firm.fi", V4, silent=True),), (MX6,), (NS6,))),
    ("dns-timeout", parts((WWW6, host("firm.fi", silent=True)), (MX6,), (NS6,))),
    ("dns-timeout", parts((WWW6,), (host("mx.firm.fi", V4, silent=True),), (NS6,))),
    ("dns-failed", parts(delegation=Delegation(nothing("firm.fi", "NS", Lookup.FAILED)))),
    ("dns-timeout", parts((WWW6,), servers=(NS6,), mx=nothing("firm.fi", "MX", Lookup.TIMEOUT))),
]


@pytest.mark.parametrize(("outcome", "seen"), CASES)
def test_verdict(outcome: str, seen: Parts) -> None:
    verdict = judged(CHECK, "firm.fi", *seen)
    assert (verdict.outcome.name, verdict.subject) == (outcome, "firm.fi")


def test_facts_name_the_hosts() -> None:
    verdict = judged(CHECK, "firm.fi", *parts((WEB4, WWW6, NO_WWW), (MX4,), (NS6,)))
    assert dict(verdict.facts) == {
        "with_ipv6": ["b.ns.fi", "www.firm.fi"],
        "without_ipv6": ["firm.fi", "mx.firm.fi"],
    }


def test_an_address_without_a_mail_record_is_no_mail_server() -> None:
    routing = MailRouting(nothing("firm.fi", "MX"), (MailHost(0, "firm.fi", WEB4),), WEB4)
    web = WebAddresses((host("firm.fi", V4, V6),))
    verdict = judged(CHECK, "firm.fi", NS, NameServers("firm.fi", (NS6,)), routing, web)
    assert verdict.outcome.name == "everywhere"


def test_every_outcome_is_reached() -> None:
    assert {outcome.name for outcome in CHECK.outcomes} - {case[0] for case in CASES} == set()
