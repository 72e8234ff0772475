"""`kyberkunto serve` as its operator runs it."""

import contextlib
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import psutil
import psycopg

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_S = 60.0


class Serving:
    """The running portal; `environment` is all that it gets of KYBERKUNTO_ variables."""

    def __init__(self, environment: dict[str, str], log: Path) -> None:
        self.environment = environment
        self.log = log
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Starts it and waits until it serves and has a worker."""
        self.launch()
        wait_for(lambda: bool(self.ready().get("workers")), self.log)

    def launch(self) -> None:
        """Starts it."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "portal.cli", "serve", "--port", str(self.port)],
                env={**_inherited(), **self.environment},
                cwd=ROOT,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def stop(self) -> float:
        """Ends it by SIGTERM; the seconds that took."""
        assert self.process is not None
        began = time.monotonic()
        self.process.terminate()
        self.process.wait(30)
        return time.monotonic() - began

    def ready(self) -> dict[str, Any]:
        """What /ready says; empty where nobody answers."""
        with contextlib.suppress(httpx.HTTPError):
            found: dict[str, Any] = httpx.get(f"{self.url}/ready", timeout=5).json()
            return found
        return {}

    def child(self, kind: str) -> int:
        """The process id of the `web` or the `worker` process."""
        assert self.process is not None

        def find() -> int | None:
            for child in psutil.Process(self.process.pid).children():  # type: ignore[union-attr]
                with contextlib.suppress(psutil.NoSuchProcess):
                    if kind in child.cmdline() and child.status() != psutil.STATUS_ZOMBIE:
                        return child.pid
            return None

        wait_for(lambda: find() is not None, self.log)
        found = find()
        assert found is not None
        return found

    def kill(self, kind: str) -> None:
        """Lets a separate process send SIGKILL to the `web` or the `worker` process."""
        subprocess.run(["kill", f"-{signal.SIGKILL.value}", str(self.child(kind))], check=True)

    def start_check(self, domain: str) -> str | None:
        """A browser of its own fills in the form of the front page.

        Returns the token in the address that it was sent to; None where there was no answer.
        """
        try:
            with httpx.Client(base_url=self.url, timeout=20) as browser:
                page = browser.get("/en")
                found = re.search(r'name="_csrf" value="([^"]+)"', page.text)
                assert found is not None, page.text[:500]
                answer = browser.post("/en", data={"domain": domain, "_csrf": found.group(1)})
        except httpx.HTTPError:
            return None
        assert answer.status_code == 303, (answer.status_code, answer.text[:500])
        return answer.headers["location"].rpartition("/")[2]

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Rows of its database, read beside it."""
        url = self.environment.get("KYBERKUNTO_DATABASE_URL")
        if url:
            with contextlib.closing(psycopg.connect(url)) as connection:
                return connection.execute(sql).fetchall()  # type: ignore[arg-type]
        file = Path(self.environment["KYBERKUNTO_VAR"]) / "kyberkunto.sqlite"
        with contextlib.closing(sqlite3.connect(file, timeout=30)) as connection:
            return connection.execute(sql).fetchall()


def _inherited() -> dict[str, str]:
    return {name: text for name, text in os.environ.items() if not name.startswith("KYBERKUNTO_")}


def wait_for(holds: Callable[[], bool], log: Path, patience_s: float = PATIENCE_S) -> float:
    """Waits until it holds; the seconds that took. Fails with the end of the log."""
    began = time.monotonic()
    while not holds():
        assert time.monotonic() - began < patience_s, log.read_text()[-6000:]
        time.sleep(0.05)
    return time.monotonic() - began


@contextlib.contextmanager
def serving(environment: dict[str, str], log: Path) -> Iterator[Serving]:
    """The portal, running until the end of the block."""
    made = Serving(environment, log)
    made.start()
    try:
        yield made
    finally:
        made.stop()
