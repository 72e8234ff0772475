from datetime import UTC, datetime

import pytest

from checks.addresses import VettedAddress
from checks.contract import Status, Verdict
from checks.evidence.lookups import Answer, HostAddresses, Lookup, Reach
from checks.evidence.mail import MailHost, MailRouting
from checks.evidence.mta_sts import MtaSts
from checks.evidence.smtp import Conversation, Ending, MailServer, MailServers
from checks.evidence.tls import Handshake, HandshakeEnd, Trust
from checks.evidence.web import HttpAnswer, Visit
from checks.mail.mx_certificate import CHECK
from tests.checks.making import NOW, Wanted, issue
from tests.checks.seen import handshake
from tests.checks.telling import found, judged, nothing

DOMAIN, HOST, STS_HOST = "example.fi", "mx.example.fi", "mta-sts.example.fi"
GOOD = issue(Wanted(names=(HOST,)))
EXPIRED = issue(Wanted(names=(HOST,), days=(-30, -1)))
EARLY = issue(Wanted(names=(HOST,), days=(1, 30)))
ELSEWHERE = issue(Wanted(names=("elsewhere.test", "*.mx.example.fi")))
WILDCARD = issue(Wanted(names=("*.example.fi",)))


def at(host: str) -> HostAddresses:
    return HostAddresses(host, found(host, "A", "192.0.2.1"), nothing(host, "AAAA"), (VettedAddress("192.0.2.1"),), ())


def policy(mode: str = "enforce", mx: str = HOST) -> MtaSts:
    text = f"version: STSv1\nmode: {mode}\nmx: {mx}\nmax_age: 604800\n"
    served = HttpAnswer(200, (("content-type", "text/plain"),), page=text.encode())
    shown = handshake(issue(Wanted(names=(STS_HOST,))))
    record = found(f"_mta-sts.{DOMAIN}", "TXT", "v=STSv1; id=1")
    return MtaSts(record, at(STS_HOST), (Visit(Reach.OK, shown, served),), NOW.astimezone(UTC))


NO_POLICY = MtaSts(nothing(f"_mta-sts.{DOMAIN}", "TXT"), at(STS_HOST), (), datetime.now(UTC))


def encrypted(shown: Handshake, address: str = "192.0.2.1") -> Conversation:
    return Conversation(address, Ending.ENCRYPTED, code=220, handshake=shown)


def verdict(sts: MtaSts, *talks: Conversation) -> Verdict:
    routing = MailRouting(Answer(DOMAIN, "MX", Lookup.FOUND, (f"10 {HOST}.",)), (MailHost(10, HOST, at(HOST)),))
    return judged(CHECK, DOMAIN, routing, MailServers((MailServer(HOST, at(HOST), talks),), tls_passes=True), sts)


BAD = [
    (handshake(GOOD, Trust.SELF_SIGNED), "untrusted"),
    (handshake(GOOD, Trust.UNKNOWN_AUTHORITY), "untrusted"),
    (handshake(GOOD, Trust.INCOMPLETE), "untrusted"),
    (handshake(EXPIRED), "out-of-date"),
    (handshake(EARLY), "out-of-date"),
    (handshake(ELSEWHERE), "wrong-name"),
    (handshake(ELSEWHERE, Trust.SELF_SIGNED), "untrusted"),
]


@pytest.mark.parametrize(("shown", "name"), BAD)
def test_bad_certificate_fails_where_an_enforced_policy_names_its_server(shown: Handshake, name: str) -> None:
    seen = verdict(policy(), encrypted(shown))
    assert (seen.outcome.name, seen.outcome.status, seen.subject) == (name, Status.FAIL, HOST)


@pytest.mark.parametrize("sts", [NO_POLICY, policy("testing"), policy("none"), policy(mx="other.example.fi")])
@pytest.mark.parametrize(("shown", "name"), BAD)
def test_bad_certificate_harms_nobody_elsewhere(shown: Handshake, name: str, sts: MtaSts) -> None:
    seen = verdict(sts, encrypted(shown))
    assert (seen.outcome.name, seen.outcome.status) == ("not-promised", Status.INFO)
    assert seen.facts["state"] == name


@pytest.mark.parametrize("sts", [NO_POLICY, policy(), policy(mx="*.example.fi")])
@pytest.mark.parametrize("leaf", [GOOD, WILDCARD])
def test_good_certificate_is_good_whoever_looks(sts: MtaSts, leaf: object) -> None:
    seen = verdict(sts, encrypted(handshake(leaf)))  # type: ignore[arg-type]
    assert seen.outcome.name == "good"
    assert {"expires", "valid_from", "authority", "names", "addresses"} < set(seen.facts)


def test_worst_address_decides_and_is_named() -> None:
    seen = verdict(policy(), encrypted(handshake(GOOD)), encrypted(handshake(EXPIRED), "192.0.2.2"))
    assert (seen.outcome.name, seen.facts["addresses"]) == ("out-of-date", ["192.0.2.2"])


@pytest.mark.parametrize(
    "shown", [handshake(GOOD, Trust.UNCLEAR), Handshake(HandshakeEnd.OK, "TLSv1.3", "x", (), Trust.UNCLEAR)]
)
def test_certificate_that_cannot_be_judged_is_unclear(shown: Handshake) -> None:
    for sts in (NO_POLICY, policy()):
        assert verdict(sts, encrypted(shown)).outcome.name == "unclear"


@pytest.mark.parametrize(
    ("ending", "name"),
    [
        (Ending.NOT_OFFERED, "no-starttls"),
        (Ending.TLS_REFUSED, "no-starttls"),
        (Ending.TRY_LATER, "try-later"),
        (Ending.TURNED_AWAY, "turned-away"),
        (Ending.SILENT, "connection-timeout"),
    ],
)
def test_certificate_that_was_not_seen(ending: Ending, name: str) -> None:
    assert verdict(policy(), Conversation("192.0.2.1", ending, code=421)).outcome.name == name
