"""Stages are published once and whole; the bundle gives the same figures to anybody; letters go out once."""

import asyncio
import hashlib
import json
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from portal.accounts.tables import Organisation
from portal.assessments.solutions.tables import Solution
from portal.audit import service as audit
from portal.audit.tables import Action
from portal.awards import letters, publishing
from portal.awards.tables import Publication, Stage, Verdict
from portal.entries.tables import Entry
from portal.errors import AlreadyDoneError, NotAllowedError, NotReadyError, SavedMeanwhileError
from portal.mail.tables import Kind, Letter
from tests.portal.awards.judged import Judged, judged, through_finalists, through_winners

pytestmark = pytest.mark.usefixtures("portal")
SITE = "https://kyberkunto.example"


async def test_the_bundle_gives_the_published_figures_again_by_the_command(tmp_path: Path) -> None:
    made = await through_winners()
    await publishing.publish(await made.acting(), Stage.FINALISTS)
    published = await publishing.publish(await made.acting(), Stage.WINNERS)
    assert hashlib.sha256(published.bundle.encode()).hexdigest() == published.digest
    bundle = json.loads(published.bundle)
    assert [(each["round"], each["track"]) for each in bundle["rankings"]] == [
        ("screening", "pilot"),
        ("final", "pilot"),
    ]
    for each in bundle["rankings"]:
        (tmp_path / "scores.csv").write_text(each["scores"])
        command, *arguments = each["command"]
        own = Path(sys.executable).with_name(command)
        again = await asyncio.create_subprocess_exec(own, *arguments, cwd=tmp_path, stdout=asyncio.subprocess.PIPE)
        told, _ = await again.communicate()
        assert json.loads(told) == each["ranking"]
        assert len(each["ranking"]["entries"]) == (6 if each["round"] == "screening" else 3)


async def test_the_bundle_names_nobody() -> None:
    made = await through_finalists()
    published = await publishing.publish(await made.acting(), Stage.FINALISTS)
    for hidden in ("Team", "Solution", "startup", "Judge", "jury.example", "Note", "Feedback", "saw more"):
        assert hidden not in published.bundle, hidden
    decided = json.loads(published.bundle)["rankings"][0]["decisions"]
    assert {each["decided_by"] for each in decided} <= {"jury", "ranking"}
    assert len(decided) == 6


async def test_two_who_publish_at_once_publish_once() -> None:
    made = await through_finalists()
    acting = await made.acting()
    found = await asyncio.gather(
        *(publishing.publish(acting, Stage.FINALISTS) for _ in range(4)), return_exceptions=True
    )
    assert sum(isinstance(each, AlreadyDoneError) for each in found) == 3
    assert await Publication.count() == 1
    assert len([entry async for entry in audit.entries(action=Action.PUBLISHED)]) == 1


async def test_what_is_published_never_changes() -> None:
    made = await through_finalists()
    before = await publishing.publish(await made.acting(), Stage.FINALISTS)
    with pytest.raises(Exception, match="a publication never changes"):
        await Publication.update({Publication.digest: ""}, force=True)
    with pytest.raises(NotAllowedError):
        await made.decide({6: Verdict.FINALIST}, "Late.")
    await Organisation.update({Organisation.name: "Renamed"}).where(Organisation.id == made.teams[1].id)
    assert (await publishing.of_call(made.call.id))[Stage.FINALISTS] == before


async def test_a_stage_waits_for_all_that_comes_before_it() -> None:
    made = await judged()
    acting = await made.acting()
    for stage, code in ((Stage.FINALISTS, "unlocked"), (Stage.WINNERS, "before"), (Stage.GALLERY, "before")):
        with pytest.raises(NotReadyError) as refused:
            await publishing.publish(acting, stage)
        assert refused.value.code == code
    await made.open()
    await made.score()
    await made.lock()
    assert await publishing.readiness(made.call, Stage.FINALISTS) == "undecided"
    await made.decide(dict.fromkeys(made.entries, Verdict.NOT_CHOSEN))
    assert await publishing.readiness(made.call, Stage.FINALISTS) == "none"


async def test_no_more_winners_than_the_call_says() -> None:
    made = await judged(has_final=False)
    await made.open()
    await made.score()
    await made.lock()
    everybody = {**dict.fromkeys((1, 2, 3, 4), Verdict.WINNER), **dict.fromkeys((5, 6), Verdict.NOT_CHOSEN)}
    await made.decide(everybody, "All are good.")
    with pytest.raises(NotReadyError) as refused:
        await publishing.publish(await made.acting(), Stage.WINNERS)
    assert refused.value.code == "many"


async def test_winners_and_pilots_become_solutions_for_reports() -> None:
    made = await winners()
    found = await Solution.select(Solution.title, Solution.piloted, Solution.call).order_by(Solution.title)
    assert found == [
        {"title": "Solution 1", "piloted": False, "call": "moonshot"},
        {"title": "Solution 2", "piloted": True, "call": "moonshot"},
    ]
    assert await Solution.count() == 2
    assert (await publishing.of_call(made.call.id))[Stage.WINNERS].told.entries[0].city == "Helsinki"


async def test_the_gallery_shows_those_who_agree_as_long_as_they_do() -> None:
    made = await winners()
    await publishing.publish(await made.acting(), Stage.GALLERY)
    shown = (await publishing.gallery(made.call)).told.entries
    assert [each.title for each in shown] == ["Solution 1", "Solution 5"]
    assert [each.number for each in shown] == [None, None], "no number leads to the scores"
    await Entry.update({Entry.shows_gallery: False}).where(Entry.id == made.entries[5])
    assert [each.title for each in (await publishing.gallery(made.call)).told.entries] == ["Solution 1"]


async def test_letters_go_to_each_of_a_team_once_in_the_entry_s_language() -> None:
    made = await through_finalists()
    acting, round_ = await made.acting(), await made.round()
    with pytest.raises(NotAllowedError):
        await letters.send(acting, round_, SITE)
    await publishing.publish(acting, Stage.FINALISTS)
    draft = next(each for each in await letters.drafts(made.call, round_) if each.entry.number == 2)
    assert draft.text.count("Feedback. Entry 2") == 3
    assert "Nobody else" not in draft.text
    assert "Note" not in draft.text
    await letters.keep(acting, round_, made.entries[2], "Well done.", draft.edits)
    with pytest.raises(SavedMeanwhileError):
        await letters.keep(acting, round_, made.entries[2], "Worse.", draft.edits)
    sent = await asyncio.gather(*(letters.send(acting, round_, SITE) for _ in range(3)))
    assert sorted(sent) == [0, 0, 6]
    found = await Letter.select(Letter.recipient, Letter.language, Letter.about).where(
        Letter.kind == Kind.FEEDBACK.value
    )
    assert len(found) == len({each["recipient"] for each in found}) == 12
    own = next(each for each in found if each["recipient"] == "lead2@startup2.example")
    assert own["language"] == "en"
    assert json.loads(own["about"])["link"].startswith(f"{SITE}/en/organisation/{made.teams[2].id}/entry/")
    assert "Well done" not in own["about"], "what was decided stands on the team's page, not in the letter"
    [told] = await letters.told_to(made.call.id, made.entries[2])
    assert (told.text, told.verdict) == ("Well done.", Verdict.FINALIST)
    with pytest.raises(SavedMeanwhileError):
        await letters.keep(acting, round_, made.entries[2], "Too late.", draft.edits + 2)


async def test_a_team_that_withdraws_after_the_lock_is_told_nowhere() -> None:
    made = await through_finalists()
    await Entry.update({Entry.withdrawn_at: datetime.now(UTC)}).where(Entry.id == made.entries[1])
    published = await publishing.publish(await made.acting(), Stage.FINALISTS)
    assert [each.title for each in published.told.entries] == ["Solution 2", "Solution 3"]


async def winners() -> Judged:
    """Finalists and winners are published."""
    made = await through_winners()
    for stage in (Stage.FINALISTS, Stage.WINNERS):
        await publishing.publish(await made.acting(), stage)
    return made
