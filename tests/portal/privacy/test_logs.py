"""What the portal's own logs tell: no token, no answer, no address of mail or of the internet."""

import re
import time
from pathlib import Path

import httpx

from tests.portal.conftest import Installation
from tests.portal.serving import Serving, serving, wait_for

CLIENT = "203.0.113.77"
ADDRESS = "salainen@kahvila.example"
MESSAGE = "Tämä on vain minun sanottavani"


def walk(portal: Serving) -> set[str]:
    """Goes through the portal as somebody with a secret would; the texts that no log may hold."""
    with httpx.Client(base_url=portal.url, timeout=20, headers={"x-forwarded-for": CLIENT}) as browser:

        def send(shown: str, action: str, **fields: str) -> httpx.Response:
            found = re.search(r'name="_csrf" value="([^"]+)"', browser.get(shown).text)
            assert found is not None, shown
            return browser.post(action, data={**fields, "_csrf": found.group(1)})

        check = send("/en", "/en", domain=ADDRESS).headers["location"].rpartition("/")[2]
        sheet = send("/en/questions", "/en/questions").headers["location"].split("/")[3]
        question = re.search(rf"/en/q/{sheet}/([a-z-]+)", browser.get(f"/en/q/{sheet}").text)
        assert question is not None
        shown = f"/en/q/{sheet}/{question[1]}"
        answer = re.search(r'type="radio"[^>]* value="([^"]+)"', browser.get(shown).text)
        assert answer is not None
        send(shown, shown, answer=answer[1])
        feedback = "/en/accessibility/feedback"
        send(feedback, feedback, message=MESSAGE, reply_to=ADDRESS, place=f"/en/q/{sheet}")
        wait_for(lambda: 'class="verdict' in browser.get(f"/en/a/{check}").text, portal.log)
        for path in (
            "",
            "/history",
            "/share",
            "/watch",
            "/ports",
            "/take/data.json",
            "/badge",
            "/wrong?check=x",
            "/keep",
        ):
            browser.get(f"/en/a/{check}{path}")
        for path in ("", "/plan", "/answers", "/report", "/domain", "/letter", "/share", "/take/tables.xlsx", "/keep"):
            browser.get(f"/en/q/{sheet}{path}")
        send(f"/en/q/{sheet}/report", f"/en/q/{sheet}/report")
        for path in (
            f"/en/sign-in/{sheet}",
            f"/en/s/{check}",
            f"/en/w/{sheet}",
            f"/en/nothing/{check}",
            f"/xx/{check}",
        ):
            browser.get(path)
        browser.post(f"/en/a/{check}/report", data={"_csrf": "wrong", "note": MESSAGE})
        cookies = {cookie.value for cookie in browser.cookies.jar if cookie.value}
    return {check, sheet, ADDRESS, ADDRESS.partition("@")[0], MESSAGE, CLIENT, *cookies}


def test_logs_hold_no_token_no_answer_and_no_address(portal: Installation, tmp_path: Path) -> None:
    environment = {
        **portal.environment,
        "KYBERKUNTO_TRUSTED_PROXIES": "127.0.0.1",
        "KYBERKUNTO_LOG_LEVEL": "DEBUG" if portal.kind == "sqlite" else "INFO",
    }
    with serving(environment, tmp_path / "log") as running:
        secrets = walk(running)
        time.sleep(1)  # what is said a moment later is said, too
    said = (tmp_path / "log").read_text(encoding="utf-8")
    assert said.count('"logger": "portal.access"') > 20
    assert "check done" in said
    assert [secret for secret in secrets if secret in said] == []
