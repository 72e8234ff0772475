"""What people do with watches: ask for one, confirm it, go on for another year, end one, end all."""

import hashlib
import logging
import secrets
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from portal import clock, settings, tombstones
from portal.accounts import limits
from portal.assessments.service import TOKEN_BYTES
from portal.assessments.sheets import letters
from portal.database import rows, transaction
from portal.errors import LinkNotFoundError, TooManyLettersError, TooManyRequestsError
from portal.mail import delivery
from portal.mail import service as letterbox
from portal.mail.tables import Kind
from portal.mail_addresses import parse_mail_address, pseudonym
from portal.watching.tables import Notice, Watch, Watcher

CONFIRM_WITHIN = timedelta(hours=48)
LASTS = timedelta(days=365)
"""Then its owner says again that they want it."""
PER_DOMAIN_AND_DAY = 10
ENDING, OVER_YEAR = "ending", "over-year"
"""The kinds of notices that say when a watch ends, and that it has, because its year is over."""

_CONFIRM = """
    UPDATE watch SET confirm_hash = '', confirm_until = NULL, confirmed_at = {}, ends_at = {}, ended = {},
      next_check_at = CASE WHEN next_check_at IS NULL THEN {} ELSE next_check_at END
    WHERE confirm_hash = {} AND confirm_until > {}
    RETURNING id, watcher, language
"""

log = logging.getLogger(__name__)


async def ask(domain: str, language: str, typed: str, client: str, *, ports_token: str = "") -> None:
    """Sends a letter to the address that was typed, with the link by which its reader confirms the watch.

    That the asker holds the domain, the caller has looked up. Nothing else is sent there until it is confirmed; what
    is answered is the same whoever has the address. `client`: the asker's pseudonym. `ports_token`: of their proof,
    where they want the ports looked at too; each check looks it up again.

    Raises:
        UnusableAddressError: that is no address that we can write to.
        TooManyLettersError: from this client, about this domain or to this address.
    """
    address = parse_mail_address(typed)
    await _take_allowances(domain, address, client)
    token, now = secrets.token_urlsafe(TOKEN_BYTES), clock.now()
    asked: dict[Any, Any] = {
        Watch.language: language,
        Watch.ports_token: ports_token,
        Watch.confirm_hash: _hash(token),
        Watch.confirm_until: now + CONFIRM_WITHIN,
    }
    async with transaction():
        watcher = await _watcher(address, language)
        await Watch.insert(Watch(watcher=watcher.id, domain=domain, language=language)).on_conflict(
            target=(Watch.watcher, Watch.domain), action="DO NOTHING"
        )
        await Watch.update(asked).where(Watch.watcher == watcher.id, Watch.domain == domain)
    link = f"{settings.current().public_url}/{language}/w/confirm/{token}"
    await letterbox.send(Kind.WATCH_CONFIRM, language, address, {"link": link, "domain": domain})


async def to_confirm(token: str) -> Watch:
    """The watch that this link confirms. Raises LinkNotFoundError where it is spent or too old, or never was."""
    row = await Watch.objects().where(Watch.confirm_hash == _hash(token), Watch.confirm_until > clock.now()).first()
    if row is None:
        raise LinkNotFoundError
    return row


async def confirm(token: str) -> Watcher:
    """Spends the link: the domain is looked after from now on, for a year. Raises LinkNotFoundError."""
    now = clock.now()
    async with transaction():
        done = await rows(_CONFIRM, now, now + LASTS, False, now, _hash(token), now)  # noqa: FBT003 - a column's value
        await _forget_end([UUID(str(row["id"])) for row in done])
    if not done:
        raise LinkNotFoundError
    watcher_id = UUID(str(done[0]["watcher"]))
    await Watcher.update({Watcher.language: done[0]["language"]}).where(Watcher.id == watcher_id)
    log.info("watch confirmed", extra={"watcher": str(watcher_id)})
    [watcher] = await Watcher.objects().where(Watcher.id == watcher_id)
    return watcher


async def by_token(token: str) -> Watcher:
    """The watcher at that address. Raises LinkNotFoundError."""
    row = await Watcher.objects().where(Watcher.token == token).first()
    if row is None:
        raise LinkNotFoundError
    return row


async def is_known(token: str) -> bool:
    """Whether there is a watcher at that address."""
    return await Watcher.exists().where(Watcher.token == token)


async def watches_of(watcher: Watcher) -> list[dict[str, Any]]:
    """What is looked after for them, by domain: `id`, `domain`, `ends_at`, `next_check_at`, `ports_token`.

    Of the newest result, None where there is none yet: `token`, `started_at`, `ports_allowed`.
    """
    return (
        await Watch.select(
            Watch.id,
            Watch.domain,
            Watch.ends_at,
            Watch.next_check_at,
            Watch.newest.token.as_alias("token"),
            Watch.newest.started_at.as_alias("started_at"),
            Watch.newest.ports_allowed.as_alias("ports_allowed"),
            Watch.ports_token,
        )
        .where(Watch.watcher == watcher.id, Watch.confirmed_at.is_not_null())
        .order_by(Watch.domain)
    )


async def go_on(watcher: Watcher, domain: str) -> None:
    """Another year from now. Raises LinkNotFoundError where that domain is not looked after for them."""
    mine = (Watch.watcher == watcher.id) & (Watch.domain == domain) & Watch.confirmed_at.is_not_null()
    values: dict[Any, Any] = {Watch.ends_at: clock.now() + LASTS, Watch.ended: False}
    async with transaction():
        gone_on = await Watch.update(values).where(mine).returning(Watch.id)
        await _forget_end([row["id"] for row in gone_on])
    if not gone_on:
        raise LinkNotFoundError


async def stop(watcher: Watcher, domain: str) -> None:
    """Ends looking after one domain; with the last one, their address is erased."""
    async with transaction():
        gone = await Watch.delete().where(Watch.watcher == watcher.id, Watch.domain == domain).returning(Watch.id)
        await tombstones.bury(("watch", row["id"]) for row in gone)
    if not await Watch.exists().where(Watch.watcher == watcher.id):
        await unsubscribe(watcher.token)


async def unsubscribe(token: str) -> None:
    """Ends everything at once and erases the address; a letter that waits is not sent. Twice is as once.

    A backup from before does not bring it back (`portal.tombstones`).
    """
    async with transaction():
        for gone in await Watcher.delete().where(Watcher.token == token).returning(Watcher.id, Watcher.letter):
            if gone["letter"] is not None:
                await delivery.withdraw(gone["letter"])
            await tombstones.bury([("watcher", gone["id"])])
            log.info("unsubscribed", extra={"watcher": str(gone["id"])})


async def forget_unconfirmed() -> None:
    """Removes what nobody confirmed in time, and addresses for which nothing is looked after."""
    now = clock.now()
    await Watch.delete().where(Watch.confirmed_at.is_null(), Watch.confirm_until <= now)
    await rows("DELETE FROM watcher WHERE NOT EXISTS (SELECT 1 FROM watch WHERE watch.watcher = watcher.id)")


async def notice(watch_id: UUID, kind: str, thing: str, moment: Any, about: str) -> None:  # noqa: ANN401 - a datetime
    """Keeps one thing to tell; the same thing again changes nothing."""
    row = Notice(watch=watch_id, kind=kind, thing=thing, moment=moment, about=about)
    await Notice.insert(row).on_conflict(
        target=(Notice.watch, Notice.kind, Notice.thing, Notice.moment), action="DO NOTHING"
    )


async def _forget_end(watch_ids: Sequence[UUID]) -> None:
    """An end that was to be told is none any more."""
    if watch_ids:
        over = Notice.kind.is_in([ENDING, OVER_YEAR])
        await Notice.delete().where(Notice.watch.is_in(list(watch_ids)), Notice.letter.is_null(), over)


async def _watcher(address: str, language: str) -> Watcher:
    hashed = pseudonym(address)
    row = Watcher(token=secrets.token_urlsafe(TOKEN_BYTES), address=address, address_hash=hashed, language=language)
    await Watcher.insert(row).on_conflict(target=Watcher.address_hash, action="DO NOTHING")
    [kept] = await Watcher.objects().where(Watcher.address_hash == hashed)
    return kept


async def _take_allowances(domain: str, address: str, client: str) -> None:
    day = timedelta(days=1)
    try:
        await limits.take("letters-client", client, letters.PER_CLIENT_AND_HOUR, timedelta(hours=1))
        await limits.take("letters-domain", domain, PER_DOMAIN_AND_DAY, day)
        await limits.take("letters-address", pseudonym(address), letters.PER_ADDRESS_AND_DAY, day)
    except TooManyRequestsError as error:
        raise TooManyLettersError(error.limit, error.retry_after_s) from None


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
