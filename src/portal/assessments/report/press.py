"""Where reports are printed: each in a process of its own, which may take so long, hold so much, and be killed.

The first report starts a process that has WeasyPrint loaded; each report's own is forked from it, so that no other pays
for loading, or for what one left behind. A thread could be neither ended nor kept small. Nothing is printed before the
fork: Pango looks for fonts in a thread, which no fork takes along.
"""

import gc
import multiprocessing
import os
import resource
import signal
import threading
import time
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pathlib import Path

from portal.errors import ReportError

LONGEST_S = 10
"""Of processor time: how long a report takes must not depend on what else the machine does."""
LONGEST_WAIT_S = 120
"""Of anybody's time, on a machine that is as busy as can be borne."""
LARGEST_MB = 300
"""Of memory held at a time, with what WeasyPrint itself takes."""
POLITENESS = 5
"""Pages and checks come first (nice(1))."""
_LOOK_EVERY_S = 0.1
_ONE_AT_A_TIME = threading.Lock()
"""Starting a process, Python looks after all others, also one that another thread is just closing."""


def print_apart(html: str, seconds: int = LONGEST_S, megabytes: int = LARGEST_MB) -> bytes:
    """The PDF of a report's HTML. Blocks for seconds, but holds no lock of this process: its other threads go on.

    Raises:
        ReportError: `too-long`, `too-large` or `broken`.
    """
    ours, theirs = _context().Pipe(duplex=False)
    process = _context().Process(target=_print, args=(html, theirs, seconds), name="press")
    with ours:
        with _ONE_AT_A_TIME:
            process.start()
        theirs.close()
        try:
            return _awaited(process, ours, megabytes)
        finally:
            process.kill()
            process.join()
            with _ONE_AT_A_TIME:
                process.close()


def _context() -> ForkServerContext:
    """Python starts the server of forks with its first process, and again should it have vanished."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["portal.assessments.report.printing"])
    return context


def _awaited(process: ForkServerProcess, result: Connection, megabytes: int) -> bytes:
    deadline = time.monotonic() + LONGEST_WAIT_S
    while not result.poll(_LOOK_EVERY_S):
        if _held(process.pid) > megabytes:
            raise ReportError("too-large", f"it held more than {megabytes} MB")
        if time.monotonic() > deadline:
            raise ReportError("too-long", f"it was not there after {LONGEST_WAIT_S} s")
    try:
        pdf, problem = result.recv()
    except EOFError:
        process.join()
        if process.exitcode == -signal.SIGXCPU:
            raise ReportError("too-long", "it took more of the processor than it may") from None
        raise ReportError("broken", f"its process ended with {process.exitcode}") from None
    if problem:
        raise ReportError("broken", problem)
    return bytes(pdf)


def _held(pid: int | None) -> int:
    """Megabytes that this process holds in memory now (proc(5), `VmRSS`); 0 where it has ended."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) // 1024 for line in lines if line.startswith("VmRSS:")), 0)


def _print(html: str, result: Connection, seconds: int) -> None:
    """In the report's own process. It lives for one report: what nobody needs any more is not looked for meanwhile."""
    from portal.assessments.report.printing import print_html  # noqa: PLC0415 - it is loaded; nobody else needs it

    os.nice(POLITENESS)
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    gc.disable()
    threading.Thread(target=_end_with_worker, daemon=True).start()
    try:
        result.send((print_html(html), ""))
    except Exception as error:  # noqa: BLE001 - whatever it is, the worker tells it
        result.send((b"", repr(error)))


def _end_with_worker() -> None:
    """Nobody waits for a report whose worker was killed; another process begins it anew."""
    worker = multiprocessing.parent_process()
    if worker is not None:
        worker.join()
        os._exit(1)
