import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.records.server_hello import Alert, NotTls, ServerHello
from checks.records.ssl2 import CIPHERS, Ssl2Hello, read_ssl2_reply, ssl2_hello


def server_hello(ciphers: bytes = b"\x01\x00\x80\x07\x00\xc0", certificate: bytes = b"der", version: int = 2) -> bytes:
    """As servers of the nineties sent it: a session id is never hit, the certificate is X.509."""
    message = struct.pack("!BBBHHHH", 4, 0, 1, version, len(certificate), len(ciphers), 16)
    message += certificate + ciphers + bytes(16)
    return struct.pack("!H", 0x8000 | len(message)) + message


def test_hello_is_one_whole_record() -> None:
    hello = ssl2_hello(bytes(16))
    assert int.from_bytes(hello[:2], "big") == 0x8000 | (len(hello) - 2)
    assert hello[2:11] == b"\x01\x00\x02\x00\x15\x00\x00\x00\x10"
    assert len(hello) == 11 + 3 * len(CIPHERS) + 16


def test_server_that_says_yes() -> None:
    assert read_ssl2_reply(server_hello()) == Ssl2Hello((0x010080, 0x0700C0), b"der")


def test_reply_in_pieces() -> None:
    whole = server_hello()
    for end in range(len(whole)):
        assert read_ssl2_reply(whole[:end]) is None


def test_ciphers_that_we_did_not_offer_do_not_count() -> None:
    assert read_ssl2_reply(server_hello(b"\x00\x00\x00")) == Ssl2Hello((), b"der")
    assert read_ssl2_reply(server_hello(b"")) == Ssl2Hello((), b"der")


def test_servers_of_today_answer_in_tls() -> None:
    assert read_ssl2_reply(b"\x15\x03\x01\x00\x02\x02\x46") == Alert(70)


@pytest.mark.parametrize(
    "reply",
    [
        b"HTTP/1.1 400 Bad Request\r\n",
        server_hello(version=0x0301),
        server_hello(b"\x01\x00"),
        server_hello()[:2] + b"\x00" + server_hello()[3:],
        b"\x80\x03\x00\x00\x01",
        b"\x80\x04\x04\x00\x01\x00",
        b"\x80\x2f" + server_hello()[2:] + bytes(30),
    ],
)
def test_something_else(reply: bytes) -> None:
    assert read_ssl2_reply(reply) == NotTls()


@given(st.binary(max_size=200))
def test_any_bytes_are_read(data: bytes) -> None:
    said = read_ssl2_reply(data)
    assert said is None or isinstance(said, Ssl2Hello | ServerHello | Alert | NotTls)
    assert read_ssl2_reply(server_hello()[:2] + b"\x04" + data) != Alert(0)
