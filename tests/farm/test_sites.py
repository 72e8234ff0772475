"""The farm has a broken domain for every fault that a check can find."""

from collections import Counter

from checks.contract import Status
from checks.registry import ALL_CHECKS
from tests.farm.sites import ALL_SITES, BROKEN_SITES

NOT_TO_BE_HAD = {("tls.vulnerabilities", "shared-with-ssl2"), ("tls.vulnerabilities", "compression")}
"""No library that can be had speaks SSL 2.0 or compresses; tests/checks tries these with bytes."""


def test_every_fault_has_a_broken_site() -> None:
    faults = {
        (check.id, outcome.name) for check in ALL_CHECKS for outcome in check.outcomes if outcome.status is Status.FAIL
    }
    assert {fault for site in BROKEN_SITES for fault in site.fails} == faults - NOT_TO_BE_HAD


def test_broken_sites_have_one_fault_each() -> None:
    assert {len(site.fails) for site in BROKEN_SITES} == {1}
    assert {len(site.unknown) for site in BROKEN_SITES} == {0}


def test_domains_are_named_once() -> None:
    assert [name for name, count in Counter(site.name for site in ALL_SITES).items() if count > 1] == []
