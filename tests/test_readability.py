"""`make readability` measures what it says it measures."""

import pytest

from portal.assessments.catalogue import current
from tools.readability import measure, report, texts, total


@pytest.mark.parametrize(
    ("text", "counted", "grade"),
    [
        ("The cat sat on the mat.", (1, 6, 6), -1.45),
        ("Sign in at example.fi. Then look at the page!", (2, 10, 12), 0.52),
        ("Nobody can tell. (DMARC, policy none)", (1, 3, 5), 5.25),
        ("About 15 minutes", (1, 2, 5), 14.69),
        ("15 – 20", (0, 0, 0), 0),
    ],
)
def test_grade_is_that_of_flesch_and_kincaid(text: str, counted: tuple[int, int, int], grade: float) -> None:
    assert measure(text) == counted
    assert measure(text).grade == pytest.approx(grade, abs=0.01)


def test_report_has_every_topic_and_the_hardest_texts() -> None:
    found = texts()
    page = report(found, "2026-11-23")
    assert "Measured on 2026-11-23" in page
    assert {topic.id for topic in current().topics} | {"profile", "checks: mail"} <= {text.topic for text in found}
    assert all(f"\n| {text.topic} | " in page for text in found)
    assert page.count("\n|") == 2 + 2 + len({text.topic for text in found}) + 2 * (2 + 10)
    assert total(found).words == sum(text.measured.words for text in found) > 10_000
