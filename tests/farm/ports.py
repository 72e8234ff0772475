"""Plain listeners: doors that should not be open, and a name service that takes questions and never answers.

`python -m tests.farm.ports ADDRESS:PORT… udp:ADDRESS:PORT…` listens until it is ended.
"""

import asyncio
import sys

from tests.farm.processes import Processes, accepts


async def listen(doors: list[str]) -> None:
    """Listens at all doors until cancelled; whoever comes in is told nothing."""
    loop = asyncio.get_running_loop()
    servers = []
    for door in doors:
        address, port = door.removeprefix("udp:").split(":")
        if door.startswith("udp:"):
            await loop.create_datagram_endpoint(asyncio.DatagramProtocol, (address, int(port)))
        else:
            servers.append(await asyncio.start_server(_let_in, address, int(port)))
    await asyncio.gather(*(server.serve_forever() for server in servers))


async def _let_in(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read()
    writer.close()


def start_ports(processes: Processes, doors: list[tuple[str, int]], silent_resolver: str) -> None:
    """Opens the doors (address and port), and the resolver that never answers."""
    processes.start(
        "ports",
        sys.executable,
        *("-m", "tests.farm.ports", f"udp:{silent_resolver}:53"),
        *(f"{address}:{port}" for address, port in doors),
        ready=lambda: all(accepts(address, port) for address, port in doors),
    )


if __name__ == "__main__":
    asyncio.run(listen(sys.argv[1:]))
