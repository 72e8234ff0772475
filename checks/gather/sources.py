"""Which function gathers which part of the evidence: the one table of all I/O."""

from collections.abc import Mapping
from types import MappingProxyType

from checks.evidence.dns import Delegation
from checks.evidence.lookups import Vantage
from checks.evidence.mail import MailRouting
from checks.evidence.smtp import MailServers
from checks.gather.delegation import gather_delegation
from checks.gather.gathering import Gatherer
from checks.gather.routing import gather_routing
from checks.gather.smtp import gather_mail_servers
from checks.gather.vantage import gather_vantage

SOURCES: Mapping[type, Gatherer] = MappingProxyType(
    {
        Vantage: gather_vantage,
        Delegation: gather_delegation,
        MailRouting: gather_routing,
        MailServers: gather_mail_servers,
    }
)
