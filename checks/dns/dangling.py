"""dns.dangling: does a record lead to a name that somebody else could take? (RFC 1034, section 3.6; RFC 8020)."""

from collections.abc import Iterator, Sequence

from checks.contract import DNS_FAILED, Check, Evidence, Json, Record, Verdict, failed, passed
from checks.evidence.dead_ends import DeadEnd, DeadEnds
from checks.evidence.registration import Register
from checks.records.claimable import service_of
from checks.records.registries import is_open_to_all

NOTHING_LOOSE = passed("nothing-loose")
TO_BE_TAKEN = failed("to-be-taken")
LEADS_NOWHERE = failed("leads-nowhere")

_EVERYDAY = ("", "www.", "mail.", "autodiscover.", "*.")
"""Before the domain's name: where people and programs look. Of others only a takeover matters; the checks of mail
servers, sender policies and keys tell what else is wrong with those."""


def judge(evidence: Evidence) -> Iterator[Verdict]:
    """One verdict about all records that lead nowhere: those that others can take over come first."""
    found, domain = evidence.part(DeadEnds), evidence.domain
    states = [(end, _can_be_taken(end)) for end in found.ends]
    taken = [end for end, can in states if can]
    nowhere = [end for end in found.ends if _leads_nowhere(end, domain)]
    if taken:
        yield Verdict(TO_BE_TAKEN, domain, _facts(taken), _removals(taken))
    elif nowhere:
        yield Verdict(LEADS_NOWHERE, domain, _facts(nowhere), _removals(nowhere))
    elif found.unanswered:
        yield Verdict(found.unanswered[0].reason, domain)
    elif any(can is None for _, can in states):
        yield Verdict(DNS_FAILED, domain)
    else:
        yield Verdict(NOTHING_LOOSE, domain)


def _can_be_taken(end: DeadEnd) -> bool | None:
    """Whether anybody could get the missing name: by registering it, or at the hosting service. None: not proven.

    The resolver's word alone is no proof that a name is free: it may hide one, and a name that the registry knows is
    somebody's although the name service does not know it. So where a registry can be asked, only its word counts.
    """
    vacancy = end.vacancy
    if vacancy is None:
        return False
    if not is_open_to_all(vacancy.name.partition(".")[2]):
        return service_of(end.target) is not None and vacancy.name == end.target and not end.reserved
    if vacancy.register is Register.FOUND or vacancy.denied is False:
        return False
    free = vacancy.register is Register.NOT_FOUND or (vacancy.register is Register.SILENT and vacancy.denied)
    return True if free else None


def _leads_nowhere(end: DeadEnd, domain: str) -> bool:
    everyday = end.rdtype == "CNAME" and end.owner in {f"{label}{domain}" for label in _EVERYDAY}
    return everyday or end.rdtype == "NS"


def _facts(ends: Sequence[DeadEnd]) -> dict[str, Json]:
    return {
        "concerned": [*dict.fromkeys(end.owner for end in ends)],
        "kinds": [*dict.fromkeys("SPF" if end.rdtype == "TXT" else end.rdtype for end in ends)],
        "targets": [*dict.fromkeys(end.target for end in ends)],
        "missing": [*dict.fromkeys(end.vacancy.name if end.vacancy else end.target for end in ends)],
    }


def _removals(ends: Sequence[DeadEnd]) -> tuple[Record, ...]:
    """The aliases to take away. None at all where other records are concerned too: those leave a choice."""
    if any(end.rdtype != "CNAME" for end in ends):
        return ()
    return tuple(Record("remove", end.owner, "CNAME", end.value) for end in ends)


CHECK = Check(
    "dns.dangling",
    needs=(DeadEnds,),
    outcomes=(NOTHING_LOOSE, TO_BE_TAKEN, LEADS_NOWHERE),
    judge=judge,
)
