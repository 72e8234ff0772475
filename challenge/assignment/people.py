"""What an assignment takes and what it says. Values, nothing else."""

from msgspec import Struct


class Entry(Struct, frozen=True):
    """An entry by its id, with the city and the organisation that it comes from, as text; empty where not known."""

    entry: str
    city: str = ""
    organisation: str = ""


class Juror(Struct, frozen=True):
    """A juror by their id, with the city and the organisation that they come from, as text; empty where not known.

    `max_reads`: how many entries they read at most; None for no maximum.
    """

    juror: str
    city: str = ""
    organisation: str = ""
    max_reads: int | None = None


class Pair(Struct, frozen=True, order=True):
    """A juror and an entry, by their ids: who reads what, or who must not."""

    entry: str
    juror: str


class Assignment(Struct, frozen=True):
    """Who reads what, by entry and then juror, and how many entries each juror reads, those who read none included."""

    assignments: tuple[Pair, ...]
    loads: dict[str, int]
