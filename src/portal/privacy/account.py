"""What is kept of one person, as data: the form is published in `export.schema.json` beside this module."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from checks.contract import Json
from checks.document import moment
from portal.accounts import sessions
from portal.accounts.tables import Authenticator, Invitation, Membership, Passkey, Person, RecoveryCode, Role
from portal.assessments.tables import CheckLog
from portal.audit import service as audit
from portal.privacy import competition
from portal.watching.tables import Watch, Watcher


async def of(person: Person) -> dict[str, Json]:
    """Everything but secrets: whoever reads the file can sign in nowhere with it."""
    return {
        "form": "kyberkunto-account-1",
        "person": {
            "address": person.address,
            "name": person.name,
            "language": person.language,
            "pseudonym": person.pseudonym,
            "created_at": moment(person.created_at),
            "signed_in_at": moment(person.seen_at),
        },
        "sessions": [
            {"device": each.device, "since": moment(each.created_at), "seen_at": moment(each.seen_at)}
            for each in await sessions.sessions_of(person.id)
        ],
        "second_factors": await _factors(person.id),
        "memberships": await _memberships(person.id),
        "roles": await _roles(person.id),
        "invitations": await _invitations(person.address_hash),
        "watches": await _watches(person.address_hash),
        "competition": await competition.of_person(person.id),
        "checks_asked_for": await _asked(person.pseudonym),
        "log": [
            {"at": entry.at, "action": entry.action, "subject": entry.subject}
            async for entry in audit.entries()
            if person.pseudonym in {entry.actor, entry.subject.partition(":")[2]}
        ],
    }


async def _factors(person: UUID) -> dict[str, Json]:
    app = await Authenticator.objects().where(Authenticator.person == person).first()
    keys = await Passkey.objects().where(Passkey.person == person).order_by(Passkey.created_at)
    return {
        "passkeys": [
            {"name": each.name, "since": moment(each.created_at), "used_at": _maybe(each.used_at)} for each in keys
        ],
        "app_since": _maybe(app.confirmed_at) if app is not None else None,
        "recovery_codes_left": await RecoveryCode.count().where(RecoveryCode.person == person),
    }


async def _memberships(person: UUID) -> list[Json]:
    found = await Membership.select(
        Membership.organisation.id.as_alias("id"), Membership.organisation.name.as_alias("name"),
        Membership.organisation.kind.as_alias("kind"), Membership.is_owner, Membership.joined_at,
    ).where(Membership.person == person).order_by(Membership.joined_at)  # fmt: skip
    return _told(found, "id", "name", "kind", "is_owner", "joined_at")


async def _roles(person: UUID) -> list[Json]:
    found = await Role.select(Role.kind, Role.city.slug.as_alias("city"), Role.granted_at).where(Role.person == person)
    return _told(found, "kind", "city", "granted_at")


async def _invitations(address_hash: str) -> list[Json]:
    found = await Invitation.select(
        Invitation.organisation.name.as_alias("organisation"), Invitation.role,
        Invitation.city.slug.as_alias("city"), Invitation.invited_by, Invitation.created_at, Invitation.expires_at,
    ).where(Invitation.address_hash == address_hash)  # fmt: skip
    return _told(found, "organisation", "role", "city", "invited_by", "created_at", "expires_at")


async def _watches(address_hash: str) -> list[Json]:
    watcher = await Watcher.select(Watcher.id).where(Watcher.address_hash == address_hash).first()
    if watcher is None:
        return []
    found = await Watch.select().where(Watch.watcher == watcher["id"]).order_by(Watch.domain)
    return _told(found, "domain", "language", "confirmed_at", "ends_at", "next_check_at")


async def _asked(pseudonym: str) -> list[Json]:
    found = await CheckLog.select().where(CheckLog.person == pseudonym).order_by(CheckLog.at)
    return _told(found, "at", "domain", "way", "ground")


def _told(found: Sequence[dict[str, Any]], *names: str) -> list[Json]:
    return [{name: _plain(row[name]) for name in names} for row in found]


def _plain(value: Any) -> Json:  # noqa: ANN401 - whatever a column holds
    if isinstance(value, datetime):
        return moment(value)
    return str(value) if isinstance(value, UUID) else value


def _maybe(when: datetime | None) -> Json:
    return moment(when) if when is not None else None
