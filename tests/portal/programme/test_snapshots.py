"""Snapshots on real databases: once a week, whoever makes them, and gone with what they were made of."""

import asyncio
import json
from datetime import datetime, timedelta

import pytest

from portal import clock
from portal.assessments.tables import AnswerSheet, Reply
from portal.database import rows
from portal.programme import snapshots
from portal.programme.tables import Contribution, Snapshot
from tests.portal.conftest import Installation
from tests.portal.programme.populating import MONTHS, NOW, TICKED, add_sheets, populated
from tests.portal.signing import firm_of, person

pytestmark = pytest.mark.usefixtures("portal")


@pytest.fixture(autouse=True)
def monday(monkeypatch: pytest.MonkeyPatch) -> None:
    at(monkeypatch, NOW)


def at(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    monkeypatch.setattr(clock, "now", lambda: moment)


async def test_city_of_two_hundred_firms_shows_gaps_and_what_got_fixed() -> None:
    city = await populated()
    assert await snapshots.make_due(city)
    kept = await snapshots.newest(city)
    assert kept is not None
    assert kept.week == "2026-W48"
    counted = await Contribution.count()
    assert kept.cells["assessments"] == counted > 180
    groups = {name: {each["id"]: each["assessments"] for each in some} for name, some in kept.cells["groups"].items()}  # type: ignore[union-attr,index,misc]
    assert groups["sector"]["making"] is None
    assert sum(filter(None, groups["sector"].values())) == counted
    assert set(groups["month"]) == set(MONTHS)
    gaps = {gap["id"]: gap for gap in kept.cells["gaps"]}  # type: ignore[union-attr,index,call-overload]
    assert len(gaps) > 20
    assert gaps["mail.dmarc"]["kind"] == "check"
    assert "1" not in {cell["id"] for cell in gaps["leavers"]["groups"]["size"]}  # type: ignore[union-attr,index,call-overload]
    assert [each["id"] for each in kept.cells["fixed"]] == [TICKED]  # type: ignore[union-attr,index,call-overload]


async def test_city_with_nine_firms_shows_nothing() -> None:
    city = await populated(count=9)
    await snapshots.make_due(city)
    kept = await snapshots.newest(city)
    assert kept is not None
    assert kept.cells["assessments"] is None
    assert kept.cells["gaps"] == kept.cells["fixed"] == []
    assert {each["assessments"] for some in kept.cells["groups"].values() for each in some} == {None}  # type: ignore[union-attr,index,call-overload]


async def test_snapshot_is_made_once_a_week(monkeypatch: pytest.MonkeyPatch) -> None:
    city = await populated(count=30)
    made = await asyncio.gather(*(snapshots.make_due(city) for _ in range(4)))
    assert sorted(made) == [False, False, False, True]
    at(monkeypatch, NOW + timedelta(days=6, hours=15, minutes=59))  # 23.59 on Sunday in Helsinki
    assert not await snapshots.make_due(city)
    at(monkeypatch, NOW + timedelta(days=6, hours=16))  # midnight there, still Sunday in UTC
    assert await snapshots.make_due(city)
    weeks = await Snapshot.select(Snapshot.week).order_by(Snapshot.week)
    assert [each["week"] for each in weeks] == ["2026-W48", "2026-W49"]


async def test_cut_off_snapshot_leaves_nothing_and_is_made_next_time(monkeypatch: pytest.MonkeyPatch) -> None:
    city = await populated(count=30)
    with monkeypatch.context() as broken:
        broken.setattr(snapshots, "AT_ONCE", 0)
        with pytest.raises(ValueError, match="range"):
            await snapshots.make_due(city)
    assert (await Snapshot.count(), await Contribution.count()) == (0, 0)
    await snapshots.go()
    assert await Snapshot.count() == 1


async def test_firm_with_two_sheets_counts_once() -> None:
    city = await populated(count=0)
    sheets = await add_sheets(city, 40)
    firm = await firm_of(await person("owner@kahvila.test"))
    await AnswerSheet.update({AnswerSheet.firm: firm.id}).where(AnswerSheet.id.is_in([each.id for each in sheets[:5]]))
    assert len(await snapshots.parts_of(city.id, city.zone)) == 36


async def test_sheet_with_few_answers_is_no_assessment() -> None:
    city = await populated(count=0)
    sheet, untold = await add_sheets(city, 2)
    graded = await Reply.select(Reply.id).where(Reply.sheet == sheet.id, Reply.question.like("%a%"))
    await Reply.delete().where(Reply.id.is_in([each["id"] for each in graded[:-5]]))
    await Reply.delete().where(Reply.sheet == untold.id, Reply.question == "size")
    assert await snapshots.parts_of(city.id, city.zone) == {}


async def test_nine_deleted_sheets_change_no_figure_and_leave_no_row(monkeypatch: pytest.MonkeyPatch) -> None:
    city = await populated(count=80)
    await snapshots.make_due(city)
    before = await snapshots.newest(city)
    gone = [each["sheet"] for each in await Contribution.select(Contribution.sheet).limit(9)]
    await AnswerSheet.delete().where(AnswerSheet.id.is_in(gone))
    assert not await Contribution.exists().where(Contribution.sheet.is_in(gone))
    at(monkeypatch, NOW + timedelta(days=7))
    await snapshots.make_due(city)
    after = await snapshots.newest(city)
    assert before is not None
    assert after is not None
    assert after.week != before.week
    assert after.cells == before.cells


async def test_many_changes_bring_new_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    city = await populated(count=80)
    await snapshots.make_due(city)
    before = await snapshots.newest(city)
    await AnswerSheet.delete().where(
        AnswerSheet.id.is_in([each["id"] for each in await AnswerSheet.select(AnswerSheet.id).limit(20)])
    )
    await add_sheets(city, 80, seed=2)
    at(monkeypatch, NOW + timedelta(days=7))
    await snapshots.make_due(city)
    after = await snapshots.newest(city)
    assert before is not None
    assert after is not None
    assert after.cells["assessments"] >= await Contribution.count()  # type: ignore[operator]  # some gone ones still count
    assert after.cells["assessments"] > before.cells["assessments"]  # type: ignore[operator]
    states = await Snapshot.select(Snapshot.week, Snapshot.state).order_by(Snapshot.week)
    assert json.loads(states[0]["state"]) == {}


async def test_pace_is_told_from_ten_firms_up(monkeypatch: pytest.MonkeyPatch) -> None:
    city = await populated(count=0)
    sheets = await add_sheets(city, 30)
    begun = NOW - timedelta(days=5)
    await AnswerSheet.update({AnswerSheet.created_at: NOW - timedelta(days=40)}).where(AnswerSheet.city == city.id)
    await AnswerSheet.update({AnswerSheet.created_at: begun}).where(
        AnswerSheet.id.is_in([each.id for each in sheets[:25]])
    )
    await Reply.delete().where(Reply.sheet.is_in([each.id for each in sheets[:12]]))
    await snapshots.make_due(city)
    assert await snapshots.paces(city) == [("2026-W48", {"began": 25, "finished": 13})]
    at(monkeypatch, NOW + timedelta(days=7))
    await snapshots.make_due(city)
    assert (await snapshots.paces(city))[0] == ("2026-W49", {"began": None, "finished": None})


async def test_no_published_cell_names_a_firm(portal: Installation) -> None:
    assert portal.kind
    city = await populated(count=40)
    await snapshots.make_due(city)
    told = await rows("SELECT cells, state FROM snapshot")
    sheets = await AnswerSheet.select(AnswerSheet.id, AnswerSheet.token, AnswerSheet.client)
    whole = json.dumps([str(value) for row in told for value in row.values()])
    assert not [each for each in sheets for value in each.values() if str(value) in whole]


async def test_sheet_deleted_while_a_snapshot_is_made_stops_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    city = await populated(count=30)
    read = snapshots.parts_of

    async def read_and_lose_one(*arguments: object) -> object:
        live = await read(*arguments)  # type: ignore[arg-type]
        await AnswerSheet.delete().where(AnswerSheet.id == next(iter(live.values())).sheet)
        return live

    monkeypatch.setattr(snapshots, "parts_of", read_and_lose_one)
    assert await snapshots.make_due(city)
    assert await Contribution.count() == 29
