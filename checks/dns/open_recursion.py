"""dns.open_recursion: does a name server look up other people's names for strangers? (RFC 5358)."""

from collections.abc import Iterator

from checks.contract import NOT_STATED, UNCLEAR_REPLY, Check, Evidence, Json, Outcome, Verdict, failed, passed
from checks.dns.servers import blocked_from_here, could_not_tell, unlisted, unseen_addresses
from checks.evidence.authority import NameServers, Recursion, RecursionAnswer, ServerAnswers
from checks.evidence.dns import Delegation
from checks.evidence.lookups import Reach

CLOSED = passed("closed")
OPEN = failed("open")


def judge(evidence: Evidence) -> Iterator[Verdict]:
    """One verdict about the zone's servers."""
    recursion = evidence.part(Recursion)
    missing = unlisted(evidence) if recursion.stated else Verdict(NOT_STATED, evidence.domain)
    if missing is not None:
        yield missing
        return
    known, answers = evidence.part(NameServers), evidence.part(ServerAnswers)
    facts: dict[str, Json] = {
        "zone": known.zone,
        "asked": [*recursion.answers],
        "open": [host for host, answer in recursion.answers.items() if answer.recursed and answer.itself],
    }
    if facts["open"]:
        yield Verdict(OPEN, evidence.domain, facts)
        return
    unseen = [*unseen_addresses(known.servers)]
    reasons = {host: _reason(answer, answers) for host, answer in recursion.answers.items()}
    unseen += [(host, reason) for host, reason in reasons.items() if reason is not None]
    yield blocked_from_here(evidence, facts) or could_not_tell(unseen, facts) or Verdict(CLOSED, evidence.domain, facts)


def _reason(answer: RecursionAnswer, answers: ServerAnswers) -> Outcome | None:
    """Why it is not known that this server refuses strangers.

    In a network that sends all questions to its own resolver, every server seems to answer for all names, and none
    for its own zone with authority: then it is not the server that we heard. Replies to malformed questions
    (FORMERR) and the like say nothing about strangers.
    """
    if answer.reach is not Reach.OK:
        return answer.reach.reason
    heard = answers.is_open_way(answer.address) and not answer.recursed
    return None if heard and answer.rcode != "FORMERR" else UNCLEAR_REPLY


CHECK = Check(
    "dns.open_recursion",
    needs=(Delegation, NameServers, ServerAnswers, Recursion),
    outcomes=(CLOSED, OPEN),
    judge=judge,
)
