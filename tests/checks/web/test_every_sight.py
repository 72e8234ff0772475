"""Whatever is seen of a host, every check says one thing about it, in words, and blames nobody twice."""

from itertools import product

import pytest

from checks import contract
from checks.contract import Check, Status
from checks.evidence.lookups import Reach
from checks.evidence.tls import Handshake, HandshakeEnd, Trust, Version
from checks.evidence.tls_probes import Reply
from checks.evidence.web import TrailEnd, Visit
from checks.tls import chain, ciphers, expiry, hostname, https, key, post_quantum, protocols, vulnerabilities
from checks.web import hsts, redirect
from tests.checks.making import Wanted, issue
from tests.checks.seen import AUTHORITY, door, handshake, host, judged, outcomes, page, secure, trail
from tests.checks.seen import protocols as speaking

ALL = (
    https.CHECK,
    chain.CHECK,
    hostname.CHECK,
    expiry.CHECK,
    key.CHECK,
    protocols.CHECK,
    ciphers.CHECK,
    vulnerabilities.CHECK,
    post_quantum.CHECK,
    redirect.CHECK,
    hsts.CHECK,
)
UNREACHED = [Visit(reach) for reach in Reach if reach is not Reach.OK]
HTTP = [*UNREACHED, Visit(Reach.OK), Visit(Reach.OK, silent=True), page(), page(404), page(301, ("location", "/"))]
HTTPS = [
    *UNREACHED,
    *(Visit(Reach.OK, Handshake(end)) for end in HandshakeEnd if end is not HandshakeEnd.OK),
    Visit(Reach.OK, handshake()),
    Visit(Reach.OK, Handshake(HandshakeEnd.OK, "TLSv1.2", None, (), Trust.UNCLEAR), silent=True),
    secure(),
    secure(None, 503),
    secure(handshake(trust=Trust.INCOMPLETE)),
    secure(handshake(issue(Wanted(days=(-90, -1)), AUTHORITY))),
]
TRAILS = [
    trail("http://good.test/", end=end, reason=reason)
    for end, reason in ((TrailEnd.ANSWERED, None), (TrailEnd.NO_ANSWER, contract.DNS_FAILED))
]
SPEAKING = [
    speaking(*versions, others=reply) for versions in ((), (Version.SSL3,), (Version.TLS12,)) for reply in Reply
]


@pytest.mark.parametrize("check", ALL, ids=lambda check: check.id)
def test_one_finding_for_each_host(check: Check) -> None:
    for http, https_, way in product(HTTP, HTTPS, TRAILS):
        seen = [host(door(http, https_)), host(door(http, https_), name="www.good.test")]
        findings = judged(check, seen, way, SPEAKING[-1])
        assert [finding.subject for finding in findings] == ["good.test", "www.good.test"]


@pytest.mark.parametrize("said", SPEAKING, ids=str)
def test_one_finding_whatever_versions_are_spoken(said: object) -> None:
    (finding,) = judged(protocols.CHECK, [host(door())], said)
    assert finding.outcome != "our-error"


def test_missing_encryption_is_told_once() -> None:
    for http, https_ in product(HTTP, HTTPS):
        found = {check.id: judged(check, [host(door(http, https_))], SPEAKING[-1])[0] for check in ALL}
        if found["tls.https"].status is Status.FAIL:
            del found["tls.https"]
            assert {finding.outcome for finding in found.values()} == {"no-https"}


def test_what_nobody_saw_is_nobodys_fault() -> None:
    for http, https_ in product(UNREACHED, UNREACHED):
        for check in ALL:
            (finding,) = judged(check, [host(door(http, https_))])
            assert finding.status in {Status.UNKNOWN, Status.NOT_APPLICABLE}


@pytest.mark.parametrize("check", ALL, ids=lambda check: check.id)
def test_no_address_at_all(check: Check) -> None:
    assert outcomes(judged(check, [])) == {"good.test": "no-web"}


@pytest.mark.parametrize("check", ALL, ids=lambda check: check.id)
@pytest.mark.parametrize(
    "reason",
    [contract.ADDRESS_NOT_PUBLIC, contract.DNS_TIMEOUT, contract.BLOCKED_FROM_HERE],
    ids=lambda each: each.name,
)
def test_host_without_an_address_to_look_at(check: Check, reason: contract.Outcome) -> None:
    seen = [host(unseen=reason), host(door(), name="www.good.test")]
    assert outcomes(judged(check, seen, speaking(Version.TLS12)))["good.test"] == reason.name
