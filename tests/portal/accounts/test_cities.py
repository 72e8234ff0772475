"""How cities are described, and what cannot be said of one."""

import asyncio
from collections.abc import Mapping

import pytest
from msgspec.structs import replace

from portal.accounts import cities
from portal.accounts.cities import Description
from portal.accounts.tables import City, RoleKind
from portal.audit import service as audit
from portal.errors import NotAllowedError, UnusableCityError
from portal.i18n import NAMES
from tests.conftest import SOAK
from tests.hostile_texts import hostile_texts
from tests.portal.accounts.asking import viewer
from tests.portal.signing import city, give_role, person

pytestmark = pytest.mark.usefixtures("portal")

NEW_YORK = Description(
    name={"en": "New York"},
    privacy={"en": "We count.\r\n\r\nNothing else."},
    languages=("en",),
    country="US",
    zone="America/New_York",
    contact="Small-Business@NYC.test",
)


async def codes(described: Description, slug: str = "new-york") -> Mapping[str, str]:
    with pytest.raises(UnusableCityError) as refused:
        await cities.make(slug, described, await admin())
    assert await City.count() == 0
    return refused.value.codes


async def admin():  # noqa: ANN201 - a viewer
    somebody = await person("admin@kaupunki.test")
    await give_role(somebody, RoleKind.ADMINISTRATOR)
    return await viewer(somebody)


async def test_administrator_makes_a_city_and_changes_it() -> None:
    who = await admin()
    await cities.make("new-york", NEW_YORK, who)
    known = await cities.by_slug("new-york")
    assert known.described.contact == "Small-Business@nyc.test"
    assert (known.zone.key, known.described.privacy) == ("America/New_York", {"en": "We count.\n\nNothing else."})
    other = replace(known.described, name={"en": "New York City"}, languages=("en", "fi"))
    await cities.change(known, other, who, RoleKind.ADMINISTRATOR)
    assert (await cities.by_id(known.id)).described == other
    entries = [(entry.action, entry.subject) async for entry in audit.entries()]
    assert entries == [("city-made", "city:new-york"), ("city-changed", "city:new-york")]


async def test_city_is_told_in_the_readers_language_or_its_own() -> None:
    who = await admin()
    await cities.make("new-york", NEW_YORK, who)
    known = await cities.by_slug("new-york")
    assert (known.name_in("fi").text, known.name_in("fi").language) == ("New York", "en")
    privacy = known.privacy_in("sv")
    assert privacy is not None
    assert privacy.language == "en"
    await city("espoo")
    assert (await cities.by_slug("espoo")).privacy_in("fi") is None


@pytest.mark.parametrize("slug", ["", "New-York", "-a", "a--b", "a b", "a/b", "ä", "a" * 41, "a\n", "..", "a\0"])
async def test_address_has_small_letters_and_hyphens(slug: str) -> None:
    assert await codes(NEW_YORK, slug) == {"slug": "bad-slug"}


@pytest.mark.parametrize(
    "zone",
    ["", "Helsinki", "../../etc/passwd", "/etc/localtime", "posix/Europe/Helsinki", "Europe/Helsinki\n", "UTC\0"],
)
async def test_time_zone_is_one_of_the_iana_database(zone: str) -> None:
    assert await codes(replace(NEW_YORK, zone=zone)) == {"zone": "unknown"}


async def test_each_field_says_what_is_wrong_with_it() -> None:
    wrong = Description(
        name={"fi": "x" * 101},
        privacy={"sv": "x" * 4001},
        languages=("sv", "de"),
        country="ZZ",
        zone="Europe/Atlantis",
        contact="city",
    )
    assert await codes(wrong) == {
        "name-fi": "too-long",
        "name-sv": "no-name",
        "privacy-sv": "too-long",
        "country": "unknown",
        "zone": "unknown",
        "contact": "not-an-address",
    }


async def test_countries_are_those_of_iso_3166() -> None:
    for language in NAMES:
        assert len(cities.countries(language)) == 249
    assert cities.countries("sv")["FI"] == "Finland"


async def test_address_is_taken_once() -> None:
    who = await admin()
    found = await asyncio.gather(*(cities.make("new-york", NEW_YORK, who) for _ in range(4)), return_exceptions=True)
    taken = [each.codes for each in found if isinstance(each, UnusableCityError)]
    assert taken == [{"slug": "taken"}] * 3
    assert await City.count() == 1


async def test_only_administrators_make_one_and_only_its_organisers_change_it() -> None:
    espoo, turku = await city("espoo"), await city("turku")
    anna, organiser = await person("anna@kahvila.test"), await person("o@espoo.test")
    await give_role(organiser, RoleKind.ORGANISER, espoo)
    here, there = await cities.by_id(espoo.id), await cities.by_id(turku.id)
    for somebody in (anna, organiser):
        who = await viewer(somebody)
        with pytest.raises(NotAllowedError):
            await cities.make("new-york", NEW_YORK, who)
        with pytest.raises(NotAllowedError):
            await cities.change(there, there.described, who, RoleKind.ORGANISER)
        with pytest.raises(NotAllowedError):
            await cities.change(here, here.described, who, RoleKind.ADMINISTRATOR)
    await cities.change(
        here, replace(here.described, privacy={"fi": "Uusi"}), await viewer(organiser), RoleKind.ORGANISER
    )
    assert (await cities.by_id(espoo.id)).described.privacy == {"fi": "Uusi"}


@pytest.mark.soak
async def test_hostile_texts_come_back_as_they_can_be_shown() -> None:
    who = await admin()
    espoo = await city("espoo")
    known = await cities.by_id(espoo.id)
    for text in hostile_texts(1000 if SOAK else 40):
        whole = text.encode(errors="ignore").decode()
        described = replace(known.described, name={**known.described.name, "sv": whole}, privacy={"fi": whole})
        try:
            await cities.change(known, described, who, RoleKind.ADMINISTRATOR)
        except UnusableCityError:
            continue
        kept = (await cities.by_id(espoo.id)).described
        assert "\0" not in kept.privacy.get("fi", "")
        assert kept.name.get("sv", "x").isprintable()
