import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.records.server_hello import Alert, NotTls, ServerHello, read_reply

ALERT_PROTOCOL_VERSION = b"\x15\x03\x01\x00\x02\x02\x46"
WARNING_UNRECOGNIZED_NAME = b"\x15\x03\x03\x00\x02\x01\x70"


def server_hello(version: int, extensions: bytes = b"", kind: int = 2, compression: int = 0) -> bytes:
    body = struct.pack("!H", version) + bytes(32) + b"\x02ab" + struct.pack("!HB", 0xC02F, compression)
    if extensions:
        body += struct.pack("!H", len(extensions)) + extensions
    return bytes((kind,)) + len(body).to_bytes(3, "big") + body


def record(content: bytes, kind: int = 22) -> bytes:
    return struct.pack("!BHH", kind, 0x0303, len(content)) + content


def test_server_hello() -> None:
    assert read_reply(record(server_hello(0x0303))) == ServerHello(0x0303, 0xC02F)


def test_server_hello_that_compresses() -> None:
    assert read_reply(record(server_hello(0x0301, compression=1))) == ServerHello(0x0301, 0xC02F, 1)


def test_server_hello_of_the_modern_version() -> None:
    said = read_reply(record(server_hello(0x0303, b"\x00\x2b\x00\x02\x03\x04\x00\x33\x00\x02\x11\xec")))
    assert said == ServerHello(0x0304, 0xC02F, extensions={43: b"\x03\x04", 51: b"\x11\xec"})
    assert said.group == 0x11EC
    assert ServerHello(0x0303, 0xC02F).group is None


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


@pytest.mark.parametrize(
    "message",
    [
        server_hello(0x0303, kind=1),
        b"\x02\x00\x00\x02\x03\x03",
        b"\x02\x00\x00\x26" + b"\x03\x03" + bytes(32) + b"\xff" + bytes(3),
        b"\x02\x00\x00\x49" + b"\x03\x03" + bytes(32) + b"\x21" + bytes(38),  # a session id of 33 bytes
        server_hello(0x0303, b"\x00"),
        server_hello(0x0303, b"\x00\x17\x00\x01"),
        server_hello(0x0303, b"\x00\x17\x00\x00\x00"),
    ],
)
def test_what_only_looks_like_a_server_hello(message: bytes) -> None:
    assert read_reply(record(message)) == NotTls()


def test_extensions_beyond_their_length() -> None:
    message = server_hello(0x0303, b"\x00\x17\x00\x00")
    cut = message[:1] + (len(message) - 5).to_bytes(3, "big") + message[4:-1]
    assert read_reply(record(cut)) == NotTls()


@pytest.mark.parametrize("piece", [b"\x16\x03\x01\x00\x00", b"\x15\x03\x01\x00\x02\x01\x00", record(b"\x02")])
def test_records_without_end_are_no_hello(piece: bytes) -> None:
    assert read_reply(piece * 20) is None
    assert read_reply(piece * 2000) == NotTls()


@given(st.binary(max_size=300))
def test_any_bytes_are_read(data: bytes) -> None:
    assert read_reply(data) is None or isinstance(read_reply(data), ServerHello | Alert | NotTls)


@given(st.binary(max_size=120))
def test_any_handshake_message_is_read(body: bytes) -> None:
    message = b"\x02" + len(body).to_bytes(3, "big") + body
    assert isinstance(read_reply(record(message)), ServerHello | NotTls)
