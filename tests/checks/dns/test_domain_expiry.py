from datetime import timedelta

import pytest

from checks import contract
from checks.dns.domain_expiry import CHECK
from checks.evidence.registration import Register, Registration
from checks.records.rdap import RdapDomain
from tests.checks.making import NOW
from tests.checks.telling import judged


def registered(days: float | None, *statuses: str) -> Registration:
    expires = None if days is None else NOW + timedelta(days=days)
    return Registration(Register.FOUND, NOW, RdapDomain(expires, statuses or ("active",)))


CASES = [
    ("registered", registered(31)),
    ("registered", registered(300, "auto renew period", "client transfer prohibited")),
    ("ends-soon", registered(29.9)),
    ("ends-soon", registered(-3)),
    ("being-removed", registered(300, "redemption period")),
    ("being-removed", registered(None, "inactive", "pending delete")),
    ("not-told", registered(None)),
    ("not-told", Registration(Register.SILENT, NOW)),
    ("not-told", Registration(Register.NOT_FOUND, NOW)),
    ("part-of-another", Registration(Register.SUBDOMAIN, NOW)),
    ("connection-timeout", Registration(Register.UNSEEN, NOW, reason=contract.CONNECTION_TIMEOUT)),
    ("rate-limited", Registration(Register.UNSEEN, NOW, reason=contract.RATE_LIMITED)),
]


@pytest.mark.parametrize(("outcome", "seen"), CASES)
def test_verdict(outcome: str, seen: Registration) -> None:
    domain = "shop.firm.fi" if seen.register is Register.SUBDOMAIN else "firm.fi"
    verdict = judged(CHECK, domain, seen)
    assert (verdict.outcome.name, verdict.subject) == (outcome, domain)


def test_every_outcome_is_reached() -> None:
    assert {outcome.name for outcome in CHECK.outcomes} - {case[0] for case in CASES} == set()


def test_facts_are_for_a_calendar() -> None:
    assert dict(judged(CHECK, "firm.fi", registered(100.5)).facts) == {
        "expires": (NOW + timedelta(days=100.5)).isoformat(),
        "days_left": 100,
        "statuses": ["active"],
    }


def test_subdomain_is_told_which_name_is_registered() -> None:
    seen = Registration(Register.SUBDOMAIN, NOW)
    assert judged(CHECK, "shop.firm.fi", seen).facts["registered_name"] == "firm.fi"
