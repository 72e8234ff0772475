"""Knocks at the doors of the domain's own servers with nmap, and only where the asker may have that done.

Neither word nor proof of the domain's holder opens what others share: addresses of known content networks and builders
of websites (`checks.shared_servers`) are not knocked at. The web servers of ordinary web hosts are shared as well, but
no list tells which; there the holder's word counts.
"""

import asyncio
import contextlib
from collections.abc import Iterable, Mapping

from msgspec import Struct

from checks.addresses import VettedAddress
from checks.errors import TooManyCallsError
from checks.evidence.lookups import HostAddresses, Vantage
from checks.evidence.ports import (
    ALIVE,
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
from checks.gather.gathering import Gathering
from checks.gather.network import Network

PORTS = tuple(
    sorted(
        {
            *REMOTE_DESKTOP,
            *FILE_SHARING,
            *TELNET,
            *FTP,
            *DATABASES,
            *REMOTE_ADMIN,
            *DIRECTORY,
            *CLEARTEXT_MAIL,
            *ALIVE,
            *UNLIKELY,
        }
    )
)
"""Every port of every check, so that an address is scanned once."""
MAX_ADDRESSES = 4
SCAN_S = 10.0

# Without a minimum nmap feels its way with few probes at a time: 5 s in place of 2 s where nobody answers at all.
_FLAGS = ("-oX", "-", "-sT", "-Pn", "-n", "-vv", "-T4", "--max-retries", "1", "--min-parallelism", str(len(PORTS)))
_DOORS = {"open": Door.OPEN, "closed": Door.CLOSED, "filtered": Door.FILTERED}


class _Named(Struct, frozen=True):
    """A name with the addresses that we can reach, and the company whose shared servers it is an alias of."""

    at: HostAddresses
    reachable: tuple[VettedAddress, ...]
    shared_by: str | None


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
    named = await asyncio.gather(*(_look_up(network, at, ipv6=vantage.ipv6) for at in _names_worth_scanning(own, www)))
    shared = {address: service for one in named for address in one.reachable if (service := _service(one, address))}
    chosen = {address: None for one in named for address in one.reachable if address not in shared}
    await network.leave()
    scans = await asyncio.gather(*(_scan_in_turn(network, address) for address in chosen))
    left = (AddressScan(address.text, ScanEnd.SHARED, {}, service) for address, service in shared.items())
    by_address = {one.address: one for one in (*scans, *left)}
    return PortScan(asked=True, hosts=tuple(_host(one, by_address) for one in named))


def _names_worth_scanning(own: HostAddresses, www: HostAddresses) -> list[HostAddresses]:
    """The www name counts where it leads elsewhere; the domain itself unless only the www name leads anywhere."""
    if www.exists and not own.exists and own.answered:
        return [www]
    return [own, www] if www.exists and set(www.vetted) != set(own.vetted) else [own]


async def _look_up(network: Network, at: HostAddresses, *, ipv6: bool) -> _Named:
    """Aliases may lead on to further ones: the first and the last of them tell whose they are."""
    from checks.shared_servers import service_named  # noqa: PLC0415 - start-up: only an asked-for scan needs the list

    first = await network.ask(at.host, "CNAME")
    names = (*first.records, *(answer.alias for answer in (at.v4, at.v6) if answer.alias))
    services = filter(None, map(service_named, names))
    ranked = sorted(at.vetted, key=lambda address: address.text)
    reachable = tuple(address for address in ranked if ipv6 or not address.is_ipv6)[:MAX_ADDRESSES]
    return _Named(at, reachable, next(services, None))


def _service(named: _Named, address: VettedAddress) -> str | None:
    from checks.shared_servers import service_at  # noqa: PLC0415 - the same

    return named.shared_by or service_at(address.text)


def _host(named: _Named, scans: Mapping[str, AddressScan]) -> ScannedHost:
    return ScannedHost(
        host=named.at.host,
        addresses=named.at,
        scans=tuple(scans[address.text] for address in named.reachable),
        only_ipv6=bool(named.at.vetted) and not named.reachable,
    )


async def _scan_in_turn(network: Network, address: VettedAddress) -> AddressScan:
    """A scan counts in the address's account for the minute with every knock; it ends with its inspection."""
    try:
        async with network.politeness.turn(address.text, calls=len(PORTS)):
            async with asyncio.timeout_at(network.deadline(SCAN_S)):
                return await scan(address, PORTS)
    except TooManyCallsError:
        return AddressScan(address.text, ScanEnd.BUSY_HERE, {})
    except TimeoutError:
        return AddressScan(address.text, ScanEnd.TIMEOUT, {})


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
