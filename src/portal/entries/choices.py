"""What the closed fields of an entry let choose from: control ids, who installs it, languages, countries, cities."""

from collections.abc import Iterable, Mapping
from functools import cache

from babel import Locale

from challenge.filling import Choices
from checks.advice import DOERS
from portal.accounts import cities
from portal.assessments import catalogue
from portal.i18n import NAMES

SPOKEN = (
    "fi", "sv", "en", "et", "ru", "uk", "ar", "so", "fa", "ku", "zh", "vi", "th", "bg", "cs", "da", "de", "el", "es",
    "fr", "ga", "he", "hr", "hu", "is", "it", "ja", "ko", "lt", "lv", "mt", "nb", "nl", "pl", "pt", "ro", "sk", "sl",
    "sq", "tr",
)  # fmt: skip
"""Languages of the European Union, of our neighbours, and of many who keep a small business here (BCP 47)."""


@cache
def choices() -> Choices:
    """All codes and ids."""
    return Choices(
        closes=frozenset(question.id for question in catalogue.current().questions),
        skills=DOERS,
        speaks=frozenset(SPOKEN),
        countries=frozenset(cities.countries("en")),
        languages=tuple(NAMES),
    )


@cache
def spoken(language: str) -> Mapping[str, str]:
    """The languages by code: ours first, then by their names in that language."""
    names = Locale(language).languages
    others = sorted((str(names[code]), code) for code in SPOKEN if code not in NAMES)
    return {**NAMES, **{code: name for name, code in others}}


def languages_named(codes: Iterable[str], language: str) -> tuple[str, ...]:
    """Languages (BCP 47) by their names in that language; what has none by its code."""
    names = Locale(language).languages
    return tuple(str(names.get(code.partition("-")[0].lower(), code)) for code in codes)


def countries_named(codes: Iterable[str], language: str) -> tuple[str, ...]:
    """Countries (ISO 3166-1) by their names in that language; what has none by its code."""
    names = cities.countries(language)
    return tuple(names.get(code, code) for code in codes)
