"""The problem, made ready: ids as places, in one order, with all that forbids or demands a pair worked out."""

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from itertools import pairwise

from msgspec import Struct

from challenge.assignment.people import Entry, Juror, Pair
from challenge.errors import PersonError

SEED = "20261123"
"""Published; decides between assignments that are equally good, together with the ids."""
FINENESS = 1000
"""The costs that decide between equals go from 0 to 999."""
MOST_PAIRS = 100_000
"""Entries times jurors: what is solved in memory, within seconds."""

Place = tuple[int, int]
"""An entry and a juror, by their places."""


class Group(Struct, frozen=True):
    """Jurors of one city who may read an entry. `most`: how many of them may at once."""

    entry: int
    jurors: tuple[int, ...]
    most: int


class Problem(Struct, frozen=True):
    """Entries and jurors by the order of their ids.

    `allowed`: which pairs may be. `kept`: which must be, all of them allowed. `needs`: how many readers each entry
    gets. `least` and `most`: between which numbers of reads each juror stays. `groups`: of each entry the jurors who
    share a city.
    """

    entries: tuple[str, ...]
    jurors: tuple[str, ...]
    allowed: tuple[Place, ...]
    kept: frozenset[Place]
    needs: tuple[int, ...]
    least: tuple[int, ...]
    most: tuple[int, ...]
    groups: tuple[Group, ...]

    @property
    def reads(self) -> int:
        """How many reads there are to be."""
        return sum(self.needs)

    def pair(self, place: Place) -> Pair:
        """The ids."""
        return Pair(self.entries[place[0]], self.jurors[place[1]])

    def cost(self, place: Place) -> int:
        """What decides between equally good assignments: by the ids and the seed, never by the order of rows."""
        pair = self.pair(place)
        text = f"{SEED}\0{pair.entry}\0{pair.juror}"
        return int.from_bytes(hashlib.sha256(text.encode(errors="surrogatepass")).digest()[:8], "big") % FINENESS


def problem_of(  # noqa: PLR0913 - all that an assignment depends on
    entries: Iterable[Entry],
    jurors: Iterable[Juror],
    *,
    reads: int,
    conflicts: Collection[Pair],
    home_city_limit: int,
    kept: Collection[Pair],
) -> Problem:
    """The problem, in any order of what is given. `assigning.assign` says what it means, and what is raised."""
    everyone = sorted(entries, key=lambda each: each.entry)
    jury = sorted(jurors, key=lambda each: each.juror)
    _check_size(everyone, jury)
    at = _Places(
        _numbered([each.entry for each in everyone], "entry"), _numbered([each.juror for each in jury], "juror")
    )
    standing, apart = at.of(kept), at.of(conflicts)
    forbidden = apart | {
        (i, j) for i, entry in enumerate(everyone) for j, juror in enumerate(jury) if _is_same_house(entry, juror)
    }
    if clash := min(standing & forbidden, default=None):
        entry, juror = everyone[clash[0]].entry, jury[clash[1]].juror
        raise PersonError(juror, f"has a conflict with the entry {entry} and is kept as its reader")
    allowed = tuple((i, j) for i in range(len(everyone)) for j in range(len(jury)) if (i, j) not in forbidden)
    by_entry, by_juror = Counter(i for i, _ in standing), Counter(j for _, j in standing)
    may_read = Counter(j for _, j in allowed)
    return Problem(
        entries=tuple(each.entry for each in everyone),
        jurors=tuple(each.juror for each in jury),
        allowed=allowed,
        kept=frozenset(standing),
        needs=tuple(max(reads, by_entry[i]) for i in range(len(everyone))),
        least=tuple(by_juror[j] for j in range(len(jury))),
        most=tuple(max(by_juror[j], min(may_read[j], _maximum(juror))) for j, juror in enumerate(jury)),
        groups=tuple(_groups(everyone, jury, allowed, standing, home_city_limit)),
    )


class _Places(Struct, frozen=True):
    entries: dict[str, int]
    jurors: dict[str, int]

    def of(self, pairs: Iterable[Pair]) -> set[Place]:
        """Raises PersonError where one of them is nobody's."""
        return {(_known(self.entries, each.entry, "entry"), _known(self.jurors, each.juror, "juror")) for each in pairs}


def _groups(
    entries: Sequence[Entry],
    jurors: Sequence[Juror],
    allowed: Iterable[Place],
    kept: Collection[Place],
    home_city_limit: int,
) -> Iterable[Group]:
    """For each entry the jurors of each city; whose city is not known is in no group."""
    found: dict[tuple[int, str], list[int]] = {}
    for i, j in allowed:
        if city := _same(jurors[j].city):
            found.setdefault((i, city), []).append(j)
    for (i, city), members in found.items():
        standing = sum((i, j) in kept for j in members)
        most = max(home_city_limit, standing) if city == _same(entries[i].city) else len(members)
        yield Group(i, tuple(members), min(most, len(members)))


def _maximum(juror: Juror) -> int:
    return MOST_PAIRS if juror.max_reads is None else juror.max_reads


def _is_same_house(entry: Entry, juror: Juror) -> bool:
    house = _same(entry.organisation)
    return bool(house) and house == _same(juror.organisation)


def _same(name: str) -> str:
    """The same for names that differ in capitals or spaces alone."""
    return " ".join(name.casefold().split())


def _check_size(entries: Sequence[Entry], jurors: Sequence[Juror]) -> None:
    if len(entries) * len(jurors) > MOST_PAIRS:
        size = f"{len(entries)} entries and {len(jurors)} jurors"
        raise PersonError(size, f"they make more than {MOST_PAIRS} pairs, which is more than is solved at once")


def _numbered(names: Sequence[str], kind: str) -> dict[str, int]:
    places = {name: place for place, name in enumerate(names)}
    if len(places) < len(names):
        twice = next(name for name, after in pairwise(names) if name == after)
        raise PersonError(twice, f"there are two with this {kind} id")
    return places


def _known(places: dict[str, int], name: str, kind: str) -> int:
    if name not in places:
        raise PersonError(name, f"there is no such {kind}")
    return places[name]
