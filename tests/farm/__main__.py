"""Starts the farm and keeps it until interrupted: `tools/own-network .venv/bin/python -m tests.farm [COMMAND…]`.

With a command, runs it beside the farm (SSL_CERT_FILE set) and stops when it ends.
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.farm.farm import Farm, missing


def main(command: list[str]) -> int:
    """Says where everything is."""
    if reason := missing():
        sys.exit(reason)
    with tempfile.TemporaryDirectory() as directory:
        farm = Farm(Path(directory))
        began = time.monotonic()
        farm.start()
        try:
            if command:
                return subprocess.call(command, env={**os.environ, "SSL_CERT_FILE": str(farm.ca_file)})
            sys.stdout.write(
                f"up in {time.monotonic() - began:.1f} s\n"
                f"SSL_CERT_FILE={farm.ca_file} .venv/bin/kyberkunto check {farm.good} "
                f"--resolver {farm.resolver} --allow-network {farm.allow_network}\n"
                f"broken: {' '.join(farm.broken)}\n"
            )
            sys.stdout.flush()
            signal.sigwait({signal.SIGINT, signal.SIGTERM})
        finally:
            farm.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
