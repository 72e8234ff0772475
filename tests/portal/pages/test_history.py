"""Coming back: what changed since the last check, that a newer one exists, and how the score has gone."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape
from xml.etree import ElementTree as ET

import httpx
import pytest

from checks.contract import DNS_TIMEOUT, EARLIER_VERSION, NOT_ASKED, Finding, Severity, Status
from portal.assessments.history import LONGEST, earlier_of, history_of, newer_of
from portal.assessments.tables import Assessment, Stage
from tests.portal.assessments.findings import AT_ZONER, CLOSED, NO_DMARC, ONE_NAME_SERVER, made
from tests.portal.pages.asking import DOMAIN, finish, keep, send

pytestmark = pytest.mark.usefixtures("portal")
BEGIN = datetime(2026, 8, 3, 9, 0, tzinfo=UTC)
HAS_DMARC = made("mail.dmarc", "present", policy="none")
UNTOLD_DMARC = Finding("mail.dmarc", Status.UNKNOWN, Severity.INFO, DOMAIN, DNS_TIMEOUT.name, {})
UNASKED = Finding("dns.ns_count", Status.NOT_APPLICABLE, Severity.INFO, DOMAIN, NOT_ASKED.name, {})


async def _ended(
    place: int, *findings: Finding, previous: Assessment | None = None, stage: Stage = Stage.DONE
) -> Assessment:
    """The check of that place in a line, `place` days after its beginning."""
    row = Assessment(
        token=f"check-{place}",
        domain=DOMAIN,
        language="en",
        previous=previous.id if previous else None,
        created_at=BEGIN + timedelta(days=place),
        score_low=40.0 + place,
        score_high=60.5 + place,
    )
    await row.save()
    await finish(row, *findings)
    row.status, row.started_at = stage.value, BEGIN + timedelta(days=place)
    await row.save()
    return row


def _text(page: httpx.Response) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page.text)).split())


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ["Since your check on 3 August 2026: 1 mended, 1 new", "Seen mended on 4 August 2026."]),
        ("fi", ["3.8.2026", "1 korjattu, 1 uusi", "4.8.2026"]),
        ("sv", ["1 åtgärdad, 1 ny"]),
    ],
)
async def test_the_result_says_what_changed_with_proof(
    browser: httpx.AsyncClient, language: str, said: list[str]
) -> None:
    first = await _ended(0, NO_DMARC, AT_ZONER)
    second = await _ended(1, HAS_DMARC, ONE_NAME_SERVER, previous=first)
    page = await browser.get(f"/{language}/a/{second.token}")
    assert [part for part in said if part not in _text(page)] == []
    [card] = re.findall(r'<a href="[^"#]+#([^"]+)">[^<]+</a> <span class="changes__name">', page.text)
    assert f'id="{card}"' in page.text
    assert f'href="/{language}/a/{second.token}/history"' in page.text


async def test_nothing_is_mended_that_could_not_be_told_and_nothing_new_that_was_not_asked(
    browser: httpx.AsyncClient,
) -> None:
    first = await _ended(0, NO_DMARC, UNASKED)
    second = await _ended(1, UNTOLD_DMARC, ONE_NAME_SERVER, previous=first)
    said = _text(await browser.get(f"/en/a/{second.token}"))
    assert "Since your check on 3 August 2026: no change that we can see" in said
    assert "We cannot say whether these are mended" in said
    assert "Seen for the first time" in said
    assert "Seen mended" not in said


async def test_what_only_an_earlier_version_could_tell_is_not_compared(browser: httpx.AsyncClient) -> None:
    first = await _ended(0, Finding("web.hsts", Status.FAIL, Severity.LOW, DOMAIN, "too-brief", {}))
    second = await _ended(1, AT_ZONER, previous=first)
    page = await browser.get(f"/en/a/{second.token}")
    assert page.status_code == 200
    assert "no change that we can see" in page.text
    assert EARLIER_VERSION.name not in page.text


async def test_a_first_check_tells_no_changes(browser: httpx.AsyncClient) -> None:
    page = await browser.get(f"/en/a/{(await _ended(0, NO_DMARC)).token}")
    assert "Since your check" not in page.text
    assert "has been checked again" not in page.text


async def test_check_again_knows_the_earlier_one_and_the_old_address_leads_to_it(browser: httpx.AsyncClient) -> None:
    first = await _ended(0, NO_DMARC)
    answer = await send(browser, f"/en/a/{first.token}", "/en/", domain=DOMAIN, again=first.token)
    [newer] = await Assessment.objects().where(Assessment.previous == first.id)
    assert answer.headers["location"] == f"/en/a/{newer.token}"
    page = await browser.get(f"/en/a/{first.token}")
    assert "The domain has been checked again since" in page.text
    assert f'<a href="/en/a/{newer.token}">See the newest check</a>' in page.text


async def test_whoever_showed_nothing_is_not_led_to_what_was_seen_behind_the_doors(browser: httpx.AsyncClient) -> None:
    first = await _ended(0, NO_DMARC)
    doors = await _ended(1, CLOSED, previous=first)
    doors.ports_allowed = True
    await doors.save()
    assert await newer_of(first) is None
    assert doors.token not in (await browser.get(f"/en/a/{first.token}")).text
    after = await _ended(2, NO_DMARC, previous=doors)
    assert (await newer_of(first)).token == (await newer_of(doors)).token == after.token  # type: ignore[union-attr]


async def test_a_check_that_broke_off_is_passed_over() -> None:
    first = await _ended(0, NO_DMARC)
    broken = await _ended(1, previous=first, stage=Stage.FAILED)
    third = await _ended(2, HAS_DMARC, previous=broken)
    assert await newer_of(third) is None
    earlier = await earlier_of(third)
    assert earlier is not None
    assert earlier.id == first.id
    assert [past.token for past in await history_of(third)] == ["check-0", "check-2"]
    await Assessment.delete().where(Assessment.id == third.id)
    assert await newer_of(first) is None


async def test_history_is_a_chart_with_its_words_and_a_table(browser: httpx.AsyncClient) -> None:
    row = None
    elsewhere = Finding("mail.dmarc", Status.FAIL, Severity.LOW, f"www.{DOMAIN}", "absent", {}, NO_DMARC.fix)
    for place, faults in enumerate([[elsewhere, NO_DMARC, ONE_NAME_SERVER], [NO_DMARC], []]):
        row = await _ended(place, *faults, previous=row)
    assert row is not None
    page = await browser.get(f"/en/a/{row.token}/history")
    drawn = re.search(r"<svg class=\"history__plot.*?</svg>", page.text, re.DOTALL)
    assert drawn is not None
    svg = ET.fromstring(drawn.group(0))  # noqa: S314 - our own page
    assert svg.findtext("title") == f"Score of {DOMAIN} over time"
    assert "3 checks. On 3 August 2026: between 40 and 60.5 out of 100." in str(svg.findtext("desc"))
    low = next(line for line in svg.iter("polyline") if line.get("class") == "history__low")
    assert low.get("points") == "0,120 270,120 270,118 540,118 540,116 600,116"
    cells = [re.findall(r"<td>([^<]*)</td>", line) for line in page.text.split("<tr>")[2:]]
    assert [row[1:] for row in cells] == [["0", "0"], ["1", "0"], ["1", "1"]]
    assert "style=" not in page.text
    assert page.headers["x-robots-tag"] == "noindex, nofollow"


async def test_history_of_one_check_and_of_none(browser: httpx.AsyncClient) -> None:
    one = await browser.get(f"/en/a/{(await _ended(0, NO_DMARC)).token}/history")
    assert "So far there is one check." in one.text
    assert "history__plot" not in one.text
    none = await browser.get(f"/en/a/{(await keep(stage=Stage.RUNNING)).token}/history")
    assert "There is no check yet that has ended." in none.text
    assert (await browser.get("/en/a/nobody-s/history")).status_code == 404


async def test_history_says_where_our_checks_were_renewed(browser: httpx.AsyncClient) -> None:
    first = await _ended(0)
    first.catalogue_version = "2026.08"
    await first.save()
    second = await _ended(1, previous=first)
    said = _text(await browser.get(f"/en/a/{second.token}/history"))
    assert "Our checks were renewed before this one." in said
    assert [past.renewed for past in await history_of(second)] == [False, True]


async def test_an_endless_line_is_cut() -> None:
    row = None
    for place in range(LONGEST + 3):
        row = await _ended(place, previous=row)
    assert row is not None
    history = await history_of(row)
    assert (len(history), history[0].token, history[-1].token) == (LONGEST, "check-3", row.token)
