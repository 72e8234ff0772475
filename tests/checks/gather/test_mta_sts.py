"""The policy for mail, fetched from a real server on loopback as a sender fetches it."""

import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest

from checks.addresses import AddressGuard
from checks.evidence.lookups import Reach
from checks.evidence.mta_sts import MtaSts
from checks.evidence.tls_rpt import TlsReporting
from checks.gather.gathering import Gathering
from checks.gather.http import Ports
from checks.gather.network import Network
from checks.gather.sources import SOURCES
from checks.gather.visits import Visits
from checks.mail.promised import State, enforced, read
from tests.checks.gather.responder import responding
from tests.checks.gather.zones import serving as zone
from tests.checks.making import Wanted, authority, issue
from tests.checks.serving import Handler, Server, closed_port, over_tls, saying, serving, tls_context

ROOT = authority("Loopback Root")
POLICY = b"version: STSv1\r\nmode: enforce\r\nmx: mx.good.test\r\nmax_age: 604800\r\n"
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"
GOOD = HEAD + b"Content-Length: %d\r\n\r\n" % len(POLICY) + POLICY
LINES = ("good.test MX 10 mx.good.test.", "mx.good.test A 127.0.0.1", "mta-sts.good.test A 127.0.0.1")
RECORD = '_mta-sts.good.test TXT "v=STSv1; id=1"'


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    (tmp_path / "root.pem").write_bytes(ROOT.pem)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "root.pem"))
    return issue(Wanted(names=("mta-sts.good.test",)), ROOT).write(tmp_path)


@asynccontextmanager
async def looking(handle: Handler | None, *lines: str) -> AsyncIterator[tuple[Gathering, Server | None]]:
    """A gathering about good.test with these records, whose policy host answers so; None: its port is closed."""
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(serving(handle)) if handle else None
        names = await stack.enter_async_context(responding(zone(*lines)))

        async def with_that_port(gathering: Gathering) -> Visits:
            return Visits(gathering, Ports(https=server.port if server else closed_port()))

        network = Network(AddressGuard.allowing(["127.0.0.0/8"]), (names.resolver,))
        gathering = Gathering("good.test", network, {**SOURCES, Visits: with_that_port})
        try:
            yield gathering, server
        finally:
            await gathering.close()


async def test_policy_is_fetched_once_by_name(files: tuple[Path, Path]) -> None:
    asked: list[bytes] = []

    def handle(connection: object) -> None:
        asked.append(connection.recv(65536))  # type: ignore[attr-defined]
        connection.sendall(GOOD)  # type: ignore[attr-defined]

    async with looking(over_tls(tls_context(*files), handle), *LINES, RECORD) as (gathering, server):
        found = await gathering.part(MtaSts)
        policy = enforced(found)
        assert policy is not None
        assert (policy.mode, policy.mx, policy.max_age) == ("enforce", ("mx.good.test",), 604800)
        assert server is not None
        assert server.visits == 1
        assert sum(gathering.network.calls.values()) == 1
    lines = asked[0].decode().split("\r\n")
    assert lines[0] == "GET /.well-known/mta-sts.txt HTTP/1.1"
    assert "Host: mta-sts.good.test" in lines


@pytest.mark.parametrize(
    "lines", [LINES, ("good.test MX 0 .", "mta-sts.good.test A 127.0.0.1", RECORD)], ids=["no record", "no mail"]
)
async def test_nobody_is_called_without_a_policy_or_without_mail(
    files: tuple[Path, Path], lines: tuple[str, ...]
) -> None:
    async with looking(over_tls(tls_context(*files), saying(GOOD)), *lines) as (gathering, server):
        assert (await gathering.part(MtaSts)).visits == ()
        assert server is not None
        assert server.visits == 0


@pytest.mark.parametrize(
    ("response", "state"),
    [
        (b"HTTP/1.1 302 Found\r\nLocation: https://mta-sts.good.test/policy\r\n\r\n", State.MISSING),
        (b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>", State.MISSING),
        (HEAD + b"Content-Length: 99999\r\n\r\n" + POLICY, State.UNCLEAR),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n3\r\nver\r\n", State.UNCLEAR),
        (HEAD + b"\r\n" + b"x" * 70_000, State.UNCLEAR),
        (b"hello\r\n", State.UNCLEAR),
    ],
)
async def test_what_is_no_policy(files: tuple[Path, Path], response: bytes, state: State) -> None:
    async with looking(over_tls(tls_context(*files), saying(response)), *LINES, RECORD) as (gathering, server):
        assert read(await gathering.part(MtaSts)).state is state
        assert server is not None
        assert server.visits == 1  # redirects are not followed


async def test_certificate_for_another_name(tmp_path: Path, files: tuple[Path, Path]) -> None:
    del files
    other = issue(Wanted(names=("good.test",)), ROOT).write(tmp_path)
    async with looking(over_tls(tls_context(*other), saying(GOOD)), *LINES, RECORD) as (gathering, _):
        assert read(await gathering.part(MtaSts)).state is State.UNTRUSTED


async def test_closed_port_is_no_missing_policy() -> None:
    async with looking(None, *LINES, RECORD) as (gathering, _):
        found = await gathering.part(MtaSts)
        assert [visit.reach for visit in found.visits] == [Reach.REFUSED]
        assert read(found).state is State.UNCLEAR


async def test_website_on_servers_that_others_share_is_known() -> None:
    own = ("good.test A 185.230.63.107", "good.test MX 10 mx.good.test.", "mx.good.test A 127.0.0.1")
    async with looking(None, *own) as (gathering, _):
        assert (await gathering.part(MtaSts)).website_of == "Wix"
    async with looking(None, *LINES, "good.test A 185.230.63.107", RECORD) as (gathering, _):
        assert (await gathering.part(MtaSts)).website_of is None  # a policy has its host already


async def test_slow_policy_ends_in_time(files: tuple[Path, Path]) -> None:
    """A byte at a time, for longer than anybody waits."""

    def drip(connection: object) -> None:
        connection.recv(65536)  # type: ignore[attr-defined]
        for byte in HEAD + b"\r\n" + POLICY * 50:
            connection.sendall(bytes([byte]))  # type: ignore[attr-defined]
            time.sleep(0.02)

    async with looking(over_tls(tls_context(*files), drip), *LINES, RECORD) as (gathering, _):
        before = time.monotonic()
        found = await gathering.part(MtaSts)
        assert read(found).state is State.UNCLEAR
        assert time.monotonic() - before < 14


async def test_reports_are_looked_up_with_the_rule() -> None:
    lines = (*LINES, '_smtp._tls.good.test TXT "v=TLSRPTv1; rua=mailto:a@good.test"', RECORD)
    async with looking(None, *lines) as (gathering, _):
        found = await gathering.part(TlsReporting)
        assert found.record.records == ("v=TLSRPTv1; rua=mailto:a@good.test",)
        assert found.sts.records == ("v=STSv1; id=1",)
