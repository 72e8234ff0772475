import asyncio
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dns.message
import psutil
import pytest

from checks.addresses import AddressGuard, VettedAddress
from checks.contract import Consent
from checks.evidence.ports import Door, PortScan, ScanEnd
from checks.gather import ports as gather_ports
from checks.gather.gathering import Gathering
from checks.gather.network import Network
from checks.gather.ports import PORTS, gather_port_scan, scan
from checks.gather.sources import SOURCES
from tests.checks.gather.responder import Responder, answer, responding

HERE = VettedAddress("127.0.0.1")


@contextmanager
def listening(host: str = "127.0.0.1", port: int = 0) -> Iterator[int]:
    """A door that the kernel itself opens: nobody needs to accept what comes in."""
    with socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET) as door:
        yield door.getsockname()[1]


@pytest.mark.nmap
async def test_open_and_closed_ports_are_told_apart() -> None:
    with listening() as opened:
        with listening() as closed:
            pass
        found = await scan(HERE, (opened, closed))
    assert (found.end, found.address) == (ScanEnd.DONE, "127.0.0.1")
    assert found.doors == {opened: Door.OPEN, closed: Door.CLOSED}


@pytest.mark.nmap
async def test_ipv6_address_is_scanned() -> None:
    try:
        with listening("::1") as opened:
            found = await scan(VettedAddress("::1"), (opened,))
    except OSError:
        pytest.skip("no IPv6 on loopback")
    assert found.doors == {opened: Door.OPEN}


@pytest.mark.nmap
async def test_every_port_of_every_check_has_an_answer() -> None:
    found = await scan(HERE, PORTS)
    assert (found.end, set(found.doors)) == (ScanEnd.DONE, set(PORTS))


async def test_missing_scanner_is_our_own_limit() -> None:
    found = await scan(HERE, (80,), program="/nonexistent/nmap")
    assert (found.end, found.doors) == (ScanEnd.NO_SCANNER, {})


def _program(folder: Path, script: str) -> str:
    path = folder / "scanner"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o700)
    return str(path)


@pytest.mark.parametrize("script", ["exit 1", "echo '<nmaprun>'", "echo '<nmaprun></nmaprun>'", "printf '\\377\\000'"])
async def test_output_that_is_no_report_is_a_failed_scan(tmp_path: Path, script: str) -> None:
    found = await scan(HERE, (80,), program=_program(tmp_path, script))
    assert (found.end, found.doors) == (ScanEnd.FAILED, {})


async def test_slow_scanner_is_killed_and_reaped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gather_ports, "SCAN_S", 0.3)
    program = _program(tmp_path, f"echo $$ > {tmp_path}/pid; exec sleep 60")
    began = time.monotonic()
    found = await scan(HERE, (80,), program=program)
    assert found.end is ScanEnd.TIMEOUT
    assert time.monotonic() - began < 5
    assert not psutil.pid_exists(int((tmp_path / "pid").read_text()))


async def test_scanner_ends_with_whoever_wanted_it(tmp_path: Path) -> None:
    program = _program(tmp_path, f"echo $$ > {tmp_path}/pid; exec sleep 60")
    task = asyncio.create_task(scan(HERE, (80,), program=program))
    while not (tmp_path / "pid").exists() or not (tmp_path / "pid").read_text():  # noqa: ASYNC110 - another process
        await asyncio.sleep(0.01)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert not psutil.pid_exists(int((tmp_path / "pid").read_text()))


async def test_address_is_never_an_option(tmp_path: Path) -> None:
    program = _program(tmp_path, f'printf "%s\\n" "$@" > {tmp_path}/arguments')
    await scan(VettedAddress(f"-oN {tmp_path}/made"), (80, 443), program=program)
    arguments = (tmp_path / "arguments").read_text().splitlines()
    assert arguments[-4:] == ["-p", "80,443", "--", f"-oN {tmp_path}/made"]
    assert not (tmp_path / "made").exists()


ZONE = {
    "same.fi. A": ["same.fi. 60 IN A 127.0.0.41"],
    "www.same.fi. A": ["www.same.fi. 60 IN A 127.0.0.41"],
    "other.fi. A": ["other.fi. 60 IN A 127.0.0.41"],
    "www.other.fi. A": ["www.other.fi. 60 IN A 127.0.0.42"],
    "www.only.fi. A": ["www.only.fi. 60 IN A 127.0.0.42"],
    "private.fi. A": ["private.fi. 60 IN A 10.0.0.1"],
}


def _from_zone(query: dns.message.Message) -> dns.message.Message:
    asked = query.question[0]
    return answer(query, *ZONE.get(f"{asked.name} {asked.rdtype.name}", []))


async def gather(responder: Responder, domain: str, *, allowed: bool = True) -> PortScan:
    network = Network(AddressGuard.allowing(["127.0.0.0/8"]), (responder.resolver,))
    return await gather_port_scan(Gathering(domain, network, SOURCES, Consent(ports=allowed)))


async def test_without_consent_nothing_is_even_asked() -> None:
    async with responding(_from_zone) as responder:
        assert await gather(responder, "same.fi", allowed=False) == PortScan(asked=False)
        assert responder.queries == []


@pytest.mark.nmap
@pytest.mark.parametrize(
    ("domain", "scanned"),
    [
        ("same.fi", [("same.fi", ["127.0.0.41"])]),
        ("other.fi", [("other.fi", ["127.0.0.41"]), ("www.other.fi", ["127.0.0.42"])]),
        ("only.fi", [("www.only.fi", ["127.0.0.42"])]),
        ("private.fi", [("private.fi", [])]),
        ("nothing.fi", [("nothing.fi", [])]),
    ],
)
async def test_names_that_lead_elsewhere_are_scanned(domain: str, scanned: list[tuple[str, list[str]]]) -> None:
    async with responding(_from_zone) as responder:
        found = await gather(responder, domain)
    assert [(host.host, [one.address for one in host.scans]) for host in found.hosts] == scanned
