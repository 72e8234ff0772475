import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.records.rdap import MAX_STATUSES, RdapDomain, parse


def answer(**changed: object) -> bytes:
    whole = {
        "objectClassName": "domain",
        "ldhName": "FIRM.COM",
        "status": ["client transfer prohibited", " Redemption Period "],
        "events": [
            {"eventAction": "registration", "eventDate": "2010-01-01T00:00:00Z"},
            {"eventAction": "expiration", "eventDate": "2027-01-01T02:00:00+02:00"},
        ],
        **changed,
    }
    return json.dumps(whole).encode()


def test_domain_is_read() -> None:
    assert parse(answer(), "firm.com") == RdapDomain(
        datetime(2027, 1, 1, tzinfo=UTC), ("client transfer prohibited", "redemption period")
    )


@pytest.mark.parametrize(
    ("events", "expires"),
    [
        ([], None),
        (None, None),
        ({"eventAction": "expiration"}, None),
        ([5, {"eventAction": "registration", "eventDate": "2027-01-01T00:00:00Z"}], None),
        ([{"eventAction": "expiration", "eventDate": "some day"}], None),
        ([{"eventAction": "expiration", "eventDate": 1798761600}], None),
        ([{"eventAction": "expiration", "eventDate": "0001-01-01T00:00:00+14:00"}], None),
        ([{"eventAction": "Expiration", "eventDate": "2027-01-01"}], datetime(2027, 1, 1, tzinfo=UTC)),
        # A registrar's own date is another event; of two of the registry's, the first counts.
        ([{"eventAction": "registrar expiration", "eventDate": "2026-01-01T00:00:00Z"}], None),
        (
            [
                {"eventAction": "expiration", "eventDate": "2028-01-01T00:00:00.5Z"},
                {"eventAction": "expiration", "eventDate": "2027-01-01T00:00:00Z"},
            ],
            datetime(2027, 1, 1, tzinfo=UTC),
        ),
    ],
)
def test_end_of_the_registration(events: object, expires: datetime | None) -> None:
    found = parse(answer(events=events), "firm.com")
    assert found is not None
    assert found.expires == expires


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"<!doctype html><title>RDAP</title>",
        b"[]",
        b"null",
        b"\xff\xfe",
        b"[" * 60000,
        answer(ldhName="other.com"),
        answer(ldhName=None),
        answer(objectClassName="nameserver"),
    ],
)
def test_anything_else_is_no_answer_about_the_domain(text: bytes) -> None:
    assert parse(text, "firm.com") is None


def test_statuses_are_few_words() -> None:
    found = parse(answer(status=["active", 5, None, *("x" for _ in range(100))]), "firm.com")
    assert found is not None
    assert len(found.statuses) == MAX_STATUSES


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=10,
)


@given(
    status=_json,
    events=_json | st.lists(st.fixed_dictionaries({"eventAction": st.just("expiration"), "eventDate": _json})),
)
def test_whatever_a_registry_says_is_read_or_refused(status: object, events: object) -> None:
    found = parse(answer(status=status, events=events), "firm.com")
    assert found is not None
