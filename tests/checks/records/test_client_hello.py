import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.evidence.tls import Version
from checks.records.client_hello import Alert, NotTls, ServerHello, client_hello, read_reply

RANDOM = bytes(range(96))
ALERT_PROTOCOL_VERSION = b"\x15\x03\x01\x00\x02\x02\x46"
WARNING_UNRECOGNIZED_NAME = b"\x15\x03\x03\x00\x02\x01\x70"


def server_hello(version: int, extensions: bytes = b"", kind: int = 2) -> bytes:
    body = struct.pack("!H", version) + bytes(32) + b"\x02ab" + struct.pack("!H", 0xC02F) + b"\x00"
    if extensions:
        body += struct.pack("!H", len(extensions)) + extensions
    return bytes((kind,)) + len(body).to_bytes(3, "big") + body


def record(content: bytes, kind: int = 22) -> bytes:
    return struct.pack("!BHH", kind, 0x0303, len(content)) + content


@pytest.mark.parametrize("version", Version)
@pytest.mark.parametrize("host", ["a.fi", "good.test", f"{'a' * 63}.{'b' * 63}.{'c' * 63}.{'d' * 57}.fi"])
def test_hello_is_one_whole_record_of_a_length_that_no_server_hangs_on(version: Version, host: str) -> None:
    hello = client_hello(version, host, RANDOM)
    assert hello[0] == 22
    assert int.from_bytes(hello[3:5], "big") == len(hello) - 5
    assert int.from_bytes(hello[6:9], "big") == len(hello) - 9
    assert len(hello) - 5 not in range(256, 512)
    assert (host.encode() in hello) is (version is not Version.SSL3)


def test_only_the_modern_hello_names_its_version_in_an_extension() -> None:
    assert b"\x00\x2b\x00\x03\x02\x03\x04" in client_hello(Version.TLS13, "good.test", RANDOM)
    assert client_hello(Version.TLS11, "good.test", RANDOM)[9:11] == b"\x03\x02"
    assert client_hello(Version.SSL3, "good.test", RANDOM)[1:3] == b"\x03\x00"


def test_server_hello() -> None:
    assert read_reply(record(server_hello(0x0303))) == ServerHello(0x0303, 0xC02F)


def test_server_hello_of_the_modern_version() -> None:
    said = read_reply(record(server_hello(0x0303, b"\x00\x2b\x00\x02\x03\x04")))
    assert said == ServerHello(0x0304, 0xC02F, {43: b"\x03\x04"})


def test_server_hello_in_pieces() -> None:
    message = server_hello(0x0302)
    whole = record(message[:3]) + record(message[3:20]) + record(message[20:])
    for end in range(len(whole)):
        assert read_reply(whole[:end]) is None
    assert read_reply(whole + b"\x16\x03\x02\x40\x00more") == ServerHello(0x0302, 0xC02F)


def test_fatal_alert() -> None:
    assert read_reply(ALERT_PROTOCOL_VERSION) == Alert(70)


def test_warning_is_passed_over() -> None:
    assert read_reply(WARNING_UNRECOGNIZED_NAME) is None
    assert read_reply(WARNING_UNRECOGNIZED_NAME + record(server_hello(0x0303))) == ServerHello(0x0303, 0xC02F)


@pytest.mark.parametrize(
    "reply",
    [b"HTTP/1.1 400 Bad Request\r\n", b"SSH-2.0-x\r\n", b"\x16\x02\x00\x00\x01x", record(b"x" * 9, kind=23)],
)
def test_something_else_than_tls(reply: bytes) -> None:
    assert read_reply(reply) == NotTls()


def test_handshake_message_that_is_no_server_hello() -> None:
    assert read_reply(record(server_hello(0x0303, kind=1))) == NotTls()
    assert read_reply(record(b"\x02\x00\x00\x02\x03\x03")) == NotTls()
    assert read_reply(record(b"\x02\x00\x00\x26" + b"\x03\x03" + bytes(32) + b"\xff" + bytes(3))) == NotTls()


@given(st.binary(max_size=300))
def test_any_bytes_are_read(data: bytes) -> None:
    assert read_reply(data) is None or isinstance(read_reply(data), ServerHello | Alert | NotTls)


@given(st.binary(max_size=120))
def test_any_handshake_message_is_read(body: bytes) -> None:
    message = b"\x02" + len(body).to_bytes(3, "big") + body
    assert isinstance(read_reply(record(message)), ServerHello | NotTls)
