import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.records.mta_sts import DAY_S, LONGEST_AGE, Fault, Policy, is_sts, is_valid, looks_like_sts, meant, parse
from checks.records.mta_sts import record as announcement

GOOD = "version: STSv1\r\nmode: enforce\r\nmx: mx1.firm.fi\r\nmx: *.host.example\r\nmax_age: 604800\r\n"
POLICY = Policy("enforce", 604800, ("mx1.firm.fi", "*.host.example"))


@pytest.mark.parametrize(
    ("text", "counts", "valid"),
    [
        ("v=STSv1; id=20261123T090000;", True, True),
        ("v=STSv1;id=1", True, True),
        ("v=STSv1 ; id=a1 ; other.field=x", True, True),
        ("v=STSv1; id=", True, False),
        ("v=STSv1; id=2026-11-23", True, False),
        (f"v=STSv1; id={'1' * 33}", True, False),
        ("v=STSv1; other=1", True, False),
        ("v=STSv1; id=1; nonsense", True, False),
        ("v=STSv1;", True, False),
        ("v=STSv1 id=1", False, False),
        ("v=stsv1; id=1", False, True),
        ("v=STSv10; id=1", False, True),
    ],
)
def test_record(text: str, counts: bool, valid: bool) -> None:  # noqa: FBT001 - a parameter of the test
    assert (is_sts(text), is_valid(text), looks_like_sts(text)) == (counts, valid, True)


@pytest.mark.parametrize("text", ["v=spf1 -all", "sts", "", "google-site-verification=v=STSv1"])
def test_another_record_is_not_meant_as_one(text: str) -> None:
    assert not looks_like_sts(text)


@pytest.mark.parametrize(
    "text",
    [
        GOOD,
        GOOD.replace("\r\n", "\n"),
        GOOD.rstrip("\r\n"),
        GOOD.replace(": ", ":\t "),
        GOOD.replace("\r\n", " \r\n\r\n"),
        "mx: mx1.firm.fi\nmax_age: 604800\nmx: *.host.example\nnew-field: anything\nmode: enforce\nversion: STSv1",
        f"{GOOD}mode: none\nmax_age: 1\n",
    ],
)
def test_policy_is_read(text: str) -> None:
    assert parse(text) == POLICY


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("", "version"),
        ("<!doctype html>\n<p>Hello", "<!doctype html>"),
        (GOOD.replace("STSv1", "STSv2"), "version: STSv2"),
        (GOOD.replace("mode: enforce\r\n", ""), "mode"),
        (GOOD.replace("enforce", "Enforce"), "mode: Enforce"),
        (GOOD.replace("604800", "a week"), "max_age: a week"),
        (GOOD.replace("604800", str(LONGEST_AGE + 1)), f"max_age: {LONGEST_AGE + 1}"),
        (GOOD.replace("mx1.firm.fi", "mx1.firm.fi."), "mx: mx1.firm.fi."),
        (GOOD.replace("mx1.firm.fi", "mail*.firm.fi"), "mx: mail*.firm.fi"),
        (GOOD.replace("mx1.firm.fi", ".firm.fi"), "mx: .firm.fi"),
        (GOOD.replace("mx: ", "mx = "), "mx = mx1.firm.fi"),
        (f"\ufeff{GOOD}", "\ufeffversion: STSv1"),
        ("version: STSv1\nmode: enforce\nmax_age: 86400\n", "mx"),
    ],
)
def test_fault_is_named(text: str, where: str) -> None:
    assert parse(text) == Fault(where)


def test_policy_that_is_switched_off_needs_no_mail_server() -> None:
    assert parse("version: STSv1\nmode: none\nmax_age: 86400\n") == Policy("none", 86400, ())


@pytest.mark.parametrize(
    ("host", "covered"),
    [("mx1.firm.fi", True), ("mx2.firm.fi", False), ("a.host.example", True), ("a.b.host.example", False)],
)
def test_wildcard_stands_for_one_label(host: str, covered: bool) -> None:  # noqa: FBT001 - a parameter of the test
    assert POLICY.covers(host) is covered
    assert not POLICY.covers("host.example")
    assert Policy("enforce", 1, ("MX1.Firm.fi",)).covers("mx1.firm.fi")


@given(
    st.sampled_from(["enforce", "testing"]),
    st.integers(0, LONGEST_AGE),
    st.lists(st.from_regex(r"[a-z]{1,9}\.fi", fullmatch=True), min_size=1),
)
def test_what_we_write_is_read_and_announced_by_its_own_name(mode: str, max_age: int, hosts: list[str]) -> None:
    policy = Policy(mode, max_age, tuple(hosts))
    assert parse("\n".join(policy.lines)) == policy
    assert is_sts(announcement(policy))
    assert is_valid(announcement(policy))
    assert announcement(policy) != announcement(Policy(mode, max_age, (*hosts, "other.fi")))


@pytest.mark.parametrize(
    ("text", "policy"),
    [
        (GOOD.replace("mx:", "mx ="), Policy("enforce", 604800, ("mx.firm.fi",))),
        ("Version: STSv1\nMode : Testing\nmax_age: 10\n", Policy("testing", DAY_S, ("mx.firm.fi",))),
        ("<p>mode", None),
        ("", None),
    ],
)
def test_what_a_malformed_policy_was_meant_to_be(text: str, policy: Policy | None) -> None:
    assert meant(text, ["mx.firm.fi"]) == policy


@given(st.text())
def test_any_text_is_a_policy_or_has_a_fault(text: str) -> None:
    policy = parse(text)
    assert isinstance(policy, Fault) or re.fullmatch("enforce|testing|none", policy.mode)
