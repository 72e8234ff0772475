"""What an owner does with links: make one, see them all, end one; and what a link does for whoever has it."""

import json
import logging
import secrets
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from msgspec import Struct

from portal import tombstones
from portal.assessments import queries
from portal.assessments import service as assessments
from portal.assessments.service import TOKEN_BYTES, Asking
from portal.assessments.sheets import service as sheets
from portal.assessments.sheets import storage
from portal.assessments.tables import Way
from portal.database import transaction
from portal.errors import LinkNotFoundError, NothingTickedError, TooManyLinksError
from portal.sharing import files
from portal.sharing.claims import Claim
from portal.sharing.files import OwnFile
from portal.sharing.tables import Audience, ShareLink

DAYS = (7, 30, 90, 365)
"""How long a link may last; the last one stands for `until it is ended`."""
USUAL_DAYS = 30
MOST_LINKS = 30
"""Of one file at a time."""
LONGEST_NOTE = 100
NOTED_EVERY = timedelta(minutes=1)
"""That a link was opened is kept no more often than that."""

log = logging.getLogger(__name__)


class Wish(Struct, frozen=True):
    """A link as its owner wants it. `days`: one of `DAYS`. `ticks`: ids of claims, for a summary."""

    audience: Audience
    language: str
    days: int = USUAL_DAYS
    note: str = ""
    ticks: Sequence[str] = ()


async def share(file: OwnFile, wish: Wish) -> ShareLink:
    """A new link to the file.

    Raises:
        NothingTickedError: a summary in which nothing would stand: none of the ticks is a claim that may be told now.
        TooManyLinksError: the file has `MOST_LINKS` already.
    """
    told = await _known(file, wish.ticks) if wish.audience is Audience.SUMMARY else []
    if wish.audience is Audience.SUMMARY and not told:
        raise NothingTickedError
    if len(await links_of(file)) >= MOST_LINKS:
        raise TooManyLinksError
    now = datetime.now(UTC)
    row = ShareLink(
        token=secrets.token_urlsafe(TOKEN_BYTES),
        audience=wish.audience.value,
        language=wish.language,
        sheet=file.sheet.row.id if file.sheet else None,
        assessment=file.own.id if file.own else None,
        note=wish.note.strip()[:LONGEST_NOTE],
        ticks=json.dumps(told),
        created_at=now,
        expires_at=now + timedelta(days=wish.days),
    )
    await row.save()
    log.info("link made", extra={"link": str(row.id), "audience": row.audience})
    return row


async def links_of(file: OwnFile) -> list[ShareLink]:
    """The links of the file that lead somewhere now, the newest first."""
    return (
        await ShareLink.objects()
        .where(_of(file), ShareLink.expires_at > datetime.now(UTC))
        .order_by(ShareLink.created_at, ascending=False)
    )


async def end(file: OwnFile, token: str) -> None:
    """Ends a link of the file at once. Raises LinkNotFoundError."""
    async with transaction():
        ended = await ShareLink.delete().where(_of(file), ShareLink.token == token).returning(ShareLink.id)
        if not ended:
            raise LinkNotFoundError
        await tombstones.bury([("share_link", ended[0]["id"])])
    log.info("link ended", extra={"link": str(ended[0]["id"])})


async def follow(token: str) -> ShareLink:
    """The link at that address. Raises LinkNotFoundError for one that has run out or was ended, or never was."""
    row = await ShareLink.objects().where(ShareLink.token == token, ShareLink.expires_at > datetime.now(UTC)).first()
    if row is None:
        raise LinkNotFoundError
    return row


async def note_opened(link: ShareLink) -> None:
    """Keeps that somebody opened the link: when, and nothing about who."""
    now = datetime.now(UTC)
    if link.opened_at is None or now - link.opened_at > NOTED_EVERY:
        await ShareLink.update({ShareLink.opened_at: now}).where(ShareLink.id == link.id)


async def file_of(link: ShareLink) -> OwnFile:
    """What the link shows from."""
    if link.sheet is not None:
        return files.of_sheet(await storage.by_id(link.sheet))
    return await files.of_check(await queries.by_id(link.assessment))


async def told_by(link: ShareLink, file: OwnFile) -> tuple[Claim, ...]:
    """What a summary says now: of what the owner ticked, what still holds."""
    ticked = set(json.loads(link.ticks))
    return tuple(claim for claim in await files.claims_of(file) if claim.id in ticked)


async def check_again(link: ShareLink, domain: str, client: str, *, stated: bool, person: str = "") -> None:
    """Starts a new check of a domain of the file, which takes the earlier one's place for its owner, too.

    While one is under way there is nothing to start. `client`, `stated`: as in `assessments.service.start`;
    `person`: as in its `Asking`.

    Raises:
        LinkNotFoundError: the file has no such domain.
        TooManyChecksError: by this client, or of this domain.
    """
    file = await file_of(link)
    newest = next((check for check in file.newest if check.domain == domain), None)
    if newest is None:
        raise LinkNotFoundError
    if newest in file.under_way:
        return
    asked = Asking(person, Way.LINK)
    if file.sheet is not None:
        await sheets.have_checked(file.sheet, domain, client, stated=stated, asked=asked)
    else:
        await assessments.start(domain, link.language, client, stated=stated, previous=newest, asked=asked)
    await ShareLink.update({ShareLink.checked_at: datetime.now(UTC)}).where(ShareLink.id == link.id)


async def forget_ended() -> None:
    """Removes links that have run out."""
    await ShareLink.delete().where(ShareLink.expires_at <= datetime.now(UTC))


def _of(file: OwnFile) -> Any:  # noqa: ANN401 - Piccolo's conditions share no public type
    if file.sheet is not None:
        return ShareLink.sheet == file.sheet.row.id
    assert file.own is not None  # noqa: S101 - a file is a sheet or a check
    return ShareLink.assessment == file.own.id


async def _known(file: OwnFile, ticks: Iterable[str]) -> list[str]:
    wanted = set(ticks)
    return [claim.id for claim in await files.claims_of(file) if claim.id in wanted]
