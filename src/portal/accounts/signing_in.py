"""Signing in by a link in a letter: asked for, looked at by its reader, and spent once.

Whoever asks learns nothing of whether the address has an account: nobody looks. A person is made, or found, when the
link is spent, which only a reader of the letter can do. What the link holds is kept as its hash; the letter alone has
it, until it is sent.
"""

import hashlib
import secrets
from datetime import timedelta
from uuid import UUID

import msgspec
from msgspec import Struct

from portal import clock, settings
from portal.accounts import limits, people
from portal.accounts.tables import Role, SignInLink
from portal.audit import service as audit
from portal.audit.tables import Action
from portal.database import rows, transaction
from portal.errors import LinkNotFoundError, TooManyRequestsError, TooManySignInsError
from portal.mail import service as letterbox
from portal.mail.tables import Kind
from portal.mail_addresses import parse_mail_address, pseudonym

TOKEN_BYTES = 32
LASTS = timedelta(minutes=10)
"""The longest that ASVS 5.0 allows for what is sent (V6.5.5)."""
PER_CLIENT = ((30, timedelta(hours=1)), (100, timedelta(days=1)))
"""A course may sit behind one address."""
PER_ADDRESS = ((5, timedelta(hours=1)), (15, timedelta(days=1)))
"""So few that nobody's mail is flooded, so many that a stranger who asks in their name does not shut them out."""

_SPEND = "DELETE FROM sign_in_link WHERE token_hash = {} AND expires_at > {} RETURNING address, language, wanted"


class Wanted(Struct, frozen=True):
    """What its reader was about when they asked for the link.

    `onward`: the page to go on to; `keep`: the check or the sheet to be kept in their account, such as `q/TOKEN`. Both
    are as a form said them, and whoever goes there decides whether it makes sense.
    """

    onward: str = ""
    keep: str = ""


class Spent(Struct, frozen=True):
    """Who signs in, what they wanted, and whether their tasks need a second step."""

    person: UUID
    pseudonym: str
    has_role: bool
    wanted: Wanted


class Offered(Struct, frozen=True):
    """A link that is not spent yet: for whom, and what they wanted."""

    address: str
    wanted: Wanted


async def ask(typed: str, language: str, wanted: Wanted, client: str) -> None:
    """Sends a letter with a link to the address that was typed; the same is done for every address.

    `client`: the asker's pseudonym.

    Raises:
        UnusableAddressError: that is no address that we can write to.
        TooManySignInsError: from this client, or to this address.
    """
    address = parse_mail_address(typed)
    await _take_allowances(address, client)
    row, token = _new(address, language, wanted)
    link = f"{settings.current().public_url}{path(token, language)}"
    letter = letterbox.written(Kind.SIGN_IN, language, address, {"link": link}, until=row.expires_at)
    async with transaction():
        await row.save()
        await letter.save()
    await letterbox.post(letter)


async def link_for(address: str, language: str) -> str:
    """The path of a new link for that address, which no letter carries: for the operator's terminal."""
    row, token = _new(address, language, Wanted())
    await row.save()
    return path(token, language)


def path(token: str, language: str) -> str:
    """Where the link leads."""
    return f"/{language}/sign-in/{token}"


async def offered(token: str) -> Offered:
    """For whom the link is; looking changes nothing. Raises LinkNotFoundError: it is spent or too old, or never was."""
    row = (
        await SignInLink.objects()
        .where(SignInLink.token_hash == _hash(token), SignInLink.expires_at > clock.now())
        .first()
    )
    if row is None:
        raise LinkNotFoundError
    return Offered(row.address, _wanted(row.wanted))


async def spend(token: str) -> Spent:
    """Spends the link: of any number who try at once, one. Raises LinkNotFoundError for the others."""
    async with transaction():
        spent = await rows(_SPEND, _hash(token), clock.now())
        if not spent:
            raise LinkNotFoundError
        person = await people.arrived(spent[0]["address"], spent[0]["language"])
        has_role = await Role.exists().where(Role.person == person.id)
        await audit.record(Action.SIGN_IN, person.pseudonym, f"person:{person.pseudonym}", way="link")
    return Spent(person.id, person.pseudonym, has_role, _wanted(spent[0]["wanted"]))


async def forget_expired() -> None:
    """Removes links that nobody can spend any more, with their addresses."""
    await SignInLink.delete().where(SignInLink.expires_at <= clock.now())


def _new(address: str, language: str, wanted: Wanted) -> tuple[SignInLink, str]:
    token, now = secrets.token_urlsafe(TOKEN_BYTES), clock.now()
    row = SignInLink(
        token_hash=_hash(token),
        address=address,
        language=language,
        wanted=msgspec.json.encode(wanted).decode(),
        created_at=now,
        expires_at=now + LASTS,
    )
    return row, token


async def _take_allowances(address: str, client: str) -> None:
    asked = [("sign-in-client", client, *each) for each in PER_CLIENT]
    asked += [("sign-in-address", pseudonym(address), *each) for each in PER_ADDRESS]
    try:
        for name, key, count, period in asked:
            await limits.take(f"{name}-{period.days}", key, count, period)
    except TooManyRequestsError as error:
        raise TooManySignInsError(error.limit, error.retry_after_s) from None


def _wanted(text: str) -> Wanted:
    return msgspec.json.decode(text, type=Wanted)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
