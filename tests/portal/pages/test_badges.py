"""The badge: made by whoever proves the domain, seen by everybody, and gone when its owner says so."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from html import unescape

import httpx
import pytest

from portal.accounts.proofs import record_name
from portal.assessments import service
from portal.assessments.tables import Assessment
from portal.sharing.tables import Badge
from tests.portal.assessments.findings import DOMAIN, NO_DMARC, made
from tests.portal.conftest import Installation
from tests.portal.pages.answering import text
from tests.portal.pages.asking import keep, send
from tests.portal.responder import Responder

ENCRYPTED = made("tls.https", "encrypted", address="198.18.0.9")
SVG = "{http://www.w3.org/2000/svg}"
LANGUAGES = ("fi", "sv", "en")
CHECKED = {"fi": "Kyberkunto tarkisti", "sv": "Kontrollerad av Kyberkunto", "en": "Checked by Kyberkunto,"}
WELL = {"fi": "Hyvin suojattu", "sv": "Väl skyddad", "en": "Well protected"}
LONG = f"{'a' * 63}.{'b' * 63}.{'c' * 63}.fi"


@pytest.fixture(autouse=True)
def zone(portal: Installation, responder: Responder) -> Iterator[dict[str, str]]:
    assert portal.environment["KYBERKUNTO_RESOLVERS"] == responder.address
    responder.texts.clear()
    yield responder.texts
    responder.texts.clear()


async def badged(browser: httpx.AsyncClient, zone: dict[str, str], row: Assessment) -> str:
    """Makes the badge as a person does; its public token."""
    path = f"/en/a/{row.token}/badge"
    page = await browser.get(path)
    found = re.search(r'data-copy="([0-9a-f]{32})"', page.text)
    assert found is not None
    zone[record_name(row.domain)] = found.group(1)
    answer = await send(browser, path, path, mine="yes")
    assert answer.headers["location"] == path
    kept = await Badge.objects().first()
    assert kept is not None
    return kept.token


def texts(picture: httpx.Response) -> list[str]:
    return [unescape("".join(each.itertext())) for each in ET.fromstring(picture.text).iter(f"{SVG}text")]  # noqa: S314 - our own


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_picture_says_what_and_when_in_its_language(
    browser: httpx.AsyncClient, zone: dict[str, str], language: str
) -> None:
    token = await badged(browser, zone, await keep(ENCRYPTED))
    picture = await browser.get(f"/{language}/b/{token}/badge.svg")
    name, when, well = texts(picture)
    assert (name, well) == (DOMAIN, WELL[language])
    assert when.startswith(CHECKED[language])
    assert "2026" in when


async def test_the_picture_is_safe_to_embed_and_can_be_read_aloud(
    browser: httpx.AsyncClient, zone: dict[str, str]
) -> None:
    token = await badged(browser, zone, await keep(ENCRYPTED))
    picture = await browser.get(f"/en/b/{token}/badge.svg")
    assert picture.headers["content-type"].startswith("image/svg+xml")
    assert picture.headers["cache-control"] == "public, max-age=3600"
    assert picture.headers["content-security-policy"].startswith("default-src 'none'")
    assert picture.headers["cross-origin-resource-policy"] == "cross-origin"
    assert "set-cookie" not in picture.headers
    root = ET.fromstring(picture.text)  # noqa: S314 - our own
    ids = {each.get("id"): each for each in root.iter()}
    assert root.get("role") == "img"
    assert all(ids[name].text for name in (root.get("aria-labelledby") or "").split())
    tags = {each.tag.removeprefix(SVG) for each in root.iter()}
    assert tags == {"svg", "title", "desc", "rect", "circle", "path", "g", "text"}
    assert not [name for each in root.iter() for name in each.attrib if "href" in name or "style" in name]


async def test_a_grave_fault_or_an_old_check_is_never_called_well_protected_nor_told(
    browser: httpx.AsyncClient, zone: dict[str, str]
) -> None:
    token = await badged(browser, zone, await keep(ENCRYPTED, NO_DMARC))
    for path in ("", "/badge.svg"):
        said = text(await browser.get(f"/en/b/{token}{path}"))
        assert "Well protected" not in said
        assert "out of 100" not in said
        assert "DMARC" not in said
        assert "forge" not in said.replace("Protection against forged senders", "")  # the name of what was looked at
    await Assessment.update({Assessment.started_at: datetime.now(UTC) - timedelta(days=91)}, force=True)
    picture = await browser.get(f"/en/b/{token}/badge.svg")
    assert texts(picture)[1:] == [
        "Last checked by Kyberkunto,",
        f"{texts(picture)[2].partition(':')[0]}: over 90 days ago",
    ]
    assert 'fill="#595959"' in picture.text
    assert "says nothing about today" in text(await browser.get(f"/en/b/{token}"))


async def test_the_page_names_what_was_checked_and_links_nowhere_private(
    browser: httpx.AsyncClient, zone: dict[str, str]
) -> None:
    row = await keep(ENCRYPTED, NO_DMARC)
    token = await badged(browser, zone, row)
    page = await browser.get(f"/en/b/{token}")
    assert page.headers["x-robots-tag"] == "noindex, nofollow"
    assert "Encrypted website" in text(page)
    assert "Number of name servers" not in text(page)
    assert "/a/" not in page.text
    assert row.token not in page.text


async def test_an_ended_badge_is_empty_and_gone(browser: httpx.AsyncClient, zone: dict[str, str]) -> None:
    row = await keep(ENCRYPTED)
    token = await badged(browser, zone, row)
    answer = await send(browser, f"/en/a/{row.token}/badge", f"/en/a/{row.token}/badge/end")
    assert answer.status_code == 303
    for gone in (token, "never-was"):
        picture = await browser.get(f"/en/b/{gone}/badge.svg")
        assert (picture.status_code, picture.content, picture.headers["cache-control"]) == (404, b"", "no-store")
        assert (await browser.get(f"/en/b/{gone}")).status_code == 404


async def test_the_code_to_copy_leads_from_the_picture_to_the_page(
    browser: httpx.AsyncClient, zone: dict[str, str]
) -> None:
    row = await keep(ENCRYPTED)
    token = await badged(browser, zone, row)
    page = await browser.get(f"/sv/a/{row.token}/badge")
    found = re.search(r'data-copy="(&lt;a .*?&lt;/a&gt;)"', page.text)
    assert found is not None
    code = unescape(found.group(1))
    page_address = f"http://127.0.0.1:8000/sv/b/{token}"
    assert re.findall(r'(?:href|src)="([^"]*)"', code) == [page_address, f"{page_address}/badge.svg"]
    assert re.findall(r'alt="([^"]*)"', code) == [f"Kyberkunto har kontrollerat {DOMAIN}: se vad och när"]
    assert 'width="344" height="72"' in code


@pytest.mark.parametrize(("mine", "status"), [("", 422), ("yes", 409)])
async def test_without_statement_or_record_there_is_no_badge(
    browser: httpx.AsyncClient, mine: str, status: int
) -> None:
    path = f"/en/a/{(await keep(ENCRYPTED)).token}/badge"
    page = await send(browser, path, path, mine=mine)
    assert (page.status_code, await Badge.count()) == (status, 0)


async def test_a_check_under_way_has_no_badge_yet(browser: httpx.AsyncClient) -> None:
    row = await service.start(DOMAIN, "en", "somebody")
    assert (await browser.get(f"/en/a/{row.token}/badge")).status_code == 409


async def test_a_long_name_fits_and_is_told_whole(browser: httpx.AsyncClient, zone: dict[str, str]) -> None:
    row = await keep(ENCRYPTED)
    await Assessment.update({Assessment.domain: LONG}, force=True)
    token = await badged(browser, zone, await Assessment.objects().get(Assessment.id == row.id) or row)
    picture = await browser.get(f"/en/b/{token}/badge.svg")
    assert len(texts(picture)[0]) <= 36
    assert 'textLength="' in picture.text
    assert LONG in picture.text
