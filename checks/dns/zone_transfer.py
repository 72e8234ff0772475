"""dns.zone_transfer: does a name server hand the whole zone to anybody who asks? (RFC 5936, section 5)."""

from collections.abc import Iterator

from checks.contract import NOT_STATED, UNCLEAR_REPLY, Check, Evidence, Json, Outcome, Verdict, failed, passed
from checks.dns.servers import blocked_from_here, could_not_tell, unlisted, unseen_addresses
from checks.evidence.authority import NameServers, ServerAnswers, TransferAnswer, ZoneTransfers
from checks.evidence.dns import Delegation
from checks.evidence.lookups import Reach

CLOSED = passed("closed")
OPEN = failed("open")


def judge(evidence: Evidence) -> Iterator[Verdict]:
    """One verdict about the zone's servers."""
    transfers = evidence.part(ZoneTransfers)
    missing = unlisted(evidence) if transfers.stated else Verdict(NOT_STATED, evidence.domain)
    if missing is not None:
        yield missing
        return
    known, answers = evidence.part(NameServers), evidence.part(ServerAnswers)
    facts: dict[str, Json] = {
        "zone": known.zone,
        "asked": [*transfers.answers],
        "open": [host for host, answer in transfers.answers.items() if answer.given],
    }
    if facts["open"]:
        yield Verdict(OPEN, evidence.domain, facts)
        return
    unseen = [*unseen_addresses(known.servers)]
    reasons = {host: _reason(answer, answers) for host, answer in transfers.answers.items()}
    unseen += [(host, reason) for host, reason in reasons.items() if reason is not None]
    yield blocked_from_here(evidence, facts) or could_not_tell(unseen, facts) or Verdict(CLOSED, evidence.domain, facts)


def _reason(answer: TransferAnswer, answers: ServerAnswers) -> Outcome | None:
    """Why it is not known that this server keeps the zone to itself; a refusal must be its own."""
    if answer.reach is not Reach.OK:
        return answer.reach.reason
    return None if answers.is_open_way(answer.address) else UNCLEAR_REPLY


CHECK = Check(
    "dns.zone_transfer",
    needs=(Delegation, NameServers, ServerAnswers, ZoneTransfers),
    outcomes=(CLOSED, OPEN),
    judge=judge,
)
