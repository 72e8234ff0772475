"""16 clients at once on the result page, and on a bare Litestar + Jinja page beside it, in the same run.

    .venv/bin/python tools/bench_web.py [SECONDS]

Each is served by one process and asked over connections that stay open. Prints requests per second, errors, the
slowest percentile, and how the one stands to the other. Ends with 1 where a request failed.
"""

import asyncio
import os
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))  # the tests' name server is not installed

from portal import database, settings  # noqa: E402 - see above
from portal.accounts.viewer import VISITOR  # noqa: E402
from portal.assessments import queries, running, service  # noqa: E402
from portal.migrating import migrate  # noqa: E402
from tests.portal.responder import Responder  # noqa: E402

CLIENTS = 16
BARE = """
import socket, sys
import uvicorn
from jinja2 import DictLoader, Environment
from litestar import Litestar, MediaType, Response, get

page = "<!doctype html><title>{{ title }}</title><ul>{% for row in rows %}<li>{{ row }}</li>{% endfor %}</ul>"
environment = Environment(loader=DictLoader({"page": page}), autoescape=True)

@get("/")
async def show() -> Response[str]:
    html = environment.get_template("page").render(title="Bare", rows=range(20))
    return Response(html, media_type=MediaType.HTML)

app = Litestar([show], openapi_config=None, logging_config=None)
config = uvicorn.Config(app, access_log=False, log_config=None)
uvicorn.Server(config).run(sockets=[socket.socket(fileno=int(sys.argv[1]))])
"""


@dataclass(slots=True)
class Tally:
    """What the clients saw."""

    seconds: float = 0.0
    errors: int = 0
    waits: list[float] = field(default_factory=list)

    @property
    def per_second(self) -> float:
        """Requests answered in full."""
        return len(self.waits) / self.seconds

    def told(self, name: str) -> str:
        """One line."""
        slow = sorted(self.waits)[int(len(self.waits) * 0.99)] * 1000
        return f"{name:<28}{self.per_second:>9.0f} req/s {self.errors:>6} errors   p99 {slow:.1f} ms"


async def one_client(port: int, path: str, until: float, tally: Tally) -> None:
    """Asks again and again over one connection."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode()
    while time.perf_counter() < until:
        began = time.perf_counter()
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        fields = dict(line.split(b": ", 1) for line in head.lower().split(b"\r\n")[1:] if b": " in line)
        await reader.readexactly(int(fields[b"content-length"]))
        if head.startswith(b"HTTP/1.1 200"):
            tally.waits.append(time.perf_counter() - began)
        else:
            tally.errors += 1
    writer.close()
    await writer.wait_closed()


async def load(port: int, path: str, seconds: float) -> Tally:
    """All clients at once; a connection that breaks counts as an error."""
    tally = Tally()
    began = time.perf_counter()
    ended = await asyncio.gather(
        *(one_client(port, path, began + seconds, tally) for _ in range(CLIENTS)), return_exceptions=True
    )
    tally.seconds = time.perf_counter() - began
    tally.errors += sum(result is not None for result in ended)
    return tally


async def result_page() -> str:
    """The address of a real result: a check of a domain of a small name server on loopback."""
    await migrate(settings.current())
    async with database.pool():
        made = await service.start("example.fi", "fi", "bench")
        await running.run_check(made.id)
        ended = await queries.by_token(made.token, VISITOR)
        print(f"The result has {len(await queries.findings_of(ended))} findings.")
    return f"/fi/a/{made.token}"


def measure(name: str, command: list[str], path: str, seconds: float) -> Tally:
    """Serves and loads: a second to warm up, then the measured time."""
    with socket.create_server(("127.0.0.1", 0), backlog=128) as listening:
        port, descriptor = listening.getsockname()[1], listening.fileno()
        arguments = [str(descriptor) if word == "FD" else word for word in command]
        process = subprocess.Popen(
            [sys.executable, *arguments], pass_fds=(descriptor,), stdin=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
    try:
        asyncio.run(load(port, path, 1.0))
        tally = asyncio.run(load(port, path, seconds))
    finally:
        process.terminate()
        process.wait()
    print(tally.told(name))
    return tally


def main(seconds: float) -> int:
    """Both pages, one after the other, twice: the better of each counts, so that a neighbour's noise does not."""
    with tempfile.TemporaryDirectory() as folder, Responder() as names:
        os.environ.update(KYBERKUNTO_VAR=folder, KYBERKUNTO_RESOLVERS=names.address, KYBERKUNTO_LOG_LEVEL="WARNING")
        path = asyncio.run(result_page())
        ours, bare = Tally(1), Tally(1)
        for _ in range(2):
            mine = measure("result page", ["-m", "portal.processes", "web", "FD", "plain"], path, seconds)
            other = measure("bare Litestar + Jinja", ["-c", BARE, "FD"], "/", seconds)
            ours, bare = max(ours, mine, key=lambda t: t.per_second), max(bare, other, key=lambda t: t.per_second)
            ours.errors, bare.errors = max(ours.errors, mine.errors), max(bare.errors, other.errors)
    print(f"The result page does {ours.per_second / bare.per_second:.2f} of the bare page, with {ours.errors} errors.")
    return 1 if ours.errors or bare.errors else 0


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]) if len(sys.argv) > 1 else 5.0))
