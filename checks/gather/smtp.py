"""Talks to the domain's mail servers as another mail server would, up to encryption, and says goodbye.

No mail is sent and no recipient is named.
"""

import asyncio
import contextlib
import re
import socket
from collections.abc import Iterable, Sequence

from checks.addresses import VettedAddress
from checks.evidence.lookups import HostAddresses, Reach, Vantage
from checks.evidence.mail import MailHost, MailRouting
from checks.evidence.smtp import Conversation, Ending, MailServer, MailServers
from checks.evidence.tls import HandshakeEnd
from checks.gather.gathering import Gathering
from checks.gather.network import Network, reach_of
from checks.gather.smtp_session import Session, UnspokenError
from checks.records.smtp_reply import Reply

SMTP_PORT = 25
MAX_SERVERS = 4
MAX_ADDRESSES = 2
CONVERSATION_S = 13.0
"""For a whole conversation, connecting included: some servers let strangers wait for their greeting."""
REFERENCE_S = 4.0
REFERENCES = ("gmail.com", "outlook.com")
"""Two domains whose mail servers always answer: where they do not, our own network is closed."""

_MASKED = re.compile(r"X{4,}[A-Z]?")
_GATEKEEPER = "IP-based SPAM blocker"
"""How OpenBSD's spamd greets strangers in the real server's place; it has no STARTTLS, and passes no mail on."""
_NOT_IMPLEMENTED = {500, 502}
_DOUBTFUL = {Ending.NOT_OFFERED, Ending.TLS_REFUSED, Ending.TLS_FAILED}
"""What something on our way may also have said in the server's place: a fault only where others do better."""
_HELD_BACK = {Reach.BUSY_HERE, Reach.CALLED_ENOUGH}
"""Where we did not even try."""
_SHAKEN = {
    HandshakeEnd.OK: Ending.ENCRYPTED,
    HandshakeEnd.TIMEOUT: Ending.SILENT,
    HandshakeEnd.DROPPED: Ending.CUT_OFF,
}
_FAILED = {Ending.TLS_FAILED, Ending.CUT_OFF}


async def gather_mail_servers(gathering: Gathering) -> MailServers:
    """The four most preferred mail servers, two addresses of each, all side by side."""
    return await talk_to_all(gathering, SMTP_PORT, REFERENCES)


async def talk_to_all(gathering: Gathering, port: int, references: Iterable[str]) -> MailServers:
    """As `gather_mail_servers`, at any port and with any references for our own way out."""
    routing, vantage = await asyncio.gather(gathering.part(MailRouting), gathering.part(Vantage))
    if not routing.answered or not routing.receives:
        return MailServers(())
    chosen = routing.hosts[:MAX_SERVERS]
    servers = await asyncio.gather(*(_talk_to(gathering.network, host, port, ipv6=vantage.ipv6) for host in chosen))
    tried = [conversation for server in servers for conversation in server.conversations]
    suspicious = _look_blocked(tried, implicit=routing.implicit)
    blocked = suspicious and await _is_blocked(gathering.network, port, references, ipv6=vantage.ipv6)
    compared = []
    if not _encrypts(tried) and any(one.ending in _DOUBTFUL for one in tried):
        compared = await _talk_to_references(gathering.network, port, references, ipv6=vantage.ipv6)
    passes = _encrypts((*tried, *compared))
    vanish = not passes and any(one.ending is Ending.NOT_OFFERED for one in compared)
    return MailServers(tuple(servers), blocked, passes, vanish)


def _encrypts(tried: Iterable[Conversation]) -> bool:
    return any(one.ending is Ending.ENCRYPTED for one in tried)


def _look_blocked(tried: Sequence[Conversation], *, implicit: bool) -> bool:
    """Whether our own network may be what closed every way; a web server that refuses mail is no sign of it."""
    if any(one.ending is not Ending.UNREACHED for one in tried):
        return False
    return any(one.reach not in _HELD_BACK and not (implicit and one.reach is Reach.REFUSED) for one in tried)


async def _talk_to(network: Network, host: MailHost, port: int, *, ipv6: bool) -> MailServer:
    if host.addresses is None:
        return MailServer(host.host, None)
    chosen = _choose(host.addresses, ipv6=ipv6)
    if not chosen:
        return MailServer(host.host, host.addresses, only_ipv6=bool(host.addresses.vetted))
    talks = await asyncio.gather(*(converse(network, host.host, address, port) for address in chosen))
    return MailServer(host.host, host.addresses, tuple(talks))


def _choose(addresses: HostAddresses, *, ipv6: bool) -> Sequence[VettedAddress]:
    """One address of each family that we can reach, or two of the one there is: the same ones at every check."""
    ranked = sorted(addresses.vetted, key=lambda address: address.text)
    v4 = [address for address in ranked if not address.is_ipv6]
    v6 = [address for address in ranked if address.is_ipv6] if ipv6 else []
    return [*v4[:1], *v6[:1], *v4[1:], *v6[1:]][:MAX_ADDRESSES]


async def _is_blocked(network: Network, port: int, references: Iterable[str], *, ipv6: bool) -> bool:
    """Whether no reference answers either. Where none can even be looked up we cannot say that."""
    reached = await asyncio.gather(*(_reaches(network, domain, port, ipv6=ipv6) for domain in references))
    known = [one for one in reached if one is not None]
    return bool(known) and not any(known)


async def _reaches(network: Network, domain: str, port: int, *, ipv6: bool) -> bool | None:
    """Whether a mail server of that domain takes a connection; None where it could not be looked up."""
    found = await _reference(network, domain, ipv6=ipv6)
    if found is None:
        return None
    try:
        _, writer = await network.connect(found[1], port, timeout_s=REFERENCE_S)
    except OSError as error:
        return None if reach_of(error) in _HELD_BACK else False
    writer.transport.abort()
    return True


async def _talk_to_references(
    network: Network, port: int, references: Iterable[str], *, ipv6: bool
) -> list[Conversation]:
    """A short conversation with each reference that could be looked up."""
    looked_up = await asyncio.gather(*(_reference(network, domain, ipv6=ipv6) for domain in references))
    found = [one for one in looked_up if one is not None]
    return await asyncio.gather(
        *(converse(network, host, address, port, within_s=REFERENCE_S) for host, address in found)
    )


async def _reference(network: Network, domain: str, *, ipv6: bool) -> tuple[str, VettedAddress] | None:
    """The most preferred mail server of that domain; None where it could not be looked up."""
    mx = await network.ask(domain, "MX")
    if not mx.records:
        return None
    _, _, host = min(mx.records, key=lambda record: int(record.partition(" ")[0])).partition(" ")
    host = host.removesuffix(".")
    chosen = _choose(await network.addresses(host), ipv6=ipv6)
    return (host, chosen[0]) if chosen else None


async def converse(
    network: Network, host: str, address: VettedAddress, port: int, *, within_s: float | None = None
) -> Conversation:
    """One conversation with one address, within that time; where the handshake failed, a second one, which counts."""
    until = network.deadline(CONVERSATION_S if within_s is None else within_s)
    try:
        async with asyncio.timeout_at(until):
            first = await _once(network, host, address, port, until)
            return await _once(network, host, address, port, until) if first.ending in _FAILED else first
    except TimeoutError:
        return Conversation(address.text, Ending.SILENT)


async def _once(network: Network, host: str, address: VettedAddress, port: int, until: float) -> Conversation:
    try:
        streams = await network.connect(address, port)
    except OSError as error:
        return Conversation(address.text, Ending.UNREACHED, reach_of(error))
    session = Session(*streams)
    try:
        with contextlib.ExitStack() as unless_done:
            unless_done.callback(session.close)
            conversation = await _speak(session, host, address.text, until)
            unless_done.pop_all()
    except UnspokenError:
        return Conversation(address.text, Ending.NOT_SMTP)
    except TimeoutError:
        return Conversation(address.text, Ending.SILENT)
    except (OSError, EOFError):
        return Conversation(address.text, Ending.BROKEN_OFF)
    network.see_off(session.leave(until))
    return conversation


async def _speak(session: Session, host: str, address: str, until: float) -> Conversation:
    greeting = await session.reply()
    if greeting.code != 220:  # noqa: PLR2004 - ready (RFC 5321, section 4.2.3)
        return Conversation(address, _unwilling(greeting), code=greeting.code)
    if any(_GATEKEEPER in line for line in greeting.lines):
        return Conversation(address, Ending.TRY_LATER, code=greeting.code)
    hello = await session.ask(f"EHLO {own_name(session.local_address)}")
    if hello.code in _NOT_IMPLEMENTED:
        return await _speak_as_of_old(session, address)
    if hello.code != 250:  # noqa: PLR2004 - done (the same)
        return Conversation(address, _unwilling(hello), code=hello.code)
    if "STARTTLS" not in hello.keywords:
        masked = any(_MASKED.fullmatch(word) for word in hello.keywords)
        return Conversation(address, Ending.MASKED if masked else Ending.NOT_OFFERED, code=hello.code)
    return await _ask_for_encryption(session, host, address, until)


async def _speak_as_of_old(session: Session, address: str) -> Conversation:
    """A server that does not know EHLO knows no STARTTLS either; one that refuses HELO too refuses us."""
    hello = await session.ask(f"HELO {own_name(session.local_address)}")
    ending = Ending.NOT_OFFERED if hello.code == 250 else _unwilling(hello)  # noqa: PLR2004 - done (the same)
    return Conversation(address, ending, code=hello.code)


async def _ask_for_encryption(session: Session, host: str, address: str, until: float) -> Conversation:
    agreed = await session.ask("STARTTLS")
    if agreed.code != 220:  # noqa: PLR2004 - ready (the same)
        busy = agreed.code < 500  # noqa: PLR2004 - 454: not now (RFC 3207, section 4)
        return Conversation(address, Ending.TRY_LATER if busy else Ending.TLS_REFUSED, code=agreed.code)
    handshake = await session.encrypt(host, until)
    ending = _SHAKEN.get(handshake.end, Ending.TLS_FAILED)
    return Conversation(address, ending, code=agreed.code, handshake=handshake)


def _unwilling(reply: Reply) -> Ending:
    return Ending.TURNED_AWAY if reply.code >= 500 else Ending.TRY_LATER  # noqa: PLR2004 - permanent (RFC 5321)


def own_name(local_address: str) -> str:
    """What we call ourselves: this machine's full name, else the address as a literal (RFC 5321, section 4.1.3)."""
    name = socket.gethostname().rstrip(".")
    if re.fullmatch(r"[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+", name):
        return name
    return f"[IPv6:{local_address}]" if ":" in local_address else f"[{local_address}]"
