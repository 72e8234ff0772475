import pytest
from msgspec.structs import replace

from checks.contract import Severity
from checks.evidence.lookups import Reach
from checks.evidence.tls import Handshake, HandshakeEnd, Version
from checks.evidence.tls_probes import Reply, Response, TlsProbes
from checks.evidence.web import Visit
from checks.tls.protocols import CHECK
from tests.checks.seen import ADDRESS, OTHER_ADDRESS, REFUSED, door, handshake, host, judged, outcome, page, protocols

SSL2, SSL3, TLS10, TLS11, TLS12, TLS13 = Version
TOO_OLD = Visit(Reach.OK, Handshake(HandshakeEnd.TOO_OLD))


def shaken(version: str) -> Visit:
    return Visit(Reach.OK, replace(handshake(), version=version))


@pytest.mark.parametrize(
    ("accepted", "expected"),
    [
        ((TLS12, TLS13), "modern"),
        ((TLS13,), "modern"),
        ((TLS12,), "modern"),
        ((TLS10, TLS12), "outdated"),
        ((TLS11, TLS12, TLS13), "outdated"),
        ((SSL3, TLS12), "broken-version"),
        ((SSL2, TLS12, TLS13), "broken-version"),
        ((SSL2,), "only-old"),
        ((SSL3, TLS10, TLS11, TLS12, TLS13), "broken-version"),
        ((TLS10,), "only-old"),
        ((SSL3,), "only-old"),
    ],
)
@pytest.mark.parametrize("others", [Reply.REFUSED, Reply.DROPPED])
def test_versions(accepted: tuple[Version, ...], expected: str, others: Reply) -> None:
    seen = door(https=TOO_OLD if expected == "only-old" else None)
    assert outcome(CHECK, seen, parts=(protocols(*accepted, others=others),)) == expected


def test_server_that_tires_of_our_questions_is_not_an_old_one() -> None:
    assert outcome(CHECK, door(), parts=(protocols(TLS10, others=Reply.DROPPED),)) == "outdated"


def test_version_that_could_not_be_asked_about_is_not_switched_off() -> None:
    assert outcome(CHECK, door(), parts=(protocols(TLS12, TLS13, others=Reply.UNREACHED),)) == "connection-failed"


def test_facts_and_lines_for_every_server() -> None:
    (finding,) = judged(CHECK, [host(door(https=shaken("TLSv1.2")))], protocols(TLS10, TLS11, TLS12))
    assert finding.evidence == {
        "addresses": [ADDRESS],
        "accepted": ["TLS 1.0", "TLS 1.1", "TLS 1.2"],
        "outdated": ["TLS 1.0", "TLS 1.1"],
        "not_asked": [],
    }
    assert finding.severity is Severity.MEDIUM
    assert finding.fix is not None
    assert [snippet.platform for snippet in finding.fix.snippets] == ["nginx", "apache", "iis", "caddy"]


def test_silence_about_an_old_version_is_no_refusal() -> None:
    assert outcome(CHECK, door(), parts=(protocols(TLS12, TLS13, others=Reply.SILENT),)) == "connection-timeout"


def test_old_version_is_proven_whatever_else_is_silent() -> None:
    assert outcome(CHECK, door(), parts=(protocols(TLS10, others=Reply.SILENT),)) == "outdated"


def test_words_in_something_else_than_tls_accept_no_version() -> None:
    assert outcome(CHECK, door(), parts=(protocols(TLS12, others=Reply.NOT_TLS),)) == "modern"


@pytest.mark.parametrize("others", [Reply.REFUSED, Reply.DROPPED, Reply.NOT_TLS])
def test_nothing_accepted_says_nothing(others: Reply) -> None:
    assert outcome(CHECK, door(https=TOO_OLD), parts=(protocols(others=others),)) == "connection-failed"


def test_address_that_was_not_asked_says_nothing() -> None:
    assert outcome(CHECK, door(), parts=(TlsProbes(stated=True),)) == "connection-failed"


def test_without_a_statement_nothing_is_said() -> None:
    assert outcome(CHECK, door(), parts=(TlsProbes(stated=False),)) == "not-stated"
    assert outcome(CHECK, door(https=TOO_OLD), parts=(TlsProbes(stated=False),)) == "not-stated"


def test_handshake_that_shows_nothing_better_than_an_old_version_needs_no_statement() -> None:
    (finding,) = judged(CHECK, [host(door(https=shaken("TLSv1.1")))], TlsProbes(stated=False))
    assert (finding.outcome, finding.evidence["accepted"]) == ("only-old", ["TLS 1.1"])
    assert finding.evidence["not_asked"] == [ADDRESS]


def test_address_beyond_the_first_is_judged_by_its_handshake() -> None:
    seen = [host(door(), door(https=shaken("TLSv1"), address=OTHER_ADDRESS))]
    (finding,) = judged(CHECK, seen, protocols(TLS12, TLS13))
    assert (finding.outcome, finding.evidence["addresses"]) == ("only-old", [OTHER_ADDRESS])
    (finding,) = judged(CHECK, [host(door(), door(address=OTHER_ADDRESS))], protocols(TLS12, TLS13))
    assert (finding.outcome, finding.evidence["not_asked"]) == ("modern", [OTHER_ADDRESS])


def test_silence_about_the_oldest_version_is_not_held_against_a_modern_server() -> None:
    said = protocols(TLS12, TLS13)
    (probes,) = said.addresses.values()
    quiet = replace(probes, versions={**probes.versions, SSL2: Response(Reply.SILENT)})
    assert outcome(CHECK, door(), parts=(TlsProbes(stated=True, addresses={ADDRESS: quiet}),)) == "modern"
    older = replace(quiet, versions={**quiet.versions, TLS13: Response(Reply.REFUSED)})
    seen = door(https=shaken("TLSv1.2"))
    assert outcome(CHECK, seen, parts=(TlsProbes(stated=True, addresses={ADDRESS: older}),)) == "connection-timeout"


def test_worst_address_counts() -> None:
    good, old = protocols(TLS12), protocols(TLS10, TLS12, address=OTHER_ADDRESS)
    both = TlsProbes(stated=True, addresses={**good.addresses, **old.addresses})
    (finding,) = judged(CHECK, [host(door(), door(address=OTHER_ADDRESS))], both)
    assert (finding.outcome, finding.evidence["addresses"]) == ("outdated", [OTHER_ADDRESS])


def test_without_https_the_fault_is_told_once() -> None:
    assert outcome(CHECK, door(page(), REFUSED)) == "no-https"
