"""The domains of the farm. A broken site is the good one with one thing changed, and what must be found."""

from dataclasses import dataclass

from tests.farm.authority import Certificate
from tests.farm.mail import MailHost
from tests.farm.web import GOOD_WEB, Web
from tests.farm.zones import Signing

Expected = tuple[str, str]
"""A finding's id and outcome."""

NAME_SERVERS = ("ns1.farm.test.", "ns2.farm.test.")


@dataclass(frozen=True, slots=True)
class Site:
    """One domain, `<name>.test`. Every default is what the good domain has.

    `fails` and `unknown` are exactly the findings of that status that must come out. `records` are further lines of
    its zone file, names relative to the domain; `addresses` replace the address of its own web server.
    """

    name: str
    fails: frozenset[Expected] = frozenset()
    unknown: frozenset[Expected] = frozenset()
    name_servers: tuple[str, ...] = NAME_SERVERS
    served: bool = True
    signing: Signing = Signing.GOOD
    caa: tuple[str, ...] = ('0 issue "letsencrypt.org"',)
    mx: tuple[str, ...] = (MailHost.GOOD.mx,)
    spf: tuple[str, ...] = ("v=spf1 mx -all",)
    dkim: bool = True
    dmarc: tuple[str, ...] = ("v=DMARC1; p=reject; rua=mailto:dmarc@farm.test",)
    records: tuple[str, ...] = ()
    addresses: tuple[str, ...] | None = None
    web: Web | None = GOOD_WEB
    open_ports: tuple[int, ...] = ()

    @property
    def domain(self) -> str:
        """As one types it."""
        return f"{self.name}.test"


def broken(name: str, *fails: Expected, **changed: object) -> Site:
    """The good site, but for what is changed; exactly `fails` must be found wrong."""
    return Site(name, fails=frozenset(fails), **changed)  # type: ignore[arg-type] - the fields' own types


GOOD = Site("good")

GOOD_SITES: tuple[Site, ...] = (
    GOOD,
    Site("kahvila"),
    Site("xn--kahvila--u4a", web=Web(protocols=("TLSv1.3",))),
)
"""Nothing is wrong with these, and nothing about them is unknown."""

BROKEN_SITES: tuple[Site, ...] = (
    broken("one-ns", ("dns.ns_count", "only-one"), name_servers=("ns1.farm.test.",)),
    broken("tls-expired", ("tls.expiry", "expired"), web=Web(certificate=Certificate(valid_until=-3))),
)
"""Exactly one thing is wrong with each."""

ALL_SITES = (*GOOD_SITES, *BROKEN_SITES)
