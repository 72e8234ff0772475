"""The interface's words in Finnish, Swedish and English; the source strings are the English ones.

Catalogues are the committed `.po` files, compiled in memory: there is no build step to forget. The words of findings
and fixes are not here but in their cards (see `checks.advice`).
"""

import gettext
import io
from collections.abc import Mapping
from datetime import datetime, timedelta, tzinfo
from functools import cache
from pathlib import Path
from types import MappingProxyType

from checks.languages import LANGUAGES, local_date

DEFAULT = "fi"
NAMES: Mapping[str, str] = MappingProxyType({"fi": "Suomi", "sv": "Svenska", "en": "English"})
"""Each language by its own name, in the order in which they are offered."""

_LOCALE = Path(__file__).parent / "locale"
_DOMAIN = "portal"


@cache
def translator(language: str) -> gettext.NullTranslations:
    """`gettext`, `ngettext`, `pgettext` and `npgettext` in `fi`, `sv` or `en`. Raises KeyError for another one."""
    if language not in NAMES:
        raise KeyError(language)
    if language == "en":
        return gettext.NullTranslations()
    from babel.messages.mofile import write_mo  # noqa: PLC0415 - the command in English need not pay for Babel
    from babel.messages.pofile import read_po  # noqa: PLC0415 - the same

    with (_LOCALE / language / "LC_MESSAGES" / f"{_DOMAIN}.po").open("rb") as source:
        catalogue = read_po(source, locale=language, domain=_DOMAIN)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def preferred(accept_language: str) -> str:
    """The best of our languages for an `Accept-Language` header (RFC 9110, section 12.5.4); `fi` where none fits."""
    wishes: list[tuple[float, int, str]] = []
    for place, part in enumerate(accept_language[:1000].split(",")):
        tag, _, parameters = part.strip().partition(";")
        language = tag.strip().lower().partition("-")[0]
        if language in LANGUAGES:
            wishes.append((-_quality(parameters), place, language))
    best = min(wishes, default=(0.0, 0, DEFAULT))
    return best[2] if best[0] < 0 else DEFAULT


def local_time(when: datetime, language: str, zone: tzinfo) -> str:
    """A date and time as its reader writes them: `23.11.2026 klo 14.30`, or `23 November 2026, 2:30 pm`."""
    day, clock = local_date(when.astimezone(zone), language), local_clock(when, language, zone)
    return f"{day}, {clock}" if language == "en" else f"{day} {clock}"


def local_clock(when: datetime, language: str, zone: tzinfo) -> str:
    """A time of day as its reader writes it: `klo 14.30`, `kl. 14.30`, or `2:30 pm`."""
    here = when.astimezone(zone)
    if language == "en":
        half = "am" if here.hour < 12 else "pm"  # noqa: PLR2004 - noon
        return f"{(here.hour - 1) % 12 + 1}:{here.minute:02} {half}"
    return f"{'klo' if language == 'fi' else 'kl.'} {here.hour}.{here.minute:02}"


def local_moment(when: datetime, language: str, zone: tzinfo, *, begins: bool = False) -> str:
    """A deadline as nobody can mistake it: the date, the time on 24 hours, the zone's city and its distance from UTC.

    Midnight belongs to two days: an end is told as 24:00 of the day that ends, a beginning (`begins`) as 0:00 of its
    own.
    """
    here = when.astimezone(zone)
    is_end = not begins and (here.hour, here.minute) == (0, 0)
    day = local_date(here.date() - timedelta(days=1) if is_end else here.date(), language)
    hour = 24 if is_end else here.hour
    if language == "en":
        return f"{day}, {hour:02}:{here.minute:02} ({_zone_name(here, language, zone)})"
    word = "klo" if language == "fi" else "kl."
    return f"{day} {word} {hour}.{here.minute:02} ({_zone_name(here, language, zone)})"


def _zone_name(here: datetime, language: str, zone: tzinfo) -> str:
    """`Helsinki, UTC+2`; `UTC` alone for UTC itself."""
    minutes = round((here.utcoffset() or timedelta()).total_seconds() / 60)
    if str(zone) in {"UTC", "Etc/UTC"}:
        return "UTC"
    from babel.dates import get_timezone_location  # noqa: PLC0415 - the command need not pay for Babel

    hours, rest = divmod(abs(minutes), 60)
    sign = "\N{MINUS SIGN}" if minutes < 0 else "+"
    distance = f"UTC{sign}{hours}{f':{rest:02}' if rest else ''}"
    return f"{get_timezone_location(zone, locale=language, return_city=True)}, {distance}"


def local_number(value: float, language: str) -> str:
    """A score as its reader writes it: at most one decimal, with a decimal comma in Finnish and Swedish."""
    text = f"{value:.1f}".removesuffix(".0")
    return text if language == "en" else text.replace(".", ",")


def _quality(parameters: str) -> float:
    name, _, value = parameters.strip().partition("=")
    if name.strip().lower() != "q":
        return 1.0
    try:
        return min(max(float(value), 0.0), 1.0)
    except ValueError:
        return 0.0
