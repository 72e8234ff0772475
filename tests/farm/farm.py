"""The farm: all servers together, on 198.18.0.0/15, in a network namespace of its own (see tools/own-network)."""

import base64
import os
import shutil
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from checks.contract import Record
from tests.farm import registry
from tests.farm.authority import Authority
from tests.farm.mail import MailHost, start_mail
from tests.farm.name_servers import NameServer, Tempers, zones_by_server
from tests.farm.policies import POLICY_ADDRESS
from tests.farm.ports import start_ports
from tests.farm.processes import Processes
from tests.farm.resolver import (
    GLUE,
    NOT_VALIDATING,
    NS1,
    NS2,
    NS_NEAR,
    ROOT_SERVER,
    SILENT,
    TLD_SERVER,
    VALIDATING,
    Authoritative,
    forget,
    start_resolvers,
)
from tests.farm.site import NAME_SERVERS, Site
from tests.farm.sites import ALL_SITES, BROKEN_SITES, GOOD
from tests.farm.web import GOOD_CERTIFICATE, Hosted, Web, WebServer
from tests.farm.zones import Zone, changed, txt

PROGRAMS = ("nsd", "unbound", "nginx", "nmap")


def missing() -> str | None:
    """Why the farm cannot be had here, or None where it can."""
    if os.environ.get("KYBERKUNTO_TEST_NETWORK") != "1":
        return "no network of our own: run it by tools/test or tools/own-network"
    absent = [name for name in PROGRAMS if shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin:/sbin") is None]
    return f"not installed: {', '.join(absent)}" if absent else None


@dataclass(slots=True)
class Farm:
    """Real servers and what one needs to know to look at them. `start` it once, `stop` it at the end."""

    directory: Path
    sites: tuple[Site, ...] = ALL_SITES
    resolver: str = VALIDATING
    resolver_without_validation: str = NOT_VALIDATING
    silent_resolver: str = SILENT
    allow_network: str = "198.18.0.0/15"
    good: str = GOOD.domain
    broken: tuple[str, ...] = tuple(site.domain for site in BROKEN_SITES)
    _processes: Processes = field(init=False, repr=False)
    _hosting: Authoritative = field(init=False, repr=False)
    _web: WebServer = field(init=False, repr=False)
    _tld: Authoritative = field(init=False, repr=False)
    _tld_zone: Zone = field(init=False, repr=False)
    _own: Zone = field(init=False, repr=False)
    _zones: dict[str, Zone] = field(init=False, repr=False)

    @property
    def ca_file(self) -> Path:
        """The farm's root certificate: what SSL_CERT_FILE must name for its certificates to be trusted."""
        return self.directory / "ca.pem"

    def start(self) -> None:
        """Starts everything; returns when all answer."""
        os.environ["PATH"] += ":/usr/sbin:/sbin"
        self._processes = Processes(self.directory)
        try:
            self._start_names()
            self._start_services()
            self._processes.wait()
            start_resolvers(self._processes, self.directory)
            self._processes.wait()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stops everything."""
        self._processes.stop()

    def address_of(self, site: Site) -> str:
        """Where that site's web server is."""
        high, low = divmod(self.sites.index(site), 200)
        return f"198.18.{10 + high}.{low + 1}"

    def publish(self, domain: str, *records: Record) -> None:
        """Changes a domain's records; returns when the servers and resolvers tell them. A DS goes to the parent."""
        for server, zone, fitting in (
            (self._tld, self._tld_zone, [record for record in records if record.type == "DS"]),
            (self._hosting, self._zones[domain], [record for record in records if record.type != "DS"]),
        ):
            if fitting:
                zone.records = changed(zone, fitting)
                server.publish(self._processes, zone)
        forget(self.directory, f"{domain}.")

    def serve(self, site: Site, web: Web) -> None:
        """Serves a site's pages otherwise; returns when it does."""
        self._web.change(self._hosted(site, web))

    def certificate(self, directory: Path, *names: str) -> tuple[Path, Path]:
        """Files with a good certificate for these names and its chain, and with its key, as a web server wants them."""
        chain, key = directory / f"{names[0]}.pem", directory / f"{names[0]}.key"
        chain.write_bytes(self._web.authority.chain_pem(names, GOOD_CERTIFICATE))
        key.write_bytes(self._web.authority.key_pem_of(GOOD_CERTIFICATE))
        return chain, key

    def restore(self, site: Site) -> None:
        """Makes a site again what its description says."""
        zone = self._zones[site.domain]
        for server, held, told in (
            (self._tld, self._tld_zone, self._delegations()),
            (self._hosting, zone, _zone_of(site, self.address_of(site)).records),
        ):
            if held.records != told:
                held.records = told
                server.publish(self._processes, held)
                forget(self.directory, zone.origin)
        if site.web is not None:
            self.serve(site, site.web)

    def _delegations(self) -> list[str]:
        zones = (self._own, *self._zones.values())
        return [f"a.nic.test. A {TLD_SERVER}", *(line for zone in zones for line in zone.delegation(GLUE))]

    def _hosted(self, site: Site, web: Web) -> Hosted:
        return Hosted((site.domain, f"www.{site.domain}", f"mta-sts.{site.domain}"), self.address_of(site), web)

    def _start_names(self) -> None:
        self._zones = {site.domain: _zone_of(site, self.address_of(site)) for site in self.sites}
        self._own = Zone("farm.test.", NAME_SERVERS, _own_records())
        self._tld_zone = Zone("test.", ("a.nic.test.",), self._delegations())
        root = Zone(".", ("a.root.",), [f"a.root. A {ROOT_SERVER}", *self._tld_zone.delegation(GLUE)])
        served = [self._own, *(self._zones[site.domain] for site in self.sites if site.served)]
        self._hosting = self._serve("hosting", served, NS1, NS2, NS_NEAR)
        self._tld = self._serve("tld", [self._tld_zone], TLD_SERVER)
        self._serve("root", [root], ROOT_SERVER)
        by_server = zones_by_server((site.name_servers, self._zones[site.domain]) for site in self.sites)
        Tempers(self._processes, self.directory, self._own, by_server).start()

    def _serve(self, name: str, zones: list[Zone], *addresses: str) -> Authoritative:
        server = Authoritative(f"nsd-{name}", addresses, self.directory / f"nsd-{name}")
        server.start(self._processes, zones)
        return server

    def _start_services(self) -> None:
        authority = Authority()
        self.ca_file.write_bytes(authority.root_pem)
        self._web = WebServer(self._processes, self.directory / "web", authority)
        sites = [self._hosted(site, site.web) for site in self.sites if site.web is not None]
        policies = {site.domain: site.policy_text for site in self.sites}
        self._web.start([*sites, registry.hosted(self.sites)], policies)
        start_mail(self._processes, self.directory / "mail", authority)
        doors = [(self.address_of(site), port) for site in self.sites for port in site.open_ports]
        start_ports(self._processes, doors, SILENT)


def _own_records() -> list[str]:
    """The hosting company's own zone: its name servers, its mail servers, and SPF records to include."""
    records = [server.line for server in NameServer]
    records += [f"{host.value[0]} A {host.address}" for host in MailHost if host.address]
    records += [f'spf{number} TXT "v=spf1 ip4:198.18.1.25 -all"' for number in range(1, 12)]
    records += [f"many MX 10 many{number}.farm.test." for number in range(1, 12)]
    records += [f"many{number} A 198.18.1.25" for number in range(1, 12)]
    records += [f"rdap A {registry.ADDRESS}", "www A 198.18.10.1", "mx2 A 198.18.1.25", "mx-nick CNAME mx1.farm.test."]
    # What other domains' records may be an alias of.
    records += ['dmarc TXT "v=DMARC1; p=reject; rua=mailto:dmarc@farm.test"', f"dkim TXT {txt(_DKIM)}"]
    # Anybody may have reports sent here (RFC 9990, section 4).
    records += ["@ MX 10 mx1.farm.test.", '*._report._dmarc TXT "v=DMARC1"']
    # Here too, but no mail arrives.
    records.append('*._report._dmarc.nobox TXT "v=DMARC1"')
    return records


def _zone_of(site: Site, address: str) -> Zone:
    addresses = (address,) if site.addresses is None else site.addresses
    records = [
        *(f"{name} {'AAAA' if ':' in text else 'A'} {text}" for name in ("@", "www") for text in addresses),
        *(f"@ CAA {value}" for value in site.caa),
        *(f"@ MX {value}" for value in site.mx),
        *(f"@ TXT {txt(value)}" for value in site.spf),
        *(f"_dmarc TXT {txt(value)}" for value in site.dmarc),
        *([f"default._domainkey TXT {txt(_DKIM)}"] if site.dkim else []),
        *(f"_mta-sts TXT {txt(value)}" for value in site.mta_sts),
        *([f"mta-sts A {POLICY_ADDRESS if site.policy == 'hosted' else address}"] if site.policy != "none" else []),
        *(f"_smtp._tls TXT {txt(value)}" for value in site.tls_rpt),
        *site.records,
    ]
    return Zone(f"{site.domain}.", site.name_servers, records, site.signing)


def _dkim_record() -> str:
    key = rsa.generate_private_key(65537, 2048).public_key()
    encoded = base64.b64encode(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode()
    return f"v=DKIM1; k=rsa; p={encoded}"


_DKIM = _dkim_record()
