"""A made-up year of a domain: what a check finds on each day, and a clock that is moved."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from checks.contract import Finding
from portal import clock
from portal.assessments import recording
from portal.assessments.tables import Assessment, Stage
from portal.mail import delivery
from portal.mail.tables import Letter
from portal.watching import round as watches
from portal.watching import service
from portal.watching.tables import Watcher
from tests.portal.assessments.findings import made

DOMAIN = "kahvila.test"
ADDRESS = "anna@kahvila.test"
BEGIN = datetime(2027, 1, 4, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)


class Clock:
    """The portal's time, which stands still until it is moved."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, at: datetime = BEGIN) -> None:
        self.at = at
        monkeypatch.setattr(clock, "now", lambda: self.at)


def certificate(expires: datetime, now: datetime, subject: str = DOMAIN) -> Finding:
    outcome = "valid" if expires - now >= timedelta(days=14) else "soon" if expires > now else "expired"
    return _ending("tls.expiry", outcome, expires, now, subject)


def signatures(expires: datetime, now: datetime) -> Finding:
    return _ending("dns.dnssec_expiry", "fresh", expires, now, DOMAIN)


def registration(expires: datetime, now: datetime) -> Finding:
    return _ending("dns.domain_expiry", "registered", expires, now, DOMAIN)


def _ending(check: str, outcome: str, expires: datetime, now: datetime, subject: str) -> Finding:
    return made(check, outcome, subject, expires=expires.isoformat(), days_left=(expires - now).days)


def seen_on(day: datetime) -> list[Finding]:
    """What a check finds then.

    A certificate of 90 days that nobody renews until its last day, signatures of two weeks that a machine renews each
    week, and a registration that ends in autumn.
    """
    term = 89 * DAY
    ends = BEGIN + 90 * DAY
    while ends - day < timedelta(hours=12):
        ends += term
    signed = BEGIN + ((day - BEGIN) // (7 * DAY)) * 7 * DAY
    registered = BEGIN + 300 * DAY
    if day > registered - DAY / 2:
        registered += 365 * DAY
    return [certificate(ends, day), signatures(signed + 14 * DAY, day), registration(registered, day)]


async def watched(domain: str = DOMAIN, address: str = ADDRESS, language: str = "en") -> Watcher:
    """A confirmed watch, by way of the letter that confirms it."""
    await service.ask(domain, language, address, f"somebody-{domain}")
    [asked] = await Letter.select(Letter.about).where(Letter.kind == "watch-confirm", Letter.status == "queued")
    watcher = await service.confirm(json.loads(asked["about"])["link"].rpartition("/")[2])
    await deliver_all()
    return watcher


async def deliver_all() -> None:
    for letter in await Letter.select(Letter.id).where(Letter.status == "queued"):
        await delivery.deliver(letter["id"])


async def end_check(findings: Sequence[Finding], failure: str = "") -> None:
    """Ends each check that is under way, with these findings, as the worker would."""
    for row in await Assessment.select(Assessment.id).where(
        Assessment.status.is_in([Stage.QUEUED.value, Stage.RUNNING.value])
    ):
        check = await recording.begin(row["id"])
        assert check is not None
        if failure:
            await recording.fail(check, failure)
            continue
        for finding in findings:
            await recording.record(check, finding)
        await recording.finish(check, findings, limits=(), resolvers=())


async def look(findings: Sequence[Finding], failure: str = "") -> None:
    """One look: a round begins the check, it ends so, and two rounds tell of it."""
    await watches.go()
    await end_check(findings, failure)
    await watches.go()
    await deliver_all()
    await watches.go()
