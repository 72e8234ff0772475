"""Affordable help: free tools, public advice, open funding. Each entry is dated, signed off, and ends by itself.

`entries.toml` stands beside this module. An entry needs a page that says so, which somebody has read on `checked`, and
a day on which it ends: from then on it is told nowhere, until somebody has looked again.
"""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import tomli
from msgspec import Struct

from portal.assessments.catalogue import LANGUAGES, Words, current
from portal.errors import HelpError

HERE = Path(__file__).parent
KINDS = ("advice", "tool", "funding")
LONGEST = timedelta(days=366)
"""An entry has to be looked at again within a year."""


class Entry(Struct, frozen=True):
    """`kind`: one of `KINDS`. `countries`, `sectors`, `sizes`: profile answers that it is for; empty means all.

    `languages`: those in which the page itself is to be had; `source`: its address. `checked`: the day on which
    somebody read it; `ends`: the first day on which it is not told any more. `signed_off_by`: who answers for it.
    """

    id: str
    kind: str
    title: Words
    what: Words
    countries: tuple[str, ...]
    sectors: tuple[str, ...]
    sizes: tuple[str, ...]
    languages: tuple[str, ...]
    source: str
    checked: date
    ends: date
    signed_off_by: str

    def is_for(self, profile: Mapping[str, str], today: date) -> bool:
        """Whether it holds on that day and is for such a firm; what the firm did not say shuts nothing out."""
        wanted = (("country", self.countries), ("sector", self.sectors), ("size", self.sizes))
        fits = all(not allowed or profile.get(key, allowed[0]) in allowed for key, allowed in wanted)
        return fits and self.checked <= today < self.ends


def help_for(profile: Mapping[str, str], today: date, entries: Iterable[Entry] | None = None) -> tuple[Entry, ...]:
    """What there is for a firm of that profile on that day, by kind. Never one that has ended."""
    known = all_entries() if entries is None else tuple(entries)
    found = [entry for entry in known if entry.is_for(profile, today)]
    return tuple(sorted(found, key=lambda entry: KINDS.index(entry.kind)))


@cache
def all_entries() -> tuple[Entry, ...]:
    """Every entry, those that have ended as well. Raises HelpError for one that is incomplete."""
    return read(HERE / "entries.toml")


def read(path: Path) -> tuple[Entry, ...]:
    """The entries of a file. Raises HelpError where one is incomplete, or names what is not there."""
    try:
        raw = tomli.loads(path.read_text(encoding="utf-8"))
        made = tuple(_entry(each) for each in raw.get("entries", ()))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise HelpError(f"{path.name}: {error!r}") from error
    if len({entry.id for entry in made}) < len(made):
        raise HelpError(f"{path.name}: an id stands there twice")
    return made


def _entry(raw: Mapping[str, Any]) -> Entry:
    made = Entry(
        id=raw["id"],
        kind=raw["kind"],
        title=_words(raw["title"]),
        what=_words(raw["what"]),
        countries=_of_profile("country", raw["countries"]),
        sectors=_of_profile("sector", raw["sectors"]),
        sizes=_of_profile("size", raw["sizes"]),
        languages=tuple(raw["languages"]),
        source=raw["source"],
        checked=raw["checked"],
        ends=raw["ends"],
        signed_off_by=raw["signed_off_by"],
    )
    is_whole = made.kind in KINDS and made.languages and made.signed_off_by.strip()
    if not is_whole or not made.source.startswith("https://"):
        raise ValueError(f"{made.id}: a kind, a language, an https source and who signed it off are needed")
    if not made.checked < made.ends <= made.checked + LONGEST:
        raise ValueError(f"{made.id}: it ends after it was checked, and within a year of that")
    return made


def _of_profile(question: str, answers: Iterable[str]) -> tuple[str, ...]:
    asked = current().profile_question(question)
    known = {answer.id for answer in asked.answers} if asked else set()
    unknown = [answer for answer in answers if answer not in known]
    if unknown:
        raise ValueError(f"{question} has no {unknown}")
    return tuple(answers)


def _words(raw: Mapping[str, str]) -> Words:
    if set(raw) != set(LANGUAGES) or not all(text.strip() for text in raw.values()):
        raise ValueError(f"words must be given in {LANGUAGES}: {dict(raw)}")
    return dict(raw)
