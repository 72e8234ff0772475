"""The progress bar of many checks, on a terminal."""

import asyncio
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TextIO

EVERY_S = 0.25


@asynccontextmanager
async def shown(done: Callable[[], int], total: int, stream: TextIO) -> AsyncIterator[None]:
    """Shows how many of all are done while the block runs; nothing where the stream is no terminal."""
    if not stream.isatty():
        yield
        return
    from rich.console import Console  # noqa: PLC0415 - start-up: only a terminal needs it
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn  # noqa: PLC0415 - the same

    columns = (BarColumn(bar_width=None), MofNCompleteColumn(), TimeRemainingColumn())
    above_the_bar = sys.stdout.isatty()  # else the lines go where they were sent
    console = Console(file=stream)
    with Progress(*columns, console=console, transient=True, redirect_stdout=above_the_bar) as bar:
        task = bar.add_task("", total=total)
        drawing = asyncio.create_task(_draw(lambda: bar.update(task, completed=done())))
        try:
            yield
        finally:
            drawing.cancel()
            bar.update(task, completed=done())


async def _draw(draw: Callable[[], None]) -> None:
    while True:
        draw()
        await asyncio.sleep(EVERY_S)
