"""A check or a sheet that belongs to a firm is for its people alone, whatever the address."""

import httpx
import pytest

from portal.accounts.tables import Organisation
from portal.assessments.tables import AnswerSheet, Assessment
from tests.portal.assessments.findings import NO_DMARC
from tests.portal.pages.answering import sheet_with
from tests.portal.pages.asking import keep
from tests.portal.signing import firm_of, person, signed_in


async def claimed(firm: Organisation) -> list[str]:
    check = await keep(NO_DMARC)
    sheet = await sheet_with({})
    await Assessment.update({Assessment.firm: firm.id}).where(Assessment.id == check.id)
    await AnswerSheet.update({AnswerSheet.firm: firm.id}).where(AnswerSheet.id == sheet.id)
    return [f"/en/a/{check.token}", f"/en/q/{sheet.token}", f"/en/a/{check.token}/history"]


async def test_its_people_see_it_and_nobody_else(browser: httpx.AsyncClient) -> None:
    owner, colleague, stranger = [await person(f"{name}@firm.example") for name in ("owner", "colleague", "stranger")]
    pages = await claimed(await firm_of(owner, colleague))
    await firm_of(stranger, name="Another")
    absent = (await browser.get("/en/a/nothing")).status_code
    assert [(await browser.get(page)).status_code for page in pages] == [absent] * 3 == [404] * 3
    await signed_in(browser, stranger)
    assert [(await browser.get(page)).status_code for page in pages] == [404] * 3
    for each in (owner, colleague):
        await signed_in(browser, each)
        assert [(await browser.get(page)).status_code for page in pages] == [200] * 3


@pytest.mark.parametrize("is_claimed", [True, False])
async def test_pages_of_who_is_signed_in_stay_in_no_cache(browser: httpx.AsyncClient, *, is_claimed: bool) -> None:
    somebody = await person("owner@firm.example")
    if is_claimed:
        await signed_in(browser, somebody)
    answer = await browser.get("/en/about")
    assert answer.headers["cache-control"] == ("no-store" if is_claimed else "no-cache")
