"""dns.ns_count: is there a second name server when the first one fails? (RFC 1034, section 4.1)."""

from collections.abc import Iterator

from checks.contract import Check, Evidence, Json, Outcome, Verdict, failed, passed, unknown
from checks.dns.servers import count_servers, half_seen, is_gone
from checks.evidence.authority import NameServers
from checks.evidence.dns import Delegation
from checks.evidence.lookups import HostAddresses

ENOUGH = passed("enough")
ONLY_ONE = failed("only-one")
ONE_ADDRESS = failed("one-address")
NONE_SEEN = unknown("none-seen")


def judge(evidence: Evidence) -> Iterator[Verdict]:
    """One verdict about the zone that holds the domain; a subdomain usually has no name servers of its own."""
    delegation, known = evidence.part(Delegation), evidence.part(NameServers)
    if not delegation.zone_servers.answered:
        yield Verdict(delegation.zone_servers.reason, evidence.domain)
        return
    if known.zone is None:
        yield Verdict(NONE_SEEN, evidence.domain)
        return
    servers = _usable(known.servers)
    count = max(1, count_servers(servers))
    facts: dict[str, Json] = {
        "zone": known.zone,
        "name_servers": [server.host for server in servers],
        "addresses": [*sorted({text for server in servers for text in (*server.v4.records, *server.v6.records)})],
        "count": count,
    }
    yield Verdict(_outcome(servers, count), evidence.domain, facts)


def _usable(servers: tuple[HostAddresses, ...]) -> list[HostAddresses]:
    """Those that lead somewhere; where none does, all, since somebody did answer for the zone."""
    return [server for server in servers if not is_gone(server)] or list(servers)


def _outcome(servers: list[HostAddresses], count: int) -> Outcome:
    if count > 1:
        return ENOUGH
    unseen = next(half_seen(servers), None)
    if unseen is not None:
        return unseen[1]
    return ONLY_ONE if len(servers) == 1 else ONE_ADDRESS


CHECK = Check(
    "dns.ns_count", needs=(Delegation, NameServers), outcomes=(ENOUGH, ONLY_ONE, ONE_ADDRESS, NONE_SEEN), judge=judge
)
