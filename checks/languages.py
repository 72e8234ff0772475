"""The languages in which everything is told, and how a date is written in each."""

from datetime import date

LANGUAGES = ("fi", "sv", "en")

_EN_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def local_date(when: date, language: str) -> str:
    """A date as its reader writes it: `23.11.2026`, or `23 November 2026`."""
    if language == "en":
        return f"{when.day} {_EN_MONTHS[when.month - 1]} {when.year}"
    return f"{when.day}.{when.month}.{when.year}"
