"""A worker's stable name: the first free slot of this machine, held by a lock that even kill -9 lets go."""

import fcntl
import socket
from pathlib import Path
from typing import IO

SLOTS = 64


class NoFreeSlotError(Exception):
    """All slots of this machine are taken."""


def take(folder: Path) -> tuple[str, IO[str]]:
    """The name, and the open lock that holds it for as long as the process lives.

    Raises:
        NoFreeSlotError: there are as many workers as slots.
    """
    for slot in range(1, SLOTS + 1):
        lock = (folder / f"worker-{slot}.lock").open("w")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
        else:
            return f"{socket.gethostname()}-{slot}", lock
    raise NoFreeSlotError(f"{SLOTS} workers are running here already")
