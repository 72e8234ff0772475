"""A city with a couple of hundred sheets, written straight into the database: the same every time."""

import json
import random
import secrets
from datetime import UTC, datetime

from checks.document import encode
from portal.accounts import cities
from portal.accounts.cities import KnownCity
from portal.assessments.catalogue import current
from portal.assessments.sheets.sheet import shown
from portal.assessments.tables import AnswerSheet, Assessment, DoneFix, FindingRow, Reply, SheetDomain
from tests.portal import signing
from tests.portal.assessments.findings import made

NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
"""A Monday morning in Helsinki: the week 2026-W48."""
SECTORS = {"food": 50, "shop": 45, "office": 40, "care": 35, "trade": 24, "making": 4, "transport": 2}
SIZES = {"1": 80, "2-9": 90, "10-49": 25, "50-249": 5}
MONTHS = ("2026-09", "2026-10", "2026-11")
AT_ONCE = 1000
ANSWERED = 60
"""Per cent of the questions: the first of them."""
TICKED = "mail-second-step"


async def populated(slug: str = "helsinki", count: int = 200) -> KnownCity:
    """The city. Half of the sheets tell a domain, which fails the same check in most of them."""
    await signing.city(slug)
    city = await cities.by_slug(slug)
    await add_sheets(city, count)
    return city


async def add_sheets(city: KnownCity, count: int, seed: int = 1) -> list[AnswerSheet]:
    """More firms of that city."""
    dice = random.Random(f"{city.slug} {seed}")  # noqa: S311 - a made-up city
    sheets = [_sheet(city, dice, number) for number in range(count)]
    await _insert(AnswerSheet, sheets)
    await _insert(Reply, [reply for sheet in sheets for reply in _replies(sheet, dice)])
    await _insert(DoneFix, [_tick(sheet) for sheet in sheets if dice.random() < 0.3])
    checks = [_check(sheet, dice) for sheet in sheets[::2]]
    await _insert(Assessment, [check for check, _, _ in checks])
    await _insert(SheetDomain, [domain for _, domain, _ in checks])
    await _insert(FindingRow, [finding for _, _, finding in checks])
    return sheets


async def _insert(table, rows) -> None:  # type: ignore[no-untyped-def] # noqa: ANN001 - any of ours
    for start in range(0, len(rows), AT_ONCE):
        await table.insert(*rows[start : start + AT_ONCE])


def _sheet(city: KnownCity, dice: random.Random, number: int) -> AnswerSheet:
    day = datetime.fromisoformat(f"{dice.choice(MONTHS)}-{dice.randint(2, 20):02}T09:00:00+00:00")
    return AnswerSheet(
        token=secrets.token_urlsafe(16),
        language="fi",
        catalogue_version=current().version,
        client=f"client-{number}",
        city=city.id,
        created_at=day,
        updated_at=datetime.now(UTC),  # else a real worker removes it as forgotten
    )


def _replies(sheet: AnswerSheet, dice: random.Random) -> list[Reply]:
    profile = {
        "country": "fi",
        "sector": dice.choices([*SECTORS], [*SECTORS.values()])[0],
        "size": dice.choices([*SIZES], [*SIZES.values()])[0],
        **{name: dice.choice(("yes", "no")) for name in ("remote", "servers", "cards", "web-shop", "machines")},
        "personal-data": "yes",
    }
    asked = shown(current(), profile)
    answers = {question.id: dice.choice(question.answers[:4]).id for question in asked[: ANSWERED * len(asked) // 100]}
    told = profile | answers
    return [Reply(sheet=sheet.id, question=name, answer=answer, answered_at=NOW) for name, answer in told.items()]


def _tick(sheet: AnswerSheet) -> DoneFix:
    return DoneFix(sheet=sheet.id, fix=TICKED, done_at=NOW, mended=json.dumps([]))


def _check(sheet: AnswerSheet, dice: random.Random) -> tuple[Assessment, SheetDomain, FindingRow]:
    domain = f"firm-{sheet.client}.test"
    check = Assessment(
        token=secrets.token_urlsafe(16), domain=domain, language="fi", status="done", catalogue_version="1",
        started_at=sheet.created_at, finished_at=sheet.created_at, duration_s=1.0, score_low=50.0, score_high=60.0,
    )  # fmt: skip
    finding = made("mail.dmarc", "absent" if dice.random() < 0.6 else "present", subject=domain)
    raw = encode(finding)
    row = FindingRow(
        assessment=check.id, seq=1, check_id=finding.id, subject=finding.subject, status=finding.status.value,
        severity=finding.severity.value, outcome=finding.outcome, evidence=json.dumps(raw["evidence"]),
        fix=json.dumps(raw["fix"]) if raw["fix"] else None,
    )  # fmt: skip
    return check, SheetDomain(sheet=sheet.id, domain=domain, assessment=check.id), row
