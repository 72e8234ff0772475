"""Hostile texts through every field that a stranger, an owner or an operator fills: no fetch, no markup, all of it."""

import io
import os
import random
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from html import unescape

import pypdf
import pytest
from msgspec.structs import replace

from checks.contract import Finding, Fix, Record, Snippet
from portal.assessments.catalogue import current
from portal.assessments.report.input import ReportInput
from portal.assessments.report.printing import PackagedOnly, render_pdf
from portal.assessments.report.writing import render_html
from portal.assessments.solutions.offers import AwardingCity
from portal.settings import ROOT
from tests.portal.assessments.findings import CLOSED, NO_DMARC, ONE_NAME_SERVER, made
from tests.portal.assessments.reporting import BEGAN, firm, inspected
from tests.portal.assessments.solutions.awarding import offer

SEEDS = (
    "<img src=x onerror=alert(1)>", '"><script>alert(1)</script>', "</style><style>@import url(http://198.18.0.1/x)",
    "file:///etc/passwd", "<link rel=attachment href=file:///etc/passwd>", "url(kyberkunto:../settings.py)",
    "{{ 7*7 }}{% include 'base.html' %}", "\u202egnp.exe\u2066", "\u200b\u200d\ufeff", "👩‍👩‍👧‍👦🏴‍☠️",
    "=HYPERLINK(1)", "]]><!--", "&#0;&lt;", "\x00\x07\x1b[31m", "ﷺ" * 40, "a" * 300, "́" * 200, "<svg onload=1>",
)  # fmt: skip
FEW, FULL = 20, 2000


def strings(count: int) -> list[str]:
    chance = random.Random(5)  # noqa: S311 - a repeatable variety
    return [*SEEDS, *("".join(chance.sample(SEEDS, 3)) for _ in range(count - len(SEEDS)))]


def hostile(text: str) -> ReportInput:
    """That text in every field that is not ours."""
    fix = Fix(
        NO_DMARC.fix.id if NO_DMARC.fix else "", (Record("replace", text, text, text),), (Snippet("nginx", text),)
    )
    findings: tuple[Finding, ...] = (
        replace(NO_DMARC, subject=text, evidence={"record": text, text: [text, text]}, fix=fix),
        replace(CLOSED, evidence={**CLOSED.evidence, "seen": text}),
        replace(ONE_NAME_SERVER, subject=text, evidence={**ONE_NAME_SERVER.evidence, "name_servers": [text]}),
        made("tls.expiry", "soon", text, addresses=[text], valid_from=text, expires="2026-11-28T13:32:23+00:00",
             days_left=4, authority=text),
    )  # fmt: skip
    check = replace(inspected(*findings, domain=text), resolvers=(text,), catalogue_version=text)
    solution = offer(
        text, *(question.id for question in current().questions), by=text, call=text, challenge={"en": text},
        cities=(AwardingCity(text, {"fi": text}),), summary=text, website=text, expires_on=date(2027, 11, 1),
    )  # fmt: skip
    return ReportInput("en", BEGAN, (check,), firm(0, (check,)), text, text, text, offers=(solution,))


@pytest.mark.soak
def test_hostile_texts_stay_text(record_property: Callable[[str, object], None]) -> None:
    """No tag, attribute or template of a stranger's in the page: only the elements that a harmless report has."""
    known = set(re.findall(r"<([a-z0-9]+)", render_html(hostile("harmless")))) | {"wbr"}
    everything = strings(FULL if os.environ.get("KYBERKUNTO_SOAK") == "1" else FEW)
    record_property("texts", len(everything))
    for text in everything:
        html = render_html(hostile(text))
        assert set(re.findall(r"<([a-z0-9]+)", html)) <= known, text
        assert "<script" not in html
        assert text in unescape(html), text


@pytest.mark.soak
def test_hostile_texts_on_paper_fetch_nothing(
    monkeypatch: pytest.MonkeyPatch, record_property: Callable[[str, object], None]
) -> None:
    asked: set[str] = set()
    fetch = PackagedOnly.fetch

    def listen(self: PackagedOnly, url: str, headers: object = None) -> object:
        asked.add(url)
        return fetch(self, url, headers)

    monkeypatch.setattr(PackagedOnly, "fetch", listen)
    everything = strings(FULL if os.environ.get("KYBERKUNTO_SOAK") == "1" else FEW)
    record_property("texts", len(everything))
    for start in range(0, len(everything), FEW):
        pdf = render_pdf(hostile(" ".join(everything[start : start + FEW])))
        assert pypdf.PdfReader(io.BytesIO(pdf)).pages
    assert {url for url in asked if not re.fullmatch(r"kyberkunto:[A-Za-z0-9-]+\.ttf", url)} == set()


def test_letter_that_no_font_has_is_printed_as_its_number() -> None:
    strange = replace(CLOSED, evidence={**CLOSED.evidence, "seen": "Łódź \U0010fffd"})
    pdf = render_pdf(ReportInput("en", BEGAN, (inspected(strange),)))
    text = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)
    assert "Łódź [U+10FFFD]" in text


@pytest.mark.parametrize("text", ["x" * 100_000, "\u202e<b>ä " * 20_000])
def test_a_hundred_thousand_characters_break_nothing(text: str) -> None:
    pdf = render_pdf(hostile(text))
    assert len(pypdf.PdfReader(io.BytesIO(pdf)).pages) < 60


ALONE = """
from pathlib import Path
from portal.assessments.report.printing import render_pdf
from tests.portal.assessments.reporting import inspected, worst
render_pdf(worst("fi", inspected()))
print(*(line.split()[1] for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM")))
"""
"""Prints the most memory held, in kB (proc(5)). A child's `ru_maxrss` counts that of whoever forked it."""


def test_the_worst_report_stays_small() -> None:
    """At most 300 MB, in a process of its own, as a worker renders it."""
    ended = subprocess.run([sys.executable, "-c", ALONE], cwd=ROOT, capture_output=True, text=True, check=True)
    assert 50 * 1024 < int(ended.stdout) < 300 * 1024
