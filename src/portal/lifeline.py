"""A child process that ends when its parent does, however that ended: the parent holds a pipe, and never writes."""

import os
import signal
import sys
import threading


def hold() -> None:
    """Watches standard input, from now on in a thread of its own; at its end this process is told to stop."""

    def watch() -> None:
        while os.read(sys.stdin.fileno(), 1):
            pass
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, daemon=True, name="lifeline").start()
