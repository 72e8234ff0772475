"""The portal's processes: `python -m portal.processes web FD` and `python -m portal.processes worker`."""

import asyncio
import logging
import os
import signal
import socket
import sys
import threading

from portal import backups, lifeline, logs, settings, slots

GRACE_S = 3
"""How long open requests may take after SIGTERM; streams of events end by themselves."""
LOAD_AFTER_S = 2
"""Whoever waited while this process began is served first."""


def main(arguments: list[str]) -> None:
    """Runs one process; it ends with its parent."""
    lifeline.hold()
    match arguments:
        case ["web", descriptor, secure]:
            web(int(descriptor), secure_cookies=secure == "secure")
        case ["worker"]:
            worker()
        case _:
            sys.exit(f"no such process: {arguments}")


def web(descriptor: int, *, secure_cookies: bool) -> None:
    """Serves on a listening socket that the parent opened: nobody is refused while a killed web process restarts."""
    import uvicorn  # noqa: PLC0415 - a worker does without

    from portal.app import build_app  # noqa: PLC0415 - the same
    from portal.assessments.sheets import program  # noqa: PLC0415 - the same

    logs.configure(settings.current().log_level)
    stopping: list[uvicorn.Server] = []
    app = build_app(secure_cookies=secure_cookies, stopping=lambda: stopping[0].should_exit)
    config = uvicorn.Config(
        app,
        proxy_headers=False,  # we read them ourselves, and only from proxies that the operator trusts
        server_header=False,
        access_log=False,
        log_config=None,
        lifespan="on",
        timeout_graceful_shutdown=GRACE_S,
    )
    server = uvicorn.Server(config)
    stopping.append(server)
    loading = threading.Timer(LOAD_AFTER_S, program.load)
    loading.daemon = True
    loading.start()
    with backups.in_use(settings.current()):
        server.run(sockets=[socket.socket(fileno=descriptor)])


def worker() -> None:
    """Works until SIGTERM or SIGINT, then ends at once: whatever runs is begun again, as after a kill.

    Raises:
        NoFreeSlotError: there are too many workers on this machine.
        BackupError: a backup is being restored.
    """
    chosen = settings.current()
    logs.configure(chosen.log_level)
    executor, lock = slots.take(chosen.var)
    with lock, backups.in_use(chosen):
        asyncio.run(_work(executor))


async def _work(executor: str) -> None:
    from portal.worker import work  # noqa: PLC0415 - the web process does without

    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    await work(settings.current(), executor, stop)
    logging.getLogger(__name__).info("worker ends", extra={"executor": executor})
    logging.shutdown()
    # Ending the loop in order would cancel running jobs, and a cancelled job counts as ended: leave them begun.
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1:])
