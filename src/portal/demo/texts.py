"""The demonstration's texts, out of the files beside this module."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TypeVar

import msgspec
from msgspec import Struct

from challenge.terms import Words

Kind = TypeVar("Kind")
_FOLDER = Path(__file__).parent


class SomeBody(Struct, frozen=True, forbid_unknown_fields=True):
    """One person. `signs_in`: how the command calls them; `city`: a slug; `roles`: of `RoleKind`.

    `severity`: by how many marks of ten a juror is stricter; `employer`, `invests_in`, `close_to` (startups by name),
    `why_close`: what a juror declares; `firm`: the name of the firm that is theirs.
    """

    signs_in: str
    address: str
    name: str
    language: str
    roles: tuple[str, ...]
    city: str = ""
    severity: float = 0.0
    employer: str = ""
    invests_in: str = ""
    close_to: tuple[str, ...] = ()
    why_close: str = ""
    chairs: bool = False
    firm: str = ""


class Told(Struct, frozen=True, forbid_unknown_fields=True):
    """One entry. `by`: the startup; `home`: a city's slug or empty; all else as in `challenge.entry.Content`.

    `marks`: how good it is by criterion, in the criteria's order; `deck`: whether it has one yet.
    """

    by: str
    track: str
    home: str
    language: str
    title: str
    summary: str
    how: str
    proof: str
    team: str
    closes: tuple[str, ...]
    skills: str
    speaks: tuple[str, ...]
    countries: tuple[str, ...]
    price: float | None = None
    hours: float | None = None
    marks: tuple[int, ...] = ()
    gallery: bool = False
    deck: bool = True


class Days(Struct, frozen=True, forbid_unknown_fields=True):
    """When things happen, in days from today; `screening` and `final`: from, to."""

    opens: int
    deadline: int
    screening: tuple[int, int]
    final: tuple[int, int]
    published: int
    winners: int = 0
    gallery: int = 0


class Said(Struct, frozen=True, forbid_unknown_fields=True):
    """One call."""

    days: Days
    title: Words
    summary: Words
    text: Words


class Calls(Struct, frozen=True, forbid_unknown_fields=True):
    """All three, and the prizes by track."""

    finished: Said
    screening: Said
    open: Said
    prizes: Mapping[str, Words]


class Feedback(Struct, frozen=True, forbid_unknown_fields=True):
    """Sentences by criterion and language; `reasons`: what a jury says of its decisions."""

    liked: Mapping[str, Mapping[str, tuple[str, ...]]]
    missed: Mapping[str, Mapping[str, tuple[str, ...]]]
    reasons: Mapping[str, str]


class _People(Struct, frozen=True, forbid_unknown_fields=True):
    people: tuple[SomeBody, ...]


class _Entries(Struct, frozen=True, forbid_unknown_fields=True):
    entries: tuple[Told, ...]


@cache
def people() -> tuple[SomeBody, ...]:
    """Everybody but founders, who come with their startups."""
    return _read("people", _People).people


@cache
def entries(of: str) -> tuple[Told, ...]:
    """Those of one call: `finished`, `screening` or `open`."""
    return _read(of, _Entries).entries


@cache
def calls() -> Calls:
    """What the calls say."""
    return _read("calls", Calls)


@cache
def feedback() -> Feedback:
    """What jurors say."""
    return _read("feedback", Feedback)


def _read(name: str, kind: type[Kind]) -> Kind:
    return msgspec.toml.decode((_FOLDER / f"{name}.toml").read_bytes(), type=kind)
