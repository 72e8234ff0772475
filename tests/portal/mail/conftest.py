"""A mail server, and a portal that sends its letters there."""

from collections.abc import Iterator

import pytest

from portal import settings
from tests.portal.conftest import Installation
from tests.portal.mail.post_office import PostOffice

PUBLIC_URL = "https://kyberkunto.test"
MAIL_FROM = "noreply@kyberkunto.test"


def mail_settings(port: int) -> dict[str, str]:
    """The settings of a portal whose mail server is on this machine."""
    return {
        "KYBERKUNTO_SMTP_URL": f"smtp://127.0.0.1:{port}",
        "KYBERKUNTO_MAIL_FROM": MAIL_FROM,
        "KYBERKUNTO_PUBLIC_URL": PUBLIC_URL,
    }


@pytest.fixture
def office(portal: Installation, monkeypatch: pytest.MonkeyPatch) -> Iterator[PostOffice]:  # noqa: ARG001 - bound first
    """The mail server of this process's portal."""
    with PostOffice() as running:
        for name, text in mail_settings(running.port).items():
            monkeypatch.setenv(name, text)
        settings.current.cache_clear()
        yield running
    settings.current.cache_clear()
