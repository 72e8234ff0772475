"""Awarded solutions, for everybody: what each closes and costs, and what came of its pilot."""

from urllib.parse import urlsplit
from uuid import UUID

from litestar import get
from litestar.params import FromPath, FromQuery
from msgspec import Struct

from portal import clock
from portal.accounts.permissions import anyone
from portal.assessments.catalogue import Question, current
from portal.assessments.solutions import reading
from portal.assessments.solutions.offers import Offer, in_turn, questions_of
from portal.entries.choices import countries_named, languages_named
from portal.pages.page import AnyRequest, Page, page
from portal.programme import pilots
from portal.programme.admitting import LEAST
from portal.programme.telling import fix_name, item_name
from portal.web.guards import requires


class Told(Struct, frozen=True):
    """A solution with what its codes mean in the reader's language. `website`: empty where it is no address."""

    offer: Offer
    closes: tuple[Question, ...]
    speaks: tuple[str, ...]
    countries: tuple[str, ...]
    website: str


@get("/{language:str}/solutions", guards=[requires(anyone)])
async def show_list(request: AnyRequest, language: FromPath[str], fix: FromQuery[str] = "") -> Page:
    """All that are in force, or those that close a gap which that fix of the questionnaire closes."""
    fixes = current().fixes
    questions = questions_of(fix, fixes)
    found = [each for each in await reading.all_standing() if not questions or not questions.isdisjoint(each.closes)]
    ordered = in_turn(found, fix if questions else "", clock.now().date())
    context = {
        "fix": fix_name(fix, language) if questions else "",
        "solutions": [told(each, language) for each in ordered],
    }
    return page(request, language, "solutions/list.html", context)


@get("/{language:str}/solution/{solution:uuid}", guards=[requires(anyone)])
async def show(request: AnyRequest, language: FromPath[str], solution: FromPath[UUID]) -> Page:
    """One of them."""
    offer = await reading.by_id(solution)
    context = {
        "told": told(offer, language),
        "pilot": await pilots.of_solution(offer.id),
        "gap_name": lambda name: item_name(name, language),
        "least": LEAST,
    }
    return page(request, language, "solutions/show.html", context)


def told(offer: Offer, language: str) -> Told:
    """The solution in that language, as far as it is ours to say."""
    asked = [current().question(name) for name in offer.closes]
    parts = urlsplit(offer.website) if offer.website.isprintable() else urlsplit("")
    return Told(
        offer=offer,
        closes=tuple(question for question in asked if question is not None),
        speaks=languages_named(offer.speaks, language),
        countries=countries_named(offer.countries, language),
        website=offer.website if parts.scheme == "https" and parts.netloc else "",
    )
