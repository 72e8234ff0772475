"""Every check there is, in the order in which a reader meets them. Nothing is found by magic."""

from checks.contract import Check
from checks.dns import dnssec, ns_count
from checks.mail import starttls
from checks.ports import database, file_sharing, remote_desktop

CATALOGUE_VERSION = "2026.11"
"""Changes whenever a check, an outcome, a severity or a card's words change what a report says."""

ALL_CHECKS: tuple[Check, ...] = (
    ns_count.CHECK,
    dnssec.CHECK,
    starttls.CHECK,
    remote_desktop.CHECK,
    file_sharing.CHECK,
    database.CHECK,
)
