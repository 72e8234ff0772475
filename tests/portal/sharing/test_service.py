"""Links on both databases: for whom they open, until when, and what they say of a file that changes."""

import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import pytest

from portal import settings
from portal.assessments import queries
from portal.assessments.catalogue import current
from portal.assessments.sheets import service as sheets
from portal.assessments.sheets import storage
from portal.assessments.tables import AnswerSheet, Assessment
from portal.errors import (
    AssessmentNotDoneError,
    LinkNotFoundError,
    NothingTickedError,
    TooManyChecksError,
    TooManyLinksError,
)
from portal.sharing import files, service
from portal.sharing.files import OwnFile
from portal.sharing.service import Wish
from portal.sharing.tables import Audience, ShareLink
from tests.portal.assessments.findings import DOMAIN, NO_DMARC, made
from tests.portal.pages.answering import everything, sheet_with
from tests.portal.pages.asking import finish, keep

pytestmark = pytest.mark.usefixtures("portal")

ENCRYPTED = made("mail.starttls", "encrypted", "mx.kahvila.test", tls_version="TLS 1.3")
IN_CLEAR = made("mail.starttls", "not-offered", "mx.kahvila.test", address="198.18.0.9")
TICK = f"mail-encrypted@{DOMAIN}"
REPORT = Wish(Audience.REPORT, "fi")
LETTER = Wish(Audience.LETTER, "sv")
SUMMARY = Wish(Audience.SUMMARY, "en", ticks=(TICK, "backup"))


Own = Callable[[], Awaitable[OwnFile]]


async def a_check() -> OwnFile:
    return await files.of_check(await keep(NO_DMARC, ENCRYPTED))


async def a_sheet() -> OwnFile:
    row = await sheet_with(everything(-1), await keep(NO_DMARC, ENCRYPTED))
    return files.of_sheet(await storage.by_id(row.id))


async def again(file: OwnFile) -> OwnFile:
    """The file as it stands now."""
    if file.sheet is not None:
        return files.of_sheet(await storage.by_id(file.sheet.row.id))
    return await files.of_check(await queries.by_id(file.own.id))  # type: ignore[union-attr]


async def told(link: ShareLink) -> list[str]:
    return [claim.id for claim in await service.told_by(link, await service.file_of(link))]


@pytest.mark.parametrize("own", [a_check, a_sheet])
@pytest.mark.parametrize("wish", [REPORT, LETTER, SUMMARY])
async def test_a_link_leads_to_its_file_and_is_listed(own: Own, wish: Wish) -> None:
    file = await own()
    made_link = await service.share(file, wish)
    link = await service.follow(made_link.token)
    assert (link.audience, link.language) == (wish.audience.value, wish.language)
    found = await service.file_of(link)
    assert [check.id for check in found.newest] == [check.id for check in file.newest]
    assert [each.token for each in await service.links_of(file)] == [link.token]
    assert link.expires_at - link.created_at == timedelta(days=30)


async def test_a_link_cannot_be_guessed() -> None:
    file = await a_check()
    tokens = {(await service.share(file, REPORT)).token for _ in range(5)}
    assert len(tokens) == 5
    assert min(map(len, tokens)) >= 32  # 192 bits, six to a letter


@pytest.mark.parametrize("days", service.DAYS)
async def test_a_link_leads_nowhere_once_its_time_has_run_out(days: int) -> None:
    file = await a_check()
    link = await service.share(file, Wish(Audience.REPORT, "fi", days))
    await ShareLink.update({ShareLink.expires_at: datetime.now(UTC) - timedelta(seconds=1)}, force=True)
    with pytest.raises(LinkNotFoundError):
        await service.follow(link.token)
    assert await service.links_of(file) == []
    await service.forget_ended()
    assert await ShareLink.count() == 0


async def test_an_ended_link_leads_nowhere_and_the_others_stay() -> None:
    file = await a_check()
    ended, other = await service.share(file, REPORT), await service.share(file, LETTER)
    await service.end(file, ended.token)
    with pytest.raises(LinkNotFoundError):
        await service.follow(ended.token)
    assert (await service.follow(other.token)).id == other.id


async def test_nobody_ends_the_link_of_another_file() -> None:
    mine, theirs = await a_check(), await a_sheet_of_another()
    link = await service.share(mine, REPORT)
    with pytest.raises(LinkNotFoundError):
        await service.end(theirs, link.token)
    assert (await service.follow(link.token)).id == link.id


async def a_sheet_of_another() -> OwnFile:
    return files.of_sheet(await storage.by_id((await sheet_with({})).id))


async def test_links_go_with_their_sheet() -> None:
    file = await a_sheet()
    link = await service.share(file, REPORT)
    await AnswerSheet.delete(force=True)
    with pytest.raises(LinkNotFoundError):
        await service.follow(link.token)


async def test_a_check_under_way_cannot_be_shared_yet() -> None:
    row = await keep()
    await Assessment.update({Assessment.status: "running"}, force=True)
    with pytest.raises(AssessmentNotDoneError):
        await files.of_check(row)


async def test_a_summary_keeps_only_ticks_that_may_be_told() -> None:
    link = await service.share(await a_sheet(), Wish(Audience.SUMMARY, "en", ticks=(TICK, "nonsense", "forged-mail@x")))
    assert json.loads(link.ticks) == [TICK]


@pytest.mark.parametrize("ticks", [(), ("nonsense",), (f"forged-mail@{DOMAIN}",)])
async def test_a_summary_of_nothing_is_refused(ticks: tuple[str, ...]) -> None:
    with pytest.raises(NothingTickedError):
        await service.share(await a_sheet(), Wish(Audience.SUMMARY, "en", ticks=ticks))


async def test_what_was_not_ticked_is_never_told_however_good_it_is() -> None:
    link = await service.share(await a_sheet(), SUMMARY)
    assert await told(link) == [TICK, "backup"]


async def test_what_is_no_longer_true_is_no_longer_told() -> None:
    file = await a_sheet()
    link = await service.share(file, SUMMARY)
    assert file.sheet is not None
    await sheets.answer(file.sheet, current(), "backup", "by-hand")
    assert await told(link) == [TICK]
    started = await sheets.have_checked(file.sheet, DOMAIN, "somebody", stated=False)
    await finish(started, NO_DMARC, IN_CLEAR)
    assert await told(link) == []


async def test_there_is_an_end_to_the_links_of_a_file() -> None:
    file = await a_check()
    for _ in range(service.MOST_LINKS):
        await service.share(file, REPORT)
    with pytest.raises(TooManyLinksError):
        await service.share(file, REPORT)


async def test_when_a_link_was_last_opened_is_kept_and_no_more() -> None:
    link = await service.share(await a_check(), REPORT)
    assert link.opened_at is None
    await service.note_opened(link)
    kept = await service.follow(link.token)
    assert kept.opened_at is not None
    await service.note_opened(kept)
    assert (await service.follow(link.token)).opened_at == kept.opened_at


@pytest.mark.parametrize("own", [a_check, a_sheet])
async def test_a_new_check_by_link_becomes_the_owner_s_newest(own: Own) -> None:
    file = await own()
    link = await service.share(file, LETTER)
    await service.check_again(link, DOMAIN, "the provider", stated=True)
    [started] = (await again(file)).under_way
    assert (started.domain, started.stated, started.previous) == (DOMAIN, True, file.newest[0].id)
    await service.check_again(link, DOMAIN, "the provider", stated=True)  # under way: nothing to start
    assert await Assessment.count() == 2
    await finish(started, ENCRYPTED)
    assert [len(each.findings) for each in (await again(file)).inspected] == [1]
    assert (await service.follow(link.token)).checked_at is not None


async def test_a_link_checks_no_domain_but_its_file_s() -> None:
    link = await service.share(await a_check(), LETTER)
    with pytest.raises(LinkNotFoundError):
        await service.check_again(link, "other.test", "the provider", stated=True)
    assert await Assessment.count() == 1


async def test_a_link_is_no_way_around_the_limits_of_checks() -> None:
    link = await service.share(await a_check(), LETTER)
    for _ in range(settings.current().checks_per_target_per_hour):
        await service.check_again(link, DOMAIN, "the provider", stated=False)
        for row in await Assessment.objects().where(Assessment.status == "queued"):
            await finish(row, ENCRYPTED)
    with pytest.raises(TooManyChecksError):
        await service.check_again(link, DOMAIN, "the provider", stated=False)
