from collections.abc import Iterable

import pytest

from checks import advice
from checks.addresses import VettedAddress
from checks.contract import Check, Evidence, Severity, Status, Verdict
from checks.evidence.lookups import Answer, HostAddresses, Lookup
from checks.evidence.ports import (
    CLEARTEXT_MAIL,
    DATABASES,
    DIRECTORY,
    FILE_SHARING,
    FTP,
    REMOTE_ADMIN,
    REMOTE_DESKTOP,
    TELNET,
    UNLIKELY,
    AddressScan,
    Door,
    PortScan,
    ScanEnd,
    ScannedHost,
)
from checks.gather.ports import PORTS
from checks.inspection import to_finding
from checks.languages import LANGUAGES
from checks.ports import (
    cleartext_mail,
    database,
    directory,
    file_sharing,
    ftp,
    remote_admin,
    remote_desktop,
    telnet,
)

DOORS = {
    remote_desktop.CHECK: REMOTE_DESKTOP,
    file_sharing.CHECK: FILE_SHARING,
    telnet.CHECK: TELNET,
    ftp.CHECK: FTP,
    database.CHECK: DATABASES,
    remote_admin.CHECK: REMOTE_ADMIN,
    directory.CHECK: DIRECTORY,
    cleartext_mail.CHECK: CLEARTEXT_MAIL,
}
CHECKS = tuple(DOORS)
HOST = "example.fi"


def at(*vetted: str, refused: tuple[str, ...] = (), lookup: Lookup = Lookup.FOUND) -> HostAddresses:
    a = Answer(HOST, "A", lookup, (*vetted, *refused))
    none = Answer(HOST, "AAAA", Lookup.NO_DATA)
    return HostAddresses(HOST, a, none, tuple(VettedAddress(text) for text in vetted), refused)


def scan(opened: Iterable[int] = (), others: Door = Door.CLOSED, address: str = "192.0.2.1") -> AddressScan:
    return AddressScan(address, ScanEnd.DONE, {port: Door.OPEN if port in opened else others for port in PORTS})


def shared(address: str) -> AddressScan:
    return AddressScan(address, ScanEnd.SHARED, {}, shared_by="Cloudflare")


def host(*scans: AddressScan, addresses: HostAddresses | None = None, only_ipv6: bool = False) -> ScannedHost:
    return ScannedHost(HOST, addresses or at("192.0.2.1"), scans, only_ipv6)


def judged(check: Check, *hosts: ScannedHost, asked: bool = True) -> list[Verdict]:
    return list(check.judge(Evidence(HOST, {PortScan: PortScan(asked, hosts)})))


def outcome(check: Check, *hosts: ScannedHost) -> str:
    (verdict,) = judged(check, *hosts)
    return verdict.outcome.name


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.id)
def test_without_consent_nothing_is_said(check: Check) -> None:
    (verdict,) = judged(check, asked=False)
    assert (verdict.outcome.name, verdict.outcome.status, verdict.subject) == ("not-asked", Status.NOT_APPLICABLE, HOST)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.id)
@pytest.mark.parametrize(
    ("scanned", "name"),
    [
        (host(scan()), "closed"),
        (host(scan([80, 443], Door.FILTERED)), "closed"),
        (host(scan(others=Door.FILTERED)), "connection-timeout"),
        (host(scan(PORTS)), "yes-to-everything"),
        (host(AddressScan("192.0.2.1", ScanEnd.NO_SCANNER, {})), "no-scanner"),
        (host(AddressScan("192.0.2.1", ScanEnd.FAILED, {})), "scan-failed"),
        (host(AddressScan("192.0.2.1", ScanEnd.TIMEOUT, {})), "connection-timeout"),
        (host(scan(), AddressScan("192.0.2.2", ScanEnd.TIMEOUT, {})), "connection-timeout"),
        (host(AddressScan("192.0.2.1", ScanEnd.BUSY_HERE, {})), "busy-here"),
        (host(shared("192.0.2.1")), "shared-address"),
        (host(shared("192.0.2.1"), scan(address="192.0.2.2")), "closed"),
        (host(shared("192.0.2.1"), AddressScan("192.0.2.2", ScanEnd.TIMEOUT, {})), "connection-timeout"),
        (host(addresses=at("2001:db8::1"), only_ipv6=True), "blocked-from-here"),
        (host(addresses=at(refused=("10.0.0.1",))), "address-not-public"),
        (host(addresses=at(lookup=Lookup.NO_DATA)), "no-web"),
        (host(addresses=at(lookup=Lookup.TIMEOUT)), "dns-timeout"),
    ],
)
def test_scans_give_the_outcome(check: Check, scanned: ScannedHost, name: str) -> None:
    assert outcome(check, scanned) == name


@pytest.mark.parametrize(
    ("check", "port"),
    [(check, port) for check, ports in DOORS.items() for port in ports],
)
def test_open_door_fails_its_own_check_alone(check: Check, port: int) -> None:
    scanned = host(scan([80, port], Door.FILTERED))
    assert {other.id: outcome(other, scanned) for other in CHECKS} == {
        other.id: "open" if other is check else "closed" for other in CHECKS
    }


def test_open_door_at_one_address_counts_whatever_the_others_say() -> None:
    scanned = host(AddressScan("192.0.2.1", ScanEnd.TIMEOUT, {}), scan([3306, 6379], address="192.0.2.2"))
    (verdict,) = judged(database.CHECK, scanned)
    assert verdict.outcome.name == "open"
    assert verdict.facts == {
        "addresses": ["192.0.2.1", "192.0.2.2"],
        "address": "192.0.2.2",
        "open_ports": [3306, 6379],
        "services": ["MySQL 3306", "Redis 6379"],
    }


def test_one_unlikely_open_port_does_not_excuse_an_open_door() -> None:
    assert outcome(remote_desktop.CHECK, host(scan([3389, UNLIKELY[0]]))) == "open"


def test_shared_address_names_the_service() -> None:
    (verdict,) = judged(database.CHECK, host(shared("192.0.2.1"), shared("192.0.2.2")))
    assert verdict.outcome.status is Status.NOT_APPLICABLE
    assert verdict.facts == {"services": ["Cloudflare"], "addresses": ["192.0.2.1", "192.0.2.2"]}


def test_no_port_belongs_to_two_checks() -> None:
    ports = [port for doors in DOORS.values() for port in doors]
    assert len(ports) == len(set(ports)) == 30
    assert set(ports) < set(PORTS)


GRAVE = {"ports.directory": Severity.HIGH, "ports.ftp": Severity.MEDIUM, "ports.cleartext_mail": Severity.LOW}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.id)
def test_every_outcome_is_told(check: Check, language: str) -> None:
    ends = [host(AddressScan("192.0.2.1", end, {})) for end in ScanEnd if end is not ScanEnd.DONE]
    told = set()
    for scanned in (host(scan()), host(scan(DOORS[check])), host(scan(PORTS)), *ends):
        (verdict,) = judged(check, scanned)
        finding = to_finding(check.id, verdict)
        words = advice.tell(finding, HOST, language)
        assert (words.fix is not None) is (finding.status is Status.FAIL)
        failing = GRAVE.get(check.id, Severity.CRITICAL)
        assert finding.severity is (failing if finding.status is Status.FAIL else Severity.INFO)
        told.add(finding.outcome)
    others = {"connection-timeout", "no-scanner", "scan-failed", "busy-here", "yes-to-everything", "shared-address"}
    assert told == {own.name for own in check.outcomes} | others
