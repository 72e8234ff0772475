"""Who reads what, worked out by `challenge.assignment`: first shown, then applied. What stands already is kept."""

import asyncio
import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from uuid import UUID

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from challenge.assignment.assigning import assign
from challenge.assignment.people import Entry, Juror, Pair
from challenge.connectedness import is_connected, panel_links
from challenge.errors import AssignmentError
from portal.accounts.cities import KnownCity
from portal.accounts.viewer import Viewer
from portal.calls.service import KnownCall
from portal.entries import service as entries
from portal.entries.service import SubmittedEntry
from portal.errors import StalePanelError
from portal.juries import readings, service
from portal.juries.closeness import closeness_in, entrants_of, held, is_declared
from portal.juries.people import KnownJuror, changing, jury_of
from portal.juries.readings import KnownReading
from portal.juries.service import KnownRound


class Panel(Struct, frozen=True):
    """All that an assignment depends on. `apart`: pairs that must not be; `kept`: those that stand.

    `reads`: jurors for each entry; 0: everybody who may.
    """

    round: KnownRound
    entries: tuple[SubmittedEntry, ...]
    jurors: tuple[KnownJuror, ...]
    readings: tuple[KnownReading, ...]
    apart: frozenset[Pair]
    kept: frozenset[Pair]
    reads: int
    home_city_limit: int

    @property
    def state(self) -> str:
        """What it was made of, in short: another one where anything changed."""
        parts = (
            [(each.number, each.home, each.organisation) for each in self.entries],
            [(each.number, each.city, each.most_reads) for each in self.jurors],
            sorted((each.entry, each.juror) for each in self.apart),
            sorted((each.entry, each.juror) for each in self.kept),
            sorted((each.number, str(each.juror), each.state) for each in self.readings),
            (self.reads, self.home_city_limit, self.round.id),
        )
        return hashlib.sha256(msgspec.json.encode(parts)).hexdigest()


class Proposal(Struct, frozen=True):
    """Who would read what. `given`, `taken`: how many readings come and go; `loads`: by juror number, with all kept.

    `apart`: tracks whose entries would not hang together, so that their scores could not be compared.
    """

    state: str
    pairs: frozenset[Pair]
    loads: Mapping[int, int]
    given: int
    taken: int
    apart: tuple[str, ...]


async def panel_of(call: KnownCall, round_: KnownRound, *, undeclared: bool) -> Panel:
    """The panel as it stands. `undeclared`: also those jurors who have not said yet to whom they are too close."""
    chosen = await service.entries_in(round_.id)
    taking_part = tuple(each for each in await entries.submitted(call.id) if each.id in chosen)
    entrants, everyone = await entrants_of(call.id), await jury_of(call.id)
    jurors = tuple(each for each in everyone if each.judges and (undeclared or is_declared(each, entrants)))
    standing = tuple(await readings.in_round(round_.id))
    by_id = {each.id: each for each in everyone}
    kept = frozenset(_pair(each, by_id) for each in standing if each.is_kept)
    readers = {each.juror for each in standing if each.stands}
    staying = tuple(each for each in everyone if each.id in readers and each not in jurors)
    closeness = await closeness_in(jurors, entrants, call.id)
    close = (
        Pair(name(entry.number), name(juror.number))
        for juror in jurors
        for apart in [held(closeness[juror.id])]
        for entry in taking_part
        if entry.organisation in apart
    )
    gone = (_pair(each, by_id) for each in standing if not each.stands)
    return Panel(
        round=round_,
        entries=taking_part,
        jurors=(*jurors, *(replace(each, most_reads=0) for each in staying)),
        readings=standing,
        apart=frozenset((*close, *gone)) - kept,
        kept=kept,
        reads=round_.reads(call),
        home_city_limit=call.terms.home_city_limit,
    )


async def propose(panel: Panel) -> Proposal:
    """The best assignment; the same for the same panel.

    Raises:
        AssignmentError: there is none; its kinds say why.
        PersonError: it is too much to be worked out at once.
    """
    pairs = frozenset(await asyncio.to_thread(_worked_out, panel))
    numbers = {each.id: each.number for each in panel.jurors}
    before = {_pair_of(each, numbers) for each in panel.readings if each.stands}
    moving = {each for each in panel.readings if each.stands and not each.is_kept}
    loads = Counter(number(each.juror) for each in pairs)
    tracks = sorted({each.track for each in panel.entries})
    return Proposal(
        state=panel.state,
        pairs=pairs,
        loads={each.number: loads[each.number] for each in panel.jurors},
        given=len(pairs - before),
        taken=sum(_pair_of(each, numbers) not in pairs for each in moving),
        apart=tuple(each for each in tracks if not _hangs_together(panel, pairs, each)),
    )


async def apply(  # noqa: PLR0913 - who applies what, and where
    state: str, call: KnownCall, city: KnownCity, round_: KnownRound, viewer: Viewer, *, undeclared: bool
) -> int:
    """Makes it so, exactly as it was shown; how many readings were given.

    Raises:
        StalePanelError: something it depends on changed since `state`.
        AssignmentError: as `propose` does.
        NotAllowedError: the round is over, or the viewer organises nothing there any more.
    """
    panel = await panel_of(call, round_, undeclared=undeclared)
    proposal = await propose(panel)
    async with changing(call, city, viewer):
        await service.require_open(round_.id)
        now_there = await panel_of(call, round_, undeclared=undeclared)
        if state != proposal.state or state != now_there.state:
            raise StalePanelError
        numbers = {each.id: each.number for each in panel.jurors}
        standing = {_pair_of(each, numbers): each for each in panel.readings if each.stands}
        for pair, reading in standing.items():
            if pair not in proposal.pairs and not reading.is_kept:
                await readings.remove(reading.id, viewer.pseudonym)
        jurors = {each.number: each.id for each in panel.jurors}
        entry_ids = {each.number: each.id for each in panel.entries}
        for pair in sorted(proposal.pairs - standing.keys()):
            await readings.add(round_.id, jurors[number(pair.juror)], entry_ids[number(pair.entry)], viewer.pseudonym)
    return proposal.given


def name(of: int) -> str:
    """A number as an id, so that ids have the order of numbers."""
    return f"{of:06d}"


def number(of: str) -> int:
    """The number that `name` made an id of."""
    return int(of)


def _worked_out(panel: Panel) -> Iterable[Pair]:
    """All entries at once, with even loads; where a track would fall apart, track by track, if that can be."""
    if panel.reads == 0:
        return _everybody(panel)
    whole = _assign(panel, panel.entries, panel.kept, {})
    tracks = sorted({each.track for each in panel.entries})
    if all(_hangs_together(panel, whole, track) for track in tracks):
        return whole
    try:
        return _by_track(panel, tracks)
    except AssignmentError:
        return whole


def _everybody(panel: Panel) -> Collection[Pair]:
    """The whole jury reads everything, but for those who are too close or take nothing more."""
    willing = [name(each.number) for each in panel.jurors if each.most_reads is None or each.most_reads > 0]
    all_pairs = {Pair(name(entry.number), juror) for entry in panel.entries for juror in willing}
    return (all_pairs - panel.apart) | panel.kept


def _by_track(panel: Panel, tracks: Iterable[str]) -> Collection[Pair]:
    found: set[Pair] = set()
    for track in tracks:
        of_track = tuple(each for each in panel.entries if each.track == track)
        names = {name(each.number) for each in of_track}
        before = Counter(each.juror for each in found) + Counter(
            each.juror for each in panel.kept if each.entry not in names and each not in found
        )
        found |= set(_assign(panel, of_track, {each for each in panel.kept if each.entry in names}, before))
    return found


def _assign(
    panel: Panel, chosen: Collection[SubmittedEntry], kept: Collection[Pair], before: Mapping[str, int]
) -> Collection[Pair]:
    names = {name(each.number) for each in chosen}
    jurors = [
        Juror(
            name(each.number),
            each.city,
            max_reads=None if each.most_reads is None else max(0, each.most_reads - before.get(name(each.number), 0)),
        )
        for each in panel.jurors
    ]
    found = assign(
        [Entry(name(each.number), each.home) for each in chosen],
        jurors,
        panel.reads,
        [each for each in panel.apart if each.entry in names],
        panel.home_city_limit,
        kept,
    )
    return found.assignments


def _hangs_together(panel: Panel, pairs: Iterable[Pair], track: str) -> bool:
    names = {name(each.number) for each in panel.entries if each.track == track}
    return is_connected(panel_links((each.entry, each.juror) for each in pairs if each.entry in names))


def _pair(reading: KnownReading, by_id: Mapping[UUID, KnownJuror]) -> Pair:
    return _pair_of(reading, {reading.juror: by_id[reading.juror].number})


def _pair_of(reading: KnownReading, numbers: Mapping[UUID, int]) -> Pair:
    return Pair(name(reading.number), name(numbers[reading.juror]))
