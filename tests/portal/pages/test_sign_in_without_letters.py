"""A portal without a mail server says that nobody can sign in by mail, and offers it nowhere."""

import httpx
import pytest

from portal.accounts.tables import SignInLink
from portal.mail.tables import Letter
from tests.portal.pages.asking import form_token


@pytest.mark.parametrize(
    ("language", "said"), [("fi", "ei voi nyt lähettää"), ("sv", "kan inte skicka"), ("en", "cannot send letters")]
)
async def test_page_says_so(browser: httpx.AsyncClient, language: str, said: str) -> None:
    page = await browser.get(f"/{language}/sign-in")
    assert page.status_code == 200
    assert said in page.text
    assert 'name="address"' not in page.text


async def test_form_sent_all_the_same_sends_nothing(browser: httpx.AsyncClient) -> None:
    token = form_token(await browser.get("/en/"))
    page = await browser.post("/en/sign-in", data={"address": "anna@kahvila.fi", "_csrf": token})
    assert "cannot send letters" in page.text
    assert (await Letter.count(), await SignInLink.count()) == (0, 0)


async def test_no_page_offers_it(browser: httpx.AsyncClient) -> None:
    for path in ("/en/", "/en/a/nothing"):
        assert "/sign-in" not in (await browser.get(path)).text
