"""What open doors mean: the judgement that all checks of ports share, each for its own ports."""

from collections.abc import Iterator, Mapping

from checks import contract
from checks.contract import Evidence, Json, Outcome, Verdict, failed, passed, unknown
from checks.evidence.ports import AddressScan, Door, PortScan, ScanEnd, ScannedHost

CLOSED = passed("closed")
OPEN = failed("open")
NO_SCANNER = unknown("no-scanner")
SCAN_FAILED = unknown("scan-failed")
YES_TO_EVERYTHING = unknown("yes-to-everything")
OUTCOMES = (CLOSED, OPEN, NO_SCANNER, SCAN_FAILED, YES_TO_EVERYTHING)

_NOT_DONE = {
    ScanEnd.TIMEOUT: contract.CONNECTION_TIMEOUT,
    ScanEnd.NO_SCANNER: NO_SCANNER,
    ScanEnd.FAILED: SCAN_FAILED,
}


def judge_doors(evidence: Evidence, ports: Mapping[int, str]) -> Iterator[Verdict]:
    """One verdict for each host, on these ports (number to the name of what usually listens there)."""
    found = evidence.part(PortScan)
    if not found.asked:
        yield Verdict(contract.NOT_ASKED, evidence.domain)
    for host in found.hosts:
        yield _judge_host(host, ports)


def _judge_host(host: ScannedHost, ports: Mapping[int, str]) -> Verdict:
    """An open door at one address counts for the host; what is not seen at one leaves the host untold."""
    if not host.scans:
        return _unscanned(host)
    for scan in host.scans:
        opened = [port for port in ports if scan.doors.get(port) is Door.OPEN]
        if opened and not scan.says_yes_to_everything:
            return Verdict(OPEN, host.host, _facts(host, ports, scan.address, opened))
    for scan in host.scans:
        reason = _reason(scan)
        if reason is not None:
            return Verdict(reason, host.host, {"address": scan.address})
    return Verdict(CLOSED, host.host, {"addresses": [scan.address for scan in host.scans], "ports": [*ports]})


def _reason(scan: AddressScan) -> Outcome | None:
    """Why this scan tells nothing, if it does not."""
    if scan.end is not ScanEnd.DONE:
        return _NOT_DONE[scan.end]
    if scan.says_yes_to_everything:
        return YES_TO_EVERYTHING
    return contract.CONNECTION_TIMEOUT if scan.silent else None


def _unscanned(host: ScannedHost) -> Verdict:
    if host.only_ipv6:
        return Verdict(contract.BLOCKED_FROM_HERE, host.host, {"blocked": "ipv6"})
    if host.addresses.refused:
        return Verdict(contract.ADDRESS_NOT_PUBLIC, host.host, {"addresses": [*host.addresses.refused]})
    return Verdict(contract.NO_WEB if host.addresses.answered else host.addresses.reason, host.host)


def _facts(host: ScannedHost, ports: Mapping[int, str], address: str, opened: list[int]) -> dict[str, Json]:
    return {
        "addresses": [scan.address for scan in host.scans],
        "address": address,
        "open_ports": [*opened],
        "services": [f"{ports[port]} {port}" for port in opened],
    }
