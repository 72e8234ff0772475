"""Loads what a check takes while its first questions are on their way, and lets it go on between the pieces.

The order is that in which things are wanted. What is not named here is loaded where it is wanted; naming it only makes
sure that answers do not wait for more than a few milliseconds' worth of it.
"""

from collections.abc import Sequence
from importlib import import_module

from checks.gather.early import go_on
from checks.gather.gathering import Gathering

GATHERERS = (
    "checks.gather.replies",
    "checks.gather.web",
    "checks.gather.tls_probes",
    "checks.gather.dead_ends",
    "checks.gather.dmarc",
    "checks.gather.spf",
    "checks.gather.sources",
)
JUDGES = (
    "cryptography.x509",
    "checks.gather.chains",
    "checks.dns.caa",
    "checks.dns.dnssec",
    "checks.dns.zone_transfer",
    "checks.mail.dane",
    "checks.mail.mta_sts",
    "checks.mail.tls_rpt",
    "checks.ports.telnet",
    "checks.tls.vulnerabilities",
    "checks.web.security_txt",
    "checks.registry",
    "portal.commands.inspecting",
)


async def load_for(begun: Gathering) -> None:
    """Loads what gathers, and then, while all that is being gathered, what judges."""
    await _load(GATHERERS)
    from checks.gather.sources import SOURCES  # noqa: PLC0415 - start-up: after the first questions

    begun.sources = SOURCES
    for kind in SOURCES:
        begun.start(kind)
    await _load(JUDGES)


async def _load(names: Sequence[str]) -> None:
    for name in names:
        import_module(name)
        await go_on()
