from datetime import UTC, datetime

import pytest

from checks.contract import Finding, Json, Severity, Status
from checks.dates import Due, dates


def finding(check_id: str, subject: str, **evidence: Json) -> Finding:
    return Finding(check_id, Status.PASS, Severity.INFO, subject, "valid", evidence)


def test_dates_come_in_the_order_in_which_things_end() -> None:
    found = dates(
        [
            finding("tls.expiry", "www.firm.fi", expires="2027-01-02T00:00:00+00:00"),
            finding("tls.expiry", "firm.fi", expires="2027-01-02T00:00:00+00:00"),
            finding("dns.caa", "firm.fi"),
            finding("dns.domain_expiry", "firm.fi", expires="2027-01-02T01:00:00+02:00"),
        ]
    )
    assert found == [
        Due(datetime(2027, 1, 1, 23, tzinfo=UTC), "dns.domain_expiry", "firm.fi"),
        Due(datetime(2027, 1, 2, tzinfo=UTC), "tls.expiry", "firm.fi"),
        Due(datetime(2027, 1, 2, tzinfo=UTC), "tls.expiry", "www.firm.fi"),
    ]


@pytest.mark.parametrize("value", [None, 5, "soon", "2027-01-02T00:00:00", ["2027-01-02T00:00:00Z"]])
def test_what_is_no_moment_is_left_out(value: Json) -> None:
    assert dates([finding("tls.expiry", "firm.fi", expires=value)]) == []
