"""Awarding solutions and taking an award back. The only writer."""

import json
from datetime import date, timedelta
from uuid import UUID

from msgspec import Struct

from challenge.entry import Content
from portal import clock
from portal.accounts import roles
from portal.accounts.cities import KnownCity
from portal.accounts.tables import RoleKind
from portal.accounts.viewer import Viewer
from portal.assessments.catalogue import Words, current
from portal.assessments.solutions.tables import Solution
from portal.audit import service as audit
from portal.audit.tables import Action
from portal.errors import NotAllowedError

LASTS = timedelta(days=365)
"""Prices and products change: after a year an award is history, and no report tells of it."""


class Award(Struct, frozen=True):
    """Who is awarded by whom. `entry`, `organisation`: ids; `call`: the slug, `challenge`: its title by language.

    `cities`: those of the call, the lead first. `piloted`: chosen for a pilot, else a winner. `on`: the day of the
    award by the lead city's clock; `submitted_on`: that of the submission, on which its price was said.
    """

    organisation: UUID
    entry: UUID
    call: str
    challenge: Words
    cities: tuple[KnownCity, ...]
    on: date
    submitted_on: date
    piloted: bool = False


async def award(made: Award, content: Content) -> None:
    """Keeps that the entry with that content was awarded; a second time it does nothing.

    To be called within the transaction that publishes the winners, before its entry in the audit log, which tells of
    it. Of the content, only the questions that our questionnaire has are kept.
    """
    known = {question.id for question in current().questions}
    row = Solution(
        organisation=made.organisation,
        entry=made.entry,
        call=made.call,
        challenge=json.dumps(dict(made.challenge)),
        cities=json.dumps([{"slug": each.slug, "name": _own_first(each)} for each in made.cities]),
        piloted=made.piloted,
        title=content.title[:200],
        summary=content.summary,
        language=content.language[:8],
        closes=json.dumps([name for name in content.closes if name in known]),
        price_eur=content.price_eur,
        priced_on=made.submitted_on,
        hours=content.hours,
        skills=content.skills[:16],
        speaks=json.dumps(content.speaks),
        countries=json.dumps(content.countries),
        website=content.website,
        awarded_on=made.on,
        expires_on=made.on + LASTS,
        made_at=clock.now(),
    )
    await Solution.insert(row).on_conflict(target=Solution.entry, action="DO NOTHING")


async def withdraw(solution: UUID, call: str, city: KnownCity, viewer: Viewer) -> None:
    """Takes an award of that call back at once, as an organiser of a city that gave it; for good.

    Raises:
        NotAllowedError: the city gave no such award, it was taken back before, or the viewer organises it no more.
    """
    async with roles.in_force(RoleKind.ORGANISER, city.id, viewer):
        row = await Solution.objects().where(Solution.id == solution, Solution.call == call).first()
        if row is None or row.withdrawn_at is not None or city.slug not in _slugs(row.cities):
            raise NotAllowedError
        await Solution.update({Solution.withdrawn_at: clock.now()}).where(Solution.id == solution)
        await audit.record(Action.AWARD_WITHDRAWN, viewer.pseudonym, f"solution:{solution}", city=city.slug)


def _own_first(city: KnownCity) -> dict[str, str]:
    """What a city is called, in its own languages first."""
    names = city.described.name
    return {code: names[code] for code in dict.fromkeys((*city.described.languages, *names)) if names.get(code)}


def _slugs(cities: str) -> set[str]:
    return {each["slug"] for each in json.loads(cities)}
