"""Domains that thousands share."""

import pytest

from portal.assessments.shared_domains import kind_of


@pytest.mark.parametrize(
    ("domain", "kind"),
    [
        ("gmail.com", "mailbox"),
        ("www.gmail.com", "mailbox"),
        ("cafe.myshopify.com", "builder"),
        ("cafe.wixsite.com", "builder"),
        ("myshopify.com", None),
        ("notgmail.com", None),
        ("kahvila.fi", None),
        ("", None),
    ],
)
def test_only_what_is_shared_is_refused(domain: str, kind: str | None) -> None:
    assert kind_of(domain) == kind
