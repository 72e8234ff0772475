"""What the public is told of entries: values that are kept with the publication, as they stood then."""

from collections.abc import Sequence

from msgspec import Struct

from portal.accounts.cities import KnownCity
from portal.awards.tables import Verdict
from portal.calls.service import KnownCall
from portal.entries.service import SubmittedEntry


class ToldEntry(Struct, frozen=True):
    """One entry as everybody may read it, in its own `language`.

    `id`: the entry's; `number`: how the published scores call it, None in the gallery; `city`: the name of the call's
    city where the startup is at home, in the city's own language, empty where it is in none. Else as in
    `challenge.entry.Content`.
    """

    id: str
    number: int | None
    track: str
    verdict: str
    title: str
    summary: str
    by: str
    language: str
    city: str
    closes: tuple[str, ...]
    price_eur: float | None
    hours: float | None
    skills: str
    speaks: tuple[str, ...]
    countries: tuple[str, ...]
    website: str


class Told(Struct, frozen=True):
    """What one stage tells."""

    entries: tuple[ToldEntry, ...]


def told(call: KnownCall, entry: SubmittedEntry, verdict: Verdict | None) -> ToldEntry:
    """`verdict`: None in the gallery, where no number leads from the entry to its scores either."""
    content = entry.content
    return ToldEntry(
        id=str(entry.id),
        number=entry.number if verdict else None,
        track=entry.track,
        verdict=verdict.value if verdict else "",
        title=content.title,
        summary=content.summary,
        by=entry.organisation_name,
        language=content.language,
        city=_city(call.cities, entry.home),
        closes=content.closes,
        price_eur=content.price_eur,
        hours=content.hours,
        skills=content.skills,
        speaks=content.speaks,
        countries=content.countries,
        website=content.website,
    )


def _city(cities: Sequence[KnownCity], slug: str) -> str:
    return next((each.name_in(each.described.languages[0]).text for each in cities if each.slug == slug), "")
