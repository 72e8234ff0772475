"""Asks web servers what else they would agree to: each ClientHello on a connection of its own, left at the answer."""

import asyncio
import os
from collections.abc import Callable, Sequence
from itertools import chain, zip_longest

from msgspec import Struct

from checks.addresses import VettedAddress
from checks.evidence.lookups import Reach
from checks.evidence.tls import Handshake, HandshakeEnd, Version
from checks.evidence.tls_probes import (
    AddressProbes,
    CipherKind,
    Feature,
    KeyAgreement,
    KeyAgreements,
    Reply,
    Response,
    TlsProbes,
)
from checks.gather.gathering import Gathering
from checks.gather.network import CONNECT_S, Network, reach_of
from checks.gather.visits import Site, Visits
from checks.records import cipher_suites
from checks.records.client_hello import (
    CODES,
    DEFLATE,
    EXTENDED_MASTER_SECRET,
    GROUPS,
    HEARTBEAT,
    RENEGOTIATION_INFO,
    Offer,
    client_hello,
)
from checks.records.locations import Target
from checks.records.server_hello import Alert, NotTls, ServerHello, read_reply
from checks.records.ssl2 import Ssl2Hello, read_ssl2_reply, ssl2_hello

MAX_ADDRESSES = 2
"""How many of a domain's addresses are asked: within sixty connections there is no room for more."""
MAX_PROBES = 8
"""Connections to each of them, all at once; with `visits.MAX_VISITS` they are the sixteen that we allow ourselves."""
MAX_REPLY = 16 * 1024

OLD_VERSIONS = tuple(version for version in Version if version is not Version.TLS13)
_CIPHERS = {
    CipherKind.BROKEN: cipher_suites.BROKEN,
    CipherKind.WEAK: cipher_suites.WEAK,
    CipherKind.FORWARD_SECRET: cipher_suites.FORWARD_SECRET,
}
_FEATURES = {
    RENEGOTIATION_INFO: Feature.SECURE_RENEGOTIATION,
    EXTENDED_MASTER_SECRET: Feature.EXTENDED_MASTER_SECRET,
    HEARTBEAT: Feature.HEARTBEAT,
}
_SPOKE_TLS = {HandshakeEnd.OK, HandshakeEnd.TOO_OLD}
_MODERN = "TLSv1.3"
_EPHEMERAL = ("ECDHE-", "DHE-", "TLS_")
"""How OpenSSL's names of ciphers with forward secrecy begin."""

Said = ServerHello | Ssl2Hello | Alert | NotTls | None


class Server(Struct, frozen=True):
    """Whom to ask, and by which name."""

    address: VettedAddress
    port: int
    host: str


async def gather_tls_probes(gathering: Gathering) -> TlsProbes:
    """At most seven short connections to each address, and only where the domain was stated to be the asker's.

    No visitor asks for these versions and ciphers.
    """
    if not gathering.consent.probes:
        return TlsProbes(stated=False)
    visits = await gathering.part(Visits)
    servers = first_addresses(await visits.sites())
    found = await asyncio.gather(*(_probe(visits, address, hosts) for address, hosts in servers))
    return TlsProbes(stated=True, addresses=dict(each for each in found if each is not None))


async def gather_key_agreements(gathering: Gathering) -> KeyAgreements:
    """One short connection to each address that speaks TLS 1.3.

    It needs no statement: it offers what every browser of today offers, and leaves before anything is agreed.
    """
    visits = await gathering.part(Visits)
    servers = first_addresses(await visits.sites())
    found = await asyncio.gather(*(_agree(visits, address, hosts) for address, hosts in servers))
    return KeyAgreements(dict(each for each in found if each is not None))


def first_addresses(sites: Sequence[Site]) -> list[tuple[VettedAddress, list[str]]]:
    """The addresses that are asked, those of the host names by turns, each with the names that lead there."""
    turns = chain.from_iterable(zip_longest(*(site.chosen for site in sites)))
    first = list(dict.fromkeys(address for address in turns if address is not None))[:MAX_ADDRESSES]
    return [(address, [site.host for site in sites if address in site.chosen]) for address in first]


async def _shaken(visits: Visits, address: VettedAddress, hosts: list[str]) -> tuple[Server, Handshake] | None:
    """The first of those names at which the address spoke TLS to a visitor; None where it does at none."""
    for host in hosts:
        handshake = (await visits.visit(address, Target(host, secure=True))).handshake
        if handshake and handshake.end in _SPOKE_TLS:
            return Server(address, visits.ports.https, host), handshake
    return None


async def _probe(visits: Visits, address: VettedAddress, hosts: list[str]) -> tuple[str, AddressProbes] | None:
    shaken = await _shaken(visits, address, hosts)
    if shaken is None:
        return None
    server, handshake = shaken
    network, within_s = visits.gathering.network, visits.left_s
    kinds = [kind for kind in CipherKind if kind is not CipherKind.FORWARD_SECRET or not _is_forward_secret(handshake)]
    said = await asyncio.gather(
        *(offer_version(network, server, version, within_s) for version in OLD_VERSIONS),
        *(offer_ciphers(network, server, kind, within_s) for kind in kinds),
    )
    versions: dict[Version, Response] = dict(zip(OLD_VERSIONS, said, strict=False))
    modern = Reply.ACCEPTED if handshake.version == _MODERN else Reply.REFUSED
    ciphers = dict(zip(kinds, said[len(OLD_VERSIONS) :], strict=True))
    return address.text, AddressProbes({**versions, Version.TLS13: Response(modern)}, ciphers)


async def _agree(visits: Visits, address: VettedAddress, hosts: list[str]) -> tuple[str, KeyAgreement] | None:
    shaken = await _shaken(visits, address, hosts)
    if shaken is None or shaken[1].version != _MODERN:
        return None
    return address.text, await offer_groups(visits.gathering.network, shaken[0], visits.left_s)


def _is_forward_secret(handshake: Handshake) -> bool:
    """Whether it was seen to be; a server too old to shake hands with has worse to mend."""
    return handshake.cipher is None or handshake.cipher.startswith(_EPHEMERAL)


async def offer_version(network: Network, server: Server, version: Version, within_s: float) -> Response:
    """What the server says to a ClientHello with that version only, up to TLS 1.2. Never raises for the network."""
    if version is Version.SSL2:
        return _to_ssl2(await _ask(network, server, ssl2_hello(os.urandom(16)), read_ssl2_reply, within_s))
    offer = Offer(version)
    said = await _ask(network, server, client_hello(offer, server.host, os.urandom(64)), read_reply, within_s)
    return _to_offer(said, offer, {CODES[version]})


async def offer_ciphers(network: Network, server: Server, kind: CipherKind, within_s: float) -> Response:
    """What the server says to a ClientHello with such ciphers only, in whatever version up to TLS 1.2."""
    offer = Offer(Version.TLS12, _CIPHERS[kind])
    said = await _ask(network, server, client_hello(offer, server.host, os.urandom(64)), read_reply, within_s)
    return _to_offer(said, offer, {CODES[version] for version in OLD_VERSIONS if version is not Version.SSL2})


async def offer_groups(network: Network, server: Server, within_s: float) -> KeyAgreement:
    """Which group the server prefers in TLS 1.3, of those that browsers offer, the post-quantum one first."""
    offer = Offer(Version.TLS13, cipher_suites.MODERN)
    said = await _ask(network, server, client_hello(offer, server.host, os.urandom(64)), read_reply, within_s)
    response = _to_offer(said, offer, {CODES[Version.TLS13]})
    group = GROUPS.get(said.group or 0) if isinstance(said, ServerHello) else None
    if response.accepted and group is None:
        return KeyAgreement(Reply.REFUSED)
    return KeyAgreement(response.reply, group if response.accepted else None)


async def _ask(
    network: Network, server: Server, hello: bytes, read: Callable[[bytes], Said], within_s: float
) -> Said | Reply:
    """The server's first word, or how it gave none; within one deadline, connecting included."""
    until = network.deadline(within_s)
    try:
        reader, writer = await network.connect(server.address, server.port, timeout_s=min(CONNECT_S, within_s))
    except OSError as error:
        return Reply.SILENT if reach_of(error) is Reach.TIMEOUT else Reply.UNREACHED
    try:
        async with asyncio.timeout_at(until):
            writer.write(hello)
            return await _listen(reader, read)
    except TimeoutError:
        return Reply.SILENT
    except OSError:
        return Reply.DROPPED
    finally:
        writer.transport.abort()


async def _listen(reader: asyncio.StreamReader, read: Callable[[bytes], Said]) -> Said:
    """None where the server hung up before its first word, or went on without coming to one."""
    data = b""
    while len(data) < MAX_REPLY:
        chunk = await reader.read(MAX_REPLY - len(data))
        if not chunk:
            return None
        data += chunk
        said = read(data)
        if said is not None:
            return said
    return None


def _to_offer(said: Said | Reply, offer: Offer, versions: set[int]) -> Response:
    """What an answer in TLS means: the server agreed only where it chose from what was offered."""
    if not isinstance(said, ServerHello):
        return Response(_without_agreement(said))
    if said.version not in versions or said.cipher not in offer.ciphers:
        return Response(Reply.REFUSED)
    features = {feature for number, feature in _FEATURES.items() if number in said.extensions}
    if said.compression == DEFLATE:
        features.add(Feature.COMPRESSION)
    return Response(Reply.ACCEPTED, said.cipher, frozenset(features))


def _to_ssl2(said: Said | Reply) -> Response:
    """What an answer to SSL 2.0 means. A server that offers no cipher at all has it switched off."""
    if isinstance(said, ServerHello):
        return Response(Reply.REFUSED)
    if not isinstance(said, Ssl2Hello):
        return Response(_without_agreement(said))
    if not said.ciphers:
        return Response(Reply.REFUSED)
    from checks.records.certificates import load, public_key  # noqa: PLC0415 - start-up: hardly any server has SSL 2.0

    certificate = load(said.certificate)
    key = public_key(certificate) if certificate else None
    return Response(Reply.ACCEPTED, said.ciphers[0], key=key.digest if key else None)


def _without_agreement(said: Ssl2Hello | Alert | NotTls | Reply | None) -> Reply:
    match said:
        case Reply():
            return said
        case Alert():
            return Reply.REFUSED
        case Ssl2Hello() | NotTls():
            return Reply.NOT_TLS
        case None:
            return Reply.DROPPED
