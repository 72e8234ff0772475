"""Three calls: one is over, one is being judged, one is open. Plain rows, because each of them began in the past."""

from datetime import datetime, time, timedelta

from msgspec.structs import replace

from challenge.checking import wrong
from challenge.defaults import begun
from challenge.terms import Phase, PhaseKind, Prize, Terms
from portal import clock
from portal.accounts.cities import KnownCity
from portal.audit import service as audit
from portal.audit.tables import Action
from portal.calls import drafts, service
from portal.calls.service import KnownCall
from portal.calls.tables import Call, CallCity, CallVersion
from portal.demo import texts
from portal.demo.cast import Cast
from portal.demo.texts import Days, Said
from portal.errors import UnusableTermsError

_LANGUAGES = ("fi", "sv", "en")


def at(days: int, city: KnownCity, hour: int = 16) -> datetime:
    """That hour by the city's clock, so many days from today."""
    day = clock.now().astimezone(city.zone).date() + timedelta(days=days)
    return datetime.combine(day, time(hour), city.zone)


async def place(said: Said, cast: Cast) -> KnownCall:
    """One call of both cities, published on its day.

    Raises:
        UnusableTermsError: its texts could not be published by an organiser either.
    """
    terms, organiser, published = _terms(said, cast.lead), await cast.organiser(), at(said.days.published, cast.lead, 9)
    faults = wrong(terms)
    if faults:
        raise UnusableTermsError(faults)
    call = Call(
        slug=drafts.slug_of(terms.title["en"]),
        version=1,
        opens_at=terms.phases[0].begins,
        deadline=terms.phases[0].ends,
        grace_s=terms.grace_minutes * 60,
        created_at=published,
        published_at=published,
    )
    await call.save()
    for city in cast.cities.values():
        await CallCity(call=call.id, city=city.id, leads=city.id == cast.lead.id).save()
    version = CallVersion(call=call.id, number=1, terms=service.kept(terms), edits=1, saved_at=published)
    version.published_at, version.published_by = published, organiser.pseudonym
    await version.save()
    await audit.record(Action.CALL_PUBLISHED, organiser.pseudonym, f"call:{call.slug}", version=1)
    return await service.by_id(call.id)


def _terms(said: Said, city: KnownCity) -> Terms:
    days = said.days
    opens, deadline = at(days.opens, city, 9), at(days.deadline, city)
    made = begun(said.title, _LANGUAGES, ("pilot", "investment"), opens, deadline)
    prizes = tuple(Prize(track, text) for track, text in texts.calls().prizes.items())
    return replace(made, summary=said.summary, text=said.text, prizes=prizes, phases=_phases(days, city))


def _phases(days: Days, city: KnownCity) -> tuple[Phase, ...]:
    spans = {
        PhaseKind.ENTRIES: (at(days.opens, city, 9), at(days.deadline, city)),
        PhaseKind.SCREENING: (at(days.screening[0], city, 9), at(days.screening[1], city)),
        PhaseKind.FINAL: (at(days.final[0], city, 9), at(days.final[1], city)),
    }
    return tuple(Phase(kind, begins, ends) for kind, (begins, ends) in spans.items())
