"""A city's snapshots: made once a week from what its firms answered, read by everybody, never changed."""

import asyncio
import json
import logging
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime, time, timedelta
from uuid import UUID, uuid4

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from checks.contract import Json
from portal import clock
from portal.accounts import cities
from portal.accounts.cities import KnownCity
from portal.assessments.catalogue import Catalogue, current
from portal.assessments.tables import AnswerSheet
from portal.database import rows, transaction
from portal.programme import admitting, publishing
from portal.programme.admitting import LEAST, TOGETHER, Admitted, Change
from portal.programme.contributing import DIMENSIONS, Live, Part, parts_of, unit
from portal.programme.disclosing import Week
from portal.programme.publishing import State
from portal.programme.sums import ALL, Sums, as_json, firms, of_json, summed
from portal.programme.tables import Contribution, Snapshot

EVERY = timedelta(minutes=10)
"""How often the worker looks whether a city's week has begun."""

AT_ONCE = 200
"""Rows of one statement; SQLite takes no more than some thousand values."""

_BEGIN = """
    INSERT INTO snapshot (id, city, week, made_at, catalogue_version) VALUES ({}, {}, {}, {}, {})
    ON CONFLICT (city, week) DO NOTHING RETURNING id
"""

log = logging.getLogger(__name__)


class Kept(Struct, frozen=True):
    """What a snapshot says. `cells` is as `portal.programme.publishing.cells` makes it; `pace`, as `_pace`."""

    city: KnownCity
    week: str
    made_at: datetime
    catalogue_version: str
    cells: dict[str, Json]
    pace: dict[str, Json]


async def go() -> None:
    """Makes what is due, city by city; what goes wrong in one keeps no other from its turn."""
    for city in await cities.all_of_them():
        try:
            await make_due(city)
        except Exception:
            log.exception("a snapshot failed", extra={"city": city.slug})


async def make_due(city: KnownCity) -> bool:
    """Makes this week's snapshot where there is none; of several that try at once, one does. Whether it was made here.

    All of it is one transaction: cut off in the midst, it leaves nothing, and the next one begins anew.
    """
    week = week_of(clock.now(), city)
    if await Snapshot.exists().where(Snapshot.city == city.id, Snapshot.week == week):
        return False
    live = await parts_of(city.id, city.zone)
    pace = await _pace(city, live)
    async with transaction():
        if not await rows(_BEGIN, snapshot := uuid4(), city.id, week, clock.now(), current().version):
            return False
        await _fill(snapshot, city, week, live, pace)
    log.info("snapshot made", extra={"city": city.slug, "week": week})
    return True


async def newest(city: KnownCity) -> Kept | None:
    """The newest snapshot of that city; None before the first."""
    row = await Snapshot.objects().where(Snapshot.city == city.id).order_by(Snapshot.week, ascending=False).first()
    if row is None:
        return None
    return Kept(city, row.week, row.made_at, row.catalogue_version, json.loads(row.cells), json.loads(row.pace))


async def paces(city: KnownCity, most: int = 12) -> list[tuple[str, dict[str, Json]]]:
    """The newest weeks with what their organisers see besides, newest first."""
    found = (
        await Snapshot.select(Snapshot.week, Snapshot.pace)
        .where(Snapshot.city == city.id)
        .order_by(Snapshot.week, ascending=False)
        .limit(most)
    )
    return [(each["week"], json.loads(each["pace"])) for each in found]


def week_of(moment: datetime, city: KnownCity) -> str:
    """The week of ISO 8601 by the city's clock: `2026-W48`."""
    year, week, _ = moment.astimezone(city.zone).isocalendar()
    return f"{year}-W{week:02}"


async def _fill(snapshot: UUID, city: KnownCity, week: str, live: Mapping[str, Live], pace: Mapping[str, Json]) -> None:
    before = (
        await Snapshot.objects()
        .where(Snapshot.city == city.id, Snapshot.id != snapshot)
        .order_by(Snapshot.week, ascending=False)
        .first()
    )
    state = msgspec.json.decode(before.state, type=State) if before else State()
    kept = await _contributions(city)
    now = {name: each.part for name, each in live.items()}
    found = await asyncio.to_thread(renewed, current(), state, week, list(kept.values()), now)
    await _keep(city, kept, live, found.admitted)
    await Snapshot.update(
        {
            Snapshot.cells: json.dumps(found.cells),
            Snapshot.pace: json.dumps(pace),
            Snapshot.state: msgspec.json.encode(found.state).decode(),
        }
    ).where(Snapshot.id == snapshot)
    await Snapshot.update({Snapshot.state: "{}"}).where(Snapshot.city == city.id, Snapshot.id != snapshot)


class Renewed(Struct, frozen=True):
    """What a week brings: what is published, what is behind it, and whose parts are taken in."""

    cells: dict[str, Json]
    state: State
    admitted: Admitted


def renewed(
    catalogue: Catalogue, state: State, week: str, kept: Iterable[tuple[str, Part]], live: Mapping[str, Part]
) -> Renewed:
    """This week's figures. `kept`: units and parts that are in the figures; `live`: all units as they are now. Pure."""
    mine: dict[str, tuple[Part, ...]] = {}
    for name, part in kept:
        mine[name] = (*mine.get(name, ()), part)
    sums = of_json(state.sums)
    remaining = summed(part for parts in mine.values() for part in parts)
    gone = Counter({key: count - remaining[key] for key, count in sums.items()})
    changes = _changes(mine, live)
    admitted = admitting.admit(changes, firms(sums), {name: n for name, n in firms(gone).items() if name != ALL})
    after = _after(sums, gone, admitted)
    ages = _aged(state.ages, admitted, firms(gone))
    tables = publishing.tables(catalogue, Week(week, after, ages), state.tables)
    cells = publishing.cells(catalogue, after, tables)
    return Renewed(cells, State(as_json(after), ages, tables), admitted)


def _changes(mine: Mapping[str, tuple[Part, ...]], live: Mapping[str, Part]) -> list[Change]:
    """In one order, whatever order they came in."""
    found = [Change(name, mine.get(name, ()), live.get(name)) for name in sorted({*mine, *live})]
    return [change for change in found if not _is_same(change)]


def _is_same(change: Change) -> bool:
    after = change.after
    if after is None or len(change.before) != 1:
        return False
    places = change.before[0].places
    stays = all(places[each] in {after.places[each], TOGETHER} for each in DIMENSIONS)
    return stays and change.before[0] == replace(after, places=places)


def _after(sums: Sums, gone: Sums, admitted: Admitted) -> Sums:
    after = Counter(sums)
    after.subtract(summed(part for change in admitted.changes for part in change.before))
    after.update(summed(change.after for change in admitted.changes if change.after))
    if admitted.without_gone:
        after.subtract(gone)
    return after


def _aged(ages: Mapping[str, int], admitted: Admitted, gone: Mapping[str, int]) -> dict[str, int]:
    changed = {name for change in admitted.changes for name in admitting.touched(change)}
    if admitted.without_gone:
        changed |= set(gone)
    if changed:
        changed.add(ALL)
    return {name: ages.get(name, 0) + (name in changed) for name in sorted({ALL, *ages, *changed})}


async def _contributions(city: KnownCity) -> dict[UUID, tuple[str, Part]]:
    found = await Contribution.select(
        Contribution.id, Contribution.sheet, Contribution.sheet.firm.as_alias("firm"), Contribution.content
    ).where(Contribution.city == city.id)
    return {
        each["id"]: (unit(each["sheet"], each["firm"]), msgspec.json.decode(each["content"], type=Part))
        for each in found
    }


async def _keep(
    city: KnownCity, kept: Mapping[UUID, tuple[str, Part]], live: Mapping[str, Live], admitted: Admitted
) -> None:
    """Puts the parts that were taken in in the place of those before. One whose sheet was just deleted gets no row."""
    taken = {change.unit: change for change in admitted.changes}
    if old := [row for row, (name, _) in kept.items() if name in taken]:
        await Contribution.delete().where(Contribution.id.is_in(old))
    there = {each["id"] for each in await AnswerSheet.select(AnswerSheet.id).where(AnswerSheet.city == city.id)}
    new = [
        Contribution(sheet=live[name].sheet, city=city.id, content=msgspec.json.encode(change.after).decode())
        for name, change in taken.items()
        if change.after is not None and live[name].sheet in there
    ]
    for start in range(0, len(new), AT_ONCE):
        await Contribution.insert(*new[start : start + AT_ONCE])


async def _pace(city: KnownCity, live: Mapping[str, Live]) -> dict[str, Json]:
    """How many firms began in the week before this one, and how many of them have finished; None where too few did.

    No sheet is in two weeks, and there is no total, so that nothing can be subtracted.
    """
    today = clock.now().astimezone(city.zone)
    monday = datetime.combine(today.date() - timedelta(days=today.weekday()), time(), city.zone)
    sheets = await AnswerSheet.select(AnswerSheet.id, AnswerSheet.firm).where(
        AnswerSheet.city == city.id,
        AnswerSheet.created_at >= datetime.combine(monday.date() - timedelta(days=7), time(), city.zone),
        AnswerSheet.created_at < monday,
    )
    began = {unit(each["id"], each["firm"]) for each in sheets}
    finished, left = len(began & set(live)), len(began - set(live))
    return {
        "began": len(began) if len(began) >= LEAST else None,
        "finished": finished if min(finished, left) >= LEAST else None,
    }
