"""dns.ns_alias: is every name server named by its own name, and not by an alias? (RFC 2181, section 10.3)."""

from collections.abc import Iterator

from checks.contract import Check, Evidence, Json, Verdict, failed, passed
from checks.dns.servers import Unseen, could_not_tell, is_gone, unlisted
from checks.evidence.authority import NameServers
from checks.evidence.dns import Delegation

OWN_NAMES = passed("own-names")
ALIAS = failed("alias")


def judge(evidence: Evidence) -> Iterator[Verdict]:
    """One verdict about the zone's servers."""
    missing = unlisted(evidence)
    if missing is not None:
        yield missing
        return
    known = evidence.part(NameServers)
    servers = [server for server in known.servers if not is_gone(server)]
    aliases = {server.host: server.alias for server in servers if server.alias is not None}
    facts: dict[str, Json] = {
        "zone": known.zone,
        "name_servers": [server.host for server in known.servers],
        "aliases": [*aliases],
        "targets": [*aliases.values()],
    }
    if aliases:
        yield Verdict(ALIAS, evidence.domain, facts)
        return
    silent: list[Unseen] = [
        (server.host, server.reason) for server in known.servers if not (server.v4.answered or server.v6.answered)
    ]
    yield could_not_tell(silent, facts) or Verdict(OWN_NAMES, evidence.domain, facts)


CHECK = Check("dns.ns_alias", needs=(Delegation, NameServers), outcomes=(OWN_NAMES, ALIAS), judge=judge)
