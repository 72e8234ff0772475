"""Errors as pages that a person understands."""

import httpx
import pytest

from portal.pages import problems
from portal.web.problems import Problem
from tests.portal.pages.asking import heading

pytestmark = pytest.mark.usefixtures("portal")

KINDS = (
    "not-found", "not-done", "proof-expired", "too-many-checks-client", "too-many-checks-target",
    "too-many-requests", "form-refused", "wrong-method", "bad-request", "too-large", "our-error",
)  # fmt: skip


@pytest.mark.parametrize(("language", "said"), [("fi", "Tällaista sivua ei ole"), ("sv", "Den här sidan finns inte")])
async def test_a_missing_page_is_told_in_the_language_of_its_address(
    browser: httpx.AsyncClient, language: str, said: str
) -> None:
    page = await browser.get(f"/{language}/nothing")
    assert (page.status_code, heading(page)) == (404, said)


async def test_a_missing_page_without_language_is_told_in_the_browser_s(browser: httpx.AsyncClient) -> None:
    page = await browser.get("/nothing", headers={"accept-language": "en"})
    assert heading(page) == "There is no such page"


async def test_a_form_without_its_token_is_told_what_to_do(browser: httpx.AsyncClient) -> None:
    page = await browser.post("/en/", data={"domain": "kahvila.test"})
    assert (page.status_code, heading(page)) == (403, "The form was open for too long")


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_problem_has_words_of_its_own(kind: str) -> None:
    words = problems._words(str)  # noqa: SLF001 - the table itself is what is tested
    assert len(words[kind]) >= 2
    assert Problem(kind, 400).kind in words


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(1, "Try again in 1 second."), (59, "Try again in 59 seconds."), (61, "Try again in 2 minutes.")],
)
def test_a_limit_says_when_to_come_back(seconds: int, said: str) -> None:
    assert problems._when(seconds, "en") == said  # noqa: SLF001 - the sentence itself is what is tested
