import json
import logging

import httpx
import pytest

from portal.logs import JsonLines
from tests.portal.assessments.findings import NO_DMARC
from tests.portal.pages.asking import DOMAIN, keep


def line(**extra: object) -> dict[str, object]:
    record = logging.getLogger("portal").makeRecord("portal", logging.INFO, "f", 1, "%s!", ("Hi",), None, extra=extra)
    found: dict[str, object] = json.loads(JsonLines().format(record))
    return found


def test_line_is_json_with_what_the_caller_gave() -> None:
    found = line(domain="example.fi", count=3)
    assert {key: value for key, value in found.items() if key != "time"} == {
        "level": "info",
        "logger": "portal",
        "message": "Hi!",
        "domain": "example.fi",
        "count": 3,
    }


def test_time_is_utc() -> None:
    assert str(line()["time"]).endswith("+00:00")


def test_line_stays_one_line() -> None:
    record = logging.makeLogRecord({"msg": "two\nlines", "levelname": "INFO"})
    assert "\n" not in JsonLines().format(record)


async def test_a_visit_is_logged_without_its_address_its_client_and_what_was_asked(
    browser: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    row = await keep(NO_DMARC)
    with caplog.at_level(logging.INFO):
        await browser.get(f"/en/a/{row.token}?show=all", headers={"x-forwarded-for": "192.0.2.99"})
        await browser.get("/en/s/a-link-that-nobody-has")
        await browser.post("/en", data={"domain": DOMAIN})
    lines = [JsonLines().format(record) for record in caplog.records if record.name.startswith("portal")]
    told = [(found.get("route"), found.get("status")) for found in map(json.loads, lines) if "route" in found]
    assert ("/{language}/a/{token}", 200) in told
    assert ("/{language}/s/{token}", 404) in told
    assert ("/{language}", 403) in told
    for secret in (row.token, "a-link-that-nobody-has", "show=all", "192.0.2.99", "127.0.0.1", DOMAIN):
        assert secret not in "".join(lines)
