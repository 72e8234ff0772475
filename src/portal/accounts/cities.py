"""Cities that have a programme here: what they are called, where they are, and what they say of themselves."""

import json
import re
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from uuid import UUID
from zoneinfo import ZoneInfo, available_timezones

from babel import Locale
from msgspec import Struct
from msgspec.structs import asdict

from portal import clock
from portal.accounts import roles
from portal.accounts.names import parse_name
from portal.accounts.tables import City, RoleKind
from portal.accounts.viewer import Viewer
from portal.audit import service as audit
from portal.audit.tables import Action
from portal.errors import NotAllowedError, UnusableAddressError, UnusableCityError, UnusableNameError
from portal.i18n import NAMES
from portal.mail_addresses import parse_mail_address

LONGEST_SLUG = 40
LONGEST_PRIVACY = 4000
"""Characters in one language."""

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_ZONE = re.compile(r"[A-Z][A-Za-z0-9_+-]*(?:/[A-Z][A-Za-z0-9_+-]*){0,2}")
"""The names of the IANA database that people use: not `posix/…`, nor what is only a file beside them."""
_NO_COUNTRIES = frozenset(["AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "XK", "ZZ"])
"""What the Unicode CLDR has codes for besides the countries of ISO 3166-1."""


class Told(Struct, frozen=True):
    """A text and the language that it is in."""

    text: str
    language: str


class Description(Struct, frozen=True):
    """What a city tells: `name`, `privacy`: by language. `languages`: its own first. `zone`: of the IANA database."""

    name: Mapping[str, str]
    privacy: Mapping[str, str]
    languages: tuple[str, ...]
    country: str
    zone: str
    contact: str


class KnownCity(Struct, frozen=True):
    """One as it stands; `slug` stands in addresses."""

    id: UUID
    slug: str
    described: Description
    created_at: datetime

    def name_in(self, language: str) -> Told:
        """What it is called in that language, or else in its own."""
        return self._told(self.described.name, language) or Told(self.slug, self.described.languages[0])

    def privacy_in(self, language: str) -> Told | None:
        """What it does with what it sees, in that language, or else in its own; None where it has not said so yet."""
        return self._told(self.described.privacy, language)

    @property
    def zone(self) -> ZoneInfo:
        """Its people's clock."""
        return ZoneInfo(self.described.zone)

    def _told(self, texts: Mapping[str, str], language: str) -> Told | None:
        order = (language, *self.described.languages, *NAMES)
        return next((Told(texts[code], code) for code in order if texts.get(code)), None)


async def all_of_them() -> list[KnownCity]:
    """Every city, by its slug."""
    return [_known(row) for row in await City.objects().order_by(City.slug)]


async def by_slug(slug: str) -> KnownCity:
    """Raises NotAllowedError where there is none."""
    row = await City.objects().where(City.slug == slug).first()
    if row is None:
        raise NotAllowedError
    return _known(row)


async def by_id(city: UUID) -> KnownCity:
    """Raises NotAllowedError where there is none."""
    row = await City.objects().where(City.id == city).first()
    if row is None:
        raise NotAllowedError
    return _known(row)


async def make(slug: str, described: Description, viewer: Viewer) -> None:
    """A new city, made by an administrator.

    Raises:
        UnusableCityError: by field: `slug` (`bad-slug`, `taken`), or as `checked` says.
        NotAllowedError: the viewer administers nothing any more.
    """
    wrong = {} if _SLUG.fullmatch(slug) and len(slug) <= LONGEST_SLUG else {"slug": "bad-slug"}
    fit = checked(described, wrong)
    values = {getattr(City, name): value for name, value in _kept(fit).items()}
    async with roles.in_force(RoleKind.ADMINISTRATOR, None, viewer):
        row = City({City.slug: slug, City.created_at: clock.now(), **values})
        made = await City.insert(row).on_conflict(target=City.slug, action="DO NOTHING")
        if not made:
            raise UnusableCityError({"slug": "taken"})
        await audit.record(Action.CITY_MADE, viewer.pseudonym, f"city:{slug}")


async def change(city: KnownCity, described: Description, viewer: Viewer, acts_as: RoleKind) -> None:
    """Describes it anew, as an administrator, or as one of its organisers.

    Raises:
        UnusableCityError: as `checked` says.
        NotAllowedError: the viewer has that role no more.
    """
    fit = checked(described)
    values = {getattr(City, name): value for name, value in _kept(fit).items()}
    where = city.id if acts_as is RoleKind.ORGANISER else None
    async with roles.in_force(acts_as, where, viewer):
        await City.update(values).where(City.id == city.id)
        changed = [name for name, value in asdict(fit).items() if value != getattr(city.described, name)]
        await audit.record(Action.CITY_CHANGED, viewer.pseudonym, f"city:{city.slug}", changed=" ".join(changed))


def checked(described: Description, wrong: Mapping[str, str] | None = None) -> Description:
    """The description as it is kept. `wrong`: what was found wrong with other fields before.

    Raises:
        UnusableCityError: by field: `languages` (`none`), `name-…` of a language (`no-name` of the first, `too-long`),
            `privacy-…` (`too-long`), `country` and `zone` (`unknown`), `contact` (as in UnusableAddressError).
    """
    found = dict(wrong or {})
    languages = tuple(dict.fromkeys(code for code in described.languages if code in NAMES))
    if not languages:
        found["languages"] = "none"
    fit = Description(
        name=_names(described, languages[:1], found),
        privacy=_texts(described, found),
        languages=languages,
        country=described.country,
        zone=described.zone,
        contact=_contact(described.contact, found),
    )
    if described.country not in countries("en"):
        found["country"] = "unknown"
    if described.zone not in zones():
        found["zone"] = "unknown"
    if found:
        raise UnusableCityError(found)
    return fit


@cache
def countries(language: str) -> Mapping[str, str]:
    """The countries of ISO 3166-1 by their codes of two letters, in the order of their names in that language."""
    named = Locale(language).territories.items()
    real = [(code, name) for code, name in named if len(code) == 2 and code.isalpha() and code not in _NO_COUNTRIES]  # noqa: PLR2004 - alpha-2
    return dict(sorted(real, key=lambda each: each[1]))


@cache
def zones() -> tuple[str, ...]:
    """The zones of the IANA database that this machine knows, by their names."""
    return tuple(sorted(name for name in available_timezones() if _ZONE.fullmatch(name)))


def _names(described: Description, needed: tuple[str, ...], found: dict[str, str]) -> dict[str, str]:
    names = {}
    for code in NAMES:
        try:
            names[code] = parse_name(described.name.get(code, ""))
        except UnusableNameError as error:
            if error.code != "no-name" or code in needed:
                found[f"name-{code}"] = error.code
    return names


def _texts(described: Description, found: dict[str, str]) -> dict[str, str]:
    texts = {}
    for code in NAMES:
        text = "\n".join(described.privacy.get(code, "").replace("\0", "").splitlines()).strip()
        if len(text) > LONGEST_PRIVACY:
            found[f"privacy-{code}"] = "too-long"
        if text:
            texts[code] = text
    return texts


def _contact(typed: str, found: dict[str, str]) -> str:
    try:
        return parse_mail_address(typed)
    except UnusableAddressError as error:
        found["contact"] = error.code
        return ""


def _kept(described: Description) -> dict[str, str]:
    """By column."""
    return {
        **asdict(described),
        "name": json.dumps(described.name),
        "privacy": json.dumps(described.privacy),
        "languages": ",".join(described.languages),
    }


def _known(row: City) -> KnownCity:
    described = Description(
        name=json.loads(row.name),
        privacy=json.loads(row.privacy),
        languages=tuple(row.languages.split(",")),
        country=row.country,
        zone=row.zone,
        contact=row.contact,
    )
    return KnownCity(row.id, row.slug, described, row.created_at)
