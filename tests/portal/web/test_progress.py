import asyncio
import re

import httpx
import pytest

from checks.contract import Finding, Severity, Status
from portal.app import build_app
from portal.assessments import recording, service
from portal.assessments.tables import Assessment

pytestmark = pytest.mark.usefixtures("portal")


def finding(subject: str) -> Finding:
    facts = {"count": 2, "zone": subject, "name_servers": ["ns1.example.net", "ns2.example.net"]}
    return Finding("dns.ns_count", Status.PASS, Severity.INFO, subject, "enough", facts)


async def running() -> Assessment:
    made = await service.start("example.fi", "en", "somebody")
    begun = await recording.begin(made.id)
    assert begun is not None
    return begun


async def end(assessment: Assessment) -> None:
    await recording.finish(assessment, [], limits=(), resolvers=())


def events_in(text: str) -> list[tuple[str, str]]:
    found = []
    for block in re.split(r"\r?\n\r?\n", text):
        fields = dict(line.partition(": ")[::2] for line in block.splitlines() if not line.startswith(":"))
        if "event" in fields:
            found.append((fields["event"], fields.get("id", "")))
    return found


async def test_findings_come_in_order_and_then_the_end(browser: httpx.AsyncClient) -> None:
    assessment = await running()
    await recording.record(assessment, finding("one.fi"))
    asking = asyncio.create_task(browser.get(f"/en/a/{assessment.token}/events"))
    await asyncio.sleep(0.4)
    await recording.record(assessment, finding("two.fi"))
    await end(assessment)
    answer = await asking
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert events_in(answer.text) == [("finding", "1"), ("finding", "2"), ("end", "")]


async def test_browser_that_comes_back_gets_only_what_it_missed(browser: httpx.AsyncClient) -> None:
    assessment = await running()
    for subject in ("one.fi", "two.fi", "three.fi"):
        await recording.record(assessment, finding(subject))
    await end(assessment)
    answer = await browser.get(f"/en/a/{assessment.token}/events", headers={"last-event-id": "2"})
    assert events_in(answer.text) == [("finding", "3"), ("end", "")]


@pytest.mark.parametrize("nonsense", ["-1", "x", "²", "9" * 30])
async def test_nonsense_as_last_id_gives_everything(browser: httpx.AsyncClient, nonsense: str) -> None:
    assessment = await running()
    await recording.record(assessment, finding("one.fi"))
    await end(assessment)
    answer = await browser.get(f"/en/a/{assessment.token}/events", headers={"last-event-id": nonsense.encode()})  # type: ignore[dict-item]
    assert events_in(answer.text) == [("finding", "1"), ("end", "")]


async def test_unknown_address_has_no_events(browser: httpx.AsyncClient) -> None:
    assert (await browser.get("/en/a/unknown/events")).status_code == 404


async def test_stream_ends_when_the_process_is_to_stop() -> None:
    stopping = False
    app = build_app(secure_cookies=False, stopping=lambda: stopping)
    assessment = await running()
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://127.0.0.1") as browser:
        asking = asyncio.create_task(browser.get(f"/en/a/{assessment.token}/events"))
        await asyncio.sleep(0.5)
        assert not asking.done()
        stopping = True
        async with asyncio.timeout(2):
            answer = await asking
    assert events_in(answer.text) == []
