"""Our own sheets counted, on both databases."""

from uuid import uuid4

import pytest

from portal.assessments.catalogue import current
from portal.assessments.context import peers
from portal.assessments.sheets import storage
from portal.assessments.tables import AnswerSheet

pytestmark = pytest.mark.usefixtures("portal")


async def sheet(**answers: str) -> AnswerSheet:
    row = AnswerSheet(token=uuid4().hex, language="en", catalogue_version="any")
    await row.save()
    for question, answer in answers.items():
        await storage.keep_answer(row, question.replace("_", "-"), answer)
    return row


async def test_each_sheet_counts_once_with_its_newest_answer() -> None:
    row = await sheet(size="2-9", sector="food", passwords="reused")
    await storage.keep_answer(row, "passwords", "own")
    await sheet(size="2-9", sector="food", passwords="own")
    await sheet(size="2-9", passwords="own")
    await sheet(size="10-49", sector="food", passwords="manager")
    await sheet(sector="food", passwords="own")  # of no size: nobody is like it
    assert (await peers.count(current())).counts == {
        ("passwords", "2-9", "food"): {"own": 2},
        ("passwords", "2-9", ""): {"own": 1},
        ("passwords", "10-49", "food"): {"manager": 1},
    }


async def test_only_graded_answers_of_questions_that_the_firm_is_asked_count() -> None:
    await sheet(size="1", passwords="dont-know", leavers="nothing", server_logs="no", servers="no", gone="yes")
    await sheet(size="2-9", leavers="nothing", server_logs="no", servers="not-sure")
    await sheet(size="2-9", wifi="of-an-earlier-catalogue", server_logs="no")
    assert (await peers.count(current())).counts == {
        ("leavers", "2-9", ""): {"nothing": 1},
        ("server-logs", "2-9", ""): {"no": 1},
    }


async def test_counts_are_kept_for_an_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(peers, "_kept", {})
    await sheet(size="2-9", passwords="own")
    first = await peers.peers(current())
    await sheet(size="2-9", passwords="own")
    assert await peers.peers(current()) is first
    monkeypatch.setattr(peers, "KEPT_S", -1.0)
    again = await peers.peers(current())
    assert again.counts["passwords", "2-9", ""] == {"own": 2}
