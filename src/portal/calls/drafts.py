"""Terms that organisers work on: a call before it is published, and what is to be its next version.

Every write holds the call's row until its transaction ends, so that each sees what the one before it wrote.
"""

import re
import unicodedata
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import Struct
from piccolo.columns import Column

from challenge.terms import Terms, told
from portal.accounts import roles
from portal.accounts.cities import KnownCity, Told
from portal.accounts.tables import RoleKind
from portal.accounts.viewer import Viewer
from portal.calls import service
from portal.calls.tables import Call, CallCity, CallVersion
from portal.database import is_sqlite, now, rows
from portal.errors import EditedMeanwhileError, NotAllowedError

LONGEST_SLUG = 50


class Draft(Struct, frozen=True):
    """A call as its organisers know it, with the terms that they work on.

    `edits`: how often these were saved since the last version; whoever saves names the number that they saw.
    `before`: the terms that hold now; None where none are published. `version`: theirs, 0 for none.
    """

    id: UUID
    slug: str
    terms: Terms
    edits: int
    version: int
    before: Terms | None
    cities: tuple[KnownCity, ...]
    cancelled_at: datetime | None

    @property
    def lead(self) -> KnownCity:
        """The city whose clock the dates are on."""
        return self.cities[0]

    @property
    def is_changed(self) -> bool:
        """Whether anything is to be published."""
        return self.before is None or self.terms != self.before

    def title_in(self, language: str) -> Told:
        """What it is called in that language, or else in its own."""
        return Told(*told(self.terms.title, language, self.terms.languages))


async def make(city: KnownCity, terms: Terms, viewer: Viewer) -> str:
    """A new call of that city, not published yet. Returns its slug, which is made of its title.

    Raises:
        NotAllowedError: the viewer does not organise the city any more.
    """
    title, _ = told(terms.title, "en", terms.languages)
    async with roles.in_force(RoleKind.ORGANISER, city.id, viewer):
        call = await _with_free_slug(slug_of(title))
        await CallCity(call=call.id, city=city.id, leads=True).save()
        await CallVersion(call=call.id, number=1, terms=service.kept(terms), edits=1, saved_at=await now()).save()
    return call.slug


async def of_city(slug: str, city: str) -> Draft:
    """The call as the organisers of that city see it. Raises NotAllowedError where the city does not make it."""
    found = await _drafts(Call.slug == slug.replace("\0", ""))
    if not found or city not in {each.slug for each in found[0].cities}:
        raise NotAllowedError
    return found[0]


async def in_city(city: UUID) -> list[Draft]:
    """Every call that the city makes, published or not, the newest first."""
    made = await CallCity.select(CallCity.call).where(CallCity.city == city)
    found = await by_ids([row["call"] for row in made])
    return [each for each in found if city in {one.id for one in each.cities}]


async def by_ids(calls: Sequence[UUID]) -> list[Draft]:
    """Those calls."""
    return await _drafts(Call.id.is_in(list(calls))) if calls else []


async def save(draft: Draft, change: Callable[[Terms], Terms], city: KnownCity, viewer: Viewer) -> None:
    """Keeps the terms with that change, unless somebody was faster.

    Raises:
        EditedMeanwhileError: somebody saved since `draft` was looked up.
        NotAllowedError: the call is cancelled, or the viewer does not organise the city any more.
    """
    async with held(draft, city, viewer) as fresh:
        terms = service.kept(change(fresh.terms))
        if fresh.edits:
            values: dict[Column | str, Any] = {
                CallVersion.terms: terms,
                CallVersion.edits: fresh.edits + 1,
                CallVersion.saved_at: await now(),
            }
            await CallVersion.update(values).where(CallVersion.call == fresh.id, CallVersion.published_at.is_null())
        else:
            number = fresh.version + 1
            await CallVersion(call=fresh.id, number=number, terms=terms, edits=1, saved_at=await now()).save()


async def discard(draft: Draft, city: KnownCity, viewer: Viewer) -> None:
    """Throws away what is not published; a call of which nothing is goes as a whole.

    Raises:
        As `save` does.
    """
    async with held(draft, city, viewer) as fresh:
        if fresh.version:
            await CallVersion.delete().where(CallVersion.call == fresh.id, CallVersion.published_at.is_null())
        else:
            await Call.delete().where(Call.id == fresh.id)


@asynccontextmanager
async def held(draft: Draft, city: KnownCity, viewer: Viewer) -> AsyncIterator[Draft]:
    """A transaction in which the draft is as it was seen, and stays so; others who write about the call wait.

    On PostgreSQL that holds for rows that refer to the call as well, such as a jury's round that opens.

    Raises:
        As `save` does.
    """
    async with roles.in_force(RoleKind.ORGANISER, city.id, viewer):
        if not is_sqlite():
            await rows("SELECT id FROM call WHERE id = {} FOR UPDATE", draft.id)
        fresh = await of_city(draft.slug, city.slug)
        if fresh.cancelled_at is not None:
            raise NotAllowedError
        if (fresh.edits, fresh.version) != (draft.edits, draft.version):
            raise EditedMeanwhileError
        yield fresh


def slug_of(title: str) -> str:
    """The title as it stands in addresses: small letters a–z, numbers and hyphens; `call` where none are left."""
    plain = unicodedata.normalize("NFKD", title.casefold()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain)[:LONGEST_SLUG].strip("-") or "call"


async def _with_free_slug(wanted: str) -> Call:
    tried = 1
    while True:
        row = Call(slug=wanted if tried == 1 else f"{wanted}-{tried}", created_at=await now())
        if await Call.insert(row).on_conflict(target=Call.slug, action="DO NOTHING"):
            return row
        tried += 1


async def _drafts(condition: Any) -> list[Draft]:  # noqa: ANN401 - Piccolo's conditions share no public type
    found = await Call.objects().where(condition).order_by(Call.created_at, ascending=False)
    ids = [row.id for row in found]
    if not ids:
        return []
    made_by = await service.cities_of(ids)
    said = await CallVersion.objects().where(CallVersion.call.is_in(ids))
    return [_of(row, made_by[row.id], [each for each in said if each.call == row.id]) for row in found]


def _of(row: Call, made_by: tuple[KnownCity, ...], said: list[CallVersion]) -> Draft:
    open_one = next((each for each in said if each.published_at is None), None)
    holds = next((service.terms_of(each.terms) for each in said if each.number == row.version), None)
    terms = service.terms_of(open_one.terms) if open_one is not None else holds
    assert terms is not None  # noqa: S101 - a call has a version from its beginning on
    return Draft(
        id=row.id,
        slug=row.slug,
        terms=terms,
        edits=open_one.edits if open_one is not None else 0,
        version=row.version,
        before=holds if row.version else None,
        cities=made_by,
        cancelled_at=row.cancelled_at,
    )
