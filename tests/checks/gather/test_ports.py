import asyncio
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
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
from checks.gather.politeness import Politeness
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


@contextmanager
def full() -> Iterator[int]:
    """A door before which so many wait that the kernel says nothing to whoever comes next, as a firewall does."""
    with ExitStack() as stack:
        door = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
        for _ in range(4):
            waiting = stack.enter_context(socket.socket())
            waiting.settimeout(0)
            waiting.connect_ex(door.getsockname())
        yield door.getsockname()[1]


@pytest.mark.nmap
async def test_silent_port_is_neither_open_nor_closed() -> None:
    with full() as silent, listening() as opened:
        found = await scan(HERE, (silent, opened))
    assert found.doors == {silent: Door.FILTERED, opened: Door.OPEN}


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
    "shop.fi. A": ["shop.fi. 60 IN A 127.0.0.41"],
    **{
        f"www.shop.fi. {asked}": [
            "www.shop.fi. 60 IN CNAME d1.cloudfront.net.",
            "d1.cloudfront.net. 60 IN CNAME edge.example.",
            *(["edge.example. 60 IN A 127.0.0.42"] if asked == "A" else []),
        ][: 1 if asked == "CNAME" else None]
        for asked in ("A", "AAAA", "CNAME")
    },
    "protected.fi. A": ["protected.fi. 60 IN A 104.16.1.1", "protected.fi. 60 IN A 127.0.0.41"],
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


async def test_alias_of_a_content_network_is_not_scanned() -> None:
    async with responding(_from_zone) as responder:
        found = await gather(responder, "shop.fi")
    ends = {host.host: [(one.end, one.shared_by) for one in host.scans] for host in found.hosts}
    assert ends["www.shop.fi"] == [(ScanEnd.SHARED, "Amazon CloudFront")]
    assert [end for end, _ in ends["shop.fi"]] != [ScanEnd.SHARED]


async def test_address_of_a_content_network_is_not_scanned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "nmap").write_text(f'#!/bin/sh\necho "$@" >> {tmp_path}/asked\n')
    (tmp_path / "nmap").chmod(0o700)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    async with responding(_from_zone) as responder:
        found = await gather(responder, "protected.fi")
    (host,) = found.hosts
    assert [(one.address, one.shared_by) for one in host.scans] == [("104.16.1.1", "Cloudflare"), ("127.0.0.41", "")]
    asked = (tmp_path / "asked").read_text().splitlines()
    assert [line.partition(" -- ")[2] for line in asked if " -- " in line] == ["127.0.0.41"]
    assert not any("104." in line for line in asked)


async def test_scan_waits_for_no_address_that_is_called_too_much() -> None:
    async with responding(_from_zone) as responder:
        network = Network(
            AddressGuard.allowing(["127.0.0.0/8"]), (responder.resolver,), politeness=Politeness(per_minute=1)
        )
        await network.politeness.take("127.0.0.41")
        found = await gather_port_scan(Gathering("same.fi", network, SOURCES, Consent(ports=True)))
    assert [one.end for host in found.hosts for one in host.scans] == [ScanEnd.BUSY_HERE]
