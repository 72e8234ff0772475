"""An owner at the questionnaire, in few words."""

import re
from html import unescape

import httpx

from portal.accounts.viewer import VISITOR
from portal.assessments.catalogue import current
from portal.assessments.sheets import service, storage
from portal.assessments.tables import AnswerSheet, Assessment
from tests.portal.pages.asking import send

PROFILE = {
    "country": "fi",
    "sector": "food",
    "size": "2-9",
    "remote": "no",
    "servers": "no",
    "cards": "yes",
    "web-shop": "no",
    "personal-data": "yes",
    "machines": "no",
}
"""A café with staff."""


async def begun(browser: httpx.AsyncClient, language: str = "en") -> str:
    """The path of a new sheet, begun as a person begins it."""
    answer = await send(browser, f"/{language}/questions", f"/{language}/questions")
    assert answer.status_code == 303, answer.text[:300]
    return str(answer.headers["location"])


async def sheet_with(answers: dict[str, str], assessment: Assessment | None = None) -> AnswerSheet:
    """A sheet that holds these answers."""
    row = await service.start("en", "somebody", assessment)
    kept = await storage.by_token(row.token, VISITOR)
    for question, answer in answers.items():
        await service.answer(kept, current(), question, answer)
    return row


def everything(place: int) -> dict[str, str]:
    """The answer at that place (0 is the worst, -1 the best graded one) to every question."""
    graded = {each.id: [one.id for one in each.answers if one.value is not None] for each in current().questions}
    return {**PROFILE, **{question: ids[place] for question, ids in graded.items()}}


async def choose(browser: httpx.AsyncClient, page: str, answer: str, back: str = "") -> httpx.Response:
    """Opens a question, chooses an answer and continues."""
    return await send(browser, page, page.partition("?")[0], answer=answer, back=back)


def chosen(page: httpx.Response) -> str | None:
    """The answer that is chosen on a question's page."""
    found = re.search(r'name="answer" value="([^"]+)" checked', page.text)
    return found.group(1) if found else None


def text(page: httpx.Response) -> str:
    """What the page says, without its marks."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page.text)).split())
