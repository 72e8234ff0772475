"""Whatever servers do to us, an inspection ends in time, within its memory, and accuses nobody.

One at a time, in a process of its own that is timed and measured, in a soak; else all side by side.
"""

import asyncio
import json
import random
import ssl
import struct
import sys
import time
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import Callable, Iterable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import dns.message
import dns.rdatatype
import pytest

from checks.addresses import AddressGuard
from checks.contract import Consent
from checks.errors import UnusableDomainError
from checks.gather.network import Network, Resolver
from checks.gather.transport import MAX_RECORDS
from checks.inspection import Request, inspect
from tests.checks.gather.responder import Behaviour, answer, responding
from tests.checks.gather.zones import serving
from tests.conftest import SOAK
from tests.farm import hostile
from tests.farm.authority import Authority, Certificate
from tests.farm.hostile import Door, conversing, dripping, endless, silence

COMMAND = Path(sys.executable).with_name("kyberkunto")
ALLOWED = "198.18.0.0/15"
WITHIN_S = 15.0
MEMORY_MB = 100.0
PATIENCE_S = 60.0
"""How long a busy machine may take where the time is not what is tested."""

OPEN = {"fail", "pass", "info"}
_HEAD = b"HTTP/1.1 200 OK\r\n"
_BLOCK = 64 * 1024
LONG_NAME = 200


@dataclass(frozen=True, slots=True)
class Scene:
    """One domain and its servers. `http` and `mail` in the open, `https` behind a handshake, `tls` in its place.

    `silenced`: the beginnings of the ids of which nothing may be told, be it good or bad.
    """

    name: str
    silenced: tuple[str, ...] = ()
    http: hostile.Handler | None = None
    https: hostile.Handler | None = None
    tls: hostile.Handler | None = None
    mail: hostile.Handler | None = None

    @property
    def domain(self) -> str:
        return f"{self.name}.test"

    @property
    def address(self) -> str:
        return f"198.18.66.{SCENES.index(self) + 1}"

    def doors(self, tls: ssl.SSLContext) -> list[Door]:
        candidates = ((80, self.http, None), (443, self.https, tls), (443, self.tls, None), (25, self.mail, None))
        return [Door(self.address, port, handle, context) for port, handle, context in candidates if handle]

    def lines(self) -> list[str]:
        """What the name service says of it: everything in order, and mail only where there is a mail server."""
        domain = self.domain
        mx = f"{domain} MX 10 mx.{domain}." if self.mail else f"{domain} MX 0 ."
        return [
            f"{domain} SOA ns1.{domain}. hostmaster.{domain}. 1 3600 600 1209600 3600",
            *(f"{domain} NS ns{number}.{domain}." for number in (1, 2)),
            *(f"{name}.{domain} A {self.address}" for name in ("mx", "www")),
            f"{domain} A {self.address}",
            mx,
            f'{domain} TXT "v=spf1 -all"',
            f'_dmarc.{domain} TXT "v=DMARC1; p=reject; rua=mailto:r@{domain}"',
        ]


def _both(name: str, handle: hostile.Handler, *silenced: str) -> Scene:
    """The same on port 80 and behind encryption."""
    return Scene(name, silenced, http=handle, https=handle)


SCENES: tuple[Scene, ...] = (
    Scene("web-silent", ("tls.", "web."), http=silence, tls=silence),
    Scene("web-dripping", ("tls.", "web."), http=dripping(_HEAD), tls=dripping(hostile.TLS_ALERTS)),
    Scene("tls-endless", ("tls.", "web."), http=silence, tls=endless(b"", hostile.TLS_ALERTS)),
    Scene("tls-noise", ("tls.", "web."), http=silence, tls=endless(b"", b"\x15\x03\x03\x00\x00")),
    _both("dripping", dripping(_HEAD), "web."),
    _both("endless-header", endless(_HEAD + b"X: ", b"x"), "web."),
    _both("endless-headers", endless(_HEAD, b"X-Y: z\r\n"), "web."),
    _both("endless-interim", endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n"), "web."),
    _both("endless-noise", endless(b"", b"\x00\xff"), "web."),
    _both("bomb", hostile.bomb()),
    _both("huge", endless(hostile.GOOD_HEAD + b"Content-Length: 1000000000\r\n\r\n", b"<p>hello</p>")),
    _both("endless-chunks", endless(hostile.GOOD_HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n")),
    _both("drip-page", conversing(hostile.GOOD_HEAD + b"Content-Length: 900\r\n\r\n", then=dripping(b"<p>"))),
    _both("leading-on", hostile.leading_on),
    Scene("mail-silent", ("mail.starttls",), mail=silence),
    Scene("mail-dripping", ("mail.starttls",), mail=dripping(b"220-mx")),
    Scene("mail-banner", ("mail.starttls",), mail=endless(b"", b"220-hello\r\n")),
    Scene("mail-line", ("mail.starttls",), mail=endless(b"220 ", b"x")),
    Scene("mail-offers", ("mail.starttls",), mail=conversing(hostile.SMTP_HELLO, then=endless(b"", b"250-SIZE\r\n"))),
    Scene("mail-mute", ("mail.starttls",), mail=conversing(hostile.SMTP_HELLO, hostile.SMTP_OFFER, hostile.SMTP_GO)),
    Scene(
        "mail-flood",
        mail=conversing(hostile.SMTP_HELLO, hostile.SMTP_OFFER, hostile.SMTP_GO, then=endless(b"", hostile.TLS_ALERTS)),
    ),
)


ADDRESS = "198.18.66.99"
"""Where nobody listens."""
FIRM = (
    ". SOA a. b. 1 2 3 4 5",
    "test SOA a. b. 1 2 3 4 5",
    "firm.test SOA ns1.firm.test. b. 1 3600 600 1209600 3600",
    *(f"firm.test NS ns{number}.firm.test." for number in (1, 2)),
    *(f"{name}firm.test A {ADDRESS}" for name in ("", "www.", "mx.", "ns1.", "ns2.")),
    "firm.test MX 10 mx.firm.test.",
    'firm.test TXT "v=spf1 mx include:a.firm.test include:b.firm.test -all"',
    'a.firm.test TXT "v=spf1 a include:c.firm.test -all"',
    'c.firm.test TXT "v=spf1 a include:d.firm.test -all"',
    'd.firm.test TXT "v=spf1 a include:e.firm.test -all"',
    '_dmarc.firm.test TXT "v=DMARC1; p=reject; rua=mailto:r@else.test"',
    f"_25._tcp.mx.firm.test TLSA 3 1 1 {'ab' * 32}",
    'firm.test CAA 0 issue "letsencrypt.org"',
)


def _mutating(chance: random.Random) -> Behaviour:
    """True answers with a few bytes changed, the id apart, lest they be taken for somebody else's."""
    good = serving(*FIRM, authentic=[".", "test", "firm.test"])

    def behave(query: dns.message.Message) -> bytes:
        made = good(query)
        assert isinstance(made, dns.message.Message)
        return hostile.mutation(chance, made.to_wire(max_size=65535), keep=2)

    return behave


def _noise(query: dns.message.Message) -> bytes:
    return query.id.to_bytes(2, "big") + b"\x81\x80" + bytes(range(200))


def _with_code(code: str) -> Behaviour:
    return lambda query: answer(query, rcode=code)


def _alias(query: dns.message.Message) -> dns.message.Message:
    """Every name is another name for the next."""
    name = query.question[0].name.to_text()
    longer = f"a.{name}" if len(name) < LONG_NAME else "firm.test."
    return answer(query, f"{name} 60 IN CNAME {longer}")


def _record(owner: bytes, rdtype: str, data: bytes) -> bytes:
    """On the wire (RFC 1035, section 4.1.3); the library would take longer to write these than we to read them."""
    return owner + struct.pack("!HHLH", dns.rdatatype.from_text(rdtype), 1, 60, len(data)) + data


def _host(label: str) -> bytes:
    return bytes((len(label),)) + label.encode() + b"\x04test\x00"


def _telling(query: dns.message.Message, records: list[bytes]) -> bytes:
    asked = query.question[0]
    head = struct.pack("!HHHHHH", query.id, 0x8180, 1, len(records), 0, 0)
    return head + asked.name.to_wire() + struct.pack("!HH", asked.rdtype, 1) + b"".join(records)


_MANY = MAX_RECORDS - 20
_ASKED = b"\xc0\x0c"
"""The name in the question (RFC 1035, section 4.1.4)."""
_CHAIN = [_record(_host(f"a{at}") if at else _ASKED, "CNAME", _host(f"a{at + 1}")) for at in range(_MANY)]
_SPF = f"v=spf1 {' '.join(f'include:s{number}.test' for number in range(12))} mx a -all".encode()
_CROWDS = {
    "A": [_record(_ASKED, "A", bytes((198, 18, 200 + at // 250, at % 250 + 1))) for at in range(_MANY)],
    "MX": [_record(_ASKED, "MX", at.to_bytes(2, "big") + _host(f"m{at}")) for at in range(_MANY)],
    "NS": [_record(_ASKED, "NS", _host(f"n{at}")) for at in range(_MANY)],
    "TXT": [_record(_ASKED, "TXT", bytes((len(_SPF),)) + _SPF)],
    "CAA": [_record(_ASKED, "CAA", b"\x00\x05issue" + f"ca{at}.test".encode()) for at in range(_MANY)],
    "TLSA": [_record(_ASKED, "TLSA", b"\x03\x01\x01" + at.to_bytes(32, "big")) for at in range(_MANY)],
}
"""As many records as we read, of every kind that leads on to others."""
_FAT = [_record(_ASKED, "TXT", (b"\xfa" + b"x" * 250) * 240)]
"""The largest answer that there is."""


def _crowd(query: dns.message.Message) -> bytes:
    return _telling(query, _CROWDS.get(query.question[0].rdtype.name, []))


def _fat(query: dns.message.Message) -> bytes:
    return _telling(query, _FAT) if query.question[0].rdtype == dns.rdatatype.TXT else _crowd(query)


def _partly(spoken: Callable[[str], bool]) -> Behaviour:
    """Answers some of the questions, and is silent about the others."""
    good = serving(*FIRM, authentic=[".", "test"])
    return lambda query: good(query) if spoken(f"{query.question[0].name} {query.question[0].rdtype.name}") else None


MUTE_RESOLVERS: dict[str, Behaviour] = {
    "silent": lambda _query: None,
    "noise": _noise,
    "empty": lambda query: query.id.to_bytes(2, "big"),
    "echo": lambda query: query.to_wire(),
    "refusing": _with_code("REFUSED"),
    "failing": _with_code("SERVFAIL"),
    "not implementing": _with_code("NOTIMP"),
    "chain": lambda query: _telling(query, _CHAIN),
    "thousands": lambda query: _telling(query, _CHAIN * 2),
}
TCP_RESOLVERS: dict[str, hostile.Handler] = {
    "tcp silent": silence,
    "tcp dripping": dripping(b"\x00\xff" + bytes(255)),
    "tcp endless": endless(b"\xff\xff", bytes(_BLOCK)),
    "tcp ending early": conversing(b"\xff\xff" + bytes(100), then=hostile.hanging_up),
}
BUSY_RESOLVERS: dict[str, tuple[Behaviour, float]] = {
    "aliases": (_alias, 0.0),
    "crowd": (_crowd, 0.0),
    "fat": (_fat, 0.0),
    "slow": (serving(*FIRM), 1.9),
    "slower": (serving(*FIRM), 4.5),
    "no addresses": (_partly(lambda asked: not asked.endswith((" A", " AAAA"))), 0.0),
    "only addresses": (_partly(lambda asked: asked.endswith((" A", " AAAA"))), 0.0),
    "only MX, slowly": (_partly(lambda asked: asked.endswith((" MX", "firm.test. A"))), 1.5),
    "no servers, slowly": (_partly(lambda asked: not asked.endswith((" NS", " AAAA"))), 1.5),
}


@dataclass(frozen=True, slots=True)
class Seen:
    """One finding, and how many seconds after the start it came."""

    id: str
    status: str
    outcome: str
    after_s: float


@pytest.fixture
def tls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """A good certificate for every scene."""
    authority = Authority()
    names = tuple(name for scene in SCENES for name in (scene.domain, f"www.{scene.domain}"))
    (tmp_path / "root.pem").write_bytes(authority.root_pem)
    (tmp_path / "chain.pem").write_bytes(authority.chain_pem(names, Certificate()))
    (tmp_path / "key.pem").write_bytes(authority.key_pem)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "root.pem"))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(tmp_path / "chain.pem", tmp_path / "key.pem")
    return context


async def look(domain: str, resolver: Resolver) -> list[Seen]:
    """All findings, in this process; never longer than a busy machine may take."""
    network = Network(AddressGuard.allowing([ALLOWED]), (resolver,))
    began = time.monotonic()
    async with asyncio.timeout(PATIENCE_S):
        try:
            return [
                Seen(one.id, one.status.value, one.outcome, time.monotonic() - began)
                async for one in inspect(Request(domain, Consent(probes=True)), network)
            ]
        except UnusableDomainError:  # a mutated answer may well say that there is no such domain
            return []


async def look_measured(domain: str, resolver: Resolver) -> tuple[list[Seen], float]:
    """All findings of a command of its own, and the most memory it held, in megabytes."""
    process = await asyncio.create_subprocess_exec(
        *(COMMAND, "check", domain, "--json-lines", "--resolver", str(resolver), "--allow-network", ALLOWED),
        stdin=DEVNULL,
        stdout=PIPE,
        stderr=PIPE,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    began, memory_mb, found = time.monotonic(), 0.0, []
    watching = asyncio.create_task(_peak_mb(process.pid))
    async for line in process.stdout:
        told = json.loads(line)
        if "id" in told:
            found.append(Seen(told["id"], told["status"], told["outcome"], time.monotonic() - began))
    errors = (await process.stderr.read()).decode()
    await process.wait()
    memory_mb = await watching
    assert "Traceback" not in errors, errors
    return found, memory_mb


async def _peak_mb(pid: int) -> float:
    """The most memory that a process has held when it ends (proc(5), VmHWM)."""
    peak_kb = 0
    while True:
        try:
            status = Path(f"/proc/{pid}/status").read_text()  # noqa: ASYNC240 - the kernel's own, at once
        except OSError:
            return peak_kb / 1024
        peak_kb = max([peak_kb, *(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM"))])
        if "State:\tZ" in status:
            return peak_kb / 1024
        await asyncio.sleep(0.05)


def require_sense(found: list[Seen], silenced: tuple[str, ...] = ()) -> None:
    """Nothing went wrong in our own program, and nothing is told, good or bad, of what was not seen."""
    assert {one.id for one in found if one.outcome == "our-error"} == set()
    assert {(one.id, one.outcome) for one in found if one.status in OPEN and one.id.startswith(silenced)} == set()


def faults(found: Iterable[Seen], *topics: str) -> set[tuple[str, str]]:
    return {(one.id, one.outcome) for one in found if one.status == "fail" and one.id.startswith(topics)}


@pytest.mark.farm
@pytest.mark.soak
async def test_hostile_servers(tls: ssl.SSLContext, record_property: Callable[[str, object], None]) -> None:
    async with AsyncExitStack() as stack:
        lines = [line for scene in SCENES for line in scene.lines()]
        names = await stack.enter_async_context(responding(serving(*lines)))
        await stack.enter_async_context(hostile.standing(door for scene in SCENES for door in scene.doors(tls)))
        looks = await _look_at_all([(scene.domain, names.resolver) for scene in SCENES], record_property)
    for scene, found in zip(SCENES, looks, strict=True):
        require_sense(found, scene.silenced)
        assert faults(found, "tls.", "mail.starttls", "mail.dane") <= {("mail.starttls", "offer-fails")}, scene.name


@pytest.mark.farm
@pytest.mark.soak
async def test_hostile_resolvers(record_property: Callable[[str, object], None]) -> None:
    """None of them ever says anything that can be believed."""
    async with AsyncExitStack() as stack:
        resolvers = [
            *[(await stack.enter_async_context(responding(behave))).resolver for behave in MUTE_RESOLVERS.values()],
            *[await stack.enter_async_context(hostile.truncating(handle)) for handle in TCP_RESOLVERS.values()],
        ]
        looks = await _look_at_all([("firm.test", resolver) for resolver in resolvers], record_property)
    for name, found in zip((*MUTE_RESOLVERS, *TCP_RESOLVERS), looks, strict=True):
        assert {(one.id, one.outcome) for one in found if one.status in OPEN} == set(), name
        assert {one.outcome for one in found if one.status == "unknown"} <= {"dns-failed", "dns-timeout"}, name


@pytest.mark.farm
@pytest.mark.soak
async def test_resolvers_that_make_us_work(record_property: Callable[[str, object], None]) -> None:
    """They answer, but slowly, in part, with far too much, or in a way that leads on and on."""
    async with AsyncExitStack() as stack:
        resolvers = [
            (await stack.enter_async_context(responding(behave, delay_s))).resolver
            for behave, delay_s in BUSY_RESOLVERS.values()
        ]
        looks = await _look_at_all([("firm.test", resolver) for resolver in resolvers], record_property)
    for found in looks:
        require_sense(found)


@pytest.mark.farm
@pytest.mark.soak
async def test_mutated_answers(record_property: Callable[[str, object], None]) -> None:
    """A seed, so that a failure can be seen again; some ten thousand answers in a soak."""
    rounds, replies = 120 if SOAK else 4, 0
    for begin in range(0, rounds, 10):
        async with AsyncExitStack() as stack:
            servers = [
                await stack.enter_async_context(responding(_mutating(random.Random(seed))))  # noqa: S311 - a test's dice
                for seed in range(begin, min(begin + 10, rounds))
            ]
            looks = await asyncio.gather(*(look("firm.test", server.resolver) for server in servers))
            replies += sum(len(server.queries) for server in servers)
        for found in looks:
            require_sense(found)
            assert max([0.0, *(one.after_s for one in found)]) < (WITHIN_S if SOAK else PATIENCE_S)
    record_property("mutated answers", replies)


async def _look_at_all(
    wanted: list[tuple[str, Resolver]], record_property: Callable[[str, object], None]
) -> list[list[Seen]]:
    """All side by side in this process; in a soak first one after the other, timed and measured."""
    if SOAK:
        await _one_by_one(wanted, record_property)
    return await asyncio.gather(*(look(domain, resolver) for domain, resolver in wanted))


async def _one_by_one(wanted: list[tuple[str, Resolver]], record_property: Callable[[str, object], None]) -> None:
    slowest, largest = 0.0, 0.0
    for domain, resolver in wanted:
        found, memory_mb = await look_measured(domain, resolver)
        assert found, domain
        last = max(found, key=lambda one: one.after_s)
        assert last.after_s < WITHIN_S, (domain, last)
        assert memory_mb < MEMORY_MB, domain
        slowest, largest = max(slowest, last.after_s), max(largest, memory_mb)
    record_property("inspections", len(wanted))
    record_property("slowest finding", f"{slowest:.1f} s")
    record_property("most memory", f"{largest:.0f} MB")
