"""The worker as it is, but for its clock, which is read from a file, and for what its checks find: the made-up year.

python -m tests.portal.watching.moved_worker FILE
"""

import sys
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

from checks.contract import Finding
from portal import clock, processes
from portal.assessments import running
from portal.watching import round as watches
from tests.portal.watching.year import seen_on


async def _found(*_: object) -> AsyncIterator[Finding]:
    for finding in seen_on(clock.now()):
        yield finding


async def _look_around(*_: object) -> SimpleNamespace:
    return SimpleNamespace(resolvers=())


if __name__ == "__main__":
    file = Path(sys.argv[1])
    clock.now = lambda: datetime.fromisoformat(file.read_text(encoding="ascii"))
    watches.EVERY = timedelta(seconds=0.2)
    running.inspect = _found  # type: ignore[assignment]
    running.look_around = _look_around  # type: ignore[assignment]
    running.limits_of = lambda *_: ()  # type: ignore[assignment]
    processes.main(["worker"])
