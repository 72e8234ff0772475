"""The worst report beside bare documents, and how long a page waits while reports are made.

    .venv/bin/python tools/bench_report.py

The worst report: a firm with the worst answer to every question, and a domain at which every check fails. Two documents
stand beside it, both in WeasyPrint's own style, tagged (PDF/UA-1), without templates, drawings or page margins of ours:

- plain paragraphs: as many pages with as many letters, in our letters, and nothing but paragraphs;
- the same words: the report's own headings, lists and tables, without classes, in our letters. It has fewer pages,
  because nothing begins a new one.

Prints seconds of CPU for each, the best of three in turn, and how the report stands to them; then the longest that a
page of `kyberkunto serve` took at rest, and while its worker made 20 reports.
"""

import asyncio
import gc
import io
import os
import re
import string
import sys
import tempfile
import textwrap
import time
from collections.abc import Awaitable, Callable
from html import escape
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))  # the tests' values are not installed

import httpx  # noqa: E402 - see above
import pypdf  # noqa: E402
import weasyprint  # noqa: E402
from weasyprint.text.fonts import FontConfiguration  # noqa: E402

from checks import advice  # noqa: E402
from checks.contract import Check, Finding, Record, Status, Verdict  # noqa: E402
from checks.inspection import to_finding  # noqa: E402
from checks.registry import ALL_CHECKS  # noqa: E402
from portal import database, settings  # noqa: E402
from portal.accounts.viewer import VISITOR  # noqa: E402
from portal.assessments.report import printing  # noqa: E402
from portal.assessments.report.input import ReportInput  # noqa: E402
from portal.assessments.report.writing import render_html  # noqa: E402
from portal.assessments.sheets import reports, storage  # noqa: E402
from portal.assessments.tables import SheetReport, Stage  # noqa: E402
from tests.portal.assessments.findings import DOMAIN  # noqa: E402
from tests.portal.assessments.reporting import inspected, worst  # noqa: E402
from tests.portal.pages.answering import everything, sheet_with  # noqa: E402
from tests.portal.serving import serving  # noqa: E402

RUNS = 3
REPORTS = 20
REST_S = 10
PARAGRAPH = 400
"""Letters of a plain paragraph."""
RECORD = f"v=spf1 include:spf.protection.{DOMAIN} ip4:198.18.0.9 -all"
FONTS = "".join(
    f"@font-face {{ font-family: {family}; font-weight: {weight}; src: url({printing.SCHEME}{file}.ttf) }}"
    for family, weight, file in (("Sans", 400, "SourceSans3-Regular"), ("Sans", 600, "SourceSans3-Semibold"))
)
PAGE = "@page { size: A4; margin: 15mm } html { font-family: Sans; "


def pages_of(pdf: bytes) -> int:
    """How many it has."""
    return len(pypdf.PdfReader(io.BytesIO(pdf)).pages)


def print_bare(html: str, style: str) -> bytes:
    """That HTML in WeasyPrint's own style, and a line of ours for page and letters."""
    fonts, fetcher = FontConfiguration(), printing.PackagedOnly()
    sheet = weasyprint.CSS(string=FONTS + style, base_url=printing.SCHEME, url_fetcher=fetcher, font_config=fonts)
    page = weasyprint.HTML(string=html, base_url=printing.SCHEME, url_fetcher=fetcher)
    made: bytes = page.write_pdf(stylesheets=[sheet], font_config=fonts, pdf_variant="pdf/ua-1")
    return made


def facts_named(check_id: str) -> set[str]:
    """The facts that the words about a check's outcomes name; without them it would be told as one of another time."""
    card = advice.card(check_id)
    outcomes = [words["en"] for each in card.outcomes.values() for words in (each.headline, each.detail)]
    fixes = [text for each in card.fixes.values() for text in (each.title["en"], each.verify["en"], *each.steps["en"])]
    more = [words["en"] for each in card.fixes.values() for words in (each.caution, each.later) if words]
    texts = (*outcomes, *fixes, *more)
    return {name for text in texts for _, name, _, _ in string.Formatter().parse(text) if name}


def worst_finding(check: Check) -> Finding:
    """The check's first failing outcome, with a fact for whatever is told of it."""
    outcome = next(each for each in check.outcomes if each.status == Status.FAIL)
    facts = dict.fromkeys(facts_named(check.id) - {"domain", "subject", "check"}, "198.18.0.9")
    facts |= {"expires": "2026-12-01T12:00:00+00:00"} if "expires" in facts else {}
    evidence = {"addresses": ["198.18.0.9", "198.18.0.10"], **facts}
    records = (Record("replace", DOMAIN, "TXT", RECORD),) if check.id.startswith(("dns.", "mail.")) else ()
    return to_finding(check.id, Verdict(outcome, DOMAIN, evidence, records))


def worst_report() -> ReportInput:
    """Of everything the worst."""
    failing = [check for check in ALL_CHECKS if any(each.status == Status.FAIL for each in check.outcomes)]
    return worst("en", inspected(*map(worst_finding, failing)))


def plain_paragraphs(report: bytes) -> Callable[[], bytes]:
    """The report's letters as nothing but paragraphs, in a size at which they fill as many pages."""
    read = pypdf.PdfReader(io.BytesIO(report))
    words = " ".join(" ".join(page.extract_text() for page in read.pages).split())
    html = "<!doctype html><html lang=en><title>bare</title>" + "".join(
        f"<p>{escape(paragraph)}</p>" for paragraph in textwrap.wrap(words, PARAGRAPH)
    )
    styles = (f"{PAGE} font-size: {size}pt; line-height: 1.4 }}" for size in range(10, 40))
    style = next(style for style in styles if pages_of(print_bare(html, style)) >= len(read.pages))
    return lambda: print_bare(html, style)


def same_words(html: str) -> Callable[[], bytes]:
    """The report's own elements, without its classes and drawings."""
    bare = re.sub(r'(?s)<svg.*?</svg>| (?:class|id|style)="[^"]*"', "", html)
    return lambda: print_bare(bare, f"{PAGE} font-size: 9pt }}")


def in_turn(works: dict[str, Callable[[], bytes]]) -> dict[str, float]:
    """Seconds of CPU for each, the best of a few runs; in turn, so that a busy moment meets all alike."""
    best = dict.fromkeys(works, float("inf"))
    for _ in range(RUNS):
        for name, work in works.items():
            began = time.process_time()
            work()
            best[name] = min(best[name], time.process_time() - began)
    return best


def beside_bare_ones() -> None:
    """The worst report with everything around it, and what stands beside it."""
    report = worst_report()
    pdf = printing.render_pdf(report)
    works = {
        "the worst report": lambda: printing.render_pdf(report),
        "plain paragraphs": plain_paragraphs(pdf),
        "the same words": same_words(render_html(report)),
    }
    gc.disable()  # as where reports are printed
    taken = in_turn(works)
    for name, work in works.items():
        print(f"{name:<18}{pages_of(work()):>4} pages {taken[name]:>6.2f} s")
    ours, plain, same = taken.values()
    print(
        f"The report takes {ours / plain:.2f} of plain paragraphs (at most 1.5), {ours / same:.2f} of the same words."
    )


async def a_page() -> str:
    """The address of a sheet that is filled in."""
    return f"/fi/q/{(await sheet_with(everything(0))).token}"


async def ask_for_reports() -> None:
    """20 sheets whose reports are asked for at once."""
    for _ in range(REPORTS):
        row = await sheet_with(everything(0))
        await reports.request(await storage.by_token(row.token, VISITOR), "fi")


async def waits(url: str, path: str, going_on: Callable[[], Awaitable[bool]]) -> list[float]:
    """Seconds that the page took, ten times a second, from the shortest to the longest."""
    taken = []
    async with httpx.AsyncClient(base_url=url, timeout=60) as browser:
        await browser.get(path)  # what it needs is loaded once
        while await going_on():
            began = time.perf_counter()
            (await browser.get(path)).raise_for_status()
            taken.append(time.perf_counter() - began)
            await asyncio.sleep(0.1)
    return sorted(taken)


async def at_rest_and_at_work(url: str) -> tuple[list[float], list[float]]:
    """The waits for a page with nothing else to do, and while reports are made."""
    until = time.monotonic() + REST_S

    async def resting() -> bool:
        return time.monotonic() < until

    async def printing_on() -> bool:
        return bool(await SheetReport.count().where(SheetReport.status == Stage.QUEUED.value))

    async with database.pool():
        path = await a_page()
        rest = await waits(url, path, resting)
        await ask_for_reports()
        work = await waits(url, path, printing_on)
        if await SheetReport.count().where(SheetReport.status == Stage.DONE.value) != REPORTS:
            sys.exit("a report could not be made")
    return rest, work


def told(name: str, taken: list[float]) -> str:
    """The middle, and the longest."""
    middle, longest = taken[len(taken) // 2] * 1000, taken[-1] * 1000
    return f"{name}: {middle:.0f} ms, at most {longest:.0f} ms (asked for {len(taken)} times)"


def beside_a_page() -> None:
    """A whole installation, with its worker at work."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {"KYBERKUNTO_VAR": folder, "KYBERKUNTO_RESOLVERS": "127.0.0.1", "KYBERKUNTO_LOG_LEVEL": "WARNING"}
        environment["KYBERKUNTO_SHEETS_PER_CLIENT_PER_HOUR"] = str(REPORTS + 1)
        os.environ.update(environment)
        settings.current.cache_clear()
        with serving(environment, Path(folder) / "log") as served:
            rest, work = asyncio.run(at_rest_and_at_work(served.url))
    print(told("A page at rest", rest))
    print(told(f"A page while {REPORTS} reports were made", work))


if __name__ == "__main__":
    beside_bare_ones()
    beside_a_page()
