"""Whoever is deleted is gone: from every table and file of the installation, and from a backup made before."""

import asyncio
from pathlib import Path

import pytest

from portal import backups, database, jobs, settings
from portal.accounts.tables import Membership, Organisation, Person
from portal.accounts.viewer import Viewer
from portal.assessments.tables import AnswerSheet, Assessment, CheckLog
from portal.audit import service as audit
from portal.audit.tables import Action
from portal.database import rows
from portal.errors import NotAllowedError, UndecidedFirmError
from portal.mail import delivery
from portal.mail.tables import Kind, Letter
from portal.privacy import deleting
from portal.sharing import service as links
from portal.sharing.tables import ShareLink
from portal.watching import service as watching
from portal.watching.tables import Watch, Watcher
from tests.portal.conftest import KINDS, Installation, new_installation
from tests.portal.mail.conftest import mail_settings
from tests.portal.mail.post_office import PostOffice
from tests.portal.privacy.somebody import Somebody, enter, somebody
from tests.portal.privacy.traces import tables, traces
from tests.portal.responder import Responder
from tests.portal.signing import firm_of, person

LEAST_TABLES = 40
"""Ours and those of the jobs: were fewer looked through, the test would be worth little."""


@pytest.fixture(params=KINDS)
def place(request: pytest.FixtureRequest, tmp_path: Path, responder: Responder) -> Installation:
    """One of its own: its files are looked through, and a backup is restored."""
    return new_installation(request.param, tmp_path, responder.address)


async def delete_and_look(gone: Somebody, office: PostOffice) -> None:
    """Deletes them, sends what there is to send, and finds nothing of theirs."""
    before = {trace.split(":")[0] for trace in traces(gone.traces)}
    assert len(before) >= 20, before
    await deleting.delete_person(gone.person.id, kind=Kind.ACCOUNT_DELETED)
    [farewell] = await Letter.objects().where(Letter.kind == Kind.ACCOUNT_DELETED.value)
    await delivery.deliver(farewell.id)
    assert [to for to, _ in office.taken] == [gone.person.address]
    told = set(str(office.taken[0][1]).split())
    assert told & gone.traces == {gone.person.address}
    await database.overwrite_deleted()
    assert traces(gone.traces) == []


async def test_nothing_is_left_of_who_was_deleted_nor_after_a_restore(
    place: Installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor is who unsubscribed after the backup written to again, nor does a link that was ended lead anywhere."""
    place.bind()
    with PostOffice() as office:
        for name, text in mail_settings(office.port).items():
            monkeypatch.setenv(name, text)
        settings.current.cache_clear()
        async with database.pool():
            gone, stays = await enter(await somebody()), await somebody("toinen@putki.example", "Toinen Virtanen")
            unsubscribed, one_ended = [await a_watcher(name) for name in ("a", "b")]
            await asyncio.to_thread(backups.back_up, settings.current(), tmp_path / "backup.tar")
            await delete_and_look(gone, office)
            await watching.unsubscribe(unsubscribed.token)
            await watching.stop(one_ended, "one.test")
            link = await end_link_of(stays)
        jobs.disconnect()
    assert len(tables()) >= LEAST_TABLES
    await asyncio.to_thread(backups.restore, settings.current(), tmp_path / "backup.tar")
    async with database.pool():
        assert traces({*gone.traces, unsubscribed.address, str(unsubscribed.id), str(link.id), link.token}) == []
        assert await Person.exists().where(Person.id == stays.person.id)
        assert await AnswerSheet.exists().where(AnswerSheet.id == stays.sheet.id)
        assert [row["domain"] for row in await Watch.select().where(Watch.watcher == one_ended.id)] == ["two.test"]
        assert await ShareLink.count() == 1
        assert await CheckLog.count() == 2
        assert await rows("SELECT address FROM sign_in_link") == []
    settings.current.cache_clear()


async def end_link_of(owner: Somebody) -> ShareLink:
    """Ends the link to their answers."""
    file = await links.file_of((await ShareLink.objects().where(ShareLink.sheet == owner.sheet.id))[0])
    [link] = await links.links_of(file)
    await links.end(file, link.token)
    return link


@pytest.mark.usefixtures("portal")
async def test_the_log_keeps_a_pseudonym_that_nobody_can_resolve() -> None:
    gone = await somebody()
    await deleting.delete_person(gone.person.id)
    entries = [entry async for entry in audit.entries(action=Action.DELETED)]
    assert [entry.subject for entry in entries] == [f"person:{gone.person.pseudonym}"]
    assert [trace.split(":")[0].rpartition(".")[2] for trace in traces({gone.person.pseudonym})][:1] == ["audit_entry"]


@pytest.mark.usefixtures("portal")
async def test_firm_of_others_stays_without_who_left() -> None:
    gone, colleague = await somebody(), await person("kollega@kahvila.example")
    await Membership(person=colleague.id, organisation=gone.firm.id, is_owner=True).save()
    await deleting.delete_person(gone.person.id)
    assert await Organisation.exists().where(Organisation.id == gone.firm.id)
    assert await AnswerSheet.exists().where(AnswerSheet.id == gone.sheet.id)
    assert await Assessment.exists().where(Assessment.id == gone.check.id)
    assert traces({str(gone.person.id), gone.person.address, gone.person.address_hash}) == []


@pytest.mark.usefixtures("portal")
async def test_who_alone_decides_for_others_says_first_what_becomes_of_the_firm() -> None:
    gone, colleague = await somebody(), await person("kollega@kahvila.example")
    await Membership(person=colleague.id, organisation=gone.firm.id).save()
    outlook = await deleting.outlook(gone.person.id)
    assert [(place.id, place.others) for place in outlook.undecided] == [(gone.firm.id, 1)]
    with pytest.raises(UndecidedFirmError):
        await deleting.delete_person(gone.person.id)
    assert await Person.exists().where(Person.id == gone.person.id)
    await deleting.delete_person(gone.person.id, {gone.firm.id})
    assert traces(gone.traces) == []
    assert await Person.exists().where(Person.id == colleague.id)


@pytest.mark.usefixtures("portal")
async def test_what_cannot_be_remembered_is_not_deleted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = await somebody()
    monkeypatch.setenv("KYBERKUNTO_TOMBSTONES", str(tmp_path / "no-such-folder" / "tombstones"))
    settings.current.cache_clear()
    with pytest.raises(OSError, match="no-such-folder"):
        await deleting.delete_person(gone.person.id)
    assert await Person.exists().where(Person.id == gone.person.id)
    assert await AnswerSheet.exists().where(AnswerSheet.id == gone.sheet.id)


@pytest.mark.usefixtures("portal")
async def test_two_who_delete_the_same_person_delete_them_once() -> None:
    gone = await somebody()
    both = await asyncio.gather(*(deleting.delete_person(gone.person.id) for _ in range(2)), return_exceptions=True)
    assert sorted(map(type, both), key=str) == sorted([type(None), NotAllowedError], key=str)


@pytest.mark.usefixtures("portal")
async def test_firm_deleted_by_its_owner_takes_everything_of_it_along() -> None:
    owner = await somebody()
    viewer = Viewer(person=owner.person.id, pseudonym=owner.person.pseudonym)
    await deleting.delete_organisation(owner.firm.id, viewer)
    theirs = {str(owner.firm.id), str(owner.sheet.id), owner.sheet.token, str(owner.check.id), owner.check.token}
    assert [trace for trace in traces(theirs) if "audit_entry" not in trace and str(owner.firm.id) not in trace] == []
    with pytest.raises(NotAllowedError):
        await deleting.delete_organisation((await firm_of(await person("b@b.example"))).id, viewer)


async def a_watcher(name: str) -> Watcher:
    row = Watcher(token=name * 32, address=f"{name}@kahvila.example", address_hash=name * 64, language="fi")
    await row.save()
    for domain in ("one.test", "two.test"):
        await Watch(watcher=row.id, domain=domain, language="fi").save()
    return row
