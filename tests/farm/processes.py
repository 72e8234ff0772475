"""Servers as child processes: started, waited for until they answer, and stopped."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

START_S = 60.0
"""Seconds are the rule; a busy machine takes longer, and must not fail for it."""
STOP_S = 5.0

_ENDING_WITH_US = ("setpriv", "--pdeathsig", "TERM", "--")
"""Who is killed cannot stop anybody: the kernel then tells the servers (PR_SET_PDEATHSIG)."""


class ServerDiedError(RuntimeError):
    """A server of the farm did not come up; the message ends with what it said."""


@dataclass(slots=True)
class Processes:
    """The servers of one farm, with their logs in `directory`."""

    directory: Path
    _running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    _waited_for: list[tuple[str, Callable[[], bool]]] = field(default_factory=list)

    def start(
        self, name: str, *command: str | Path, ready: Callable[[], bool], environment: Mapping[str, str] | None = None
    ) -> None:
        """Starts a server that stays in the foreground. It need not be ready before `wait` returns."""
        with self.log_of(name).open("wb") as log:
            self._running[name] = subprocess.Popen(
                [*_ENDING_WITH_US, *(str(part) for part in command)],
                stdout=log,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                env={**os.environ, **(environment or {})},
                start_new_session=True,
            )
        self._waited_for.append((name, ready))

    def wait(self) -> None:
        """Returns when every server answers. Raises ServerDiedError where one does not."""
        deadline = time.monotonic() + START_S
        while self._waited_for:
            name, ready = self._waited_for[0]
            if ready():
                self._waited_for.pop(0)
            elif self._running[name].poll() is not None or time.monotonic() > deadline:
                raise ServerDiedError(f"{name}: {self.log_of(name).read_text(errors='replace')[-2000:]}")
            else:
                time.sleep(0.02)

    def signal(self, name: str, number: signal.Signals) -> None:
        """Sends a signal to one server."""
        self._running[name].send_signal(number)

    def end(self, name: str) -> None:
        """Ends one server, where it runs."""
        process = self._running.pop(name, None)
        if process is not None:
            process.terminate()
            process.wait(STOP_S)

    def stop(self) -> None:
        """Ends all servers, with their own children."""
        for process in self._running.values():
            process.terminate()
        for process in self._running.values():
            with suppress(subprocess.TimeoutExpired):
                process.wait(STOP_S)
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        self._running.clear()

    def log_of(self, name: str) -> Path:
        """Where that server's output goes."""
        return self.directory / f"{name}.log"


def until(ready: Callable[[], bool], name: str) -> None:
    """Waits for a change to arrive. Raises TimeoutError, with that name, where it does not."""
    deadline = time.monotonic() + START_S
    while not ready():
        if time.monotonic() > deadline:
            raise TimeoutError(name)
        time.sleep(0.02)


def accepts(address: str, port: int) -> bool:
    """Whether somebody listens there."""
    try:
        socket.create_connection((address, port), timeout=1).close()
    except OSError:
        return False
    return True
