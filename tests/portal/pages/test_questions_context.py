"""How common a measure is elsewhere, under a gap of the plan: context, not shame."""

import httpx
import pytest

from portal.assessments.catalogue import current
from portal.assessments.context import peers
from tests.portal.pages.answering import PROFILE, everything, sheet_with, text

pytestmark = pytest.mark.usefixtures("portal")


@pytest.fixture(autouse=True)
def counted_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(peers, "_kept", {})


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
async def test_official_figure_stands_once_under_its_gap_with_its_source(
    browser: httpx.AsyncClient, language: str
) -> None:
    row = await sheet_with(everything(0))
    page = await browser.get(f"/{language}/q/{row.token}/plan")
    gap = page.text[page.text.index('class="gaps"') : page.text.index("</ul>", page.text.index('class="gaps"'))]
    assert gap.count('href="https://www.stat.fi/julkaisu/cktvy3q7k2z5k0b61akzcp7vf"') == 2  # sign-in and backup
    shown = text(page)
    sentence = {"fi": "Noin neljä viidestä", "sv": "Ungefär fyra av fem", "en": "About four in five"}[language]
    assert shown.count(sentence) == 1


async def test_firm_that_has_it_reads_nothing_of_others(browser: httpx.AsyncClient) -> None:
    row = await sheet_with(everything(-1))
    assert "others__source" not in (await browser.get(f"/en/q/{row.token}/plan")).text


async def test_own_sheets_are_told_from_ten_on_each_side(browser: httpx.AsyncClient) -> None:
    profile = {"size": PROFILE["size"]}
    rows = [await sheet_with({**profile, "payment-check": "always-call"}) for _ in range(10)]
    rows += [await sheet_with({**profile, "payment-check": "pay"}) for _ in range(9)]
    address = f"/en/q/{rows[-1].token}/plan"
    assert "that answered here" not in (await browser.get(address)).text
    await sheet_with({**profile, "payment-check": "pay"})
    peers._kept.clear()  # noqa: SLF001 - an hour later
    question = current().question("payment-check")
    assert question is not None
    aim = question.answer("always-call")
    assert aim is not None
    expected = f"About one in two firms of your size that answered here chose “{aim.text['en']}” or better."
    shown = text(await browser.get(address))
    assert expected in shown
    assert "Counted from the answers kept here, to the nearest tenth." in shown
