"""Name servers of other tempers than the hosting company's two good ones, each at an address of its own."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path

import dns.flags

from tests.farm.processes import Processes
from tests.farm.resolver import NS1, NS2, NS_NEAR, ROOT_SERVER, SILENT, Authoritative, ask
from tests.farm.zones import Zone


class NameServer(Enum):
    """Whom a domain may name: the label under farm.test, and the record that says where it is."""

    FIRST = ("ns1", f"A {NS1}")
    SECOND = ("ns2", f"A {NS2}")
    NEAR = ("ns-near", f"A {NS_NEAR}")
    """Good, but beside the first."""
    TWIN = ("ns-twin", f"A {NS1}")
    """The first by another name."""
    NICKNAME = ("ns-nickname", "CNAME ns2.farm.test.")
    LAME = ("ns-lame", "A 198.18.4.1")
    """Knows none of the domains that name it."""
    GENEROUS = ("ns-generous", "A 198.18.4.2")
    """Hands its zones to whoever asks."""
    BEHIND = ("ns-behind", "A 198.18.4.3")
    """Has the edition before the last one, with a line that is gone since."""
    APART = ("ns-apart", "A 198.18.4.5")
    """Has the same settings, but numbers their editions on its own."""
    HELPFUL = ("ns-helpful", "A 198.18.4.4")
    """Looks up any name for anybody."""
    MUTE = ("ns-mute", f"A {SILENT}")
    INSIDE = ("ns-inside", "A 10.18.0.53")

    @property
    def host(self) -> str:
        """The full name, as in a zone file."""
        return f"{self.value[0]}.farm.test."

    @property
    def line(self) -> str:
        """Its line in the zone of farm.test."""
        return " ".join(self.value)

    @property
    def address(self) -> str:
        """Where it is. Not for one that is another's nickname."""
        return self.value[1].removeprefix("A ")


def named(*servers: NameServer) -> tuple[str, ...]:
    """The first name server, and these."""
    return tuple(server.host for server in (NameServer.FIRST, *servers))


@dataclass(frozen=True, slots=True)
class Tempers:
    """The servers that have a mind of their own. `zones`: every zone that a site names them for, by server."""

    processes: Processes
    directory: Path
    own: Zone
    zones: Mapping[NameServer, list[Zone]]

    def start(self) -> None:
        """Starts them all; they need not be ready before `Processes.wait` returns."""
        self._nsd(NameServer.LAME, [self.own])
        self._nsd(NameServer.GENEROUS, self.zones[NameServer.GENEROUS], "provide-xfr: 0.0.0.0/0 NOKEY")
        former = [
            replace(zone, serial=zone.serial - 1, records=[*zone.records, _GONE_SINCE])
            for zone in self.zones[NameServer.BEHIND]
        ]
        self._nsd(NameServer.BEHIND, former)
        apart = [replace(zone, serial=zone.serial + 1000) for zone in self.zones[NameServer.APART]]
        self._nsd(NameServer.APART, apart)
        self._helpful(self.zones[NameServer.HELPFUL])

    def _nsd(self, server: NameServer, zones: list[Zone], allowing: str = "") -> None:
        if zones:
            name = f"nsd-{server.value[0]}"
            Authoritative(name, (server.address,), self.directory / name, allowing).start(self.processes, zones)

    def _helpful(self, zones: list[Zone]) -> None:
        """A resolver that is open to all and holds zones of its own besides, as small companies' servers do."""
        if not zones:
            return
        directory = self.directory / "unbound-helpful"
        directory.mkdir()
        (directory / "root.hints").write_text(f". 3600 NS a.root.\na.root. 3600 A {ROOT_SERVER}\n")
        config = [_HELPFUL.format(address=NameServer.HELPFUL.address, directory=directory)]
        for zone in zones:
            (directory / f"{zone.origin}zone").write_text(zone.text())
            config.append(_HELD.format(origin=zone.origin, directory=directory))
        (directory / "unbound.conf").write_text("".join(config))
        command = ("unbound", "-d", "-c", directory / "unbound.conf")
        self.processes.start("unbound-helpful", *command, ready=lambda: _holds(zones[-1]))


def zones_by_server(hosted: Iterable[tuple[tuple[str, ...], Zone]]) -> dict[NameServer, list[Zone]]:
    """For each name server the zones that name it; `hosted`: each site's name servers and zone."""
    pairs = list(hosted)
    return {server: [zone for names, zone in pairs if server.host in names] for server in NameServer}


def _holds(zone: Zone) -> bool:
    reply = ask(NameServer.HELPFUL.address, zone.origin, "SOA")
    return bool(reply and reply.flags & dns.flags.AA)


_GONE_SINCE = '@ TXT "verification=of-old"'

_HELPFUL = """
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
  module-config: "iterator"
  root-hints: "{directory}/root.hints"
  local-zone: "test." nodefault
remote-control:
  control-enable: no
"""

_HELD = """
auth-zone:
  name: "{origin}"
  zonefile: "{directory}/{origin}zone"
  for-downstream: yes
  for-upstream: no
"""
