"""dns.ns_diversity: do the name servers stand in more than one network? (RFC 2182, section 3.1).

Whose networks they are (AS numbers) cannot be told without asking a third party; that all stand in one network, the
smallest that the internet routes by itself, can.
"""

import ipaddress
from collections.abc import Iterator

from checks.contract import ONE_NAME_SERVER, Check, Evidence, Json, Outcome, Verdict, failed, passed
from checks.dns.servers import could_not_tell, count_servers, half_seen, is_gone, unlisted, unseen_addresses
from checks.evidence.authority import NameServers
from checks.evidence.dns import Delegation
from checks.evidence.lookups import HostAddresses

SEVERAL = passed("several")
ONE_NETWORK = failed("one-network")

_ROUTED = {4: 24, 6: 48}
"""The longest prefix that reaches everybody's routers, for each kind of address."""


def judge(evidence: Evidence) -> Iterator[Verdict]:
    """One verdict about the zone's servers."""
    missing = unlisted(evidence)
    if missing is not None:
        yield missing
        return
    known = evidence.part(NameServers)
    servers = [server for server in known.servers if not is_gone(server)]
    networks = [*_networks(servers, 4), *_networks(servers, 6)]
    facts: dict[str, Json] = {
        "zone": known.zone,
        "name_servers": [server.host for server in servers],
        "networks": [*networks],
    }
    unseen = {} if _are_apart(servers) else {**dict(half_seen(servers)), **dict(unseen_addresses(servers))}
    yield could_not_tell(unseen.items(), facts) or Verdict(_outcome(servers), evidence.domain, facts)


def _outcome(servers: list[HostAddresses]) -> Outcome:
    """In one network only where all of them can be reached in it, and none has another way beside it."""
    if count_servers(servers) < 2:  # noqa: PLR2004 - one is told by dns.ns_count
        return ONE_NAME_SERVER
    public = [server for server in servers if server.vetted]
    together = any(all(_networks([server], version) for server in public) for version in _ROUTED)
    return ONE_NETWORK if together and not _are_apart(servers) else SEVERAL


def _are_apart(servers: list[HostAddresses]) -> bool:
    """Whether they are seen in two networks of one kind; whatever else they have cannot change that."""
    return any(len(_networks(servers, version)) > 1 for version in _ROUTED)


def _networks(servers: list[HostAddresses], version: int) -> list[str]:
    addresses = {ipaddress.ip_address(address.text) for server in servers for address in server.vetted}
    prefixes = {
        ipaddress.ip_network((address, _ROUTED[version]), strict=False)
        for address in addresses
        if address.version == version
    }
    return sorted(str(prefix) for prefix in prefixes)


CHECK = Check("dns.ns_diversity", needs=(Delegation, NameServers), outcomes=(SEVERAL, ONE_NETWORK), judge=judge)
