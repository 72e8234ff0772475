"""Zones: their text from a site's description, their signatures, and what their parent says about them."""

import re
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import dns.dnssec
import dns.name
import dns.rdatatype
import dns.rdtypes.ANY.DNSKEY
import dns.rdtypes.ANY.DS
import dns.zone
from cryptography.hazmat.primitives.asymmetric import ec

from checks.contract import Record

DAY_S = 86400


class Signing(StrEnum):
    """How a zone stands with DNSSEC (RFC 4033)."""

    GOOD = "good"
    UNSIGNED = "unsigned"
    NO_DS = "no-ds"
    """Signed, but the parent does not say so: nobody checks."""
    WRONG_DS = "wrong-ds"
    """The parent vouches for a key that the zone does not have: what moving to another DNS host leaves behind."""
    OUTDATED = "outdated"
    """The parent vouches with an algorithm that nobody uses any more (RFC 8624)."""
    EXPIRED = "expired"
    """The signatures ran out."""
    EXPIRING = "expiring"
    """The signatures run out in a few days, most of their time being over."""


_SIGNED_DAYS = {Signing.EXPIRED: (-7, -1), Signing.EXPIRING: (-25, 5)}
"""From and until when signatures hold, in days from now, where it is not a week ago and in a fortnight."""


class ZoneKey:
    """One key that signs a whole zone."""

    def __init__(self) -> None:
        self.private = ec.generate_private_key(ec.SECP256R1())
        self.public = dns.dnssec.make_dnskey(self.private.public_key(), dns.dnssec.Algorithm.ECDSAP256SHA256, 257)

    def ds(self, origin: str) -> str:
        """What the parent says of a zone with this key."""
        return str(dns.dnssec.make_ds(dns.name.from_text(origin), self.public, "SHA256"))


KEY, OTHER_KEY = ZoneKey(), ZoneKey()


@dataclass(slots=True)
class Zone:
    """One zone. `records` are lines of a zone file, with names relative to the origin."""

    origin: str
    name_servers: tuple[str, ...]
    records: list[str] = field(default_factory=list)
    signing: Signing = Signing.GOOD
    serial: int = 1

    def delegation(self, glue: Mapping[str, str]) -> list[str]:
        """The lines that the parent zone holds about this one; `glue` gives addresses of name servers inside it."""
        lines = [f"{self.origin} NS {server}" for server in self.name_servers]
        lines += [f"{server} A {glue[server]}" for server in self.name_servers if server.endswith("." + self.origin)]
        if self.signing in {Signing.GOOD, Signing.EXPIRED, Signing.EXPIRING}:
            lines.append(f"{self.origin} DS {KEY.ds(self.origin)}")
        elif self.signing is Signing.OUTDATED:
            tag, _algorithm, digest = KEY.ds(self.origin).split(" ", 2)
            lines.append(f"{self.origin} DS {tag} 3 {digest}")
        elif self.signing is Signing.WRONG_DS:
            lines.append(f"{self.origin} DS {OTHER_KEY.ds(self.origin)}")
        return lines

    def text(self) -> str:
        """The zone file, signed as its description says."""
        hostmaster = self.origin if self.origin != "." else ""
        lines = [
            "$TTL 3600",
            f"@ SOA {self.name_servers[0]} hostmaster.{hostmaster} {self.serial} 3600 600 1209600 3600",
            *(f"@ NS {server}" for server in self.name_servers),
            *self.records,
        ]
        zone = dns.zone.from_text("\n".join(lines), self.origin, relativize=False, check_origin=True)
        if self.signing is not Signing.UNSIGNED:
            begin, end = _SIGNED_DAYS.get(self.signing, (-7, 14))
            now = int(time.time())
            keys = [(KEY.private, KEY.public)]
            dns.dnssec.sign_zone(zone, keys=keys, inception=now + begin * DAY_S, expiration=now + end * DAY_S)
        return zone.to_text(relativize=False, want_origin=True)


def changed(zone: Zone, records: Iterable[Record]) -> list[str]:
    """The zone's lines after what a fix or a person asks for (see `checks.contract.Record`)."""
    lines = list(zone.records)
    for record in records:
        if record.action == "replace":
            lines = [line for line in lines if not _is_replaced(line, record, zone.origin)]
        line = f"{record.name}. {record.type} {_in_zone_file(record)}"
        if record.action == "remove":
            lines = [other for other in lines if _full(other, zone.origin) != line]
        else:
            lines.append(line)
    return lines


def _is_replaced(line: str, record: Record, origin: str) -> bool:
    name, rdtype, value = _full(line, origin).split(" ", 2)
    if (name, rdtype) != (f"{record.name}.", record.type):
        return False
    tag = re.match(r"v=\w+", record.value)
    return record.type != "TXT" or tag is None or value.startswith(f'"{tag[0]}')


def _in_zone_file(record: Record) -> str:
    """The value with what the public form leaves out: quotes, and the last dot of a name."""
    if record.type == "TXT":
        return txt(record.value)
    return f"{record.value.removesuffix('.')}." if record.type in {"MX", "NS", "CNAME"} else record.value


def _full(line: str, origin: str) -> str:
    """The line with its name spelt out."""
    name, rest = line.split(" ", 1)
    if name == "@":
        return f"{origin} {rest}"
    return line if name.endswith(".") else f"{name}.{origin} {rest}"


def txt(value: str) -> str:
    """A TXT value as a zone file wants it: quoted strings of at most 255 characters."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return " ".join(f'"{escaped[at : at + 250]}"' for at in range(0, len(escaped), 250)) or '""'
