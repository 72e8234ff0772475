import pytest

from checks.records.mail_providers import PROVIDERS, USUAL_SELECTORS, providers_of


@pytest.mark.parametrize(
    ("hosts", "texts", "names"),
    [
        (["firm-fi.mail.protection.outlook.com"], [], ["Microsoft 365"]),
        (["ASPMX.L.Google.com"], [], ["Google Workspace"]),
        ([], ["v=spf1 include:spf.protection.outlook.com include:sendgrid.net -all"], ["Microsoft 365", "SendGrid"]),
        ([], ["v=spf1 redirect=_spf.google.com"], ["Google Workspace"]),
        (["mx.evilgoogle.com"], ["v=spf1 include:google.com.evil.example -all"], []),
        (["", "192.0.2.1"], ["", "google-site-verification=x"], []),
    ],
)
def test_providers_are_known_by_their_names(hosts: list[str], texts: list[str], names: list[str]) -> None:
    assert [provider.name for provider in providers_of(hosts, texts)] == names


def test_selectors_are_labels_and_never_repeat() -> None:
    assert len(USUAL_SELECTORS) == len(set(USUAL_SELECTORS))
    selectors = [*USUAL_SELECTORS, *(name for provider in PROVIDERS for name in provider.selectors)]
    assert all(name == name.lower() and name.replace("-", "").isalnum() for name in selectors)
