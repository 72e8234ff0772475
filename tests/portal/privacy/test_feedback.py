"""Whoever meets a barrier says so without an account, and the operator reads it; so for the log of checks."""

import asyncio
import json
import os
from datetime import timedelta

import httpx
import pytest

from portal import clock, settings
from portal.assessments import service
from portal.assessments.service import Asking
from portal.assessments.tables import CheckLog, Way
from portal.privacy.tables import Feedback
from tests.portal.conftest import Installation
from tests.portal.pages.asking import heading, send
from tests.portal.signing import person, signed_in

FORM = "/fi/accessibility/feedback"


async def test_message_reaches_the_operator(browser: httpx.AsyncClient) -> None:
    answer = await send(browser, FORM, FORM, place="Suunnitelma", message="Nappia ei lueta.", reply_to="a@b.example")
    assert heading(await browser.get(answer.headers["location"])) == "Kiitos, saimme viestisi"
    [row] = await Feedback.objects()
    assert (row.place, row.message, row.reply_to) == ("Suunnitelma", "Nappia ei lueta.", "a@b.example")


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"message": " "}, "message"),
        ({"message": "x" * 2001}, "message"),
        ({"message": "x", "reply_to": "x"}, "reply_to"),
    ],
)
async def test_message_that_cannot_be_kept_comes_back(
    browser: httpx.AsyncClient, fields: dict[str, str], wrong: str
) -> None:
    answer = await send(browser, FORM, FORM, **fields)
    assert (answer.status_code, f'href="#{wrong}"' in answer.text) == (422, True)
    assert await Feedback.count() == 0


async def test_too_many_messages_are_told_when_to_go_on(browser: httpx.AsyncClient) -> None:
    for _ in range(20):
        await send(browser, FORM, FORM, message="Taas.")
    answer = await send(browser, FORM, FORM, message="Taas.")
    assert (answer.status_code, "retry-after" in answer.headers) == (429, True)


async def test_each_check_leaves_a_line_with_who_and_on_what_ground(browser: httpx.AsyncClient) -> None:
    await send(browser, "/en", "/en", domain="example.fi")
    who = await person("a@kahvila.example")
    await signed_in(browser, who)
    await send(browser, "/en", "/en", domain="example.com", mine="yes")
    await service.start("example.org", "en", "watch-1", stated=True, standing_token="t", asked=Asking(way=Way.WATCH))
    found = [(row.domain, row.person, row.way, row.ground) for row in await CheckLog.objects().order_by(CheckLog.at)]
    assert found == [
        ("example.fi", "", "page", "public"),
        ("example.com", who.pseudonym, "page", "stated"),
        ("example.org", "", "watch", "proof"),
    ]


async def test_operator_lists_checks_and_messages(portal: Installation) -> None:
    now = clock.now()
    for days in (0, 20):
        at = now - timedelta(days=days)
        await CheckLog(domain=f"d{days}.example", client="c", way="page", ground="public", at=at).save()
    await Feedback(language="fi", place="Etusivu", message="Liian\x1b pieni.", reply_to="a@b.example").save()
    [check] = json.loads(await said(portal, "checks", "--json"))
    assert (check["domain"], check["ground"]) == ("d0.example", "public")
    since = (now - timedelta(days=30)).date().isoformat()
    assert [line.split()[1] for line in (await said(portal, "checks", "--since", since)).splitlines()] == [
        "d20.example",
        "d0.example",
    ]
    text = await said(portal, "feedback")
    assert "Etusivu (answer to: a@b.example)" in text
    assert "\x1b" not in text


async def said(portal: Installation, *arguments: str) -> str:
    """What the command prints."""
    process = await asyncio.create_subprocess_exec(
        settings.ROOT / ".venv" / "bin" / "kyberkunto",
        *arguments,
        env={**os.environ, **portal.environment},
        stdout=asyncio.subprocess.PIPE,
    )
    out, _ = await process.communicate()
    assert process.returncode == 0
    return out.decode()
