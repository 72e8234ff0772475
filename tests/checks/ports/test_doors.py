from collections.abc import Iterable

import pytest

from checks import advice
from checks.addresses import VettedAddress
from checks.contract import Check, Evidence, Severity, Status, Verdict
from checks.evidence.lookups import Answer, HostAddresses, Lookup
from checks.evidence.ports import (
    DATABASES,
    FILE_SHARING,
    REMOTE_DESKTOP,
    UNLIKELY,
    AddressScan,
    Door,
    PortScan,
    ScanEnd,
    ScannedHost,
)
from checks.gather.ports import PORTS
from checks.inspection import to_finding
from checks.ports import database, file_sharing, remote_desktop

CHECKS = (remote_desktop.CHECK, file_sharing.CHECK, database.CHECK)
HOST = "example.fi"


def at(*vetted: str, refused: tuple[str, ...] = (), lookup: Lookup = Lookup.FOUND) -> HostAddresses:
    a = Answer(HOST, "A", lookup, (*vetted, *refused))
    none = Answer(HOST, "AAAA", Lookup.NO_DATA)
    return HostAddresses(HOST, a, none, tuple(VettedAddress(text) for text in vetted), refused)


def scan(opened: Iterable[int] = (), others: Door = Door.CLOSED, address: str = "192.0.2.1") -> AddressScan:
    return AddressScan(address, ScanEnd.DONE, {port: Door.OPEN if port in opened else others for port in PORTS})


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
    [
        *((remote_desktop.CHECK, port) for port in REMOTE_DESKTOP),
        *((file_sharing.CHECK, port) for port in FILE_SHARING),
        *((database.CHECK, port) for port in DATABASES),
    ],
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


@pytest.mark.parametrize("language", advice.LANGUAGES)
@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.id)
def test_every_outcome_is_told(check: Check, language: str) -> None:
    ends = [host(AddressScan("192.0.2.1", end, {})) for end in ScanEnd if end is not ScanEnd.DONE]
    told = set()
    for scanned in (host(scan()), host(scan([3389, 445, 3306])), host(scan(PORTS)), *ends):
        (verdict,) = judged(check, scanned)
        finding = to_finding(check.id, verdict)
        words = advice.tell(finding, HOST, language)
        assert (words.fix is not None) is (finding.status is Status.FAIL)
        assert finding.severity is (Severity.CRITICAL if finding.status is Status.FAIL else Severity.INFO)
        told.add(finding.outcome)
    assert told == {own.name for own in check.outcomes} | {"connection-timeout"}
