"""What hangs together."""

from hypothesis import given
from hypothesis import strategies as st

from challenge.connectedness import is_connected, panel_links, parts


def test_parts_are_told_with_all_their_nodes() -> None:
    assert parts([(1, 2), (3, 4), (5, 5), (4, 6)]) == [{1, 2}, {3, 4, 6}, {5}]
    assert parts([(1, 2), (3, 4), (2, 3)]) == [{1, 2, 3, 4}]
    assert parts([]) == []


def test_nothing_is_not_connected() -> None:
    assert not is_connected([])


def test_the_same_name_of_an_entry_and_a_juror_links_nothing() -> None:
    assert len(parts(panel_links([("a", "b"), ("b", "c")]))) == 2


@given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12))))
def test_parts_are_what_can_be_reached(links: list[tuple[int, int]]) -> None:
    reached = {node: {node} for link in links for node in link}
    for _ in reached:
        for one, other in links:
            both = reached[one] | reached[other]
            reached[one] = reached[other] = both
    found = parts(links)
    assert sorted(node for part in found for node in part) == sorted(reached)
    for part in found:
        assert all(reached[node] == part for node in part)
