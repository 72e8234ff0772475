"""The command in a process of its own, as a shell starts it, with a small name service on loopback."""

import asyncio
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import dns.message

from tests.checks.gather.responder import Responder, answer

ZONE = {
    "kahvila.fi. NS": ["kahvila.fi. 60 IN NS ns1.kahvila.fi."],
    "kahvila.fi. A": ["kahvila.fi. 60 IN A 127.0.0.1"],
    "kahvila.fi. MX": ["kahvila.fi. 60 IN MX 10 mx1.kahvila.fi."],
    "mx1.kahvila.fi. A": ["mx1.kahvila.fi. 60 IN A 10.0.0.25"],
    "kahvila.fi. TXT": ['kahvila.fi. 60 IN TXT "v=spf1 -all"'],
}


@dataclass(frozen=True, slots=True)
class Ran:
    code: int | None
    out: str
    err: str


def zone(query: dns.message.Message) -> dns.message.Message:
    """Knows kahvila.fi only; every address of it is one that the guard refuses."""
    asked = query.question[0]
    if not asked.name.to_text().endswith("kahvila.fi."):
        return answer(query, rcode="NXDOMAIN")
    return answer(query, *ZONE.get(f"{asked.name} {asked.rdtype.name}", []))


def environment(**more: str) -> dict[str, str]:
    """This process's own, in English and without what colours or locales may be set."""
    dropped = {"LC_ALL", "LC_MESSAGES", "LANG", "NO_COLOR", "FORCE_COLOR", "COLUMNS", "LINES"}
    return {name: value for name, value in os.environ.items() if name not in dropped} | more


async def start(
    arguments: Sequence[str], settings: Mapping[str, str], out: int = asyncio.subprocess.PIPE
) -> asyncio.subprocess.Process:
    """`kyberkunto` with these arguments and settings of its environment.

    It hears Ctrl-C as from a terminal, also where the tests were started in the background and do not.
    """
    return await asyncio.create_subprocess_exec(
        *("env", "--default-signal=INT", sys.executable),
        *("-m", "portal.cli", *arguments),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=out,
        stderr=asyncio.subprocess.PIPE,
        env=environment(**settings),
    )


async def run(*arguments: str, **more: str) -> Ran:
    """The same, to its end."""
    process = await start(arguments, more)
    out, err = await asyncio.wait_for(process.communicate(), 60)
    return Ran(process.returncode, out.decode(), err.decode())


def asking(responder: Responder) -> tuple[str, str]:
    """The arguments that name this resolver."""
    return ("--resolver", f"127.0.0.1:{responder.port}")
