"""What servers that are checked get to know of whoever runs the portal."""

import asyncio

import pytest

from checks.addresses import VettedAddress
from checks.gather.http import Ports, visit
from checks.records.locations import Target
from portal import network, settings


async def _asked_of_a_server(monkeypatch: pytest.MonkeyPatch, contact: str) -> str:
    chosen = settings.read({"KYBERKUNTO_OPERATOR_CONTACT": contact, "KYBERKUNTO_ALLOW_NETWORKS": "127.0.0.0/8"})
    monkeypatch.setattr(settings, "current", lambda: chosen)
    heard: list[bytes] = []

    async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
        writer.close()

    async with await asyncio.start_server(listen, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        target = Target(secure=False, host="kahvila.test", path="/")
        await visit(network.network(), VettedAddress("127.0.0.1"), target, Ports(http=port))
    return heard[0].decode("ascii")


@pytest.mark.parametrize("contact", ["kyber@kaupunki.fi", "https://kaupunki.fi/kyber"])
async def test_request_says_where_the_operator_is_found(monkeypatch: pytest.MonkeyPatch, contact: str) -> None:
    asked = await _asked_of_a_server(monkeypatch, contact)
    assert f"User-Agent: Mozilla/5.0 (compatible; Kyberkunto; domain check; +{contact})\r\n" in asked


async def test_without_a_contact_the_request_still_says_what_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "(compatible; Kyberkunto; domain check)\r\n" in await _asked_of_a_server(monkeypatch, "")


def test_registries_are_the_operators(monkeypatch: pytest.MonkeyPatch) -> None:
    chosen = settings.read({"KYBERKUNTO_RDAP": "fi=https://rdap.example.org/"})
    monkeypatch.setattr(settings, "current", lambda: chosen)
    assert network.network().registries == {"fi": "https://rdap.example.org/"}


def test_all_ways_out_of_a_process_share_one_account() -> None:
    assert network.network().politeness is network.network().politeness
