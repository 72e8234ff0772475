"""Whatever web and mail servers do to us, an inspection ends in time, within its memory, and accuses nobody.

One at a time, in a process of its own that is timed and measured, in a soak; else all side by side.
"""

import random
import ssl
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from checks.addresses import AddressGuard
from checks.gather.network import Network
from tests.checks.gather.responder import responding
from tests.checks.gather.zones import serving
from tests.conftest import SOAK
from tests.farm import hostile
from tests.farm.authority import Authority, Certificate
from tests.farm.hostile import Door, conversing, dripping, endless, silence
from tests.farm.hostile_looking import ALLOWED, PATIENCE_S, WITHIN_S, faults, look, look_at_all, require_sense
from tests.farm.hostile_names import ADDRESS, FIRM

_HEAD = b"HTTP/1.1 200 OK\r\n"


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


@pytest.mark.farm
@pytest.mark.soak
async def test_hostile_servers(tls: ssl.SSLContext, record_property: Callable[[str, object], None]) -> None:
    async with AsyncExitStack() as stack:
        lines = [line for scene in SCENES for line in scene.lines()]
        names = await stack.enter_async_context(responding(serving(*lines)))
        await stack.enter_async_context(hostile.standing(door for scene in SCENES for door in scene.doors(tls)))
        looks = await look_at_all([(scene.domain, names.resolver) for scene in SCENES], record_property)
    for scene, found in zip(SCENES, looks, strict=True):
        require_sense(found, scene.silenced)
        assert faults(found, "tls.", "mail.starttls", "mail.dane") <= {("mail.starttls", "offer-fails")}, scene.name


_PAGE = b"<!doctype html><meta http-equiv=Content-Security-Policy content=\"default-src 'self'\"><p>hello"
_REPLIES = (
    hostile.GOOD_HEAD + b"Set-Cookie: a=b; Secure; HttpOnly; SameSite=Lax\r\nContent-Length: 99\r\n\r\n" + _PAGE,
    hostile.GOOD_HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
    b"HTTP/1.1 301 Moved\r\nLocation: https://www.firm.test/\xc3\xa4?a=b#c\r\nServer: nginx/1.2.3\r\n\r\n",
    b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\nContact: mailto:a@firm.test\nExpires: 2027-01-01T00:00:00Z\n",
    b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\nversion: STSv1\nmode: enforce\nmx: mx.firm.test\nmax_age: 9\n",
)
_SAID = (hostile.SMTP_HELLO, hostile.SMTP_OFFER, hostile.SMTP_GO, b"421 later\r\n", b"554 5.7.1 no\r\n", b"250 mx\r\n")


@pytest.mark.farm
@pytest.mark.soak
async def test_mutated_servers(tls: ssl.SSLContext, record_property: Callable[[str, object], None]) -> None:
    """Web and mail servers that talk nonsense; some ten thousand connections in a soak."""
    firm = [line.replace(ADDRESS, "198.18.66.98") for line in FIRM]
    firm += ["mta-sts.firm.test A 198.18.66.98", '_mta-sts.firm.test TXT "v=STSv1; id=1"']
    calls = 0
    async with responding(serving(*firm, authentic=[".", "test", "firm.test"])) as names:
        for seed in range(500 if SOAK else 6):
            chance = random.Random(seed)  # noqa: S311 - a test's dice
            web = hostile.mutated(chance, *_REPLIES)
            doors = [
                Door("198.18.66.98", 80, web),
                Door("198.18.66.98", 443, hostile.mutated_tls(chance, tls))
                if seed % 2
                else Door("198.18.66.98", 443, web, tls),
                Door("198.18.66.98", 25, hostile.mutated(chance, *_SAID)),
            ]
            async with hostile.standing(doors):
                network = Network(AddressGuard.allowing([ALLOWED]), (names.resolver,))
                found = await look("firm.test", names.resolver, network)
            calls += sum(network.calls.values())
            require_sense(found)
            assert max(one.after_s for one in found) < (WITHIN_S if SOAK else PATIENCE_S)
    record_property("mutated conversations", calls)
