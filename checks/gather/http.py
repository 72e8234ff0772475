"""Our own small HTTP client: one request, one head, at one vetted address, within one deadline."""

import asyncio
import contextlib

from msgspec import Struct
from msgspec.structs import replace

from checks.addresses import VettedAddress
from checks.evidence.lookups import Reach
from checks.evidence.tls import Handshake, HandshakeEnd
from checks.evidence.web import HttpAnswer, Visit
from checks.gather.network import CONNECT_S, READ_LIMIT, Network, reach_of
from checks.gather.tls import shake_hands
from checks.records.http_body import says_its_end
from checks.records.http_head import end_of_head, parse_head
from checks.records.locations import Target

VISIT_S = 12.0
"""The longest that one visit takes, connecting included, whatever the server does."""
_HTTP = b"HTTP/1."
PAGE_S = 2.0
"""How long we wait for the page after its head: a short text, or only a hint."""
SPARE_S = 0.1
"""So much earlier than the visit itself the wait for its page ends: a page that does not come spoils no head."""
PAGES = "text/html,*/*;q=0.5"
"""The kinds of content that a visitor asks for."""
_LONGEST_MARK = len(b"</html")


def user_agent(contact: str) -> str:
    """How we introduce ourselves, with where the operator can be reached."""
    return f"Mozilla/5.0 (compatible; Kyberkunto; domain check{f'; +{contact}' if contact else ''})"


class Ports(Struct, frozen=True):
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
    accept: str = PAGES,
) -> Visit:
    """One GET request at that address; the name travels in SNI and Host. Never raises for the network.

    An ordinary answer has its page, as it was sent (see `checks.records.http_body`): over https only until the head of
    the document ends, which may say more of what the headers say; with `whole` all of it.
    `accept`: which kinds of content are asked for (RFC 9110, section 12.5.1).
    """
    until = network.deadline(within_s)
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
            request = _Request(target, network.contact, until, accept, whole=whole)
            return Visit(Reach.OK, handshake, await _ask(reader, writer, request))
    except TimeoutError:
        return Visit(Reach.OK, handshake, silent=True)
    except OSError:
        return Visit(Reach.OK, handshake)
    finally:
        writer.transport.abort()


class _Request(Struct, frozen=True):
    """What is asked for, in whose name, until when (by the event loop's clock), and whether all of the page."""

    target: Target
    contact: str
    until: float
    accept: str
    whole: bool

    @property
    def enough(self) -> tuple[bytes, ...]:
        """What marks that enough of the page was read; in lower case."""
        if self.whole:
            return ()
        return (b"</head", b"<body", b"</html") if self.target.secure else (b"</html",)


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
                if answer is None or answer.status != 200:  # noqa: PLR2004 - RFC 9110, section 15.3.1
                    return answer
                return await _with_page(reader, request, answer, data[end:])
            begin = look_from = end
        if not data.startswith(_HTTP[: len(data)]):
            return None
    return None


async def _with_page(reader: asyncio.StreamReader, request: _Request, answer: HttpAnswer, begun: bytes) -> HttpAnswer:
    """What comes of the page within its limits; a slow or broken rest does not spoil what was seen."""
    answer, looked = replace(answer, page=begun, cut_off=True), 0
    now = asyncio.get_running_loop().time()
    with contextlib.suppress(OSError):
        async with asyncio.timeout_at(min(now + PAGE_S, request.until - SPARE_S)):
            while len(answer.page) < READ_LIMIT and not says_its_end(answer):
                if any(mark in answer.page[looked:].lower() for mark in request.enough):
                    break
                looked = max(len(answer.page) - _LONGEST_MARK, 0)
                chunk = await reader.read(READ_LIMIT - len(answer.page))
                if not chunk:
                    return replace(answer, cut_off=False)
                answer = replace(answer, page=answer.page + chunk)
    return answer


def _lines(request: _Request) -> bytes:
    target = request.target
    lines = (
        f"GET {target.path} HTTP/1.1",
        f"Host: {target.host}",
        f"User-Agent: {user_agent(request.contact)}",
        f"Accept: {request.accept}",
        "Accept-Encoding: identity",
        "Upgrade-Insecure-Requests: 1",  # as browsers say; some servers lead only those on to https that say so
        "Connection: close",
    )
    return "\r\n".join((*lines, "", "")).encode("ascii")
