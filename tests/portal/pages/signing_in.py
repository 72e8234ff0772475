"""Somebody who signs in by the letter, in few words; nothing needs to take the letters here."""

import json
import re

import httpx
import pytest

from portal import settings
from portal.mail.tables import Letter
from tests.portal.mail.conftest import PUBLIC_URL, mail_settings
from tests.portal.pages.asking import form_token, send

ADDRESS = "anna@kahvila.fi"


def sends_letters(monkeypatch: pytest.MonkeyPatch) -> None:
    """Makes the portal one that sends letters."""
    for name, text in mail_settings(25).items():
        monkeypatch.setenv(name, text)
    settings.current.cache_clear()


async def ask(browser: httpx.AsyncClient, address: str = ADDRESS, shown: str = "", **fields: str) -> httpx.Response:
    """Fills in the form."""
    return await send(browser, shown or "/en/sign-in", "/en/sign-in", address=address, **fields)


async def link(address: str = ADDRESS) -> str:
    """The path of the link in the newest letter to that address."""
    letter = (
        await Letter.select(Letter.about)
        .where(Letter.recipient == address)
        .order_by(Letter.created_at, ascending=False)
        .first()
    )
    assert letter is not None
    path: str = json.loads(letter["about"])["link"].removeprefix(PUBLIC_URL)
    return path


async def spend(browser: httpx.AsyncClient, path: str) -> httpx.Response:
    """Opens the link and presses the button."""
    page = await browser.get(path)
    return await browser.post(path, data={"_csrf": form_token(page)})


async def by_letter(browser: httpx.AsyncClient, address: str = ADDRESS, **fields: str) -> httpx.Response:
    """All of it."""
    assert (await ask(browser, address, **fields)).status_code == 303
    return await spend(browser, await link(address))


def without_token(page: httpx.Response) -> str:
    """The page, but for the form's token."""
    return re.sub(r'name="_csrf" value="[^"]+"', "", page.text)
