"""The worst report, and a bare WeasyPrint document of as many pages and as many letters, in the same run.

    .venv/bin/python tools/bench_report.py

Prints seconds of CPU for each, the best of three, and how the one stands to the other; then the longest that the event
loop waited while 20 reports were printed beside it.
"""

import asyncio
import io
import re
import sys
import time
from collections.abc import Callable
from html import escape
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))  # the tests' values are not installed

import pypdf  # noqa: E402 - see above
import weasyprint  # noqa: E402

from portal.assessments.report.printing import render_html, render_pdf  # noqa: E402
from tests.portal.assessments.reporting import inspected, worst  # noqa: E402

RUNS = 3
REPORTS = 20
PARAGRAPH = 400
STYLE = "@page { size: A4; margin: 14mm 18mm } body { font: 9.5pt/1.3 sans-serif }"


def bare(letters: int, pages: int) -> str:
    """Paragraphs of so many letters, divided over so many pages."""
    words = ("lorem ipsum dolor sit amet " * (letters // 27 + 1))[:letters]
    share = letters // pages + 1
    parts = []
    for start in range(0, letters, share):
        page = words[start : start + share]
        lines = "".join(f"<p>{escape(page[at : at + PARAGRAPH])}</p>" for at in range(0, len(page), PARAGRAPH))
        parts.append(f'<section style="break-after: page">{lines}</section>')
    return f'<!doctype html><html lang="en"><title>Bare</title>{"".join(parts)}</html>'


def seconds(work: Callable[[], object]) -> float:
    """Of CPU, the best of a few runs."""
    best = float("inf")
    for _ in range(RUNS):
        began = time.process_time()
        work()
        best = min(best, time.process_time() - began)
    return best


async def longest_wait() -> float:
    """Seconds by which the event loop came late, at most, while reports were printed in a thread."""
    longest = 0.0
    report = worst("fi", inspected())

    async def listen() -> None:
        nonlocal longest
        while True:
            began = time.perf_counter()
            await asyncio.sleep(0.01)
            longest = max(longest, time.perf_counter() - began - 0.01)

    listening = asyncio.create_task(listen())
    for _ in range(REPORTS):
        await asyncio.to_thread(render_pdf, report)
    listening.cancel()
    return longest


def main() -> None:
    """Measures and tells."""
    report = worst("en", inspected())
    pages = len(pypdf.PdfReader(io.BytesIO(render_pdf(report))).pages)
    letters = len(re.sub(r"<[^>]+>", "", render_html(report)))
    page = bare(letters, pages)

    def print_bare() -> bytes:
        made: bytes = weasyprint.HTML(string=page).write_pdf(
            stylesheets=[weasyprint.CSS(string=STYLE)], pdf_variant="pdf/ua-1"
        )
        return made

    found = len(pypdf.PdfReader(io.BytesIO(print_bare())).pages)
    ours, theirs = seconds(lambda: render_pdf(report)), seconds(print_bare)
    print(f"the worst report, {pages} pages      {ours:.2f} s")
    print(f"bare, {found} pages of as many letters  {theirs:.2f} s")
    print(f"ratio                          {ours / theirs:.2f}")
    print(f"longest wait beside {REPORTS} reports   {asyncio.run(longest_wait()) * 1000:.0f} ms")


if __name__ == "__main__":
    main()
