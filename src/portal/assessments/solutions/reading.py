"""Awarded solutions out of the database."""

import json
from typing import Any
from uuid import UUID

from portal import clock
from portal.assessments.solutions.offers import AwardingCity, Offer
from portal.assessments.solutions.tables import Solution
from portal.errors import NotAllowedError


async def standing(language: str) -> tuple[Offer, ...]:
    """Those that are told of today to whoever reads that language, in no particular order."""
    today = clock.now().date()
    in_force = Solution.withdrawn_at.is_null() & (Solution.expires_on > today)
    return tuple(each for each in await _found(in_force) if each.is_for("", language))


async def all_standing() -> tuple[Offer, ...]:
    """The same, whatever language they are to be had in."""
    return await _found(Solution.withdrawn_at.is_null() & (Solution.expires_on > clock.now().date()))


async def of_call(call: str) -> tuple[Offer, ...]:
    """All that were ever awarded in that call and are still offered by somebody, by title; for its organisers."""
    found = await _found(Solution.call == call)
    return tuple(sorted(found, key=lambda each: (each.title.casefold(), each.id)))


async def by_id(solution: UUID) -> Offer:
    """One that is told of today. Raises NotAllowedError for any other."""
    found = [each for each in await _found(Solution.id == solution) if each.stands(clock.now().date())]
    if not found:
        raise NotAllowedError
    return found[0]


async def _found(condition: Any) -> tuple[Offer, ...]:  # noqa: ANN401 - Piccolo's conditions share no public type
    rows = await Solution.select(*Solution.all_columns(), Solution.organisation.name.as_alias("by")).where(condition)
    return tuple(_offer(row) for row in rows)


def _offer(row: dict[str, Any]) -> Offer:
    cities = [AwardingCity(each["slug"], each["name"]) for each in json.loads(row["cities"])]
    return Offer(
        id=row["id"],
        organisation=row["organisation"],
        by=row["by"],
        call=row["call"],
        challenge=json.loads(row["challenge"]),
        cities=tuple(cities),
        piloted=row["piloted"],
        title=row["title"],
        summary=row["summary"],
        language=row["language"],
        closes=tuple(json.loads(row["closes"])),
        price_eur=row["price_eur"],
        priced_on=row["priced_on"],
        hours=row["hours"],
        skills=row["skills"],
        speaks=tuple(json.loads(row["speaks"])),
        countries=tuple(json.loads(row["countries"])),
        website=row["website"],
        awarded_on=row["awarded_on"],
        expires_on=row["expires_on"],
        is_withdrawn=row["withdrawn_at"] is not None,
    )
