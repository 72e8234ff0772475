"""Published calls, as everybody and every other room knows them. What organisers still work on is in `drafts`."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct

from challenge.terms import Phase, Terms, told
from portal.accounts import cities
from portal.accounts.cities import KnownCity, Told
from portal.calls.tables import Call, CallCity, CallVersion
from portal.errors import NotAllowedError


class KnownCall(Struct, frozen=True):
    """One that is published, with the terms that hold now.

    `cities`: all that make it, the lead first. `opens_at`, `deadline`: between them entries are taken, and `grace_s`
    seconds longer. `cancelled_at`: it ended before winners were chosen.
    """

    id: UUID
    slug: str
    terms: Terms
    version: int
    cities: tuple[KnownCity, ...]
    opens_at: datetime
    deadline: datetime
    grace_s: int
    published_at: datetime
    cancelled_at: datetime | None

    @property
    def lead(self) -> KnownCity:
        """The city whose clock and contact it shows."""
        return self.cities[0]

    @property
    def last_moment(self) -> datetime:
        """From when on no entry is taken: the deadline and the grace period."""
        return self.deadline + timedelta(seconds=self.grace_s)

    def title_in(self, language: str) -> Told:
        """What it is called in that language, or else in its own."""
        return Told(*told(self.terms.title, language, self.terms.languages))


class KnownVersion(Struct, frozen=True):
    """One version that was published. `change`: what was new in it, by language."""

    number: int
    terms: Terms
    change: dict[str, str]
    published_at: datetime


async def published(slug: str) -> KnownCall:
    """The call of that address. Raises NotAllowedError where there is none, or it is not published yet."""
    return _only(await _known(Call.slug == slug.replace("\0", "")))


async def by_id(call: UUID) -> KnownCall:
    """Raises NotAllowedError where there is none, or it is not published yet."""
    return _only(await _known(Call.id == call))


async def of_city(slug: str, city: str) -> KnownCall:
    """The same as `published`, for those who do something for that city.

    Raises:
        NotAllowedError: there is none, or the city does not make it.
    """
    found = await published(slug)
    if city not in {each.slug for each in found.cities}:
        raise NotAllowedError
    return found


async def all_of_them() -> list[KnownCall]:
    """Every published call that was not cancelled; those that end first come first."""
    found = await _known(Call.cancelled_at.is_null())
    return sorted(found, key=lambda each: (each.deadline, each.slug))


async def versions(call: UUID) -> list[KnownVersion]:
    """Everything that was published of it, the newest first."""
    found = (
        await CallVersion.objects()
        .where(CallVersion.call == call, CallVersion.published_at.is_not_null())
        .order_by(CallVersion.number, ascending=False)
    )
    return [KnownVersion(row.number, terms_of(row.terms), json.loads(row.change), row.published_at) for row in found]


def phase_now(call: KnownCall, moment: datetime) -> Phase | None:
    """The phase that goes on then; None between two, before the first and after the last. Grace is part of none."""
    return next((phase for phase in call.terms.phases if phase.begins <= moment < phase.ends), None)


def takes_entries(call: KnownCall, moment: datetime) -> bool:
    """Whether an entry submitted at that moment counts, be it within the grace period."""
    return call.cancelled_at is None and call.opens_at <= moment < call.last_moment


def next_phase(call: KnownCall, moment: datetime) -> Phase | None:
    """The first phase that has not begun by then."""
    return next((phase for phase in call.terms.phases if moment < phase.begins), None)


def terms_of(text: str) -> Terms:
    """Terms as they are kept."""
    return msgspec.json.decode(text, type=Terms)


def kept(terms: Terms) -> str:
    """Terms as the database keeps them."""
    return msgspec.json.encode(terms).decode()


async def _known(condition: Any) -> list[KnownCall]:  # noqa: ANN401 - Piccolo's conditions share no public type
    found = await Call.objects().where(condition, Call.version > 0)
    ids = [row.id for row in found]
    if not ids:
        return []
    made_by = await cities_of(ids)
    said = await CallVersion.select(CallVersion.call, CallVersion.number, CallVersion.terms).where(
        CallVersion.call.is_in(ids), CallVersion.published_at.is_not_null()
    )
    terms = {(row["call"], row["number"]): row["terms"] for row in said}
    return [_of(row, terms[row.id, row.version], made_by[row.id]) for row in found if made_by.get(row.id)]


async def cities_of(calls: Sequence[UUID]) -> dict[UUID, tuple[KnownCity, ...]]:
    """By call, the cities that make it: the lead first, then by slug."""
    by_id = {city.id: city for city in await cities.all_of_them()}
    found = await CallCity.select(CallCity.call, CallCity.city, CallCity.leads).where(
        CallCity.call.is_in(list(calls)),
        CallCity.is_asked.eq(False),  # noqa: FBT003 - a column's value
    )
    places = sorted(found, key=lambda row: (not row["leads"], by_id[row["city"]].slug))
    return {call: tuple(by_id[row["city"]] for row in places if row["call"] == call) for call in calls}


def _of(row: Call, terms: str, made_by: tuple[KnownCity, ...]) -> KnownCall:
    return KnownCall(
        id=row.id,
        slug=row.slug,
        terms=terms_of(terms),
        version=row.version,
        cities=made_by,
        opens_at=row.opens_at,
        deadline=row.deadline,
        grace_s=row.grace_s,
        published_at=row.published_at,
        cancelled_at=row.cancelled_at,
    )


def _only(found: list[KnownCall]) -> KnownCall:
    if not found:
        raise NotAllowedError
    return found[0]
