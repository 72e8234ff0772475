"""An attacker with all that was ever published, and with a solver: nobody's answers come out."""

from collections.abc import Callable

import pytest

from portal.programme.sums import ALL, as_json, firms
from tests.conftest import SOAK
from tests.portal.programme.towns import LEAST, Town, attacked, changed_firms, grown, sums_of

CITIES = 1000 if SOAK else 25
TOLERANCE = 1e-6


@pytest.mark.soak
def test_no_hidden_count_can_be_bound_closer_than_ten_firms(record_property: Callable[[str, object], None]) -> None:
    tried = narrowest = 0
    for seed in range(CITIES):
        town = [town for town, _, _ in grown(seed)][-1]
        for bounds in attacked(town.states, town):
            tried += 1
            width = bounds.high - bounds.low
            assert bounds.low - TOLERANCE <= bounds.true <= bounds.high + TOLERANCE, (seed, bounds)
            assert width >= min(LEAST, bounds.asked) - TOLERANCE, (seed, bounds)
            narrowest = min(narrowest or width, width) if bounds.asked >= LEAST else narrowest
    assert tried > CITIES
    record_property("hidden counts attacked", tried)
    record_property("closest bounds of ten firms or more asked, firms", narrowest)


@pytest.mark.soak
def test_figures_change_only_where_ten_firms_have_changed(record_property: Callable[[str, object], None]) -> None:
    changed = 0
    for seed in range(CITIES):
        ages: dict[str, int] = {}
        for town, before, found in grown(seed):
            moved = changed_firms(before, town.inside)
            assert as_json(sums_of(town)) == found.state.sums, seed
            for name, age in found.state.ages.items():
                is_new = age != ages.get(name, 0)
                assert (moved[name] >= LEAST) if is_new else (moved[name] == 0), (seed, name, moved[name])
                changed += is_new
            assert all(count >= LEAST for count in firms(sums_of(town)).values()), seed
            ages = found.state.ages
    assert changed > CITIES
    record_property("changes of figures", changed)


@pytest.mark.soak
def test_no_figure_below_ten_is_published() -> None:
    figures = 0
    for seed in range(CITIES):
        for town, _, found in grown(seed):
            sums = sums_of(town)
            for group in found.cells["groups"].values():  # type: ignore[union-attr]
                assert all(each["assessments"] is None or each["assessments"] >= LEAST for each in group)
            for gap in found.cells["gaps"]:  # type: ignore[union-attr]
                own = found.state.tables[gap["id"]]
                is_new = own.ages == found.state.ages
                for each in [gap, *(cell for cells in gap["groups"].values() for cell in cells)]:
                    assert min(each["short"], each["assessments"] - each["short"]) >= LEAST
                    figures += 1
                if is_new:
                    assert gap["short"] == sums[ALL, f"short:{gap['id']}"]
                    assert sums[ALL, f"asked:{gap['id']}"] - gap["short"] >= LEAST
    assert figures > CITIES


@pytest.mark.soak
def test_up_to_nine_firms_change_nothing_by_themselves() -> None:
    for seed in range(CITIES * 2):
        *_, (town, _, _) = grown(seed, weeks=3)
        settle(town)
        town.live = dict(town.kept)  # whoever waited has given up
        before = town.snapshot().cells
        count = town.dice.randint(1, LEAST - 1)
        joins = town.dice.randint(0, count)
        changes = town.dice.randint(0, count - joins)
        town.goes_on("2026-12", joins, changes, count - joins - changes)
        if set(town.inside) == set(town.kept) or not town.inside:
            assert town.snapshot().cells == before, seed


def settle(town: Town) -> None:
    """Goes on until who still waits has to."""
    while town.snapshot().admitted.changes:
        pass
