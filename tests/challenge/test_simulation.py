"""What docs/ranking.md claims, on a few runs; in a soak all of it is made again."""

import json
import xml.etree.ElementTree as ET

import pytest

from tests.conftest import SOAK
from tools.simulate_ranking import FOLDER, USUAL, accuracies, accuracy, run, simulate
from tools.simulation_figure import figure

KEPT = json.loads((FOLDER / "simulation.json").read_text())
USUALLY = next(row for row in KEPT["rows"] if row["juror_deviation"] == USUAL)


def test_an_order_is_judged_by_its_pairs() -> None:
    assert accuracy({"a": 3, "b": 2, "c": 1}, {"a": 30, "b": 20, "c": 10}) == 1
    assert accuracy({"a": 3, "b": 2, "c": 1}, {"a": 10, "b": 20, "c": 30}) == 0
    assert accuracy({"a": 3, "b": 2, "c": 1}, {"a": 20, "b": 20, "c": 10}) == pytest.approx(5 / 6)


def test_what_is_adjusted_has_more_pairs_in_order_than_the_mean() -> None:
    assert (KEPT["entries"], KEPT["jurors"], KEPT["reads"]) == (60, 10, 3)
    assert USUALLY["adjusted"] > USUALLY["mean"]
    assert USUALLY["gain"] > 10 * USUALLY["error"]
    mean, adjusted = accuracies(*run(10.0, 0))
    assert adjusted > mean


def test_the_picture_shows_the_figures() -> None:
    assert (FOLDER / "simulation.svg").read_text() == figure(KEPT["rows"])
    assert ET.fromstring(figure(KEPT["rows"])).tag.endswith("svg")  # noqa: S314 - our own


@pytest.mark.soak
def test_the_figures_are_made_again() -> None:
    if SOAK:
        assert simulate() == KEPT
    for row in KEPT["rows"]:
        made = accuracies(*run(row["juror_deviation"], 0))
        assert [round(each, 4) for each in made] == row["first_run"]
