"""Every check there is, in the order in which a reader meets them. Nothing is found by magic."""

from checks.contract import Check
from checks.dns import ns_count
from checks.mail import starttls

CATALOGUE_VERSION = "2026.11"
"""Changes whenever a check, an outcome, a severity or a card's words change what a report says."""

ALL_CHECKS: tuple[Check, ...] = (ns_count.CHECK, starttls.CHECK)
