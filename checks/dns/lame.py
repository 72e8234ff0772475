"""dns.lame: does every name server that is listed know the domain? (RFC 1912, section 2.8)."""

from collections.abc import Iterator

from checks.contract import Check, Evidence, Json, Verdict, failed, passed
from checks.dns.servers import blocked_from_here, could_not_tell, unlisted, unseen_answers, without_authority
from checks.evidence.authority import NameServers, ServerAnswers
from checks.evidence.dns import Delegation

ALL_KNOW = passed("all-know")
LAME = failed("lame")


def judge(evidence: Evidence) -> Iterator[Verdict]:
    """One verdict about the zone's servers; silence is never held against one of them."""
    missing = unlisted(evidence)
    if missing is not None:
        yield missing
        return
    answers = evidence.part(ServerAnswers)
    lame = {server.host: [*without_authority(server, answers)] for server in answers.servers}
    facts: dict[str, Json] = {
        "zone": evidence.part(NameServers).zone,
        "asked": [server.host for server in answers.servers],
        "lame": [host for host, replies in lame.items() if replies],
        "replies": [f"{address} {rcode}" for replies in lame.values() for address, rcode in replies],
    }
    if facts["lame"]:
        yield Verdict(LAME, evidence.domain, facts)
        return
    yield (
        blocked_from_here(evidence, facts)
        or could_not_tell(unseen_answers(answers), facts)
        or Verdict(ALL_KNOW, evidence.domain, facts)
    )


CHECK = Check("dns.lame", needs=(Delegation, NameServers, ServerAnswers), outcomes=(ALL_KNOW, LAME), judge=judge)
