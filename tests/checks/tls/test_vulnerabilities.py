import pytest
from msgspec.structs import replace

from checks.contract import Severity, Status
from checks.evidence.lookups import Reach
from checks.evidence.tls import Handshake, HandshakeEnd, Version
from checks.evidence.tls_probes import AddressProbes, Feature, Reply, Response, TlsProbes
from checks.evidence.web import Visit
from checks.tls.vulnerabilities import CHECK
from tests.checks.seen import (
    ADDRESS,
    OTHER_ADDRESS,
    REFUSED,
    door,
    handshake,
    host,
    judged,
    outcome,
    outcomes,
    page,
    protocols,
    secure,
)

SSL2, SSL3, TLS10, TLS11, TLS12, TLS13 = Version
SECURE = Feature.SECURE_RENEGOTIATION
MASTER = Feature.EXTENDED_MASTER_SECRET


def speaking(version: Version, *features: Feature, modern: bool = True) -> AddressProbes:
    """An address that speaks that version with these features, and TLS 1.3."""
    (probes,) = protocols(*([TLS13] if modern else [])).addresses.values()
    said = Response(Reply.ACCEPTED, 0xC02F, frozenset(features))
    return AddressProbes({**probes.versions, version: said}, probes.ciphers)


def of(probes: AddressProbes) -> str:
    return outcome(CHECK, door(), parts=(TlsProbes(stated=True, addresses={ADDRESS: probes}),))


@pytest.mark.parametrize(
    ("features", "expected"),
    [
        ((SECURE, MASTER), "none-seen"),
        ((SECURE,), "no-extended-master-secret"),
        ((SECURE, MASTER, Feature.HEARTBEAT), "heartbeat"),
        ((SECURE, Feature.HEARTBEAT), "heartbeat"),
        ((MASTER,), "old-renegotiation"),
        ((), "old-renegotiation"),
        ((SECURE, MASTER, Feature.COMPRESSION), "compression"),
        ((Feature.COMPRESSION, Feature.HEARTBEAT), "compression"),
    ],
)
@pytest.mark.parametrize("version", [TLS12, TLS11, TLS10])
def test_outcome_is_the_worst_that_the_greeting_shows(
    version: Version, features: tuple[Feature, ...], expected: str
) -> None:
    assert of(speaking(version, *features)) == expected


def test_newest_of_the_old_versions_counts() -> None:
    new, old = speaking(TLS12, SECURE, MASTER), speaking(TLS10)
    assert of(replace(new, versions={**new.versions, TLS10: old.versions[TLS10]})) == "none-seen"


def test_modern_version_alone_has_none_of_these() -> None:
    (probes,) = protocols(TLS13).addresses.values()
    assert of(probes) == "none-seen"


def test_server_with_nothing_newer_than_ssl_waits_for_a_newer_one() -> None:
    said = protocols(SSL3)
    assert outcome(CHECK, door(https=Visit(Reach.OK, Handshake(HandshakeEnd.TOO_OLD))), parts=(said,)) == "too-old"


@pytest.mark.parametrize(
    ("reply", "expected"), [(Reply.SILENT, "connection-timeout"), (Reply.UNREACHED, "connection-failed")]
)
def test_unanswered_questions_are_no_good_news(reply: Reply, expected: str) -> None:
    (probes,) = protocols(TLS13, others=reply).addresses.values()
    assert of(probes) == expected


def test_heartbeats_are_told_and_are_no_fault() -> None:
    probes = TlsProbes(stated=True, addresses={ADDRESS: speaking(TLS12, SECURE, Feature.HEARTBEAT)})
    (finding,) = judged(CHECK, [host(door())], probes)
    assert finding.status is Status.INFO


def sharing(key: str | None) -> TlsProbes:
    """The other address speaks SSL 2.0 and shows that key."""
    other = speaking(SSL2, modern=False)
    old = replace(other, versions={**other.versions, SSL2: Response(Reply.ACCEPTED, 0x0700C0, key=key)})
    return TlsProbes(stated=True, addresses={ADDRESS: speaking(TLS12, SECURE, MASTER), OTHER_ADDRESS: old})


def test_key_that_is_shared_with_ssl2_exposes_every_host_that_uses_it() -> None:
    shown = handshake()
    assert shown.leaf is not None
    assert shown.leaf.key is not None
    hosts = [
        host(door(https=secure(shown))),
        host(door(https=secure(shown), address=OTHER_ADDRESS), name="www.good.test"),
    ]
    findings = judged(CHECK, hosts, sharing(shown.leaf.key.digest))
    assert outcomes(findings) == {"good.test": "shared-with-ssl2", "www.good.test": "shared-with-ssl2"}
    assert findings[0].evidence["ssl2"] == [OTHER_ADDRESS]
    assert findings[0].severity is Severity.CRITICAL


@pytest.mark.parametrize("key", ["another", None])
def test_another_key_is_not_exposed(key: str | None) -> None:
    assert outcome(CHECK, door(), parts=(sharing(key),)) == "none-seen"


def test_without_a_statement_nothing_is_said() -> None:
    assert outcome(CHECK, door(), parts=(TlsProbes(stated=False),)) == "not-stated"


def test_unseen() -> None:
    assert outcome(CHECK, door(page(), REFUSED)) == "no-https"
    assert outcome(CHECK, door()) == "connection-failed"
