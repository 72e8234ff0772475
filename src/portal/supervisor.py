"""Keeps a web process and a worker process running, side by side, and ends both together."""

import logging
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field

LOOK_EVERY_S = 0.1
END_WITHIN_S = 7.0
"""After that a process is killed; what it was doing resumes at the next start."""
QUICK_DEATH_S = 5.0
LONGEST_PAUSE_S = 5.0

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Child:
    """One process of ours, begun anew whenever it ends; with a growing pause where it ends right after its start."""

    name: str
    arguments: list[str]
    pass_fds: tuple[int, ...] = ()
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    pause_s: float = 0.0
    not_before: float = 0.0

    def look_after(self) -> None:
        """Starts the process where it does not run and its pause is over."""
        now = time.monotonic()
        if self.process is not None and self.process.poll() is not None:
            quick = now - self.started < QUICK_DEATH_S
            self.pause_s = min(max(self.pause_s * 2, 0.25), LONGEST_PAUSE_S) if quick else 0.0
            self.not_before = now + self.pause_s
            log.warning("process ended", extra={"child": self.name, "code": self.process.returncode})
            self._let_go()
        if self.process is None and now >= self.not_before:
            self.process = subprocess.Popen(  # noqa: S603 - our own interpreter, our own module
                [sys.executable, "-m", "portal.processes", *self.arguments],
                stdin=subprocess.PIPE,
                pass_fds=self.pass_fds,
            )
            self.started = now

    def end(self, deadline: float) -> None:
        """Waits for the process to end, and kills it at the deadline."""
        if self.process is None:
            return
        try:
            self.process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self._let_go()

    def tell_to_end(self) -> None:
        """Sends SIGTERM."""
        if self.process is not None:
            self.process.terminate()

    def _let_go(self) -> None:
        assert self.process is not None  # noqa: S101 - asked by both callers
        assert self.process.stdin is not None  # noqa: S101 - opened as a pipe
        self.process.stdin.close()
        self.process = None


@dataclass(slots=True)
class Supervisor:
    """Both processes, until SIGTERM or SIGINT."""

    children: list[Child]
    stopping: bool = field(default=False)

    def run(self) -> None:
        """Blocks until the end; then all processes have ended."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        try:
            while not self.stopping:
                for child in self.children:
                    child.look_after()
                time.sleep(LOOK_EVERY_S)
        finally:
            for child in self.children:
                child.tell_to_end()
            deadline = time.monotonic() + END_WITHIN_S
            for child in self.children:
                child.end(deadline)

    def _stop(self, *_: object) -> None:
        self.stopping = True


def children(listening: socket.socket, *, secure_cookies: bool) -> list[Child]:
    """The web process on that socket, and one worker."""
    descriptor = listening.fileno()
    security = "secure" if secure_cookies else "plain"
    return [Child("web", ["web", str(descriptor), security], (descriptor,)), Child("worker", ["worker"])]
