"""Servers that want to hold us up, or to be taken for what they are not."""

import os
import socket
import time

from tests.checks.serving import Handler


def _silent(connection: socket.socket) -> None:
    while connection.recv(65536):
        pass


def _closing(_connection: socket.socket) -> None:
    pass


def _byte_by_byte(text: bytes) -> Handler:
    def handle(connection: socket.socket) -> None:
        for byte in text * 100:
            connection.sendall(bytes((byte,)))
            time.sleep(0.05)

    return handle


def _endless(head: bytes, more: bytes) -> Handler:
    def handle(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(head)
        while True:
            connection.sendall(more)

    return handle


def _garbage(connection: socket.socket) -> None:
    connection.sendall(os.urandom(100_000))


HOSTILE = {
    "silent": _silent,
    "closing": _closing,
    "slow page": _byte_by_byte(b"HTTP/1.1 200 OK\r\nX: "),
    "slow encryption": _byte_by_byte(b"\x16\x03\x03\x3f\xff\x02"),
    "endless headers": _endless(b"HTTP/1.1 200 OK\r\n", b"X: y\r\n" * 1000),
    "endless line": _endless(b"HTTP/1.1 200 OK\r\nX: ", b"y" * 10_000),
    "endless interim": _endless(b"", b"HTTP/1.1 102 Wait\r\n\r\n" * 1000),
    "endless warnings": _endless(b"", b"\x15\x03\x03\x00\x02\x01\x70" * 1000),
    "endless records": _endless(b"\x16\x03\x03\x40\x00\x02\xff\xff\xff", b"\x00" * 16379),
    "garbage": _garbage,
}
