"""Evidence of web servers as judges get it, and the telling of every finding in each language."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from checks.addresses import AddressGuard
from checks.advice import tell
from checks.contract import Check, Evidence, Finding, Outcome, Status
from checks.evidence.lookups import Answer, HostAddresses, Lookup, Reach
from checks.evidence.tls import Handshake, HandshakeEnd, Trust, Version
from checks.evidence.tls_probes import AddressProbes, CipherKind, KeyAgreements, Reply, Response, TlsProbes
from checks.evidence.web import Door, HttpAnswer, Trail, TrailEnd, Trails, Visit, WebHost, WebHosts
from checks.inspection import to_finding
from checks.languages import LANGUAGES
from checks.records.certificates import describe
from tests.checks.making import NOW, Issued, Wanted, authority, issue

DOMAIN = "good.test"
ADDRESS = "192.0.1.1"
OTHER_ADDRESS = "192.0.1.2"
AUTHORITY = authority("Known Root")
HSTS = ("strict-transport-security", "max-age=31536000")
REFUSED = Visit(Reach.REFUSED)
TIMED_OUT = Visit(Reach.TIMEOUT)


def handshake(leaf: Issued | None = None, trust: Trust = Trust.TRUSTED) -> Handshake:
    """A completed one, by default with a good certificate."""
    issued = leaf or issue(Wanted(names=(DOMAIN, f"www.{DOMAIN}")), AUTHORITY)
    described = describe(issued.certificate, issued.der)
    assert described is not None
    return Handshake(HandshakeEnd.OK, "TLSv1.3", "TLS_AES_256_GCM_SHA384", (described,), trust)


def page(status: int = 200, *headers: tuple[str, str]) -> Visit:
    """An answer on port 80."""
    return Visit(Reach.OK, answer=HttpAnswer(status, headers))


def secure(shaken: Handshake | None = None, status: int = 200, *headers: tuple[str, str]) -> Visit:
    """An answer on port 443, with HSTS unless other headers are given."""
    return Visit(Reach.OK, shaken or handshake(), HttpAnswer(status, headers or (HSTS,)))


def door(http: Visit | None = None, https: Visit | None = None, address: str = ADDRESS) -> Door:
    return Door(address, http or page(301, ("location", f"https://{DOMAIN}/")), https or secure())


def host(*doors: Door, name: str = DOMAIN, unseen: Outcome | None = None) -> WebHost:
    """A host with these addresses, each vetted."""
    guard = AddressGuard()
    texts = tuple(each.address for each in doors)
    answer = Answer(name, "A", Lookup.FOUND if texts else Lookup.TIMEOUT, texts)
    addresses = HostAddresses(
        name, answer, Answer(name, "AAAA", Lookup.NO_DATA), tuple(guard.vet(text) for text in texts), ()
    )
    return WebHost(name, addresses, doors, unseen)


def protocols(*accepted: Version, address: str = ADDRESS, others: Reply = Reply.REFUSED) -> TlsProbes:
    """An address that speaks these versions, answers so to the others, and agrees to no weak cipher."""
    versions = {each: Response(Reply.ACCEPTED if each in accepted else others) for each in Version}
    refused = Response(Reply.REFUSED)
    return TlsProbes(
        stated=True,
        addresses={
            address: AddressProbes(versions, {CipherKind.BROKEN: refused, CipherKind.WEAK: refused}),
        },
    )


def judged(check: Check, hosts: Iterable[WebHost], *parts: object, now: datetime = NOW) -> list[Finding]:
    """The findings of the check, each told in every language before it is returned."""
    web = WebHosts(tuple(hosts), now.astimezone(UTC))
    defaults: Mapping[type, object] = {
        WebHosts: web,
        TlsProbes: TlsProbes(stated=True),
        KeyAgreements: KeyAgreements(),
        Trails: Trails({}),
    }
    evidence = Evidence(DOMAIN, {**defaults, **{type(part): part for part in parts}})
    findings = [to_finding(check.id, verdict) for verdict in check.judge(evidence)]
    for finding in findings:
        for language in LANGUAGES:
            words = tell(finding, DOMAIN, language)
            assert "{" not in f"{words.headline}{words.detail}"
            assert (words.fix is not None) == (finding.status is Status.FAIL)
    assert len({(finding.id, finding.subject) for finding in findings}) == len(findings)
    return findings


def outcomes(findings: Iterable[Finding]) -> dict[str, str]:
    """The outcome for each subject."""
    return {finding.subject: finding.outcome for finding in findings}


def outcome(check: Check, *doors: Door, parts: tuple[object, ...] = (), now: datetime = NOW) -> str:
    """The outcome for one host with these addresses."""
    (finding,) = judged(check, [host(*doors)], *parts, now=now)
    return finding.outcome


def trail(
    *urls: str, end: TrailEnd = TrailEnd.ANSWERED, status: int | None = 200, reason: Outcome | None = None
) -> Trails:
    """Where the one address of the host leads."""
    return Trails({(DOMAIN, ADDRESS): Trail(urls, end, status, reason)})
