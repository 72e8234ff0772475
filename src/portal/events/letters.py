"""Letters to those who come to an event, or would: a place became free, it is soon, it is changed, it is cancelled."""

import json
from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from portal import settings
from portal.accounts import cities
from portal.accounts.cities import KnownCity
from portal.calls.tables import Call
from portal.events.tables import Event, Place, Registration
from portal.i18n import local_time
from portal.mail import service as letterbox
from portal.mail.tables import Kind, Letter


class What(StrEnum):
    """What such a letter is about."""

    MOVED_UP = "moved-up"
    REMINDER = "reminder"
    CHANGED = "changed"
    CANCELLED = "cancelled"


async def keep(event: Event, what: What, registrations: Iterable[UUID]) -> list[Letter]:
    """A letter to each of them, kept in the transaction that is open; to be posted when it has ended."""
    ids = list(registrations)
    if not ids:
        return []
    city = await cities.by_id(event.city)
    call = await Call.objects().where(Call.id == event.call).first()
    readers = await _readers(ids)
    made = [_written(event, what, reader, city, call.slug if call else "") for reader in readers]
    for letter in made:
        await letter.save()
    return made


async def post(letters: Iterable[Letter]) -> None:
    """Queues their jobs, now that they are kept for good."""
    for letter in letters:
        await letterbox.post(letter)


async def everybody(event: UUID, place: Place | None = None) -> list[UUID]:
    """The registrations of all who come, or who wait, or both; who asked first comes first."""
    asked = Registration.select(Registration.id).where(Registration.event == event).order_by(Registration.asked_at)
    found = await (asked.where(Registration.place == place.value) if place else asked)
    return [each["id"] for each in found]


async def _readers(registrations: list[UUID]) -> list[dict[str, Any]]:
    return await Registration.select(
        Registration.person.address.as_alias("address"),
        Registration.language,
        Registration.slot.starts_at.as_alias("slot_starts_at"),
        Registration.slot.mentor_name.as_alias("mentor"),
    ).where(Registration.id.is_in(registrations))


def _written(event: Event, what: What, reader: dict[str, Any], city: KnownCity, slug: str) -> Letter:
    language = reader["language"]
    titles, order = json.loads(event.title), (language, *city.described.languages)
    starts_at: datetime = reader["slot_starts_at"] or event.starts_at
    about = {
        "what": what.value,
        "title": next((titles[code] for code in order if titles.get(code)), ""),
        "when": f"{local_time(starts_at, language, city.zone)} ({city.described.zone})",
        "has_place": bool(event.place),
        "place": event.place,
        "has_mentor": bool(reader["mentor"]),
        "mentor": reader["mentor"] or "",
        "link": f"{settings.current().public_url}/{language}/call/{slug}/event/{event.id}",
    }
    return letterbox.written(Kind.EVENT, language, reader["address"], about, until=event.ends_at)
