"""A city that makes a call, in few words."""

from datetime import UTC, datetime, timedelta

from msgspec.structs import replace

from challenge.defaults import begun
from challenge.terms import PhaseKind, Terms
from portal.accounts import cities
from portal.accounts.cities import KnownCity
from portal.accounts.tables import RoleKind
from portal.accounts.viewer import Viewer
from portal.calls import drafts, publishing
from portal.calls.drafts import Draft
from tests.portal.signing import city, give_role, person

LANGUAGES = ("fi", "sv", "en")
DAY = timedelta(days=1)


def terms(title: str = "Safe shops", opens: timedelta = -DAY, deadline: timedelta = 30 * DAY) -> Terms:
    """Everything that it takes; `opens`, `deadline`: from now on."""
    now = datetime.now(UTC).replace(microsecond=0)
    texts = dict.fromkeys(LANGUAGES, "It is about small businesses.")
    made = begun(dict.fromkeys(LANGUAGES, title), LANGUAGES, {"pilot"}, now + opens, now + deadline)
    return replace(made, summary=texts, text=texts)


def due(made: Terms, later: timedelta) -> Terms:
    """The same with another deadline."""
    phases = tuple(
        replace(each, ends=each.ends + later) if each.kind is PhaseKind.ENTRIES else each for each in made.phases
    )
    return replace(made, phases=phases)


async def organiser(slug: str = "helsinki") -> tuple[KnownCity, Viewer]:
    """A city and somebody who organises it."""
    row = await city(slug)
    somebody = await person(f"olli@{slug}.test")
    await give_role(somebody, RoleKind.ORGANISER, row)
    viewer = Viewer(person=somebody.id, pseudonym=somebody.pseudonym, organises=frozenset([slug]), stepped_up=True)
    return await cities.by_slug(slug), viewer


async def draft_of(where: KnownCity, viewer: Viewer, made: Terms | None = None) -> Draft:
    """A call that is ready to be published."""
    return await drafts.of_city(await drafts.make(where, made or terms(), viewer), where.slug)


async def publish(draft: Draft, where: KnownCity, viewer: Viewer, change: str = "New dates.") -> None:
    """Publishes it, before any jury has begun."""
    await publishing.publish(draft, dict.fromkeys(LANGUAGES, change), where, viewer, unscored)


async def unscored(_call: object) -> bool:
    """No jury has begun."""
    return False


async def scored(_call: object) -> bool:
    """A jury has begun."""
    return True
