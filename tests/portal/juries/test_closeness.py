"""Conflicts: what is suggested, what is declared, and that the database refuses what holds."""

from datetime import timedelta

import pytest

from portal.accounts.tables import Membership
from portal.database import transaction
from portal.errors import NewEntrantsError
from portal.events.tables import Mentorship
from portal.juries import closeness, declaring, people, readings, scoring
from portal.juries.declaring import Said
from portal.juries.suggesting import Entrant, Side, suggested
from portal.juries.tables import Closeness, Conflict, Reading, ReadState
from tests.portal.juries.sitting import enter, sitting

pytestmark = pytest.mark.usefixtures("portal")
JUROR = Side("anna@labs.lukko.example", "Lukko Labs Oy", "Ovi Ab, Ikkuna and Katto", "helsinki")


@pytest.mark.parametrize(
    ("entrant", "found"),
    [
        (Entrant("Muu", frozenset({"x@lukko.example"}), frozenset()), {Closeness.MAIL_DOMAIN}),
        (Entrant("Muu", frozenset({"x@notlukko.example"}), frozenset()), set()),
        (Entrant("LUKKO  LABS ltd.", frozenset(), frozenset()), {Closeness.EMPLOYER}),
        (Entrant("Lukko", frozenset(), frozenset()), set()),
        (Entrant("Katto Inc", frozenset(), frozenset()), {Closeness.INVESTOR}),
        (Entrant("Ovi", frozenset(), frozenset({"helsinki"})), {Closeness.INVESTOR, Closeness.CITY}),
        (Entrant("Oy", frozenset(), frozenset({"tallinn"})), set()),
    ],
)
def test_what_is_suggested(entrant: Entrant, found: set[Closeness]) -> None:
    assert suggested(JUROR, entrant) == found


def test_free_mail_tells_nothing() -> None:
    juror = Side("anna@gmail.com", "", "", "")
    assert suggested(juror, Entrant("Muu", frozenset({"b@gmail.com"}), frozenset())) == frozenset()


async def test_declared_conflict_holds_in_the_database() -> None:
    made = await sitting()
    [juror, *_] = await made.add()
    await made.declare(juror, 1)
    round_ = await made.open()
    with pytest.raises(Exception, match="too close"):
        await Reading(round=round_.id, juror=juror.id, entry=made.entries[1]).save()
    await Reading(round=round_.id, juror=juror.id, entry=made.entries[2]).save()


@pytest.mark.parametrize("how", ["mentor", "member"])
async def test_who_advised_or_joined_is_refused_without_a_word(how: str) -> None:
    made = await sitting()
    round_ = await made.ready()
    [juror, *_] = await made.jurors()
    [reading, *_] = await readings.of_juror(round_.id, juror)
    team = reading.organisation
    if how == "mentor":
        await Mentorship(call=made.call.id, person=juror.person, organisation=team).save()
    else:
        await Membership(person=juror.person, organisation=team, is_owner=False).save()
    with pytest.raises(Exception, match="too close"):
        await scoring.keep(reading.id, juror.id, scoring.Typed({"effective": 5}), juror.pseudonym)
    assert reading.id not in {each.id for each in await readings.of_juror(round_.id, juror)}
    async with people.acting(made.call.id):
        await declaring.settle(made.call.id, "system")
    assert (await Reading.objects().get(Reading.id == reading.id)).state == ReadState.RECUSED  # type: ignore[union-attr]


async def test_a_suggestion_holds_until_the_juror_says_otherwise() -> None:
    made = await sitting(judges=1)
    [juror] = await made.add()
    juror = await declaring.remember(juror, "lukkolabs2 oy", "")
    assert await closeness.held_by(juror) == {made.teams[2].id}
    await made.declare(juror)
    assert await closeness.held_by(juror) == set()
    await made.declare(juror, 2)
    await made.declare(juror)
    assert await closeness.held_by(juror) == set()
    kinds = {row["kind"]: row["holds"] for row in await Conflict.select(Conflict.kind, Conflict.holds)}
    assert (kinds["employer"], kinds["declared"]) == (False, False)


async def test_the_home_city_is_only_a_hint() -> None:
    made = await sitting(judges=1)
    [juror] = await made.add()
    found = await closeness.closeness_in([juror], await closeness.entrants_of(made.call.id), made.call.id)
    assert found[juror.id][made.teams[1].id] == {Closeness.CITY: False}


async def test_who_enters_later_has_to_be_looked_at() -> None:
    made = await sitting(judges=1)
    [juror] = await made.add()
    shown = frozenset(team.id for team in made.teams.values())
    await made.declare(juror)
    [juror] = await made.jurors()
    assert closeness.is_declared(juror, await closeness.entrants_of(made.call.id))
    await enter(made, 9, ago=-timedelta(seconds=5))
    assert not closeness.is_declared(juror, await closeness.entrants_of(made.call.id))
    with pytest.raises(NewEntrantsError):
        await declaring.declare(juror, Said(frozenset(), shown, ""), made.call)


async def test_who_declares_later_loses_what_they_read() -> None:
    made = await sitting()
    round_ = await made.ready()
    [juror, *_] = await made.jurors()
    first, second, *_ = await readings.of_juror(round_.id, juror)
    marks = dict.fromkeys(("effective", "affordable", "easy-to-use"), 7)
    await scoring.keep(first.id, juror.id, scoring.Typed(marks), juror.pseudonym, finish=True)
    assert len(await scoring.scores_of(round_.id, "pilot")) == 1
    await made.declare(juror, first.number)
    assert await scoring.scores_of(round_.id, "pilot") == []
    assert {each.id for each in await readings.of_juror(round_.id, juror)} >= {second.id}


async def test_what_comes_out_while_reading_holds_for_good() -> None:
    made = await sitting()
    round_ = await made.ready()
    [juror, *_] = await made.jurors()
    [reading, *_] = await readings.of_juror(round_.id, juror)
    await readings.give_back(reading, juror, ReadState.RECUSED, "My brother-in-law")
    await made.declare(juror)
    assert await closeness.held_by(juror) == {reading.organisation}
    with pytest.raises(Exception, match="too close"):
        async with transaction():
            await Reading.update({Reading.state: "open"}).where(Reading.id == reading.id)
