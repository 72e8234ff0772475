import ast
from pathlib import Path

import pytest

import checks
from checks import advice, contract
from checks.contract import Check, Consent, Severity, Status
from checks.gather.sources import SOURCES
from checks.registry import ALL_CHECKS, consent_for

ROOM = Path(checks.__file__).parent
TOPICS = ("dns", "mail", "tls", "web", "ports")
STABLE_IDS = (
    *("dns.ns_count", "dns.ns_diversity", "dns.ns_alias", "dns.lame", "dns.zone_transfer", "dns.open_recursion"),
    *("dns.soa_consistency", "dns.dnssec", "dns.dnssec_expiry", "dns.caa", "dns.dangling", "dns.ipv6"),
    *("dns.domain_expiry", "mail.mx", "mail.mx_alias", "mail.spf", "mail.spf_lookups", "mail.spf_all", "mail.dkim"),
    *("mail.dkim_key", "mail.dmarc", "mail.dmarc_policy", "mail.dmarc_reporting", "mail.mta_sts", "mail.tls_rpt"),
    *("mail.starttls", "mail.mx_certificate", "mail.dane", "tls.https", "tls.chain", "tls.hostname", "tls.expiry"),
    *("tls.key", "tls.protocols", "tls.ciphers", "tls.vulnerabilities", "tls.post_quantum", "web.redirect", "web.hsts"),
    *("web.csp", "web.nosniff", "web.framing", "web.referrer", "web.cookies", "web.security_txt", "web.banner"),
    *("ports.remote_desktop", "ports.file_sharing", "ports.telnet", "ports.ftp", "ports.database"),
    *("ports.remote_admin", "ports.directory", "ports.cleartext_mail"),
)
"""The public interface: whoever reads our JSON relies on them, and a reader of reports on their order."""

ONLY_INFORMING = {"dns.ipv6", "tls.post_quantum"}
"""What most good sites lack, and nobody is harmed by."""

each_check = pytest.mark.parametrize("check", ALL_CHECKS, ids=lambda check: check.id)


def test_ids_are_those_that_were_published() -> None:
    assert tuple(check.id for check in ALL_CHECKS) == STABLE_IDS


def test_ids_never_repeat_and_stand_in_the_order_of_the_topics() -> None:
    ids = [check.id for check in ALL_CHECKS]
    assert len(ids) == len(set(ids))
    assert [TOPICS.index(check_id.partition(".")[0]) for check_id in ids] == sorted(
        TOPICS.index(check_id.partition(".")[0]) for check_id in ids
    )


def test_every_card_belongs_to_a_check() -> None:
    cards = {f"{path.parent.name}.{path.stem}" for topic in TOPICS for path in (ROOM / topic).glob("*.toml")}
    assert cards == {check.id for check in ALL_CHECKS}


@each_check
def test_code_and_card_end_in_the_same_ways(check: Check) -> None:
    names = [outcome.name for outcome in check.outcomes]
    assert len(names) == len(set(names))
    assert set(names) == set(advice.card(check.id).outcomes)
    assert set(names) & set(advice.common()) == set()


def test_shared_outcomes_have_their_words() -> None:
    assert {outcome.name for outcome in contract.COMMON} == set(advice.common())
    assert all(entry.severity is Severity.INFO and entry.fix is None for entry in advice.common().values())
    assert {outcome.status for outcome in contract.COMMON} == {Status.UNKNOWN, Status.NOT_APPLICABLE}


@each_check
def test_only_a_fault_has_a_gravity_and_every_fault_has_a_fix(check: Check) -> None:
    for outcome in check.outcomes:
        entry = advice.card(check.id).outcome(outcome.name)
        if outcome.status is Status.FAIL:
            assert entry.severity is not Severity.INFO, outcome.name
            assert entry.fix is not None, outcome.name
        else:
            assert entry.severity is Severity.INFO, outcome.name


@each_check
def test_can_pass_and_can_fail(check: Check) -> None:
    statuses = {outcome.status for outcome in check.outcomes}
    assert Status.PASS in statuses
    assert (Status.FAIL in statuses) != (check.id in ONLY_INFORMING)


@each_check
def test_somebody_gathers_what_it_needs(check: Check) -> None:
    assert set(check.needs) - set(SOURCES) == set()


@each_check
def test_judge_imports_only_evidence_grammars_and_pure_modules(check: Check) -> None:
    topic, _, name = check.id.partition(".")
    allowed = ("checks.contract", "checks.evidence", "checks.records", "checks.names", f"checks.{topic}")
    pure = {
        "collections",
        "dataclasses",
        "msgspec",
        "datetime",
        "enum",
        "functools",
        "itertools",
        "re",
        "typing",
        "ipaddress",
    }
    tree = ast.parse((ROOM / topic / f"{name}.py").read_text(encoding="utf-8"))
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    foreign = {name for name in imported if not name.startswith(allowed) and name.partition(".")[0] not in pure}
    assert foreign - {"checks"} == set()


@each_check
def test_judge_knows_no_clock_and_waits_for_nothing(check: Check) -> None:
    topic, _, name = check.id.partition(".")
    tree = ast.parse((ROOM / topic / f"{name}.py").read_text(encoding="utf-8"))
    assert not any(isinstance(node, ast.AsyncFunctionDef | ast.Await) for node in ast.walk(tree))
    called = {
        node.func.attr for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    }
    assert called & {"now", "utcnow", "today", "time", "monotonic"} == set()


@pytest.mark.parametrize(
    ("check_id", "probes", "ports"),
    [
        ("mail.dmarc", False, False),
        ("tls.protocols", True, False),
        ("dns.zone_transfer", True, False),
        ("ports.telnet", False, True),
        ("mail.pigeons", False, False),
    ],
)
def test_a_check_says_whose_leave_it_needs(check_id: str, *, probes: bool, ports: bool) -> None:
    assert consent_for(check_id) == Consent(probes=probes, ports=ports)
