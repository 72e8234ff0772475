"""Awarded solutions for tests: as values, and as rows that `award` made."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

from challenge.entry import Content
from portal.accounts.cities import KnownCity
from portal.accounts.tables import Organisation
from portal.assessments.solutions import service
from portal.assessments.solutions.offers import AwardingCity, Offer
from portal.assessments.solutions.service import Award
from portal.assessments.solutions.tables import Solution

CONTENT = Content(
    title="Lukko Backup",
    summary="Copies the firm's files every night.\nRestoring is tried every month.",
    closes=("backup", "mail-sender", "no-such-question"),
    price_eur=240.0,
    hours=1.5,
    skills="owner",
    speaks=("en", "fi", "sv"),
    countries=("FI", "SE"),
    website="https://lukko.example/backup",
)
CHALLENGE = {"en": "Moonshot", "fi": "Kuuhaaste"}


async def awarded(
    startup: Organisation, city: KnownCity, content: Content = CONTENT, on: date | None = None, call: str = "moonshot"
) -> UUID:
    """A solution that the city awarded: today, where no other day is given."""
    day = on or datetime.now(UTC).date()
    entry = uuid4()
    await service.award(Award(startup.id, entry, call, CHALLENGE, (city,), day, day - timedelta(days=30)), content)
    found = await Solution.select(Solution.id).where(Solution.entry == entry).first()
    made: UUID = found["id"]
    return made


def offer(title: str = "Lukko Backup", *closes: str, number: int = 1, **changes: object) -> Offer:
    """One as a value."""
    known: dict[str, object] = {
        "id": UUID(int=number), "organisation": UUID(int=9), "by": "Lukko Labs", "call": "moonshot",
        "challenge": CHALLENGE, "cities": (AwardingCity("helsinki", {"fi": "Helsinki", "sv": "Helsingfors"}),),
        "piloted": False, "title": title, "summary": "Copies.", "language": "en",
        "closes": closes or ("backup", "mail-sender"),
        "price_eur": 240.0, "priced_on": date(2026, 10, 1), "hours": 1.5, "skills": "owner", "speaks": ("en", "fi"),
        "countries": ("FI",), "website": "https://lukko.example", "awarded_on": date(2026, 11, 1),
        "expires_on": date(2027, 11, 1),
    }  # fmt: skip
    return Offer(**{**known, **changes})  # type: ignore[arg-type]
