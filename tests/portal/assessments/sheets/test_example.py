"""The worked example of docs/scoring.md is what comes out."""

from pathlib import Path

from checks.score import Score
from portal.assessments.catalogue import DONT_KNOW, current
from portal.assessments.sheets.assessing import assess
from portal.assessments.sheets.result import Limits
from portal.assessments.sheets.sheet import Sheet

DOC = (Path(__file__).resolve().parents[4] / "docs" / "scoring.md").read_text(encoding="utf-8")


def test_example_in_the_documents_is_what_comes_out() -> None:
    catalogue = current()
    answers = {
        each.id: [answer.id for answer in each.answers if answer.value is not None][-2] for each in catalogue.questions
    }
    answers |= {"backup": "by-hand", "backup-offline": DONT_KNOW, "backup-restore": "never"}
    found = assess(catalogue, Sheet(catalogue.version, {}, answers), (), Limits(0, 150))
    assert (found.score, found.planned) == (Score(56.8, 62.8), Score(67.9, 73.9))
    assert (len(found.items), sum(item.weight for item in found.items)) == (30, 167)
    assert {topic.id: topic.score for topic in found.topics}["backup"] == Score(12.0, 52.0)
    assert (found.critical_gaps, found.possible_gaps) == (
        ("backup", "payment-check", "remote-access"),
        ("backup-offline",),
    )
    for step in found.plan:
        euro = f"{step.cost_eur[0]}–{step.cost_eur[1]}"
        assert f"| {step.fix} | {step.gain} = " in DOC
        assert f"| {euro} | {step.minutes} | {', '.join(step.closes)} |" in DOC
    assert all(f"{points}" in DOC for points in (56.8, 62.8, 67.9, 73.9))
