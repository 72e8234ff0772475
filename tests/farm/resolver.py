"""Authoritative servers (NSD) for the farm's own root and everything below, and resolvers (unbound) on top."""

import signal
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import dns.exception
import dns.flags
import dns.message
import dns.query

from tests.farm.processes import Processes, until
from tests.farm.zones import KEY, Zone

ROOT_SERVER = "198.18.0.1"
TLD_SERVER = "198.18.0.2"
NS1, NS2 = "198.18.0.3", "198.18.3.4"
NS_NEAR = "198.18.0.5"
VALIDATING = "198.18.0.53"
NOT_VALIDATING = "198.18.0.54"
SILENT = "198.18.0.55"

_NSD = """
server:
  ip-address: {addresses}
  server-count: 1
  do-ip6: no
  username: ""
  chroot: ""
  zonesdir: "{directory}"
  database: ""
  pidfile: "{directory}/nsd.pid"
  xfrdfile: "{directory}/xfrd.state"
  zonelistfile: "{directory}/zone.list"
  hide-version: yes
  rrl-ratelimit: 0
remote-control:
  control-enable: no
"""

_UNBOUND = """
server:
  interface: {address}
  access-control: 0.0.0.0/0 allow
  do-ip6: no
  num-threads: 1
  username: ""
  chroot: ""
  directory: "{directory}"
  pidfile: ""
  use-syslog: no
  logfile: ""
  module-config: "{modules}"
  root-hints: "{hints}"
  trust-anchor-file: "{anchor}"
  local-zone: "test." nodefault
  ip-ratelimit: 0
  ratelimit: 0
remote-control:
  control-enable: yes
  control-interface: "{directory}/unbound-{address}.sock"
  control-use-cert: no
"""


@dataclass(slots=True)
class Authoritative:
    """One NSD with its zones. `allowing`: a line of its configuration that stands with every zone."""

    name: str
    addresses: tuple[str, ...]
    directory: Path
    allowing: str = ""

    def start(self, processes: Processes, zones: list[Zone]) -> None:
        """Writes and serves the zones."""
        self.directory.mkdir()
        addresses = "\n  ip-address: ".join(self.addresses)
        config = [_NSD.format(addresses=addresses, directory=self.directory)]
        for zone in zones:
            self._write(zone)
            config.append(
                f'zone:\n  name: "{zone.origin}"\n  zonefile: "{self._file_of(zone).name}"\n  {self.allowing}\n'
            )
        (self.directory / "nsd.conf").write_text("".join(config))
        processes.start(
            self.name, "nsd", "-d", "-c", self.directory / "nsd.conf", ready=lambda: self._serves(zones[-1])
        )

    def publish(self, processes: Processes, zone: Zone) -> None:
        """Serves a changed zone; returns when it is there."""
        zone.serial += 1
        self._write(zone)
        processes.signal(self.name, signal.SIGHUP)
        until(lambda: self._serves(zone), zone.origin)

    def _serves(self, zone: Zone) -> bool:
        reply = ask(self.addresses[-1], zone.origin, "SOA")
        return bool(reply and reply.answer and reply.answer[0][0].serial == zone.serial)

    def _write(self, zone: Zone) -> None:
        self._file_of(zone).write_text(zone.text())

    def _file_of(self, zone: Zone) -> Path:
        return self.directory / f"{zone.origin}zone"


def start_resolvers(processes: Processes, directory: Path) -> None:
    """A resolver that validates, down from the farm's root, and one that does not."""
    (directory / "root.hints").write_text(f". 3600 NS a.root.\na.root. 3600 A {ROOT_SERVER}\n")
    (directory / "root.key").write_text(f". IN DS {KEY.ds('.')}\n")
    for address, modules in ((VALIDATING, "validator iterator"), (NOT_VALIDATING, "iterator")):
        config = directory / f"unbound-{address}.conf"
        hints, anchor = directory / "root.hints", directory / "root.key"
        config.write_text(
            _UNBOUND.format(address=address, directory=directory, modules=modules, hints=hints, anchor=anchor)
        )
        processes.start(
            f"unbound-{address}", "unbound", "-d", "-c", config, ready=lambda address=address: _resolves(address)
        )


def forget(directory: Path, origin: str) -> None:
    """Makes the resolvers ask anew about a zone."""
    for address in (VALIDATING, NOT_VALIDATING):
        config = directory / f"unbound-{address}.conf"
        subprocess.run(["unbound-control", "-c", config, "flush_zone", origin], check=True, stdout=subprocess.DEVNULL)


def _resolves(address: str) -> bool:
    reply = ask(address, "farm.test.", "SOA")
    return bool(reply and reply.answer)


def ask(address: str, name: str, rdtype: str) -> dns.message.Message | None:
    """The server's reply; None where there is none."""
    try:
        return dns.query.udp(dns.message.make_query(name, rdtype), address, timeout=1)
    except (OSError, dns.exception.DNSException):
        return None


GLUE: Mapping[str, str] = {
    "a.root.": ROOT_SERVER,
    "a.nic.test.": TLD_SERVER,
    "ns1.farm.test.": NS1,
    "ns2.farm.test.": NS2,
}
"""Where the name servers are."""
