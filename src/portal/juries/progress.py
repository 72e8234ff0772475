"""How far a round is: per juror, and per entry, with whom to ask where an entry lacks a reader. Pure values."""

from collections import Counter
from collections.abc import Collection, Mapping
from uuid import UUID

from msgspec import Struct

from challenge.assignment.people import Pair
from portal.entries.service import SubmittedEntry
from portal.juries.assigning import Panel, name
from portal.juries.people import KnownJuror
from portal.juries.readings import KnownReading
from portal.juries.tables import ReadState


class JurorProgress(Struct, frozen=True):
    """One juror. `given_back`: what they could not judge or were too close to, with their words."""

    juror: KnownJuror
    is_declared: bool
    given: int
    begun: int
    done: int
    given_back: tuple[KnownReading, ...]

    @property
    def left(self) -> int:
        """How many they have not handed in."""
        return self.given - self.done


class Reader(Struct, frozen=True):
    """Who reads an entry, and how far they are."""

    juror: KnownJuror
    reading: KnownReading


class EntryProgress(Struct, frozen=True):
    """One entry. `lacks`: how many readers too few it has; `next_best`: whom to give it to, None where nobody may."""

    entry: SubmittedEntry
    readers: tuple[Reader, ...]
    lacks: int
    next_best: KnownJuror | None
    others: tuple[KnownJuror, ...]


def of_jurors(
    jurors: Collection[KnownJuror], readings: Collection[KnownReading], declared: Mapping[UUID, bool]
) -> list[JurorProgress]:
    """All jurors, by number."""
    return [_of_juror(each, [one for one in readings if one.juror == each.id], declared) for each in jurors]


def of_entries(panel: Panel, jury: Collection[KnownJuror], declared: Mapping[UUID, bool]) -> list[EntryProgress]:
    """All entries of the round, those first that lack readers."""
    by_id = {each.id: each for each in jury}
    loads = Counter(each.juror for each in panel.readings if each.stands)
    found = [_of_entry(panel, each, by_id, loads, declared) for each in panel.entries]
    return sorted(found, key=lambda each: (-each.lacks, each.entry.number))


def _of_juror(juror: KnownJuror, readings: Collection[KnownReading], declared: Mapping[UUID, bool]) -> JurorProgress:
    standing = [each for each in readings if each.stands]
    return JurorProgress(
        juror=juror,
        is_declared=declared.get(juror.id, False),
        given=len(standing),
        begun=sum(each.state is ReadState.OPEN and each.edits > 0 for each in standing),
        done=sum(each.state is ReadState.DONE for each in standing),
        given_back=tuple(each for each in readings if not each.stands),
    )


def _of_entry(
    panel: Panel,
    entry: SubmittedEntry,
    by_id: Mapping[UUID, KnownJuror],
    loads: Mapping[UUID, int],
    declared: Mapping[UUID, bool],
) -> EntryProgress:
    readers = [
        Reader(by_id[each.juror], each)
        for each in panel.readings
        if each.entry == entry.id and each.stands and _pair(entry, by_id[each.juror]) not in panel.apart - panel.kept
    ]
    known = {each.juror for each in panel.readings if each.entry == entry.id}
    free = [
        each
        for each in panel.jurors
        if each.judges and each.id not in known and _pair(entry, each) not in panel.apart and _has_room(each, loads)
    ]
    cities = Counter(each.juror.city for each in readers)
    within = [each for each in free if each.city != entry.home or cities[each.city] < panel.home_city_limit]
    best = min(
        within,
        key=lambda each: (not declared.get(each.id), loads.get(each.id, 0), cities[each.city], each.number),
        default=None,
    )
    needed = panel.reads or len(readers) + len(free)
    others = tuple(each for each in free if each is not best)
    return EntryProgress(entry, tuple(readers), max(0, needed - len(readers)), best, others)


def _has_room(juror: KnownJuror, loads: Mapping[UUID, int]) -> bool:
    return juror.most_reads is None or loads.get(juror.id, 0) < juror.most_reads


def _pair(entry: SubmittedEntry, juror: KnownJuror) -> Pair:
    return Pair(name(entry.number), name(juror.number))
