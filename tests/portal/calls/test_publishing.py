"""Calls on their way to the public: drafts that two work on, versions that stay, cities that join."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from challenge.terms import PhaseKind
from portal.audit import service as audit
from portal.calls import drafts, partners, publishing, service
from portal.calls.tables import Call, CallVersion
from portal.errors import AlreadyThereError, CallOverError, EditedMeanwhileError, NotAllowedError, UnusableTermsError
from tests.portal.calls.calling import DAY, LANGUAGES, draft_of, due, organiser, publish, scored, terms, unscored

pytestmark = pytest.mark.usefixtures("portal")


async def test_a_call_is_seen_once_it_is_published() -> None:
    where, viewer = await organiser()
    draft = await draft_of(where, viewer)
    assert (draft.slug, draft.edits, draft.version, draft.before) == ("safe-shops", 1, 0, None)
    with pytest.raises(NotAllowedError):
        await service.published(draft.slug)
    await publish(draft, where, viewer)
    call = await service.published(draft.slug)
    entries = draft.terms.phases[0]
    assert (call.version, call.terms, call.grace_s) == (1, draft.terms, 900)
    assert (call.opens_at, call.deadline) == (entries.begins, entries.ends)
    assert (call.lead.slug, call.cancelled_at, call.title_in("sv").text) == ("helsinki", None, "Safe shops")
    assert (await service.by_id(call.id)).slug == (await service.of_city(call.slug, "helsinki")).slug == call.slug
    with pytest.raises(NotAllowedError):
        await service.of_city(call.slug, "tampere")
    assert [each.change for each in await service.versions(call.id)] == [{}]
    logged = [(each.action, each.subject) async for each in audit.entries()]
    assert logged == [("call-published", "call:safe-shops")]


async def test_moments_decide_what_a_call_takes() -> None:
    where, viewer = await organiser()
    await publish(await draft_of(where, viewer), where, viewer)
    call = await service.published("safe-shops")
    second = timedelta(seconds=1)
    taken = {
        moment: service.takes_entries(call, moment)
        for moment in (
            call.opens_at - second,
            call.opens_at,
            call.deadline,
            call.last_moment - second,
            call.last_moment,
        )
    }
    assert list(taken.values()) == [False, True, True, True, False]
    phases = [service.phase_now(call, moment) for moment in (call.opens_at, call.deadline - second, call.deadline)]
    assert [each.kind if each else None for each in phases] == [PhaseKind.ENTRIES, PhaseKind.ENTRIES, None]
    following = service.next_phase(call, call.deadline)
    assert following is not None
    assert following.kind is PhaseKind.SCREENING


async def test_two_calls_of_one_title_have_two_addresses() -> None:
    where, viewer = await organiser()
    slugs = [await drafts.make(where, terms("Älykäs kauppa!"), viewer) for _ in range(3)]
    assert slugs == ["alykas-kauppa", "alykas-kauppa-2", "alykas-kauppa-3"]
    assert await drafts.make(where, terms("日本"), viewer) == "call"
    assert {each.slug for each in await drafts.in_city(where.id)} == {*slugs, "call"}


async def test_who_saves_later_is_told() -> None:
    where, viewer = await organiser()
    draft = await draft_of(where, viewer)
    await drafts.save(draft, lambda made: replace(made, reads=4), where, viewer)
    with pytest.raises(EditedMeanwhileError):
        await drafts.save(draft, lambda made: replace(made, reads=5), where, viewer)
    with pytest.raises(EditedMeanwhileError):
        await publish(draft, where, viewer)
    fresh = await drafts.of_city(draft.slug, where.slug)
    assert (fresh.edits, fresh.terms.reads) == (2, 4)


async def test_of_many_who_save_at_once_one_does() -> None:
    where, viewer = await organiser()
    draft = await draft_of(where, viewer)
    await publish(draft, where, viewer)
    draft = await drafts.of_city(draft.slug, where.slug)
    saves = [drafts.save(draft, lambda made, n=n: replace(made, reads=n), where, viewer) for n in range(2, 8)]
    ended = await asyncio.gather(*saves, return_exceptions=True)
    assert sorted(type(each).__name__ for each in ended) == ["EditedMeanwhileError"] * 5 + ["NoneType"]
    assert (await drafts.of_city(draft.slug, where.slug)).edits == 1


async def test_a_later_version_says_what_is_new_and_the_former_stays() -> None:
    where, viewer = await organiser()
    draft = await draft_of(where, viewer)
    await publish(draft, where, viewer)
    draft = await drafts.of_city(draft.slug, where.slug)
    with pytest.raises(NotAllowedError):
        await publish(draft, where, viewer)
    await drafts.save(draft, lambda made: due(made, timedelta(hours=1)), where, viewer)
    draft = await drafts.of_city(draft.slug, where.slug)
    assert draft.before is not None
    assert (await service.published(draft.slug)).deadline == draft.before.phases[0].ends
    with pytest.raises(UnusableTermsError, match="change"):
        await publish(draft, where, viewer, change=" ")
    await publish(draft, where, viewer)
    call = await service.published(draft.slug)
    assert (call.version, call.deadline) == (2, draft.terms.phases[0].ends)
    [second, first] = await service.versions(call.id)
    assert (first.terms, second.change["en"], second.number) == (draft.before, "New dates.", 2)
    refused = CallVersion.update({CallVersion.terms: "{}"}).where(CallVersion.call == call.id, CallVersion.number == 1)
    with pytest.raises(Exception, match="a published version never changes"):
        await refused


async def test_what_is_unfair_is_refused() -> None:
    where, viewer = await organiser()
    await publish(await draft_of(where, viewer), where, viewer)
    draft = await drafts.of_city("safe-shops", where.slug)
    await drafts.save(draft, lambda made: replace(due(made, -DAY), criteria=made.criteria[1:]), where, viewer)
    draft = await drafts.of_city("safe-shops", where.slug)
    assert [fault.code for fault in await publishing.faults(draft, unscored)] == ["earlier"]
    assert [fault.code for fault in await publishing.faults(draft, scored)] == ["earlier", "scored", "scored"]
    with pytest.raises(UnusableTermsError):
        await publish(draft, where, viewer)
    await drafts.discard(draft, where, viewer)
    assert (await drafts.of_city("safe-shops", where.slug)).is_changed is False


async def test_deadline_in_the_past_is_not_published() -> None:
    where, viewer = await organiser()
    draft = await draft_of(where, viewer, terms(opens=-9 * DAY, deadline=-DAY))
    with pytest.raises(UnusableTermsError, match="past"):
        await publish(draft, where, viewer)
    await drafts.discard(draft, where, viewer)
    assert await Call.count() == 0


async def test_whose_role_was_taken_changes_nothing() -> None:
    where, viewer = await organiser()
    draft = await draft_of(where, viewer)
    _, other = await organiser("tampere")
    for act in (publish(draft, where, other), drafts.discard(draft, where, other), drafts.make(where, terms(), other)):
        with pytest.raises(NotAllowedError):
            await act


async def test_a_cancelled_call_stays_and_changes_no_more() -> None:
    where, viewer = await organiser()
    draft = await draft_of(where, viewer)
    with pytest.raises(NotAllowedError):
        await publishing.cancel(draft, where, viewer)
    await publish(draft, where, viewer)
    draft = await drafts.of_city(draft.slug, where.slug)
    await publishing.cancel(draft, where, viewer)
    call = await service.published(draft.slug)
    assert call.cancelled_at is not None
    assert not service.takes_entries(call, datetime.now(UTC))
    assert await service.all_of_them() == []
    with pytest.raises(NotAllowedError):
        await drafts.save(await drafts.of_city(draft.slug, where.slug), lambda made: made, where, viewer)


async def test_a_call_that_is_over_is_not_cancelled() -> None:
    where, viewer = await organiser()
    draft = await draft_of(where, viewer)
    await publish(draft, where, viewer)
    draft = await drafts.of_city(draft.slug, where.slug)
    long_ago = replace(terms(opens=-99 * DAY, deadline=-60 * DAY), title=dict.fromkeys(LANGUAGES, "Over"))
    call = await Call.objects().where(Call.slug == draft.slug).first()
    assert call is not None
    await CallVersion(
        call=call.id, number=2, terms=service.kept(long_ago), published_at=datetime.now(UTC), published_by="x"
    ).save()
    await Call.update({Call.version: 2}).where(Call.id == call.id)
    with pytest.raises(CallOverError):
        await publishing.cancel(await drafts.of_city(draft.slug, where.slug), where, viewer)


async def test_a_city_joins_when_it_says_yes() -> None:
    where, viewer = await organiser()
    other, theirs = await organiser("tampere")
    draft = await draft_of(where, viewer)
    await partners.ask(draft, "tampere", where, viewer)
    with pytest.raises(AlreadyThereError):
        await partners.ask(draft, "tampere", where, viewer)
    with pytest.raises(NotAllowedError):
        await drafts.of_city(draft.slug, "tampere")
    assert await drafts.in_city(other.id) == []
    [(request, call)] = await partners.requests_to(other)
    assert (call.slug, await partners.requests_to(where)) == (draft.slug, [])
    with pytest.raises(NotAllowedError):
        await partners.answer(request.id, where, viewer, joins=True)
    await partners.answer(request.id, other, theirs, joins=True)
    joined = await drafts.of_city(draft.slug, "tampere")
    assert [each.slug for each in joined.cities] == ["helsinki", "tampere"]
    with pytest.raises(NotAllowedError):
        await partners.answer(request.id, other, theirs, joins=True)
    await publish(joined, other, theirs)
    assert [each.slug for each in (await service.of_city(draft.slug, "tampere")).cities] == ["helsinki", "tampere"]
    fresh = await drafts.of_city(draft.slug, "tampere")
    for act in (publishing.cancel(fresh, other, theirs), partners.ask(fresh, "helsinki", other, theirs)):
        with pytest.raises(NotAllowedError):
            await act


async def test_a_city_says_no_or_is_asked_no_more() -> None:
    where, viewer = await organiser()
    other, theirs = await organiser("tampere")
    draft = await draft_of(where, viewer)
    for _ in range(2):
        await partners.ask(draft, "tampere", where, viewer)
        [request] = await partners.requests_of(draft.id)
        await partners.answer(request.id, other, theirs, joins=False)
    await partners.ask(draft, "tampere", where, viewer)
    [request] = await partners.requests_of(draft.id)
    await partners.take_back(draft, request.id, where, viewer)
    assert await partners.requests_of(draft.id) == []
    with pytest.raises(NotAllowedError):
        await partners.take_back(draft, request.id, where, viewer)
