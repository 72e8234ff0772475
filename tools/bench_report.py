"""The worst report beside a bare document of the same words, and how long a page waits while reports are made.

    .venv/bin/python tools/bench_report.py

The bare document has the report's own headings, lists, tables and words, in WeasyPrint's own style: no templates, no
style sheet, fonts or drawings of ours. Prints seconds of CPU for each, the best of three, and how the one stands to the
other; then the longest that a page of `kyberkunto serve` took while its worker made 20 reports.
"""

import asyncio
import io
import os
import re
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))  # the tests' values are not installed

import httpx  # noqa: E402 - see above
import pypdf  # noqa: E402
import weasyprint  # noqa: E402

from portal import database, settings  # noqa: E402
from portal.assessments.report.printing import render_pdf  # noqa: E402
from portal.assessments.report.writing import render_html  # noqa: E402
from portal.assessments.sheets import reports, storage  # noqa: E402
from portal.assessments.tables import SheetReport, Stage  # noqa: E402
from tests.portal.assessments.reporting import inspected, worst  # noqa: E402
from tests.portal.pages.answering import everything, sheet_with  # noqa: E402
from tests.portal.serving import serving  # noqa: E402

RUNS = 3
REPORTS = 20
BARE = "@page { size: A4; margin: 15mm } html { font-size: 9pt }"


def pages_of(pdf: bytes) -> int:
    """How many it has."""
    return len(pypdf.PdfReader(io.BytesIO(pdf)).pages)


def seconds(work: Callable[[], object]) -> float:
    """Of CPU, the best of a few runs."""
    best = float("inf")
    for _ in range(RUNS):
        began = time.process_time()
        work()
        best = min(best, time.process_time() - began)
    return best


def beside_a_bare_one() -> None:
    """The worst report with everything around it, and its bare words."""
    report = worst("en", inspected())
    html = re.sub(r'(?s)<svg.*?</svg>| (?:class|id|style)="[^"]*"', "", render_html(report))

    def print_bare() -> bytes:
        made: bytes = weasyprint.HTML(string=html).write_pdf(
            stylesheets=[weasyprint.CSS(string=BARE)], pdf_variant="pdf/ua-1"
        )
        return made

    print(
        f"the worst report      {pages_of(render_pdf(report)):>3} pages {seconds(lambda: render_pdf(report)):>6.2f} s"
    )
    ours, theirs = seconds(lambda: render_pdf(report)), seconds(print_bare)
    print(f"bare, the same words  {pages_of(print_bare()):>3} pages {theirs:>6.2f} s")
    print(f"The report takes {ours / theirs:.2f} of the bare one.")


async def ask_for_reports() -> str:
    """20 sheets whose reports are asked for at once; the address of one of them."""
    async with database.pool():
        for _ in range(REPORTS):
            row = await sheet_with(everything(0))
            await reports.request(await storage.by_token(row.token), "fi")
    return f"/fi/q/{row.token}"


async def longest_wait(url: str, path: str) -> tuple[float, int]:
    """Seconds that the page took at most until all reports were made, and how often it was asked for."""
    waits = []
    async with database.pool(), httpx.AsyncClient(base_url=url, timeout=60) as browser:
        while await SheetReport.count().where(SheetReport.status != Stage.DONE.value):
            began = time.perf_counter()
            (await browser.get(path)).raise_for_status()
            waits.append(time.perf_counter() - began)
            await asyncio.sleep(0.1)
    return max(waits), len(waits)


def beside_a_page() -> None:
    """A whole installation, with its worker at work."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {"KYBERKUNTO_VAR": folder, "KYBERKUNTO_RESOLVERS": "127.0.0.1", "KYBERKUNTO_LOG_LEVEL": "WARNING"}
        environment["KYBERKUNTO_SHEETS_PER_CLIENT_PER_HOUR"] = str(REPORTS)
        os.environ.update(environment)
        settings.current.cache_clear()
        with serving(environment, Path(folder) / "log") as served:
            path = asyncio.run(ask_for_reports())
            wait, asked = asyncio.run(longest_wait(served.url, path))
    print(f"While {REPORTS} reports were made, a page took {wait * 1000:.0f} ms at most (asked for {asked} times).")


if __name__ == "__main__":
    beside_a_bare_one()
    beside_a_page()
