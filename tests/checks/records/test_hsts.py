import pytest

from checks.records.hsts import HstsPolicy, parse


@pytest.mark.parametrize(
    ("value", "policy"),
    [
        ("max-age=31536000", HstsPolicy(31536000, include_subdomains=False)),
        ('Max-Age="31536000"; includeSubDomains; preload', HstsPolicy(31536000, include_subdomains=True)),
        ("max-age=0", HstsPolicy(0, include_subdomains=False)),
        (";; max-age = 300 ;", HstsPolicy(300, include_subdomains=False)),
        ("includeSubDomains; max-age=1; unknown=x", HstsPolicy(1, include_subdomains=True)),
    ],
)
def test_policy(value: str, policy: HstsPolicy) -> None:
    assert parse(value) == policy


@pytest.mark.parametrize(
    "value",
    [
        "",
        "includeSubDomains",
        "max-age",
        "max-age=",
        "max-age=-1",
        "max-age=1.5",
        "max-age=one",
        "max-age=1; max-age=2",
        "max-age=1, max-age=2",
        "max-age=31536000 includeSubDomains",
        "max-age=٣",
        "max-age=" + "9" * 40,
    ],
)
def test_header_that_browsers_ignore(value: str) -> None:
    assert parse(value) is None
