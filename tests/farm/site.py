"""How one domain of the farm is described. A broken site is the good one with one thing changed."""

from dataclasses import dataclass

from tests.farm.mail import MailHost
from tests.farm.policies import STS, policy_for
from tests.farm.web import GOOD_WEB, Web
from tests.farm.zones import Signing

Expected = tuple[str, str]
"""A finding's id and outcome."""

CAA = '0 issue "letsencrypt.org"'
DMARC = "v=DMARC1; p=reject; rua=mailto:dmarc@farm.test"
TLS_RPT = "v=TLSRPTv1; rua=mailto:tls-reports@farm.test"

NAME_SERVERS = ("ns1.farm.test.", "ns2.farm.test.")


@dataclass(frozen=True, slots=True)
class Site:
    """One domain, `<name>.test`. Every default is what the good domain has.

    `fails` and `unknown` are exactly the findings of that status that must come out. `records` are further lines of
    its zone file, names relative to the domain; `addresses` replace the address of its own web server.
    `policy`: where the policy for its mail is: `hosted` (by the company that has all), at its `own` server, or `none`.
    `registered_days`: how long its registration lasts yet.
    """

    name: str
    fails: frozenset[Expected] = frozenset()
    unknown: frozenset[Expected] = frozenset()
    name_servers: tuple[str, ...] = NAME_SERVERS
    served: bool = True
    signing: Signing = Signing.GOOD
    caa: tuple[str, ...] = (CAA,)
    mx: tuple[str, ...] = (MailHost.GOOD.mx,)
    spf: tuple[str, ...] = ("v=spf1 mx -all",)
    dkim: bool = True
    dmarc: tuple[str, ...] = (DMARC,)
    mta_sts: tuple[str, ...] = (STS,)
    policy: str = "hosted"
    tls_rpt: tuple[str, ...] = (TLS_RPT,)
    records: tuple[str, ...] = ()
    addresses: tuple[str, ...] | None = None
    web: Web | None = GOOD_WEB
    open_ports: tuple[int, ...] = ()
    registered_days: int = 200
    registry_statuses: tuple[str, ...] = ("active",)

    @property
    def domain(self) -> str:
        """As one types it."""
        return f"{self.name}.test"

    @property
    def policy_text(self) -> str:
        """A policy that names its mail servers (RFC 8461)."""
        hosts = (record.split()[1].removesuffix(".") for record in self.mx)
        return policy_for(tuple(filter(None, hosts)))


def broken(name: str, *fails: Expected, **changed: object) -> Site:
    """The good site, but for what is changed; exactly `fails` must be found wrong."""
    return Site(name, fails=frozenset(fails), **changed)  # type: ignore[arg-type] - the fields' own types


def unclear(name: str, *unknown: Expected, **changed: object) -> Site:
    """The good site, but for what is changed; exactly `unknown` is what could not be told."""
    return Site(name, unknown=frozenset(unknown), **changed)  # type: ignore[arg-type] - the fields' own types
