import ipaddress
import stat
from pathlib import Path

import pytest

from checks.gather.network import Resolver
from portal import settings
from portal.errors import SettingError
from portal.relay import Relay
from portal.settings import ROOT, Settings


def test_nothing_set_gives_the_defaults() -> None:
    assert settings.read({"PATH": "/bin", "KYBERKUNTO_SOAK": "1"}) == Settings()


def test_empty_value_counts_as_unset() -> None:
    assert settings.read({"KYBERKUNTO_DATABASE_URL": " "}) == Settings()


def test_values_are_typed() -> None:
    found = settings.read(
        {
            "KYBERKUNTO_RESOLVERS": "192.0.2.53, 192.0.2.54:5353,[2001:db8::53]:53",
            "KYBERKUNTO_ALLOW_NETWORKS": "198.18.0.0/15",
            "KYBERKUNTO_CHECKS_PER_CLIENT_PER_HOUR": "5",
            "KYBERKUNTO_PUBLIC_URL": "https://kyberkunto.example.org/",
            "KYBERKUNTO_DATABASE_URL": "postgres://somebody@/database",
        }
    )
    assert found.resolvers == (Resolver("192.0.2.53"), Resolver("192.0.2.54", 5353), Resolver("2001:db8::53"))
    assert found.allow_networks == (ipaddress.ip_network("198.18.0.0/15"),)
    assert found.checks_per_client_per_hour == 5
    assert (found.public_url, found.https) == ("https://kyberkunto.example.org", True)
    assert found.database_url == "postgresql://somebody@/database"


def test_registries_are_named_by_top_level_domain() -> None:
    found = settings.read({"KYBERKUNTO_RDAP": "FI=https://rdap.example.org/, xn--p1ai=https://rdap.example.net/v1"})
    assert found.rdap == (("fi", "https://rdap.example.org/"), ("xn--p1ai", "https://rdap.example.net/v1"))


def test_domains_to_leave_alone_are_read_as_they_are_typed() -> None:
    found = settings.read({"KYBERKUNTO_OPTED_OUT": "Private.fi, kahvila-ä.fi"})
    assert found.opted_out == ("private.fi", "xn--kahvila--7za.fi")


@pytest.mark.parametrize("text", ["kyber@kaupunki.fi", "https://kaupunki.fi/kyber?x=1", "kyber@xn--hyvink-dua.fi"])
def test_contact_is_a_mail_or_web_address(text: str) -> None:
    assert settings.read({"KYBERKUNTO_OPERATOR_CONTACT": text}).operator_contact == text


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("RESOLVERS", "dns.example.org"),
        ("RESOLVERS", "192.0.2.53:0"),
        ("RESOLVERS", "[2001:db8::53]:70000"),
        ("ALLOW_NETWORKS", "198.18.0.1/15"),
        ("TRUSTED_PROXIES", "proxy"),
        ("CHECKS_PER_TARGET_PER_HOUR", "0"),
        ("CONCURRENT_CHECKS", "many"),
        ("RDAP", "fi"),
        ("RDAP", "fi=rdap.example.org"),
        ("RDAP", "fi=http://rdap.example.org/"),
        ("RDAP", "1fi=https://rdap.example.org/"),
        ("RDAP", "fi=https://rdap.example.org:99999/"),
        ("DATABASE_URL", "mysql://somebody@/database"),
        ("PUBLIC_URL", "kyberkunto.example.org"),
        ("PUBLIC_URL", "https://example.org/portal"),
        ("PUBLIC_URL", "https://hyvinkää.fi"),
        ("PUBLIC_URL", "https://example.org\r\nBcc:"),
        ("SECRET", "short"),
        ("OPERATOR_CONTACT", "the city"),
        ("OPERATOR_CONTACT", "tuki@hyvinkää.fi"),
        ("OPERATOR_CONTACT", "a@b.fi)\r\nHost: other"),
        ("OPTED_OUT", "example.fi, not a domain"),
        ("LOG_LEVEL", "LOUD"),
    ],
)
def test_senseless_value_is_refused_by_name(name: str, text: str) -> None:
    with pytest.raises(SettingError, match=f"^KYBERKUNTO_{name}: "):
        settings.read({f"KYBERKUNTO_{name}": text})


MAIL = {
    "KYBERKUNTO_SMTP_URL": "smtp://portal:hunter2@mail.example.org",
    "KYBERKUNTO_MAIL_FROM": "kyberkunto@example.org",
    "KYBERKUNTO_PUBLIC_URL": "https://kyberkunto.example.org",
}


def test_letters_are_sent_where_a_mail_server_is_named() -> None:
    found = settings.read(MAIL)
    assert found.sends_letters
    assert (found.smtp_url, found.mail_from) == (
        Relay("mail.example.org", 587, starttls=True, user="portal", password="hunter2"),
        "kyberkunto@example.org",
    )
    assert not settings.read({}).sends_letters


@pytest.mark.parametrize("missing", list(MAIL))
def test_mail_without_one_of_its_settings_is_refused(missing: str) -> None:
    with pytest.raises(SettingError, match=rf"^KYBERKUNTO_\w+ needs {missing} beside it"):
        settings.read({name: text for name, text in MAIL.items() if name != missing})


@pytest.mark.parametrize(("name", "text"), [("SMTP_URL", "smtp://portal:hunter2/x@host"), ("MAIL_FROM", "Kyberkunto")])
def test_senseless_mail_setting_is_refused_without_its_secret(name: str, text: str) -> None:
    with pytest.raises(SettingError, match=f"^KYBERKUNTO_{name}: must be ") as refused:
        settings.read({**MAIL, f"KYBERKUNTO_{name}": text})
    assert "hunter2" not in str(refused.value)


def test_slip_of_the_pen_is_refused() -> None:
    with pytest.raises(SettingError, match="KYBERKUNTO_RESOLVER is not a setting"):
        settings.read({"KYBERKUNTO_RESOLVER": "192.0.2.53"})


def test_secret_is_made_once_and_only_its_owner_reads_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KYBERKUNTO_VAR", str(tmp_path / "var"))
    monkeypatch.delenv("KYBERKUNTO_SECRET", raising=False)
    settings.current.cache_clear()
    first = settings.current().secret
    settings.current.cache_clear()
    assert settings.current().secret == first
    settings.current.cache_clear()
    assert len(first) == 64
    assert stat.S_IMODE((tmp_path / "var" / "secret").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "var").stat().st_mode) == 0o700


def test_documentation_is_what_the_code_says() -> None:
    assert (ROOT / "docs" / "settings.md").read_text(encoding="utf-8") == settings.documentation()
