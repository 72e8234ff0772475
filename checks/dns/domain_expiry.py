"""dns.domain_expiry: until when is the domain registered? (RFC 9083, section 4.5)."""

from collections.abc import Iterator
from datetime import timedelta

from checks.contract import OUR_ERROR, Check, Evidence, Json, Verdict, failed, not_applicable, passed
from checks.evidence.registration import Register, Registration
from checks.records.rdap import RdapDomain

REGISTERED = passed("registered")
ENDS_SOON = failed("ends-soon")
BEING_REMOVED = failed("being-removed")
NOT_TOLD = not_applicable("not-told")
PART_OF_ANOTHER = not_applicable("part-of-another")

NOTICE = timedelta(days=30)
_REMOVED = {"redemption period", "pending delete"}
"""What a registry says of a name that its holder has lost already, but can perhaps still get back (RFC 8056)."""


def judge(evidence: Evidence) -> Iterator[Verdict]:
    """One verdict about the registration of the domain itself."""
    seen = evidence.part(Registration)
    name = ".".join(evidence.domain.split(".")[-2:])
    if seen.register is Register.SUBDOMAIN:
        yield Verdict(PART_OF_ANOTHER, evidence.domain, {"registered_name": name})
    elif seen.register is Register.UNSEEN:
        yield Verdict(seen.reason or OUR_ERROR, evidence.domain)
    elif seen.domain is None:
        yield Verdict(NOT_TOLD, evidence.domain, {"tld": name.rpartition(".")[2]})
    else:
        yield _of(evidence.domain, seen.domain, seen)


def _of(domain: str, found: RdapDomain, seen: Registration) -> Verdict:
    statuses: list[Json] = [*found.statuses]
    expires = None if found.expires is None else found.expires.isoformat()
    if _REMOVED & set(found.statuses):
        return Verdict(BEING_REMOVED, domain, {"statuses": statuses, "expires": expires})
    if found.expires is None:
        return Verdict(NOT_TOLD, domain, {"tld": domain.rpartition(".")[2], "statuses": statuses})
    left = found.expires - seen.seen_at
    facts: dict[str, Json] = {"expires": expires, "days_left": left.days, "statuses": statuses}
    return Verdict(ENDS_SOON if left < NOTICE else REGISTERED, domain, facts)


CHECK = Check(
    "dns.domain_expiry",
    needs=(Registration,),
    outcomes=(REGISTERED, ENDS_SOON, BEING_REMOVED, NOT_TOLD, PART_OF_ANOTHER),
    judge=judge,
)
