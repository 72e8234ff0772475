"""dns.ns_count: is there a second name server when the first one fails? (RFC 1034, section 4.1)."""

from collections.abc import Iterator

from checks.contract import Check, Evidence, Json, Verdict, failed, passed, unknown
from checks.evidence.dns import Delegation

ENOUGH = passed("enough")
ONLY_ONE = failed("only-one")
NONE_SEEN = unknown("none-seen")


def judge(evidence: Evidence) -> Iterator[Verdict]:
    """One verdict about the zone that holds the domain; a subdomain usually has no name servers of its own."""
    delegation = evidence.part(Delegation)
    servers = delegation.zone_servers
    if not servers.answered:
        yield Verdict(servers.reason, evidence.domain)
    elif delegation.zone is None:
        yield Verdict(NONE_SEEN, evidence.domain)
    else:
        names = sorted(set(servers.records))
        facts: dict[str, Json] = {"zone": delegation.zone, "name_servers": [*names], "count": len(names)}
        yield Verdict(ENOUGH if len(names) > 1 else ONLY_ONE, evidence.domain, facts)


CHECK = Check("dns.ns_count", needs=(Delegation,), outcomes=(ENOUGH, ONLY_ONE, NONE_SEEN), judge=judge)
