"""What a person has besides the mailed link: set up, shown, removed, and each told by a letter and in the audit log.

Who has none sets the first one up straight after signing in. From then on whoever adds or removes one must have shown
one, so that somebody who reads a person's mail gets no further than that.
"""

import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from uuid import UUID

from msgspec import Struct

from portal import clock, settings
from portal.accounts import limits, passkeys, recovery, sessions, totp
from portal.accounts.passkeys import Site
from portal.accounts.tables import Authenticator, Passkey, Person, Role
from portal.accounts.viewer import Viewer
from portal.audit import service as audit
from portal.audit.tables import Action
from portal.database import hold, transaction
from portal.errors import (
    FactorNotFoundError,
    LastFactorError,
    NotAllowedError,
    PasskeyRefusedError,
    PersonNotFoundError,
    SecondStepNeededError,
    SignInTooOldError,
    TooManyCodesError,
    TooManyRequestsError,
    WrongCodeError,
)
from portal.mail import service as letterbox
from portal.mail.tables import Kind
from portal.mail_addresses import pseudonym

TRIES, PER = 10, timedelta(hours=1)
"""Codes that may be typed for one person: three count out of a million, so guessing takes four years on average."""
APP, PASSKEY, CODES = "app", "passkey", "codes"
"""How letters and the audit log tell the kinds apart."""

log = logging.getLogger(__name__)


class Factors(Struct, frozen=True):
    """What somebody has. `app_since`: None without an app; `codes_left`: recovery codes, which are no factor alone."""

    passkeys: Sequence[Passkey] = ()
    app_since: datetime | None = None
    codes_left: int = 0

    @property
    def count(self) -> int:
        """How many second factors that is."""
        return len(self.passkeys) + (self.app_since is not None)


async def of(person: UUID) -> Factors:
    """What that person has."""
    app = await Authenticator.select(Authenticator.confirmed_at).where(Authenticator.person == person).first()
    since = app["confirmed_at"] if app is not None else None
    return Factors(await passkeys.of(person), since, await recovery.left(person))


def require_may_add(viewer: Viewer, factors: Factors) -> None:
    """Lets pass who showed a second factor, or has none and signed in just now.

    Raises:
        SecondStepNeededError: they have one and are to show it.
        SignInTooOldError: they have none, and are to sign in again.
    """
    if viewer.stepped_up:
        return
    if factors.count:
        raise SecondStepNeededError
    if not viewer.fresh:
        raise SignInTooOldError


async def add_app(viewer: Viewer, secret: str, typed: str) -> None:
    """Takes the app that made the code, in place of one that they had. Raises also as `require_may_add`.

    Raises:
        WrongCodeError: that is no code of the secret, or it was taken before.
        TooManyCodesError: too many were tried.
    """
    me = person_of(viewer)
    require_may_add(viewer, await of(me))
    await _take_try(me)
    step = totp.step_of(secret, typed)
    if step is None:
        raise WrongCodeError
    async with _changing(viewer, Action.SECOND_FACTOR_ADDED, "added", APP):
        require_may_add(viewer, await of(me))
        earlier = await Authenticator.delete().where(Authenticator.person == me).returning(Authenticator.secret)
        if any(totp.unsealed(bytes(row["secret"]), me) == secret for row in earlier):
            raise WrongCodeError
        now = clock.now()
        await Authenticator(
            person=me, secret=totp.sealed(secret, me), last_step=step, created_at=now, confirmed_at=now
        ).save()


async def add_passkey(viewer: Viewer, site: Site, answer: str, name: str) -> None:
    """Takes the passkey that their browser made. Raises PasskeyRefusedError, or as `require_may_add`."""
    me = person_of(viewer)
    require_may_add(viewer, await of(me))
    key = await passkeys.made(me, session_of(viewer), site, answer, name)
    async with _changing(viewer, Action.SECOND_FACTOR_ADDED, "added", PASSKEY):
        require_may_add(viewer, await of(me))
        await Passkey.insert(key).on_conflict(target=Passkey.credential, action="DO NOTHING")
        if not await Passkey.exists().where(Passkey.id == key.id):
            raise PasskeyRefusedError


async def remove_app(viewer: Viewer) -> None:
    """Removes their app. Raises FactorNotFoundError, LastFactorError."""
    me = person_of(viewer)
    async with _changing(viewer, Action.SECOND_FACTOR_REMOVED, "removed", APP):
        await _require_another(me)
        if not await Authenticator.delete().where(Authenticator.person == me).returning(Authenticator.id):
            raise FactorNotFoundError
        await _forget_what_rested_on_it(viewer, me)


async def remove_passkey(viewer: Viewer, passkey: UUID) -> None:
    """Removes one of their passkeys. Raises FactorNotFoundError, LastFactorError."""
    me = person_of(viewer)
    async with _changing(viewer, Action.SECOND_FACTOR_REMOVED, "removed", PASSKEY):
        await _require_another(me)
        theirs = (Passkey.person == me) & (Passkey.id == passkey)
        if not await Passkey.delete().where(theirs).returning(Passkey.id):
            raise FactorNotFoundError
        await _forget_what_rested_on_it(viewer, me)


async def renew_codes(viewer: Viewer) -> list[str]:
    """Ten new recovery codes, to be shown once; earlier ones are worthless. Raises FactorNotFoundError: no factor."""
    me = person_of(viewer)
    async with _changing(viewer, Action.SECOND_FACTOR_ADDED, "added", CODES):
        if not (await of(me)).count:
            raise FactorNotFoundError
        return await recovery.renew(me)


async def show_code(viewer: Viewer, typed: str) -> None:
    """Takes a code of their app as the second step. Raises WrongCodeError, TooManyCodesError."""
    me = person_of(viewer)
    await _take_try(me)
    if not await totp.spend(me, typed):
        raise _refused(APP)


async def show_recovery_code(viewer: Viewer, typed: str) -> None:
    """Takes a recovery code as the second step, once. Raises WrongCodeError, TooManyCodesError."""
    me = person_of(viewer)
    await _take_try(me)
    async with _changing(viewer, Action.RECOVERY_USED, "used", CODES):
        if not await recovery.spend(me, typed):
            raise _refused(CODES)


async def show_passkey(viewer: Viewer, site: Site, answer: str) -> None:
    """Takes what one of their passkeys signed as the second step. Raises PasskeyRefusedError."""
    await passkeys.use(person_of(viewer), session_of(viewer), site, answer)


async def reset(person: Person) -> None:
    """Removes all that they have, and signs them out everywhere: the operator's answer to whoever lost everything."""
    who = Viewer(person=person.id, pseudonym=person.pseudonym)
    async with _changing(who, Action.SECOND_FACTOR_RESET, "reset", "", actor=audit.OPERATOR):
        await Passkey.delete().where(Passkey.person == person.id)
        await Authenticator.delete().where(Authenticator.person == person.id)
        await recovery.forget(person.id)
        await sessions.end_others(person.id, None)


async def reset_of(address: str) -> None:
    """The same for whoever has that address. Raises PersonNotFoundError."""
    person = await Person.objects().where(Person.address_hash == pseudonym(address)).first()
    if person is None:
        raise PersonNotFoundError
    await reset(person)


@asynccontextmanager
async def _changing(viewer: Viewer, action: Action, what: str, factor: str, actor: str = "") -> AsyncIterator[None]:
    """What the block changes, the letter about it and its entry in the audit log: all, or nothing after an error."""
    async with transaction():
        await hold(f"second-factors:{viewer.person}")
        yield
        letter = None
        if settings.current().sends_letters:
            person = await account_of(viewer)
            link = f"{settings.current().public_url}/{person.language}/me/second-factors"
            told = {"what": what, "factor": factor, "link": link}
            letter = letterbox.written(Kind.SECOND_FACTOR, person.language, person.address, told)
            await letter.save()
        about = {"factor": factor} if factor else {}
        await audit.record(action, actor or viewer.pseudonym, f"person:{viewer.pseudonym}", **about)
    if letter is not None:
        await letterbox.post(letter)


async def _require_another(me: UUID) -> None:
    """Raises LastFactorError where only one is left, and they have tasks that need it."""
    if (await of(me)).count <= 1 and await Role.exists().where(Role.person == me):
        raise LastFactorError


async def _forget_what_rested_on_it(viewer: Viewer, me: UUID) -> None:
    """Other sessions show a factor again: it may have been the removed one. Codes alone lead nowhere."""
    await sessions.forget_second_steps(me, viewer.session)
    if not (await of(me)).count:
        await recovery.forget(me)


def _refused(factor: str) -> WrongCodeError:
    """Attempts that fail are in the log (ASVS 5.0, V16.3.1), without whose they were: the audit log is for acts."""
    log.info("second step refused", extra={"factor": factor})
    return WrongCodeError()


async def _take_try(me: UUID) -> None:
    try:
        await limits.take("second-step", str(me), TRIES, PER)
    except TooManyRequestsError as error:
        raise TooManyCodesError(error.limit, error.retry_after_s) from None


def person_of(viewer: Viewer) -> UUID:
    """Who is signed in."""
    assert viewer.person is not None  # noqa: S101 - the routes' guards let only who is signed in come here
    return viewer.person


async def account_of(viewer: Viewer) -> Person:
    """Their row. Raises NotAllowedError: they had everything of theirs deleted meanwhile."""
    found = await Person.objects().where(Person.id == person_of(viewer)).first()
    if found is None:
        raise NotAllowedError
    return found


def session_of(viewer: Viewer) -> UUID:
    """In which session."""
    assert viewer.session is not None  # noqa: S101 - the same
    return viewer.session
