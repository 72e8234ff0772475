"""Where the jury decides, and where it has to say why."""

from challenge.deciding import Why, brackets, needing_reasons
from challenge.ranking.ranking import rank
from challenge.ranking.result import RankedEntry, Ranking, Score


def ranking_of(*sure: float | None) -> Ranking:
    """Entries a, b, c… from the best on, each above the next with that probability."""
    entries = tuple(
        RankedEntry("abcdefgh"[place], place + 1, 50.0, 50.0 - place, 3.0, p, None, 3) for place, p in enumerate(sure)
    )
    return Ranking(50.0, None, True, entries, (), None)  # noqa: FBT003 - connected


UNSURE = ranking_of(0.9, 0.55, 0.5, 0.8, None)


def test_brackets_are_runs_of_unsure_neighbours() -> None:
    assert brackets(UNSURE) == (("b", "c", "d"),)
    assert brackets(ranking_of(0.6, None)) == ()
    assert brackets(ranking_of(None)) == ()


def test_a_decision_with_the_ranking_needs_no_reason() -> None:
    assert needing_reasons(UNSURE, {"a": 2, "b": 1, "c": 1, "d": 1, "e": 0}) == {}


def test_a_bracket_that_is_parted_needs_the_reason_of_all_in_it() -> None:
    found = needing_reasons(UNSURE, {"a": 1, "b": 1, "c": 0, "d": 0, "e": 0})
    assert found == dict.fromkeys("bcd", Why.BAND)


def test_a_decision_against_the_ranking_needs_reasons_on_both_sides() -> None:
    assert needing_reasons(UNSURE, {"a": 0, "e": 1}) == {"a": Why.AGAINST, "e": Why.AGAINST}
    assert needing_reasons(UNSURE, {"a": 1, "e": 2}) == {"a": Why.AGAINST, "e": Why.AGAINST}, "a pilot above a winner"


def test_entries_that_are_not_decided_yet_say_nothing() -> None:
    assert needing_reasons(UNSURE, {"c": 1}) == {}


def test_without_a_ranking_whoever_is_chosen_needs_a_reason() -> None:
    apart = rank([Score("a", "1", 50), Score("b", "2", 60)])
    assert needing_reasons(apart, {"a": 1, "b": 0}) == {"a": Why.UNRANKED}
    assert brackets(apart) == ()
