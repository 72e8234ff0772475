"""What the jury decides: with its reasons, by one hand at a time, until it is published."""

import pytest

from challenge.deciding import Why, brackets
from challenge.terms import PhaseKind
from portal.audit import service as audit
from portal.audit.tables import Action
from portal.awards import decisions, service, standings
from portal.awards.decisions import Choice
from portal.awards.tables import Verdict
from portal.errors import NotAllowedError, ReasonsNeededError, SavedMeanwhileError
from tests.portal.awards.judged import FINALISTS, Judged, judged, through_finalists

pytestmark = pytest.mark.usefixtures("portal")


async def locked() -> Judged:
    """The screening is read and locked."""
    made = await judged()
    await made.open()
    await made.score()
    await made.lock()
    return made


async def test_a_decision_with_the_ranking_needs_no_reason() -> None:
    made = await locked()
    await made.decide({1: Verdict.FINALIST, 2: Verdict.FINALIST, 6: Verdict.NOT_CHOSEN})
    stood = await decisions.of_round((await made.round()).id)
    assert {made.entries[2]: Verdict.FINALIST}.items() <= {key: each.verdict for key, each in stood.items()}.items()
    told = [entry async for entry in audit.entries(action=Action.DECIDED)]
    assert len(told) == 3


async def test_what_is_against_the_ranking_needs_a_reason_and_nothing_is_kept_without() -> None:
    made = await locked()
    with pytest.raises(ReasonsNeededError) as refused:
        await made.decide({1: Verdict.NOT_CHOSEN, 6: Verdict.FINALIST, 3: Verdict.FINALIST})
    assert refused.value.entries["6"] == Why.AGAINST
    assert "1" in refused.value.entries
    assert not await decisions.of_round((await made.round()).id)
    await made.decide({1: Verdict.NOT_CHOSEN, 6: Verdict.FINALIST, 3: Verdict.FINALIST}, "It is free.")


async def test_a_parted_bracket_needs_a_reason_also_where_the_parts_are_said_one_after_the_other() -> None:
    made = await locked()
    standing = (await standings.of_round((await made.round()).id))["pilot"]
    one, other = (int(each) for each in brackets(standing.ranking)[0][:2])
    await made.decide({one: Verdict.FINALIST})
    with pytest.raises(ReasonsNeededError) as refused:
        await made.decide({other: Verdict.NOT_CHOSEN})
    assert set(refused.value.entries.values()) == {Why.BAND}
    assert str(other) in refused.value.entries


async def test_who_decides_over_another_s_decision_is_told() -> None:
    made = await locked()
    await made.decide({1: Verdict.FINALIST})
    with pytest.raises(SavedMeanwhileError):
        await decisions.decide(
            await made.acting(), await made.round(), "pilot", {made.entries[1]: Choice(Verdict.NOT_CHOSEN, "No.", 0)}
        )


async def test_nothing_is_decided_before_the_lock() -> None:
    made = await judged()
    await made.open()
    await made.score()
    with pytest.raises(NotAllowedError):
        await made.decide({1: Verdict.FINALIST})


@pytest.mark.parametrize("verdict", [Verdict.WINNER, Verdict.PILOT])
async def test_a_screening_before_a_final_has_no_winners(verdict: Verdict) -> None:
    made = await locked()
    with pytest.raises(NotAllowedError):
        await made.decide({1: verdict})


async def test_finalists_are_those_decided_in_the_locked_screening() -> None:
    made = await locked()
    assert await service.finalists(made.call.id) == []
    await made.decide(FINALISTS, "Why.")
    assert await service.finalists(made.call.id) == [made.entries[number] for number in (1, 2, 3)]


async def test_once_the_final_is_open_who_is_in_it_stays() -> None:
    made = await through_finalists()
    await made.open(PhaseKind.FINAL, (1, 2, 3))
    with pytest.raises(NotAllowedError):
        await made.decide({6: Verdict.FINALIST}, "Late.")
