import json
from datetime import UTC, datetime, timedelta, timezone

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks import advice
from checks.contract import Finding, Fix, Json, Record, Severity, Snippet, Status
from checks.document import SCHEMA, decode, document, encode, finding_document
from checks.providers import detect

_STARTED = datetime(2026, 11, 23, 8, 30, 5, 999999, tzinfo=timezone(timedelta(hours=2)))
_VALIDATOR = jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))

_PLAIN_MAIL = Finding(
    id="mail.starttls",
    status=Status.FAIL,
    severity=Severity.HIGH,
    subject="mx.example.fi",
    outcome="not-offered",
    evidence={"address": "192.0.2.25"},
    fix=Fix(
        "turn-on-mail-encryption", (Record("add", "example.fi", "NS", "ns2.example.fi"),), (Snippet("nginx", "x;"),)
    ),
)
_CERTIFICATE = Finding(
    "tls.expiry",
    Status.PASS,
    Severity.INFO,
    "example.fi",
    "valid",
    {"expires": "2027-01-02T03:04:05+00:00"},
)
_TIMEOUT = Finding("mail.starttls", Status.UNKNOWN, Severity.INFO, "mx2.example.fi", "dns-timeout", {})


def _document(*findings: Finding, language: str = "en") -> dict[str, Json]:
    return document(
        "example.fi", findings, started_at=_STARTED, duration_s=1.23456, catalogue_version="2026.11", language=language
    )


def test_document_of_two_findings_is_the_published_form() -> None:
    assert _document(_PLAIN_MAIL, _TIMEOUT) == {
        "domain": "example.fi",
        "started_at": "2026-11-23T06:30:05Z",
        "duration_s": 1.235,
        "catalogue_version": "2026.11",
        "findings": [
            {
                "id": "mail.starttls",
                "status": "fail",
                "severity": "high",
                "subject": "mx.example.fi",
                "outcome": "not-offered",
                "evidence": {"address": "192.0.2.25"},
                "care": "yours",
                "fix": {
                    "id": "turn-on-mail-encryption",
                    "title": "Switch on encryption in your mail server",
                    "records": [{"action": "add", "name": "example.fi", "type": "NS", "value": "ns2.example.fi"}],
                    "snippets": [{"platform": "nginx", "text": "x;", "place": "https"}],
                    "cost_eur": [0, 150],
                    "minutes": 45,
                    "who": "it-provider",
                    "provider": None,
                },
            },
            {
                "id": "mail.starttls",
                "status": "unknown",
                "severity": "info",
                "subject": "mx2.example.fi",
                "outcome": "dns-timeout",
                "evidence": {},
                "care": None,
                "fix": None,
            },
        ],
        "score": {"low": 0.0, "high": 0.0},
        "dates": [],
    }


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("fi", "Ota salaus käyttöön sähköpostipalvelimessasi"),
        ("sv", "Slå på kryptering i din e-postserver"),
        ("en", "Switch on encryption in your mail server"),
    ],
)
def test_fix_title_follows_the_language(language: str, title: str) -> None:
    fix = finding_document(_PLAIN_MAIL, "example.fi", language)["fix"]
    assert isinstance(fix, dict)
    assert fix["title"] == title


def test_document_names_the_domain_s_provider_with_its_steps() -> None:
    records = (Record("add", "_dmarc.example.fi", "TXT", "v=DMARC1; p=none"),)
    no_dmarc = Finding(
        "mail.dmarc", Status.FAIL, Severity.HIGH, "example.fi", "absent", {}, Fix("ask-for-reports", records)
    )
    servers = {"zone": "example.fi", "name_servers": ["dns1.louhi.net", "dns2.louhi.net"], "count": 2}
    served = Finding("dns.ns_count", Status.PASS, Severity.INFO, "example.fi", "enough", servers)
    whole = _document(no_dmarc, served)
    fix = whole["findings"][0]["fix"]  # type: ignore[index, call-overload]
    assert fix["provider"] == {  # type: ignore[index, call-overload]
        "id": "louhi",
        "name": "Louhi",
        "steps": [*advice.tell(no_dmarc, "example.fi", "en", detect([served])).fix.provider.steps],  # type: ignore[union-attr]
        "source": "https://tuki.louhi.fi/support/solutions/articles/22000229942-verkkotunnuksen-ohjaaminen",
        "seen": "2026-11-23",
    }
    assert list(_VALIDATOR.iter_errors(whole)) == []


def test_document_validates_against_its_schema() -> None:
    assert list(_VALIDATOR.iter_errors(_document(_PLAIN_MAIL, _TIMEOUT, _CERTIFICATE))) == []


def test_document_tells_what_ends_when() -> None:
    assert _document(_PLAIN_MAIL, _CERTIFICATE)["dates"] == [
        {"id": "tls.expiry", "subject": "example.fi", "expires": "2027-01-02T03:04:05Z"}
    ]


def test_refusal_validates_against_the_schema() -> None:
    assert _VALIDATOR.is_valid({"error": {"code": "not-a-domain", "message": "That is not a domain."}})


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("domain",), "example.fi."),
        (("started_at",), "2026-11-23T06:30:05+02:00"),
        (("duration_s",), -1),
        (("more",), 1),
        (("score", "low"), 101),
        (("dates",), [{"id": "tls.expiry", "subject": "a.fi", "expires": "tomorrow"}]),
        (("findings", 0, "id"), "dns"),
        (("findings", 0, "id"), "Dns.NS"),
        (("findings", 0, "status"), "error"),
        (("findings", 0, "severity"), "fatal"),
        (("findings", 0, "status"), "pass"),
        (("findings", 0, "outcome"), "Only one"),
        (("findings", 0, "fix"), {}),
        (("findings", 0, "fix", "who"), "nobody"),
        (("findings", 0, "fix", "provider"), {}),
        (("findings", 0, "care"), "somebody"),
        (("findings", 0, "fix", "cost_eur"), [1]),
        (("findings", 0, "fix", "cost_eur"), [1, 2, 3]),
        (("findings", 0, "fix", "records", 0, "action"), "change"),
        (("findings", 0, "fix", "records", 0, "name"), "example.fi."),
        (("findings", 0, "fix", "snippets", 0, "platform"), "lighttpd"),
    ],
)
def test_schema_refuses_what_is_not_the_published_form(path: tuple[str | int, ...], value: Json) -> None:
    whole: dict[str, Json] = _document(_PLAIN_MAIL)
    assert _VALIDATOR.is_valid(whole)
    *way, last = path
    at: dict[str | int, object] = whole  # type: ignore[assignment]
    for step in way:
        at = at[step]  # type: ignore[assignment]
    at[last] = value
    assert not _VALIDATOR.is_valid(whole)


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=10,
)
_records = st.builds(Record, st.sampled_from(["add", "replace", "remove"]), st.text(), st.text(), st.text())
_snippets = st.builds(Snippet, st.sampled_from(["nginx", "apache", "iis", "caddy"]), st.text())
_fixes = st.builds(
    Fix, st.text(), st.lists(_records, max_size=3).map(tuple), st.lists(_snippets, max_size=3).map(tuple)
)
_findings = st.builds(
    Finding,
    id=st.text(),
    status=st.sampled_from(Status),
    severity=st.sampled_from(Severity),
    subject=st.text(),
    outcome=st.text(),
    evidence=st.dictionaries(st.text(), _json, max_size=5),
    fix=st.none() | _fixes,
)


@given(_findings)
def test_finding_kept_as_json_comes_back_equal(finding: Finding) -> None:
    assert decode(json.loads(json.dumps(encode(finding)))) == finding


def test_decode_refuses_an_unknown_status() -> None:
    with pytest.raises(ValueError, match="'error' is not a valid Status"):
        decode({**encode(_TIMEOUT), "status": "error"})


def test_moment_is_utc_whatever_the_clock_says() -> None:
    later = document("a.fi", (), started_at=datetime(2026, 1, 1, tzinfo=UTC), duration_s=0, catalogue_version="1")
    assert later["started_at"] == "2026-01-01T00:00:00Z"
