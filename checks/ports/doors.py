"""What open doors mean: the judgement that all checks of ports share, each for its own ports."""

from collections.abc import Iterator, Mapping

from checks import contract
from checks.contract import Evidence, Json, Outcome, Verdict, failed, passed
from checks.evidence.ports import AddressScan, Door, PortScan, ScanEnd, ScannedHost

CLOSED = passed("closed")
OPEN = failed("open")
OUTCOMES = (CLOSED, OPEN)

_NOT_DONE = {
    ScanEnd.TIMEOUT: contract.CONNECTION_TIMEOUT,
    ScanEnd.NO_SCANNER: contract.NO_SCANNER,
    ScanEnd.FAILED: contract.SCAN_FAILED,
    ScanEnd.BUSY_HERE: contract.BUSY_HERE,
}


def judge_doors(evidence: Evidence, ports: Mapping[int, str]) -> Iterator[Verdict]:
    """One verdict for each host, on these ports (number to the name of what usually listens there)."""
    found = evidence.part(PortScan)
    if not found.asked:
        yield Verdict(contract.NOT_ASKED, evidence.domain)
    for host in found.hosts:
        yield _judge_host(host, ports)


def _judge_host(host: ScannedHost, ports: Mapping[int, str]) -> Verdict:
    """An open door at one address counts for the host; what is not seen at one leaves the host untold.

    A shared address counts only where the host has no other.
    """
    own = [scan for scan in host.scans if scan.end is not ScanEnd.SHARED]
    if not own:
        return _unscanned(host)
    for scan in own:
        opened = [port for port in ports if scan.doors.get(port) is Door.OPEN]
        if opened and not scan.says_yes_to_everything:
            return Verdict(OPEN, host.host, _facts(own, ports, scan.address, opened))
    for scan in own:
        reason = _reason(scan)
        if reason is not None:
            return Verdict(reason, host.host, {"address": scan.address})
    return Verdict(CLOSED, host.host, {"addresses": [scan.address for scan in own], "ports": [*ports]})


def _reason(scan: AddressScan) -> Outcome | None:
    """Why this scan tells nothing, if it does not."""
    if scan.end is not ScanEnd.DONE:
        return _NOT_DONE[scan.end]
    if scan.says_yes_to_everything:
        return contract.YES_TO_EVERYTHING
    return contract.CONNECTION_TIMEOUT if scan.silent else None


def _unscanned(host: ScannedHost) -> Verdict:
    if host.scans:
        services = [*dict.fromkeys(scan.shared_by for scan in host.scans)]
        addresses = [scan.address for scan in host.scans]
        return Verdict(contract.SHARED_ADDRESS, host.host, {"services": [*services], "addresses": [*addresses]})
    if host.only_ipv6:
        return Verdict(contract.BLOCKED_FROM_HERE, host.host, {"blocked": "ipv6"})
    if host.addresses.refused:
        return Verdict(contract.ADDRESS_NOT_PUBLIC, host.host, {"addresses": [*host.addresses.refused]})
    return Verdict(contract.NO_WEB if host.addresses.answered else host.addresses.reason, host.host)


def _facts(scans: list[AddressScan], ports: Mapping[int, str], address: str, opened: list[int]) -> dict[str, Json]:
    return {
        "addresses": [scan.address for scan in scans],
        "address": address,
        "open_ports": [*opened],
        "services": [f"{ports[port]} {port}" for port in opened],
    }
