"""Hellos made by hand against real TLS servers on loopback (OpenSSL of two ages, tlslite), and against hostile ones."""

import asyncio
import contextlib
import socket
import ssl
import struct
import time
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from OpenSSL import SSL

from checks.addresses import AddressGuard
from checks.evidence.lookups import Answer, HostAddresses, Lookup
from checks.evidence.tls import Version
from checks.evidence.tls_probes import CipherKind, Feature, KeyAgreement, Reply, Response
from checks.gather.network import Network
from checks.gather.tls_probes import (
    MAX_PROBES,
    OLD_VERSIONS,
    Server,
    first_addresses,
    offer_ciphers,
    offer_groups,
    offer_version,
)
from checks.gather.visits import MAX_VISITS, Site
from checks.records.certificates import public_key
from checks.records.cipher_suites import FORWARD_SECRET, PLAIN, Weakness, weakness_of
from tests.checks.hostile import HOSTILE
from tests.checks.making import Wanted, authority, issue
from tests.checks.serving import PAGE, Handler, closed_port, over_tls, saying, serving, tls_context
from tests.farm.old_web import shake_hands

GUARD = AddressGuard.allowing(["127.0.0.0/8"])
LOOPBACK = GUARD.vet("127.0.0.1")
ISSUER = authority("Loopback Root")
LEAF = issue(Wanted(key=rsa.generate_private_key(65537, 2048)), ISSUER)
SAFE_FEATURES = {Feature.SECURE_RENEGOTIATION, Feature.EXTENDED_MASTER_SECRET}


def network() -> Network:
    """One inspection's, of which each may only make so many connections."""
    return Network(GUARD, ())


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    return LEAF.write(tmp_path)


def at(port: int) -> Server:
    return Server(LOOPBACK, port, "good.test")


async def versions(port: int, within_s: float = 5) -> dict[Version, Response]:
    said = await asyncio.gather(*(offer_version(network(), at(port), each, within_s) for each in OLD_VERSIONS))
    return dict(zip(OLD_VERSIONS, said, strict=True))


async def ciphers(port: int, within_s: float = 5) -> dict[CipherKind, Response]:
    said = await asyncio.gather(*(offer_ciphers(network(), at(port), kind, within_s) for kind in CipherKind))
    return dict(zip(CipherKind, said, strict=True))


def accepted(replies: dict[Version, Response]) -> set[Version]:
    return {version for version, said in replies.items() if said.accepted}


def old_library(files: tuple[Path, Path], **changed: object) -> Handler:
    """A server on tlslite; `changed` are its HandshakeSettings."""

    def handle(connection: socket.socket) -> None:
        shake_hands(connection, *files, {"minVersion": (3, 0), **changed}, anonymous=True)

    return handle


def newest_library(files: tuple[Path, Path]) -> Handler:
    """A server on the OpenSSL inside `cryptography`, which knows the post-quantum group."""
    context = SSL.Context(SSL.TLS_SERVER_METHOD)
    context.use_certificate_chain_file(str(files[0]))
    context.use_privatekey_file(str(files[1]))

    def handle(connection: socket.socket) -> None:
        encrypted = SSL.Connection(context, connection)
        encrypted.set_accept_state()
        with contextlib.suppress(SSL.Error):
            encrypted.do_handshake()

    return handle


def server_hello(cipher: int, version: int = 0x0303, extensions: bytes = b"", compression: int = 0) -> bytes:
    body = struct.pack("!H", version) + bytes(33) + struct.pack("!HB", cipher, compression)
    body += struct.pack("!H", len(extensions)) + extensions
    message = b"\x02" + len(body).to_bytes(3, "big") + body
    return struct.pack("!BHH", 22, version, len(message)) + message


@pytest.mark.parametrize(
    ("oldest", "newest", "spoken"),
    [
        ("TLSv1_2", "TLSv1_3", {Version.TLS12}),
        ("TLSv1_3", "TLSv1_3", set()),
        ("TLSv1", "TLSv1_3", {Version.TLS10, Version.TLS11, Version.TLS12}),
        ("TLSv1", "TLSv1_1", {Version.TLS10, Version.TLS11}),
    ],
)
async def test_versions_of_openssl(files: tuple[Path, Path], oldest: str, newest: str, spoken: set[Version]) -> None:
    async with serving(over_tls(tls_context(*files, oldest, newest), saying(PAGE))) as server:
        replies = await versions(server.port)
        assert server.visits == len(OLD_VERSIONS)
    assert accepted(replies) == spoken
    assert {said.reply for version, said in replies.items() if version not in spoken} == {Reply.REFUSED}
    assert all(replies[version].features == SAFE_FEATURES for version in spoken)


async def test_versions_and_ciphers_of_an_old_server(files: tuple[Path, Path]) -> None:
    settings = {"cipherNames": ["aes128", "3des", "rc4", "null"]}
    async with serving(old_library(files, **settings)) as server:
        replies, seen = await asyncio.gather(versions(server.port), ciphers(server.port))
    assert accepted(replies) == set(OLD_VERSIONS) - {Version.SSL2}
    assert replies[Version.SSL2].reply in {Reply.REFUSED, Reply.DROPPED}
    assert weakness_of(seen[CipherKind.BROKEN].cipher or 0) in {Weakness.NULL, Weakness.ANONYMOUS}
    assert weakness_of(seen[CipherKind.WEAK].cipher or 0) is Weakness.TRIPLE_DES
    assert seen[CipherKind.FORWARD_SECRET].cipher in FORWARD_SECRET


@pytest.mark.parametrize(("name", "weakness"), [("rc4", Weakness.RC4), ("3des", Weakness.TRIPLE_DES)])
async def test_one_weak_cipher_is_found_among_good_ones(
    files: tuple[Path, Path], name: str, weakness: Weakness
) -> None:
    settings = {"minVersion": (3, 3), "cipherNames": ["aes128gcm", name]}
    settings["keyExchangeNames"] = ["ecdhe_rsa", "rsa"]
    async with serving(old_library(files, **settings)) as server:
        seen = await ciphers(server.port)
    assert weakness_of(seen[CipherKind.WEAK].cipher or 0) is weakness
    assert seen[CipherKind.BROKEN].reply is Reply.REFUSED


async def test_plain_key_exchange_alone(files: tuple[Path, Path]) -> None:
    context = tls_context(*files, newest="TLSv1_2")
    context.set_ciphers("AES128-GCM-SHA256:AES256-SHA")
    async with serving(over_tls(context, saying(PAGE))) as server:
        replies, seen = await asyncio.gather(versions(server.port), ciphers(server.port))
    assert replies[Version.TLS12].cipher in PLAIN
    assert {said.reply for said in seen.values()} == {Reply.REFUSED}


async def test_openssl_that_encrypts_nothing(files: tuple[Path, Path]) -> None:
    context = tls_context(*files)
    context.set_ciphers("ALL:eNULL:@SECLEVEL=0")
    async with serving(over_tls(context, saying(PAGE))) as server:
        seen = await ciphers(server.port)
    assert seen[CipherKind.BROKEN].accepted
    assert seen[CipherKind.WEAK].reply is Reply.REFUSED


async def test_server_without_an_extended_master_secret_that_answers_heartbeats(files: tuple[Path, Path]) -> None:
    settings = {"useExtendedMasterSecret": False, "use_heartbeat_extension": True}
    async with serving(old_library(files, **settings)) as server:
        said = await offer_version(network(), at(server.port), Version.TLS12, 5)
    assert said.features == {Feature.SECURE_RENEGOTIATION, Feature.HEARTBEAT}


async def test_server_that_compresses_and_renegotiates_insecurely() -> None:
    async with serving(saying(server_hello(0xC02F, compression=1))) as server:
        said = await offer_version(network(), at(server.port), Version.TLS12, 5)
    assert said == Response(Reply.ACCEPTED, 0xC02F, frozenset({Feature.COMPRESSION}))


async def test_answer_that_was_not_offered_is_no_agreement() -> None:
    async with serving(saying(server_hello(0x1301))) as server:
        replies, seen = await asyncio.gather(versions(server.port), ciphers(server.port))
    assert accepted(replies) == set()
    assert {said.reply for said in seen.values()} == {Reply.REFUSED}
    async with serving(saying(server_hello(0xC02F, version=0x0302))) as server:
        replies = await versions(server.port)
    assert accepted(replies) == {Version.TLS11}


def ssl2_reply(ciphers: bytes, certificate: bytes) -> bytes:
    message = struct.pack("!BBBHHHH", 4, 0, 1, 2, len(certificate), len(ciphers), 16)
    message += certificate + ciphers + bytes(16)
    return struct.pack("!H", 0x8000 | len(message)) + message


async def test_server_that_speaks_ssl2_shows_its_key() -> None:
    async with serving(saying(ssl2_reply(b"\x07\x00\xc0", LEAF.der))) as server:
        said = await offer_version(network(), at(server.port), Version.SSL2, 5)
    key = public_key(LEAF.certificate)
    assert key is not None
    assert said == Response(Reply.ACCEPTED, 0x0700C0, key=key.digest)


async def test_server_that_offers_no_cipher_of_ssl2_has_it_switched_off() -> None:
    async with serving(saying(ssl2_reply(b"", LEAF.der))) as server:
        said = await offer_version(network(), at(server.port), Version.SSL2, 5)
    assert said == Response(Reply.REFUSED)


async def test_post_quantum_group_of_the_newest_openssl(files: tuple[Path, Path]) -> None:
    async with serving(newest_library(files)) as server:
        assert await offer_groups(network(), at(server.port), 5) == KeyAgreement(Reply.ACCEPTED, "X25519MLKEM768")


async def test_group_of_an_older_openssl(files: tuple[Path, Path]) -> None:
    if ssl.OPENSSL_VERSION_INFO >= (3, 5):
        pytest.skip("this machine's own OpenSSL knows the post-quantum group")
    async with serving(over_tls(tls_context(*files), saying(PAGE))) as server:
        assert await offer_groups(network(), at(server.port), 5) == KeyAgreement(Reply.ACCEPTED, "X25519")


async def test_server_without_the_modern_version_agrees_on_no_group(files: tuple[Path, Path]) -> None:
    async with serving(over_tls(tls_context(*files, newest="TLSv1_2"), saying(PAGE))) as server:
        assert await offer_groups(network(), at(server.port), 5) == KeyAgreement(Reply.REFUSED)


async def test_group_that_was_not_offered_is_no_agreement() -> None:
    retry = server_hello(0x1301, extensions=b"\x00\x2b\x00\x02\x03\x04\x00\x33\x00\x02\x12\x34")
    async with serving(saying(retry)) as server:
        assert await offer_groups(network(), at(server.port), 5) == KeyAgreement(Reply.REFUSED)


async def test_plain_http_where_encryption_should_be() -> None:
    async with serving(saying(b"HTTP/1.1 400 Bad Request\r\n\r\n")) as server:
        replies, seen = await asyncio.gather(versions(server.port), ciphers(server.port))
    assert {said.reply for said in (*replies.values(), *seen.values())} == {Reply.NOT_TLS}


def site(host: str, *addresses: str) -> Site:
    vetted = tuple(GUARD.vet(text) for text in addresses)
    nothing = Answer(host, "AAAA", Lookup.NO_DATA)
    return Site(host, HostAddresses(host, Answer(host, "A", Lookup.FOUND, addresses), nothing, vetted, ()), vetted)


def test_two_addresses_are_asked_and_every_name_has_its_turn() -> None:
    sites = [site("good.test", "127.0.0.1", "127.0.0.2"), site("www.good.test", "127.0.0.3", "127.0.0.1")]
    assert [(address.text, hosts) for address, hosts in first_addresses(sites)] == [
        ("127.0.0.1", ["good.test", "www.good.test"]),
        ("127.0.0.3", ["www.good.test"]),
    ]
    assert len(first_addresses(sites[:1])) == 2
    assert first_addresses([]) == []


def test_no_address_gets_more_than_sixteen_connections() -> None:
    assert MAX_VISITS + MAX_PROBES == 16


async def test_closed_port() -> None:
    port = closed_port()
    assert {said.reply for said in (await versions(port)).values()} == {Reply.UNREACHED}
    assert await offer_groups(network(), at(port), 5) == KeyAgreement(Reply.UNREACHED)


@pytest.mark.parametrize("name", HOSTILE)
async def test_hostile_server_ends_within_the_deadline_and_agrees_to_nothing(name: str) -> None:
    began = time.monotonic()
    async with serving(HOSTILE[name]) as server:
        replies, seen, agreed = await asyncio.gather(
            versions(server.port, 1.0), ciphers(server.port, 1.0), offer_groups(network(), at(server.port), 1.0)
        )
        assert time.monotonic() - began < 3
    assert not any(said.accepted for said in (*replies.values(), *seen.values()))
    assert agreed.group is None
