"""A stranger's file is looked into by a process of its own, which may take so long, hold so much, and be killed.

It begins anew for each file, so that nothing of one is left for the next; that costs some tenths of a second, once for
each upload.
"""

import asyncio
import os
import resource
import sys

import msgspec
from msgspec import Struct

from challenge import decks
from challenge.decks import Fault
from challenge.errors import DeckError

LONGEST_S = 10
"""Of processor time."""
LONGEST_WAIT_S = 60
"""Of anybody's time."""
LARGEST_MB = 512
"""Of memory."""
POLITENESS = 5
"""Pages and checks come first (nice(1))."""
AT_ONCE = 2

_turns = asyncio.Semaphore(AT_ONCE)


class Looked(Struct, frozen=True):
    """What the process says: pages, or why the file is not taken (`challenge.errors.DeckError`)."""

    pages: int = 0
    code: str = ""
    by: int = 0


async def pages_of(content: bytes) -> int:
    """How many pages that PDF has.

    Raises:
        DeckError: it cannot be taken.
    """
    async with _turns:
        said = await _asked(content)
    if said.code:
        raise DeckError(said.code, said.by)
    return said.pages


async def _asked(content: bytes) -> Looked:
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-I", "-m", __name__, stdin=pipe, stdout=pipe, stderr=asyncio.subprocess.DEVNULL, env={}
    )
    try:
        answer, _ = await asyncio.wait_for(process.communicate(content), LONGEST_WAIT_S)
    except TimeoutError:
        answer = b""
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    try:
        return msgspec.json.decode(answer, type=Looked)
    except msgspec.MsgspecError:  # it was ended, or ended by itself, without a word
        return Looked(code=Fault.BROKEN)


def _look() -> None:
    """In the process itself."""
    os.nice(POLITENESS)
    resource.setrlimit(resource.RLIMIT_CPU, (LONGEST_S, LONGEST_S + 1))
    resource.setrlimit(resource.RLIMIT_AS, (LARGEST_MB << 20, LARGEST_MB << 20))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    try:
        said = Looked(decks.pages_of(sys.stdin.buffer.read()))
    except DeckError as error:
        said = Looked(code=error.code, by=error.by)
    sys.stdout.buffer.write(msgspec.json.encode(said))


if __name__ == "__main__":
    _look()
