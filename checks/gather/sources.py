"""Which function gathers which part of the evidence: the one table of all I/O."""

from collections.abc import Mapping
from types import MappingProxyType

from checks.evidence.authority import NameServers, Recursion, ServerAnswers, ZoneTransfers
from checks.evidence.dane import Promises
from checks.evidence.dead_ends import DeadEnds
from checks.evidence.dkim import DkimAttempts
from checks.evidence.dmarc import DmarcReportHosts, DmarcWalk
from checks.evidence.dns import AuthorityLimits, Delegation, ZoneSigning
from checks.evidence.lookups import Vantage
from checks.evidence.mail import MailRouting
from checks.evidence.mta_sts import MtaSts
from checks.evidence.optout import OptOut
from checks.evidence.pages import FrontPages, SecurityFiles
from checks.evidence.ports import PortScan
from checks.evidence.registration import Registration
from checks.evidence.smtp import MailServers
from checks.evidence.spf import SpfPolicy
from checks.evidence.tls_probes import KeyAgreements, TlsProbes
from checks.evidence.tls_rpt import TlsReporting
from checks.evidence.web import Trails, WebHosts
from checks.evidence.web_addresses import WebAddresses
from checks.gather.authority_limits import gather_authority_limits
from checks.gather.dane import gather_promises
from checks.gather.dead_ends import gather_dead_ends
from checks.gather.delegation import gather_delegation
from checks.gather.dkim import gather_dkim
from checks.gather.dmarc import gather_dmarc, gather_report_hosts
from checks.gather.gathering import Gatherer
from checks.gather.mta_sts import gather_mta_sts
from checks.gather.name_servers import gather_name_servers, gather_server_answers
from checks.gather.optout import gather_optout
from checks.gather.ports import gather_port_scan
from checks.gather.registration import gather_registration
from checks.gather.routing import gather_routing
from checks.gather.server_probes import gather_recursion, gather_transfers
from checks.gather.signing import gather_signing
from checks.gather.smtp import gather_mail_servers
from checks.gather.spf import gather_spf
from checks.gather.tls_probes import gather_key_agreements, gather_tls_probes
from checks.gather.tls_rpt import gather_tls_reporting
from checks.gather.vantage import gather_vantage
from checks.gather.visits import Visits, gather_visits
from checks.gather.web import gather_front_pages, gather_security_files, gather_trails, gather_web_hosts
from checks.gather.web_addresses import gather_web_addresses

SOURCES: Mapping[type, Gatherer] = MappingProxyType(
    {
        OptOut: gather_optout,
        Vantage: gather_vantage,
        Delegation: gather_delegation,
        NameServers: gather_name_servers,
        ServerAnswers: gather_server_answers,
        Recursion: gather_recursion,
        ZoneTransfers: gather_transfers,
        ZoneSigning: gather_signing,
        AuthorityLimits: gather_authority_limits,
        DeadEnds: gather_dead_ends,
        Registration: gather_registration,
        WebAddresses: gather_web_addresses,
        MailRouting: gather_routing,
        DkimAttempts: gather_dkim,
        SpfPolicy: gather_spf,
        DmarcWalk: gather_dmarc,
        DmarcReportHosts: gather_report_hosts,
        MtaSts: gather_mta_sts,
        TlsReporting: gather_tls_reporting,
        MailServers: gather_mail_servers,
        Promises: gather_promises,
        PortScan: gather_port_scan,
        Visits: gather_visits,
        WebHosts: gather_web_hosts,
        Trails: gather_trails,
        FrontPages: gather_front_pages,
        SecurityFiles: gather_security_files,
        TlsProbes: gather_tls_probes,
        KeyAgreements: gather_key_agreements,
    }
)
