"""dns.ns_count: is there a second name server when the first one fails? (RFC 1034, section 4.1)."""

from collections.abc import Iterator

from checks.contract import Check, Evidence, Json, Verdict, failed, passed, unknown
from checks.evidence.dns import Delegation

ENOUGH = passed("enough")
ONLY_ONE = failed("only-one")
NONE_SEEN = unknown("none-seen")


def judge(evidence: Evidence) -> Iterator[Verdict]:
    """One verdict about the domain. A subdomain that its parent zone answers for has no NS records of its own."""
    servers = evidence.part(Delegation).servers
    facts: dict[str, Json] = {"name_servers": [*sorted(servers.records)], "count": len(servers.records)}
    if not servers.answered:
        yield Verdict(servers.reason, evidence.domain)
    elif not servers.records:
        yield Verdict(NONE_SEEN, evidence.domain)
    else:
        yield Verdict(ENOUGH if len(servers.records) > 1 else ONLY_ONE, evidence.domain, facts)


CHECK = Check("dns.ns_count", needs=(Delegation,), outcomes=(ENOUGH, ONLY_ONE, NONE_SEEN), judge=judge)
