"""What an assignment promises, on juries of every kind."""

import random
from collections import Counter
from collections.abc import Collection, Sequence

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from challenge.assignment.assigning import assign
from challenge.assignment.people import Assignment, Entry, Juror, Pair
from challenge.connectedness import is_connected, panel_links
from challenge.errors import (
    AssignmentError,
    PersonError,
    TooFewReadsError,
    UnconnectedPanelError,
    UnreadableEntriesError,
)

CITIES = ("Helsinki", "Espoo", "Berlin", "Osaka")


def entries(count: int, *cities: str) -> list[Entry]:
    return [Entry(f"e{i:03}", cities[i % len(cities)] if cities else "", f"firm {i}") for i in range(count)]


def jurors(count: int, *cities: str, most: int | None = None) -> list[Juror]:
    return [Juror(f"j{j:02}", cities[j % len(cities)] if cities else "", "", most) for j in range(count)]


def panels(found: Assignment) -> dict[str, set[str]]:
    by_entry: dict[str, set[str]] = {}
    for pair in found.assignments:
        by_entry.setdefault(pair.entry, set()).add(pair.juror)
    return by_entry


def hangs_together(found: Assignment) -> bool:
    return is_connected(panel_links((pair.entry, pair.juror) for pair in found.assignments))


def test_two_hundred_entries_are_read_as_the_rules_say() -> None:
    startups = [Entry(f"e{i:03}", CITIES[i % 4], f"house {i % 50}") for i in range(200)]
    jury = [Juror(f"j{j:02}", CITIES[j % 4], f"House  {j}") for j in range(15)]
    chooser = random.Random(5)  # noqa: S311 - a test's own
    conflicts = {Pair(each.entry, juror.juror) for each in startups for juror in jury if chooser.random() < 0.05}
    found = assign(startups, jury, conflicts=conflicts)
    assert found.loads == {juror.juror: 40 for juror in jury}
    assert Counter(pair.juror for pair in found.assignments) == found.loads
    assert not conflicts & set(found.assignments)
    assert list(found.assignments) == sorted(found.assignments)
    of_jurors = {juror.juror: juror for juror in jury}
    for each in startups:
        readers = [of_jurors[name] for name in panels(found)[each.entry]]
        assert len(readers) == 3
        assert sum(juror.city == each.city for juror in readers) <= 1
        assert all(juror.organisation.split() != each.organisation.capitalize().split() for juror in readers)
        assert len({juror.city for juror in readers}) == 3  # with four cities none needs to come twice
    assert hangs_together(found)


@st.composite
def juries(draw: st.DrawFn) -> tuple[list[Entry], list[Juror], list[Pair], int, int]:
    """Entries, jurors, conflicts, reads and the limit for the home city."""
    city, house = st.sampled_from(["", "Espoo", "Oslo"]), st.sampled_from(["", "", "", "A", "B"])
    startups = [Entry(f"e{i}", draw(city), draw(house)) for i in range(draw(st.integers(1, 14)))]
    most = st.none() | st.integers(0, 9)
    jury = [Juror(f"j{j}", draw(city), draw(house), draw(most)) for j in range(draw(st.integers(2, 8)))]
    every = [Pair(each.entry, juror.juror) for each in startups for juror in jury]
    conflicts = draw(st.lists(st.sampled_from(every), max_size=len(every) // 5))
    return startups, jury, conflicts, draw(st.integers(1, 3)), draw(st.integers(0, 2))


@given(juries(), st.randoms(use_true_random=False))
def test_any_assignment_keeps_the_rules_in_any_order_of_the_rows(
    jury: tuple[list[Entry], list[Juror], list[Pair], int, int], shuffling: random.Random
) -> None:
    startups, people, conflicts, reads, limit = jury
    try:
        found = assign(startups, people, reads, conflicts, limit)
    except AssignmentError:
        assume(False)  # noqa: FBT003 - hypothesis has it so
    of_jurors = {juror.juror: juror for juror in people}
    assert not set(conflicts) & set(found.assignments)
    for each in startups:
        readers = [of_jurors[name] for name in panels(found)[each.entry]]
        assert len(readers) == reads
        assert sum(juror.city == each.city != "" for juror in readers) <= limit
        assert not any(juror.organisation == each.organisation != "" for juror in readers)
    assert all(
        load <= (of_jurors[name].max_reads or 0 if of_jurors[name].max_reads is not None else 99)
        for name, load in found.loads.items()
    )
    assert hangs_together(found)
    again = (shuffling.sample(each, len(each)) for each in (startups, people))
    assert assign(*again, reads, shuffling.sample(conflicts, len(conflicts)), limit) == found


@given(st.integers(1, 30), st.lists(st.none() | st.integers(0, 20), min_size=3, max_size=9), st.integers(2, 3))
def test_loads_differ_by_one_unless_a_maximum_forbids_it(count: int, maxima: Sequence[int | None], reads: int) -> None:
    jury = [Juror(f"j{j}", max_reads=most) for j, most in enumerate(maxima)]
    try:
        found = assign(entries(count), jury, reads)
    except AssignmentError:
        assume(False)  # noqa: FBT003 - as above
    greatest = max(found.loads.values())
    for juror in jury:
        is_full = juror.max_reads is not None and found.loads[juror.juror] == juror.max_reads
        assert greatest - found.loads[juror.juror] <= 1 or is_full


def test_a_juror_with_many_conflicts_reads_what_is_left() -> None:
    startups, jury = entries(20), jurors(4)
    conflicts = [Pair(each.entry, "j00") for each in startups[2:]]
    found = assign(startups, jury, reads=2, conflicts=conflicts)
    assert sorted(found.loads.values()) == [2, 12, 13, 13]


def test_conflicts_that_rule_even_loads_out_leave_the_most_even_ones() -> None:
    """Each of the last sixteen entries must be read by two of the same three jurors, who read nothing else."""
    startups, jury = entries(20), jurors(6)
    conflicts = [Pair(each.entry, juror.juror) for each in startups[4:] for juror in jury[:3]]
    found = assign(startups, jury, reads=2, conflicts=conflicts)
    assert [found.loads[f"j{j:02}"] for j in range(6)] != [7, 7, 7, 7, 6, 6]
    assert sorted(found.loads[f"j{j:02}"] for j in range(3)) == [2, 2, 3]
    assert sorted(found.loads[f"j{j:02}"] for j in range(3, 6)) == [11, 11, 11]
    assert hangs_together(found)


def test_what_is_kept_remains() -> None:
    startups, jury = entries(12, *CITIES), jurors(5, *CITIES)
    usual = assign(startups, jury)
    kept = {pair for pair in usual.assignments if pair.entry < "e006"}
    kept = {pair for pair in kept if pair.juror != "j04"} | {Pair("e011", f"j{j:02}") for j in range(4)}
    found = assign(startups, jury, kept=kept)
    assert kept <= set(found.assignments)
    assert {entry: len(readers) for entry, readers in panels(found).items() if len(readers) != 3} == {"e011": 4}
    assert sum(found.loads.values()) == 37
    assert max(found.loads.values()) - min(found.loads.values()) <= 1


def test_what_is_kept_may_be_over_a_maximum_and_over_the_limit_of_the_home_city() -> None:
    startups = entries(8, "Espoo")
    jury = [Juror("home", "Espoo", max_reads=2), Juror("also home", "Espoo"), *jurors(5, "Oslo")]
    kept = [Pair(each.entry, "home") for each in startups[:4]] + [Pair("e000", "also home")]
    found = assign(startups, jury, kept=kept)
    assert found.loads["home"] == 4
    assert {"home", "also home"} < panels(found)["e000"]
    assert len(panels(found)["e000"]) == 3


def test_panels_that_would_fall_apart_are_linked() -> None:
    """Two cities that may not read their own: left alone, each would read the other's and be comparable to nobody."""
    startups, jury = entries(4, "Espoo", "Oslo"), [*jurors(4, "Espoo", "Oslo"), Juror("both", max_reads=4)]
    found = assign(startups, jury, reads=2, home_city_limit=0)
    assert hangs_together(found)
    for count, people in ((10, 11), (20, 21), (5, 6)):  # as few reads as can link them
        assert hangs_together(assign(entries(count), jurors(people), reads=2))


def test_one_entry_is_read_by_some_of_the_jury() -> None:
    found = assign(entries(1), jurors(5))
    assert sorted(found.loads.values()) == [0, 0, 1, 1, 1]


@pytest.mark.parametrize(
    ("conflicts", "limit", "short"),
    [
        ([Pair("e001", "j00"), Pair("e001", "j01")], 1, {"e001": 2}),
        ([], 0, {"e001": 2, "e003": 2}),
    ],
)
def test_entries_that_cannot_be_read_enough_are_named(
    conflicts: Collection[Pair], limit: int, short: dict[str, int]
) -> None:
    jury = jurors(4, *(("Oslo",) if conflicts else ("Oslo", "Espoo")))
    with pytest.raises(UnreadableEntriesError) as refused:
        assign(entries(4, "Bergen", "Espoo") if not conflicts else entries(4), jury, 3, conflicts, limit)
    assert refused.value.short == short
    assert all(name in str(refused.value) for name in short)


def test_reads_needed_and_available_are_told() -> None:
    with pytest.raises(TooFewReadsError) as refused:
        assign(entries(10), jurors(4, most=7))
    assert (refused.value.needed, refused.value.available, refused.value.short) == (30, 28, ())
    assert str(refused.value) == "30 reads are needed, 28 are available"


def test_entries_that_want_the_same_jurors_are_named() -> None:
    """Each has two who may read it, and there are reads enough; but three want the same two, who have only two each."""
    startups, jury = entries(5), [Juror("a", max_reads=2), Juror("b", max_reads=2), *jurors(4)]
    conflicts = [Pair(each.entry, juror.juror) for each in startups[:3] for juror in jurors(4)]
    with pytest.raises(TooFewReadsError) as refused:
        assign(startups, jury, 2, conflicts)
    assert (refused.value.needed, refused.value.available) == (10, 8)
    assert set(refused.value.short) <= {"e000", "e001", "e002"}
    assert refused.value.short


def test_a_jury_that_nothing_can_link_is_refused() -> None:
    apart = [
        Pair(each.entry, juror.juror)
        for i, each in enumerate(entries(4))
        for j, juror in enumerate(jurors(4))
        if i % 2 != j % 2
    ]
    with pytest.raises(UnconnectedPanelError, match="conflicts part the jury") as refused:
        assign(entries(4), jurors(4), 2, apart)
    assert refused.value.needed is None
    with pytest.raises(UnconnectedPanelError, match=r"19 reads are needed .* 15 are available") as refused:
        assign(entries(5), jurors(15), 3)
    assert (refused.value.needed, refused.value.available) == (19, 15)
    assert hangs_together(assign(entries(5), jurors(15), 4))
    with pytest.raises(UnconnectedPanelError):
        assign(entries(4), jurors(3), 1)


def test_what_makes_no_sense_is_refused() -> None:
    with pytest.raises(AssignmentError):
        assign([], jurors(3))
    with pytest.raises(AssignmentError):
        assign(entries(3), jurors(3), 0)
    with pytest.raises(AssignmentError):
        assign(entries(3), jurors(3), 1, (), -1)
    with pytest.raises(UnreadableEntriesError):
        assign(entries(3), [])
    with pytest.raises(PersonError, match="two with this entry id"):
        assign([*entries(2), Entry("e000")], jurors(3))
    with pytest.raises(PersonError, match="there is no such juror"):
        assign(entries(2), jurors(3), conflicts=[Pair("e000", "nobody")])
    with pytest.raises(PersonError, match="is kept as its reader"):
        assign(entries(2), jurors(3), conflicts=[Pair("e000", "j00")], kept=[Pair("e000", "j00")])
    with pytest.raises(PersonError, match="more than 100000 pairs"):
        assign(entries(2001), jurors(50))
