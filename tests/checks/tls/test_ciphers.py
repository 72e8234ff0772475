import pytest
from msgspec.structs import replace

from checks.contract import Severity
from checks.evidence.lookups import Reach
from checks.evidence.tls import Handshake, HandshakeEnd, Version
from checks.evidence.tls_probes import AddressProbes, CipherKind, Reply, Response, TlsProbes
from checks.evidence.web import Visit
from checks.records.cipher_suites import PLAIN
from checks.tls.ciphers import CHECK
from tests.checks.seen import ADDRESS, OTHER_ADDRESS, REFUSED, door, host, judged, outcome, page, protocols

RSA_NULL, RSA_RC4, RSA_3DES, EXPORT_RC4 = 0x0002, 0x0005, 0x000A, 0x0003
BROKEN, WEAK, FORWARD_SECRET = CipherKind
NO = Response(Reply.REFUSED)


def yes(cipher: int) -> Response:
    return Response(Reply.ACCEPTED, cipher)


def address(ciphers: dict[CipherKind, Response], tls12: int = 0xC02F, *, modern: bool = False) -> AddressProbes:
    """An address that speaks TLS 1.2 with that cipher, and these to others."""
    (probes,) = protocols(*([Version.TLS13] if modern else [])).addresses.values()
    versions = {**probes.versions, Version.TLS12: yes(tls12)}
    return AddressProbes(versions, {BROKEN: NO, WEAK: NO, **ciphers})


def of(probes: AddressProbes) -> str:
    return outcome(CHECK, door(), parts=(TlsProbes(stated=True, addresses={ADDRESS: probes}),))


@pytest.mark.parametrize(
    ("ciphers", "expected"),
    [
        ({}, "strong"),
        ({BROKEN: Response(Reply.DROPPED), WEAK: Response(Reply.NOT_TLS)}, "strong"),
        ({BROKEN: yes(RSA_NULL)}, "broken"),
        ({BROKEN: yes(RSA_NULL), WEAK: yes(RSA_RC4)}, "broken"),
        ({WEAK: yes(RSA_3DES)}, "weak"),
        ({WEAK: yes(RSA_3DES), BROKEN: Response(Reply.SILENT)}, "weak"),
        ({WEAK: Response(Reply.SILENT)}, "connection-timeout"),
        ({BROKEN: Response(Reply.UNREACHED)}, "connection-failed"),
    ],
)
def test_outcome_is_the_worst_kind_that_is_accepted(ciphers: dict[CipherKind, Response], expected: str) -> None:
    assert of(address(ciphers)) == expected
    assert of(address(ciphers, modern=True)) == expected


@pytest.mark.parametrize(
    ("reply", "tls12", "expected"),
    [
        (Response(Reply.REFUSED), PLAIN[0], "no-forward-secrecy"),
        (Response(Reply.DROPPED), PLAIN[0], "connection-failed"),
        (Response(Reply.REFUSED), 0xC02F, "connection-failed"),
        (yes(0xC02F), PLAIN[0], "strong"),
    ],
)
def test_forward_secrecy_is_missing_only_where_it_was_refused(reply: Response, tls12: int, expected: str) -> None:
    assert of(address({FORWARD_SECRET: reply}, tls12)) == expected


def test_severities() -> None:
    for ciphers, severity in (
        ({BROKEN: yes(EXPORT_RC4)}, Severity.HIGH),
        ({WEAK: yes(RSA_RC4)}, Severity.MEDIUM),
        ({FORWARD_SECRET: NO}, Severity.LOW),
    ):
        probes = TlsProbes(stated=True, addresses={ADDRESS: address(ciphers, PLAIN[0])})
        (finding,) = judged(CHECK, [host(door())], probes)
        assert finding.severity is severity


def test_facts_name_what_was_accepted_and_the_lines_leave_none_of_it() -> None:
    probes = TlsProbes(stated=True, addresses={ADDRESS: address({BROKEN: yes(EXPORT_RC4), WEAK: yes(RSA_3DES)})})
    (finding,) = judged(CHECK, [host(door(), door(address=OTHER_ADDRESS))], probes)
    assert finding.evidence == {
        "addresses": [ADDRESS],
        "kinds": ["3DES", "export"],
        "ciphers": ["TLS_RSA_EXPORT_WITH_RC4_40_MD5", "TLS_RSA_WITH_3DES_EDE_CBC_SHA"],
        "not_asked": [OTHER_ADDRESS],
    }
    assert finding.fix is not None
    assert [snippet.platform for snippet in finding.fix.snippets] == ["nginx", "apache", "iis", "caddy"]


def test_server_with_nothing_but_old_versions_waits_for_a_newer_one() -> None:
    (old,) = protocols(Version.TLS10).addresses.values()
    weak = replace(old, ciphers={BROKEN: yes(RSA_NULL), WEAK: yes(RSA_RC4)})
    too_old = door(https=Visit(Reach.OK, Handshake(HandshakeEnd.TOO_OLD)))
    assert outcome(CHECK, too_old, parts=(TlsProbes(stated=True, addresses={ADDRESS: weak}),)) == "too-old"


def test_worst_address_counts() -> None:
    both = {ADDRESS: address({}), OTHER_ADDRESS: address({WEAK: yes(RSA_RC4)})}
    (finding,) = judged(CHECK, [host(door(), door(address=OTHER_ADDRESS))], TlsProbes(stated=True, addresses=both))
    assert (finding.outcome, finding.evidence["addresses"]) == ("weak", [OTHER_ADDRESS])


def test_without_a_statement_nothing_is_said() -> None:
    assert outcome(CHECK, door(), parts=(TlsProbes(stated=False),)) == "not-stated"


def test_unseen() -> None:
    assert outcome(CHECK, door(page(), REFUSED)) == "no-https"
    assert outcome(CHECK, door()) == "connection-failed"
