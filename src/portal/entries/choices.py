"""What the closed fields of an entry let choose from: control ids, who installs it, languages, countries, cities."""

from collections.abc import Mapping
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
