"""Passkeys as second factor (WebAuthn level 3): a key of their owner's device or password manager signs a challenge.

What is to be signed has a row of the session, and spending it deletes it: of any number of answers to a challenge one
counts. Keys that count their uses are held to that (section 7.2, step 22): a copy falls behind and is refused.
"""

import json
import logging
import secrets
from collections.abc import Callable, Sequence
from datetime import timedelta
from enum import StrEnum
from typing import TypeVar
from uuid import UUID

import webauthn
from msgspec import Struct
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)
from webauthn.registration.verify_registration_response import VerifiedRegistration

from portal import clock
from portal.accounts.tables import Passkey, PasskeyChallenge, Person
from portal.database import rows
from portal.errors import PasskeyRefusedError

CHALLENGE_BYTES = 32
ANSWER_WITHIN = timedelta(minutes=5)
LONGEST_NAME = 60
SHOWN_TO_OWNERS = "Kyberkunto"

_COUNT_USE = """
    UPDATE passkey SET uses = {}, used_at = {} WHERE id = {} AND (uses < {} OR (uses = 0 AND {} = 0)) RETURNING id
"""

T = TypeVar("T")
log = logging.getLogger(__name__)


class Site(Struct, frozen=True):
    """Where passkeys are for: the domain (the "relying party's id"), and the origin that browsers sign with it."""

    domain: str
    origin: str


class Purpose(StrEnum):
    """What a challenge is for."""

    NEW = "new"
    STEP = "step"


async def of(person: UUID) -> Sequence[Passkey]:
    """Their passkeys, the oldest first."""
    return await Passkey.objects().where(Passkey.person == person).order_by(Passkey.created_at)


async def ask_for_new(person: Person, session: UUID, site: Site) -> str:
    """What `navigator.credentials.create` is to be told, as JSON (section 5.4). Those that they have are excluded."""
    options = webauthn.generate_registration_options(
        rp_id=site.domain,
        rp_name=SHOWN_TO_OWNERS,
        user_id=person.id.bytes,
        user_name=person.address,
        user_display_name=person.name or person.address,
        challenge=await _challenge(session, Purpose.NEW),
        timeout=_milliseconds(),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED, user_verification=UserVerificationRequirement.PREFERRED
        ),
        exclude_credentials=_described(await of(person.id)),
    )
    return webauthn.options_to_json(options)


async def ask_for_step(person: UUID, session: UUID, site: Site) -> str:
    """What `navigator.credentials.get` is to be told, as JSON (section 5.5): one of theirs, and nobody else's."""
    options = webauthn.generate_authentication_options(
        rp_id=site.domain,
        challenge=await _challenge(session, Purpose.STEP),
        timeout=_milliseconds(),
        allow_credentials=_described(await of(person)),
        user_verification=UserVerificationRequirement.PREFERRED,
    )
    return webauthn.options_to_json(options)


async def made(person: UUID, session: UUID, site: Site, answer: str, name: str) -> Passkey:
    """The passkey that the browser made, kept nowhere yet (section 7.1). Raises PasskeyRefusedError."""
    seen = read_new(answer, await _spent(session, Purpose.NEW), site)
    return Passkey(
        person=person,
        credential=seen.credential_id,
        public_key=seen.credential_public_key,
        uses=seen.sign_count,
        name=" ".join(name.split())[:LONGEST_NAME],
        created_at=clock.now(),
    )


async def use(person: UUID, session: UUID, site: Site, answer: str) -> None:
    """Takes what the browser signed with one of their passkeys (section 7.2). Raises PasskeyRefusedError."""
    challenge = await _spent(session, Purpose.STEP)
    key = await Passkey.objects().where(Passkey.person == person, Passkey.credential == _named_in(answer)).first()
    if key is None:
        raise PasskeyRefusedError
    count = read_use(answer, challenge, site, key)
    if not await rows(_COUNT_USE, count, clock.now(), key.id, count, count):
        raise PasskeyRefusedError


def read_new(answer: str, challenge: bytes, site: Site) -> VerifiedRegistration:
    """The new passkey in what the browser sent. Raises PasskeyRefusedError, whatever else it is."""
    return _verified(
        lambda: webauthn.verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=site.domain,
            expected_origin=site.origin,
        )
    )


def read_use(answer: str, challenge: bytes, site: Site, key: Passkey) -> int:
    """How often the passkey was used, which is 0 for those that do not count. Raises PasskeyRefusedError, as above."""
    return _verified(
        lambda: webauthn.verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=site.domain,
            expected_origin=site.origin,
            credential_public_key=key.public_key,
            credential_current_sign_count=key.uses,
        )
    ).new_sign_count


async def _challenge(session: UUID, purpose: Purpose) -> bytes:
    """A new one, in place of an earlier one that nobody answered."""
    row = PasskeyChallenge(
        session=session,
        purpose=purpose.value,
        challenge=secrets.token_bytes(CHALLENGE_BYTES),
        expires_at=clock.now() + ANSWER_WITHIN,
    )
    await PasskeyChallenge.insert(row).on_conflict(
        target=(PasskeyChallenge.session, PasskeyChallenge.purpose),
        action="DO UPDATE",
        values=[PasskeyChallenge.challenge, PasskeyChallenge.expires_at],
    )
    return row.challenge


async def _spent(session: UUID, purpose: Purpose) -> bytes:
    mine = (PasskeyChallenge.session == session) & (PasskeyChallenge.purpose == purpose.value)
    alive = PasskeyChallenge.expires_at > clock.now()
    found = await PasskeyChallenge.delete().where(mine, alive).returning(PasskeyChallenge.challenge)
    if not found:
        raise PasskeyRefusedError
    return bytes(found[0]["challenge"])


def _named_in(answer: str) -> bytes:
    try:
        return webauthn.base64url_to_bytes(json.loads(answer)["rawId"])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise PasskeyRefusedError from None


def _verified(verify: Callable[[], T]) -> T:
    try:
        return verify()
    except Exception as error:  # noqa: BLE001 - the library raises its own errors, and for some bytes any other
        log.info("passkey refused", extra={"reason": type(error).__name__})
        raise PasskeyRefusedError from None


def _described(keys: Sequence[Passkey]) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(id=key.credential) for key in keys]


def _milliseconds() -> int:
    return ANSWER_WITHIN // timedelta(milliseconds=1)
