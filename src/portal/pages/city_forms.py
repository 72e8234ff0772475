"""The form that describes a city: what was typed, and why it came back."""

from collections.abc import Mapping

from litestar.datastructures import FormMultiDict
from msgspec.structs import replace

from portal.accounts.cities import Description
from portal.errors import UnusableCityError
from portal.i18n import NAMES
from portal.pages.page import words

EMPTY = Description(name={}, privacy={}, languages=(), country="FI", zone="Europe/Helsinki", contact="")
_LONGEST = 10_000
"""Characters of what comes back to a field: more than any may have."""


def texts_of(form: FormMultiDict, before: Description) -> Description:
    """What its organisers describe: names, texts, contact. The rest stays."""
    return replace(
        before,
        name={code: _field(form, f"name-{code}") for code in NAMES},
        privacy={code: _field(form, f"privacy-{code}") for code in NAMES},
        contact=_field(form, "contact"),
    )


def whole(form: FormMultiDict) -> Description:
    """What administrators describe: everything; the city's own language comes first."""
    own = _field(form, "own")
    ticked = [str(code) for code in form.getall("languages", [])]
    return replace(
        texts_of(form, EMPTY),
        languages=tuple(dict.fromkeys(code for code in (own, *ticked) if code in NAMES)),
        country=_field(form, "country"),
        zone=_field(form, "zone").strip(),
    )


def reasons(error: UnusableCityError, language: str) -> dict[str, str]:
    """Why it came back, by field."""
    tell = words(language)
    told: Mapping[str, str] = {
        "bad-slug": tell("Use small letters a–z, numbers and hyphens only, like new-york."),
        "taken": tell("There is a city with this address already. Choose another one."),
        "none": tell("Choose the city's own language."),
        "no-name": tell("Type the name in the city's own language."),
        "too-long": tell("Make this shorter."),
        "no-address": tell("Type the mail address, like anna@kahvila.fi."),
        "not-an-address": tell("This does not look like a mail address. Type it like anna@kahvila.fi."),
        "special-letters": tell(
            "We cannot write to addresses with letters such as ä or ö before the @ sign. Type another one."
        ),
    }
    unknown = {
        "country": tell("Choose the country."),
        "zone": tell("There is no such time zone. Type it like Europe/Helsinki or America/New_York."),
    }
    return {
        ("own" if field == "languages" else field): unknown[field] if code == "unknown" else told[code]
        for field, code in error.codes.items()
    }


def _field(form: FormMultiDict, name: str) -> str:
    return str(form.get(name, ""))[:_LONGEST]
