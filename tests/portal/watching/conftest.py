"""A portal that looks after domains: its mail server is here."""

from tests.portal.mail.conftest import office

__all__ = ["office"]
