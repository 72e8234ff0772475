import pytest
from msgspec import structs

from checks import advice
from checks.contract import Finding, Fix, Record, Severity, Snippet, Status
from checks.evidence.lookups import Vantage
from checks.languages import LANGUAGES
from checks.registry import ALL_CHECKS
from portal.commands.plain import line
from portal.commands.telling import Role, Row, Teller, clean

ALL_SEEN = Vantage(validates=True, ipv6=True, resolvers=("192.0.2.53",))
BLIND = Vantage(validates=False, ipv6=False, resolvers=("192.0.2.53",))
RECORD = Record("add", "kahvila.fi", "TXT", "v=one")
PLAIN_MAIL = Finding(
    "mail.starttls",
    Status.FAIL,
    Severity.HIGH,
    "mx.kahvila.fi",
    "not-offered",
    {"address": "192.0.2.25"},
    Fix("turn-on-mail-encryption", (RECORD,), (Snippet("nginx", "first;\nsecond;"),)),
)


def not_asked(check: str) -> Finding:
    return Finding(check, Status.NOT_APPLICABLE, Severity.INFO, "kahvila.fi", "not-asked", {})


def told(*findings: Finding, language: str = "en", vantage: Vantage = ALL_SEEN) -> list[str]:
    teller = Teller("kahvila.fi", language)
    return [line(row) for row in (*teller.topics(findings), *teller.summary(findings, vantage))]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("kahvila.fi äöå €", "kahvila.fi äöå €"),
        ("\x1b[31mred\x07\r\n", "\ufffd[31mred\ufffd\ufffd\ufffd"),
        ("\x9b2J\x7f", "\ufffd2J\ufffd"),
        ("safe\u202eevil\u200b", "safe\ufffdevil\ufffd"),
    ],
)
def test_text_of_strangers_cannot_steer_the_terminal(text: str, shown: str) -> None:
    assert clean(text) == shown


def test_no_row_is_ever_more_than_a_line() -> None:
    assert "\n" not in line(Row(Role.TEXT, "two\nlines"))


def test_record_to_copy_stands_on_a_line_of_its_own() -> None:
    assert "      kahvila.fi  TXT  v=one" in told(PLAIN_MAIL)


def test_steps_of_the_domain_s_own_provider_stand_before_what_to_copy() -> None:
    fix = Fix("ask-for-reports", (RECORD,))
    no_dmarc = Finding("mail.dmarc", Status.FAIL, Severity.HIGH, "kahvila.fi", "absent", {}, fix)
    facts = {"zone": "kahvila.fi", "name_servers": ["dns1.louhi.net", "dns2.louhi.net"], "count": 2}
    served = Finding("dns.ns_count", Status.PASS, Severity.INFO, "kahvila.fi", "enough", facts)
    lines = told(no_dmarc, served)
    place = lines.index("Steps for Louhi")
    assert lines[place + 1].startswith("   - Sign in to Louhi Konsoli")
    assert lines[place + 4].startswith("   Source: https://tuki.louhi.fi/support/")
    assert lines[place + 4].endswith("; names in the control panel may have changed since.")
    assert lines.index("      kahvila.fi  TXT  v=one") > place
    assert not [line for line in told(no_dmarc) if line.startswith("Steps for")]


def test_it_is_said_whose_a_step_is() -> None:
    assert "In your own hands: 1" in told(PLAIN_MAIL)
    assert "   In your own hands · about 45 minutes · €0–150 · Your IT provider" in told(PLAIN_MAIL)


def test_snippet_keeps_its_lines() -> None:
    lines = told(PLAIN_MAIL)
    place = lines.index("Setting for nginx")
    assert lines[place + 1 : place + 3] == ["      first;", "      second;"]


def test_whole_file_is_called_one() -> None:
    file = Snippet("apache", "Contact: mailto:a@kahvila.fi\n", "/.well-known/security.txt")
    fix = Fix("turn-on-mail-encryption", (), (file,))
    lines = told(structs.replace(PLAIN_MAIL, fix=fix))
    place = lines.index("File /.well-known/security.txt for Apache")
    assert lines[place + 1] == "      Contact: mailto:a@kahvila.fi"


def test_what_does_not_apply_is_said_once_for_each_reason() -> None:
    lines = told(*map(not_asked, ("ports.remote_desktop", "ports.file_sharing", "ports.database")))
    (told_once,) = (text for text in lines if "We did not look" in text)
    assert told_once.startswith("  Does not apply to you now: We did not look, because nobody has shown")
    assert told_once.endswith(" (Remote desktop, Shared folders, Databases)")


def test_other_subject_than_the_domain_is_named() -> None:
    other = Finding("mail.starttls", Status.UNKNOWN, Severity.INFO, "xn--hlm-snac.fi", "dns-timeout", {})
    assert told(other)[1].endswith("in time. (hölmö.fi)")


@pytest.mark.parametrize("language", LANGUAGES)
def test_our_own_limits_come_once_and_last(language: str) -> None:
    lines = told(PLAIN_MAIL, language=language, vantage=BLIND)
    assert len([text for text in lines if "DNSSEC" in text]) == 1
    assert [text.startswith("   - ") for text in lines[-2:]] == [True, True]


def test_nothing_is_said_of_limits_that_are_not_there() -> None:
    assert told(PLAIN_MAIL)[-1].startswith("How you see that it worked:")


def test_progress_names_the_check_that_we_wait_for() -> None:
    first, second = ALL_CHECKS[:2]
    found = Finding(first.id, Status.UNKNOWN, Severity.INFO, "kahvila.fi", "dns-timeout", {})
    expected = f"1 of {len(ALL_CHECKS)} checked · {advice.card(second.id).name['en']}"
    assert Teller("kahvila.fi", "en").progress([found]) == expected
