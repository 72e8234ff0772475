"""The public test suite of RFC 7208, read from where it lies beside the repository; no part of it is kept here."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from checks.contract import Status
from checks.mail import spf, spf_lookups
from tests.checks.zone import Zone, verdict

SUITE = Path(__file__).parents[4] / "shared" / "data" / "rfc7208-tests.yml"
VERDICTS = {"pass", "fail", "softfail", "neutral"}

LEFT_OUT = {
    "toolonglabel": "the sender's own domain is no domain name; such a one is refused before any check",
    "emptylabel": "the sender's own domain is no domain name; such a one is refused before any check",
    "helo-not-fqdn": "the sender's own domain is a single label; such a one is refused before any check",
    "helo-domain-literal": "the sender's own domain is an address; such a one is refused before any check",
    "domain-literal": "the sender's own domain is an address; such a one is refused before any check",
    "include-at-limit": "eleven look-ups for a sender that the record does not name: this one matches before the last",
    "exists-dnserr": "one address question without an answer: a passing trouble, neither text nor limit",
}
"""Cases that are not about a record's text or its limits, and why."""


def _cases() -> Iterator[Any]:
    if not SUITE.exists():
        return
    for section in yaml.safe_load_all(SUITE.read_text(encoding="utf-8")):
        zone = _zone(section["zonedata"])
        for name, case in section["tests"].items():
            if name not in LEFT_OUT:
                domain = (case["mailfrom"].rpartition("@")[2] or case["helo"]).lower()
                wanted = case["result"] if isinstance(case["result"], list) else [case["result"]]
                yield pytest.param(zone, domain, set(wanted), id=name)


def _zone(data: Mapping[str, list[Any]]) -> Zone:
    """The suite's own format: SPF entries are TXT records unless there are others, TIMEOUT is for all the rest."""
    zone = Zone()
    for owner, entries in data.items():
        name = owner.lower()
        pairs = [next(iter(entry.items())) for entry in entries if entry != "TIMEOUT"]
        has_txt = any(rdtype == "TXT" for rdtype, _ in pairs)
        for rdtype, value in pairs:
            if rdtype == "CNAME":
                zone.aliases[name] = value.lower().removesuffix(".")
            elif value == "NONE" or (rdtype == "SPF" and has_txt):
                continue
            else:
                zone.add(name, "TXT" if rdtype == "SPF" else rdtype, _text(rdtype, value))
        if "TIMEOUT" in entries:
            zone.silent |= {
                (name, rdtype) for rdtype in ("TXT", "A", "AAAA", "MX") if (name, rdtype) not in zone.records
            }
    return zone


def _text(rdtype: str, value: Any) -> str:  # noqa: ANN401 - whatever YAML holds
    if rdtype == "MX":
        return f"{value[0]} {value[1]}."
    if rdtype in {"TXT", "SPF"}:
        return "".join(value).encode("latin-1").decode("utf-8", "replace")  # as an answer from the network is read
    return str(value)


def _result(zone: Zone, domain: str) -> str:
    """What our findings say, in the words of the suite; `evaluated` where no error is found."""
    published = verdict(spf.CHECK, zone, domain).outcome
    if published in {spf.ABSENT, spf.ABSENT_UNUSED, spf.MISSPELT}:
        return "none"
    counted = verdict(spf_lookups.CHECK, zone, domain).outcome
    if Status.FAIL in {published.status, counted.status}:
        return "permerror"
    return "temperror" if Status.UNKNOWN in {published.status, counted.status} else "evaluated"


@pytest.mark.parametrize(("zone", "domain", "wanted"), [*_cases()])
def test_record_is_judged_as_the_standard_says(zone: Zone, domain: str, wanted: set[str]) -> None:
    found = _result(zone, domain)
    assert found in wanted or (found == "evaluated" and wanted & VERDICTS)


def test_suite_is_there_and_nothing_else_is_left_out() -> None:
    if not SUITE.exists():
        reason = "the RFC 7208 test suite is not beside the repository (../shared/data)"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    names = [name for section in yaml.safe_load_all(SUITE.read_text(encoding="utf-8")) for name in section["tests"]]
    assert len(names) == 203
    assert set(names) >= set(LEFT_OUT)
    assert len(list(_cases())) == len(names) - sum(name in LEFT_OUT for name in names)
