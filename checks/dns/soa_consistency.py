"""dns.soa_consistency: do all name servers tell the same edition of the zone? (RFC 1034, section 4.3.5).

Different serial numbers alone are no fault: two hosts may number apart on their own. What the servers tell visitors
and mail decides. The zone's own NS records are not compared: nobody who visits or writes notices a difference there.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import combinations

from checks.contract import ONE_NAME_SERVER, Check, Evidence, Json, Verdict, failed, info, passed
from checks.dns.servers import blocked_from_here, could_not_tell, unclear, unlisted, unseen_answers
from checks.evidence.authority import AskedServer, Contents, NameServers, ServerAnswers
from checks.evidence.dns import Delegation
from checks.records.serial import day_of, newest

SAME = passed("same")
DIFFERENT = failed("different")
JUST_CHANGED = info("just-changed")
NUMBERED_APART = info("numbered-apart")

_RECENT = timedelta(days=1)
"""Servers that fetch the zone by themselves do it within hours; a serial's day may be that of another time zone."""


def judge(evidence: Evidence) -> Iterator[Verdict]:
    """One verdict about those of the zone's servers that know it."""
    missing = unlisted(evidence)
    if missing is not None:
        yield missing
        return
    answers = evidence.part(ServerAnswers)
    serials = {server.host: _serials(server) for server in answers.servers if server.authoritative}
    facts: dict[str, Json] = {
        "zone": evidence.part(NameServers).zone,
        "serials": [f"{host} {serial}" for host, found in serials.items() for serial in sorted(found)],
    }
    every = set().union(*serials.values())
    if len(every) > 1:
        latest = newest(every)
        facts["behind"] = [host for host, found in serials.items() if found != {latest}]
        yield _compared(evidence, facts, recent=_is_recent(latest, answers.seen_at))
        return
    agreed = Verdict(SAME if len(serials) > 1 else ONE_NAME_SERVER, evidence.domain, facts)
    yield blocked_from_here(evidence, facts) or could_not_tell(unseen_answers(answers), facts) or agreed


def _compared(evidence: Evidence, facts: dict[str, Json], *, recent: bool) -> Verdict:
    """The verdict where serial numbers differ: only what differs with them is a fault."""
    contents = evidence.part(ServerAnswers).contents
    differing = _differing(contents)
    facts["differing"] = [*differing]
    if differing:
        return Verdict(JUST_CHANGED if recent else DIFFERENT, evidence.domain, facts)
    questions = {question for one in contents for question in one.told}
    missing = [(one.host, unclear([one.reach])) for one in contents if not one.told or questions - set(one.told)]
    return could_not_tell(missing, facts) or Verdict(NUMBERED_APART, evidence.domain, facts)


def _differing(contents: Sequence[Contents]) -> list[str]:
    """The questions that two servers answer differently."""
    pairs = [(one.told, other.told) for one, other in combinations(contents, 2)]
    found = (
        question
        for one, other in pairs
        for question in one
        if question in other and _differ(question, set(one[question]), set(other[question]))
    )
    return [*dict.fromkeys(found)]


def _differ(question: str, one: set[str], other: set[str]) -> bool:
    """Addresses differ where none is the same: some servers tell a few of many, in turn."""
    return one != other and (not question.endswith((" A", " AAAA")) or one.isdisjoint(other))


def _serials(server: AskedServer) -> set[int]:
    return {answer.serial for answer in server.answers if answer.serial is not None}


def _is_recent(serial: int, now: datetime) -> bool:
    day = day_of(serial)
    return day is not None and abs(now.date() - day) <= _RECENT


CHECK = Check(
    "dns.soa_consistency",
    needs=(Delegation, NameServers, ServerAnswers),
    outcomes=(SAME, DIFFERENT, JUST_CHANGED, NUMBERED_APART),
    judge=judge,
)
