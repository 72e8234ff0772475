"""Knocks at the doors of the domain's own servers with nmap, and only where the asker may have that done.

Mail servers are not knocked at: they mostly belong to a mail company that asked for nothing. What is not here yet:
a list of the networks of large content and shop providers, whose addresses many customers share and which must
not be scanned for one of them. Until then the owner's proof and word are the only bar.
"""

import asyncio
import contextlib
from collections.abc import Iterable, Mapping

from checks.addresses import VettedAddress
from checks.evidence.lookups import HostAddresses, Vantage
from checks.evidence.ports import (
    ALIVE,
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
from checks.gather.gathering import Gathering

PORTS = tuple(sorted({*REMOTE_DESKTOP, *FILE_SHARING, *DATABASES, *ALIVE, *UNLIKELY}))
"""Every port of every check, so that an address is scanned once."""
MAX_ADDRESSES = 4
SCAN_S = 15.0

_FLAGS = ("-oX", "-", "-sT", "-Pn", "-n", "-vv", "-T4", "--max-retries", "1")
_DOORS = {"open": Door.OPEN, "closed": Door.CLOSED, "filtered": Door.FILTERED}


async def gather_port_scan(gathering: Gathering) -> PortScan:
    """One scan for each address of the domain and its www name, side by side; nothing without consent."""
    if not gathering.consent.ports:
        return PortScan(asked=False)
    network = gathering.network
    vantage, own, www = await asyncio.gather(
        gathering.part(Vantage),
        network.addresses(gathering.domain),
        network.addresses(f"www.{gathering.domain}"),
    )
    named = _names_worth_scanning(own, www)
    reachable = {at.host: _reachable(at, ipv6=vantage.ipv6) for at in named}
    chosen = {address: None for addresses in reachable.values() for address in addresses}
    await network.leave()
    scans = await asyncio.gather(*(scan(address, PORTS) for address in chosen))
    by_address = {one.address: one for one in scans}
    return PortScan(asked=True, hosts=tuple(_host(at, reachable[at.host], by_address) for at in named))


def _names_worth_scanning(own: HostAddresses, www: HostAddresses) -> list[HostAddresses]:
    """The www name counts where it leads elsewhere; the domain itself unless only the www name leads anywhere."""
    if www.exists and not own.exists and own.answered:
        return [www]
    return [own, www] if www.exists and set(www.vetted) != set(own.vetted) else [own]


def _reachable(addresses: HostAddresses, *, ipv6: bool) -> list[VettedAddress]:
    ranked = sorted(addresses.vetted, key=lambda address: address.text)
    return [address for address in ranked if ipv6 or not address.is_ipv6][:MAX_ADDRESSES]


def _host(at: HostAddresses, reachable: list[VettedAddress], scans: Mapping[str, AddressScan]) -> ScannedHost:
    return ScannedHost(
        host=at.host,
        addresses=at,
        scans=tuple(scans[address.text] for address in reachable),
        only_ipv6=bool(at.vetted) and not reachable,
    )


async def scan(address: VettedAddress, ports: Iterable[int], *, program: str = "nmap") -> AddressScan:
    """Knocks at these ports of one address, for at most SCAN_S seconds.

    The program is started without a shell and the address stands behind `--`: nothing that anybody wrote into a
    record can become an option.
    """
    wanted = tuple(ports)
    family = ("-6",) if address.is_ipv6 else ()
    arguments = (*_FLAGS, *family, "-p", ",".join(map(str, wanted)), "--", address.text)
    try:
        output = await _run(program, *arguments)
    except TimeoutError:
        return AddressScan(address.text, ScanEnd.TIMEOUT, {})
    except OSError:  # not installed, or not ours to start
        return AddressScan(address.text, ScanEnd.NO_SCANNER, {})
    doors = await asyncio.to_thread(_read, output)
    complete = doors is not None and set(wanted) <= set(doors)
    return AddressScan(address.text, ScanEnd.DONE if complete else ScanEnd.FAILED, doors or {})


async def _run(program: str, *arguments: str) -> str:
    """The program's output; however this ends, the program has ended too and is reaped."""
    process = await asyncio.create_subprocess_exec(
        program,
        *arguments,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        async with asyncio.timeout(SCAN_S):
            output, _ = await process.communicate()
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
    return output.decode("utf-8", "replace")


def _read(xml: str) -> dict[int, Door] | None:
    """Port to door of the one host in nmap's report; None where the report is broken or without a host."""
    import nmap  # noqa: PLC0415 - start-up: only an asked-for scan needs it

    try:
        report = nmap.PortScanner().analyse_nmap_xml_scan(xml)
    except (nmap.PortScannerError, AttributeError):  # no XML; no summary at its end
        return None
    for host in report["scan"].values():
        return {port: _DOORS[seen["state"]] for port, seen in host.get("tcp", {}).items() if seen["state"] in _DOORS}
    return None
