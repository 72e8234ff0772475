"""dns.soa_consistency: do all name servers tell the same edition of the zone? (RFC 1034, section 4.3.5)."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from checks.contract import ONE_NAME_SERVER, Check, Evidence, Json, Verdict, failed, info, passed
from checks.dns.servers import blocked_from_here, could_not_tell, unlisted, unseen_answers
from checks.evidence.authority import AskedServer, NameServers, ServerAnswers
from checks.evidence.dns import Delegation
from checks.records.serial import day_of, newest

SAME = passed("same")
DIFFERENT = failed("different")
JUST_CHANGED = info("just-changed")

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
        recent = _is_recent(latest, answers.seen_at)
        yield Verdict(JUST_CHANGED if recent else DIFFERENT, evidence.domain, facts)
        return
    agreed = Verdict(SAME if len(serials) > 1 else ONE_NAME_SERVER, evidence.domain, facts)
    yield blocked_from_here(evidence, facts) or could_not_tell(unseen_answers(answers), facts) or agreed


def _serials(server: AskedServer) -> set[int]:
    return {answer.serial for answer in server.answers if answer.serial is not None}


def _is_recent(serial: int, now: datetime) -> bool:
    day = day_of(serial)
    return day is not None and abs(now.date() - day) <= _RECENT


CHECK = Check(
    "dns.soa_consistency",
    needs=(Delegation, NameServers, ServerAnswers),
    outcomes=(SAME, DIFFERENT, JUST_CHANGED),
    judge=judge,
)
