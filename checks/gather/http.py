"""Our own small HTTP client: one request, one head, at one vetted address, within one deadline."""

import asyncio
import contextlib
from dataclasses import dataclass, replace

from checks.addresses import VettedAddress
from checks.evidence.lookups import Reach
from checks.evidence.tls import Handshake, HandshakeEnd
from checks.evidence.web import HttpAnswer, Visit
from checks.gather.network import CONNECT_S, READ_LIMIT, Network, reach_of
from checks.gather.tls import shake_hands
from checks.records.http_head import end_of_head, parse_head
from checks.records.locations import Target

VISIT_S = 12.0
"""The longest that one visit takes, connecting included, whatever the server does."""
_HTTP = b"HTTP/1."
PAGE_S = 2.0
"""How long we wait for the page after its head: it is only a hint."""


def user_agent(contact: str) -> str:
    """How we introduce ourselves, with where the operator can be reached."""
    return f"Mozilla/5.0 (compatible; Kyberkunto; domain check{f'; +{contact}' if contact else ''})"


@dataclass(frozen=True, slots=True)
class Ports:
    """Where web servers listen. Others only in tests."""

    http: int = 80
    https: int = 443


async def visit(  # noqa: PLR0913 - one visit has this many sides
    network: Network,
    address: VettedAddress,
    target: Target,
    ports: Ports,
    within_s: float = VISIT_S,
    *,
    whole: bool = False,
) -> Visit:
    """One GET request at that address; the name travels in SNI and Host. Never raises for the network.

    With `whole` the answer has its page, as it was sent (see `checks.records.http_body`); else only where the page
    may tell more than the head: an ordinary one over http.
    """
    until = asyncio.get_running_loop().time() + within_s
    port = ports.https if target.secure else ports.http
    try:
        reader, writer = await network.connect(address, port, timeout_s=min(CONNECT_S, within_s))
    except OSError as error:
        return Visit(reach_of(error))
    handshake: Handshake | None = None
    try:
        if target.secure:
            handshake = await shake_hands(reader, writer, target.host, until, http=True)
            if handshake.end is not HandshakeEnd.OK:
                return Visit(Reach.OK, handshake)
        async with asyncio.timeout_at(until):
            return Visit(
                Reach.OK, handshake, await _ask(reader, writer, _Request(target, network.contact, whole=whole))
            )
    except TimeoutError:
        return Visit(Reach.OK, handshake, silent=True)
    except OSError:
        return Visit(Reach.OK, handshake)
    finally:
        writer.transport.abort()


@dataclass(frozen=True, slots=True)
class _Request:
    """What is asked for, in whose name, and whether the page itself is wanted."""

    target: Target
    contact: str
    whole: bool

    def wants_page(self, answer: HttpAnswer) -> bool:
        return answer.status == 200 and (self.whole or not self.target.secure)  # noqa: PLR2004 - RFC 9110, section 15.3.1


async def _ask(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: _Request) -> HttpAnswer | None:
    """The final response; interim ones (1xx) are passed over. None where its head does not end within the limit."""
    writer.write(_lines(request))
    data, begin = b"", 0
    while len(data) < READ_LIMIT:
        chunk = await reader.read(READ_LIMIT - len(data))
        if not chunk:
            return None
        look_from = max(begin, len(data) - 3)  # what came before holds no empty line, but perhaps its beginning
        data += chunk
        while (end := end_of_head(data, look_from)) is not None:
            answer = parse_head(data[begin:end])
            if answer is None or answer.status >= 200:  # noqa: PLR2004 - RFC 9110, section 15.2
                if answer is None or not request.wants_page(answer):
                    return answer
                return replace(answer, page=await _page(reader, data[end:]))
            begin = look_from = end
        if not data.startswith(_HTTP[: len(data)]):
            return None
    return None


async def _page(reader: asyncio.StreamReader, begun: bytes) -> bytes:
    """What comes of the page within its limits; a slow or broken rest does not spoil what was seen."""
    with contextlib.suppress(OSError):
        async with asyncio.timeout(PAGE_S):
            while len(begun) < READ_LIMIT and b"</html" not in begun.lower():
                chunk = await reader.read(READ_LIMIT - len(begun))
                if not chunk:
                    break
                begun += chunk
    return begun


def _lines(request: _Request) -> bytes:
    target = request.target
    lines = (
        f"GET {target.path} HTTP/1.1",
        f"Host: {target.host}",
        f"User-Agent: {user_agent(request.contact)}",
        "Accept: text/html,*/*;q=0.5",
        "Accept-Encoding: identity",
        "Upgrade-Insecure-Requests: 1",  # as browsers say; some servers lead only those on to https that say so
        "Connection: close",
    )
    return "\r\n".join((*lines, "", "")).encode("ascii")
