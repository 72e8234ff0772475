"""The demonstration: filled once, and its main pages tell what they should."""

import httpx
import pytest

from portal.accounts import signing_in
from portal.accounts.tables import Person
from portal.demo import filling, sights, texts, ways_in
from portal.errors import NotADemoError, NotEmptyError
from portal.mail.tables import Letter
from tests.portal import signing

FEW = 24
"""Firms: as many as show that figures come of them."""
FINISHED, JUDGED, OPEN = (sights.slug(of) for of in ("finished", "screening", "open"))


@pytest.mark.usefixtures("portal")
async def test_nobody_is_signed_in_as_somebody_where_people_are_real() -> None:
    await signing.person(ways_in.roles()["organiser"])
    with pytest.raises(NotADemoError):
        await ways_in.way_in("organiser")
    with pytest.raises(NotEmptyError):
        await filling.fill(FEW)


@pytest.mark.usefixtures("portal")
async def test_demo_pages_tell_what_they_should(browser: httpx.AsyncClient) -> None:
    await filling.fill(FEW)
    assert not await Letter.count()
    for path, told in (
        ("/en/calls", texts.calls().open.title["en"]),
        (f"/sv/call/{OPEN}", texts.calls().open.title["sv"]),
        (f"/en/call/{FINISHED}/results", "Call back before you pay"),
        (f"/en/call/{FINISHED}/gallery", "Tillguard Works"),
        ("/fi/city/helsinki/programme", "Helsinki"),
    ):
        await _tells(browser, path, told)
    await _as(browser, "organiser")
    await _tells(browser, f"/en/city/helsinki/call/{JUDGED}", texts.calls().screening.title["en"])
    await _tells(browser, f"/en/city/helsinki/call/{JUDGED}/jury", "my cousin works for them")
    await _tells(browser, f"/en/city/helsinki/call/{FINISHED}/ranking", "Tillguard Works")
    await _as(browser, "juror")
    await _tells(browser, f"/en/city/new-york/jury/{JUDGED}", "3 of 5 left")
    with pytest.raises(NotEmptyError):
        await filling.fill(FEW)


async def _as(browser: httpx.AsyncClient, role: str) -> None:
    """Signs in as that role, whose link and code are real ones."""
    way = await ways_in.way_in(role)
    address = (await signing_in.offered(way.path.rpartition("/")[2])).address
    assert (address, bool(way.code)) == (ways_in.roles()[role], True)
    somebody = await Person.objects().where(Person.address == address).first()
    assert somebody is not None
    await signing.signed_in(browser, somebody, stepped_up=True)


async def _tells(browser: httpx.AsyncClient, path: str, told: str) -> None:
    answer = await browser.get(path)
    assert answer.status_code == 200, path
    assert told in answer.text, path
