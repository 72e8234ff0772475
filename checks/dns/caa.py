"""dns.caa: does the domain say who may issue certificates for it? (RFC 8659)."""

from collections.abc import Iterable, Iterator, Sequence

from checks.contract import Check, Evidence, Json, Outcome, Record, Verdict, failed, info, passed
from checks.evidence.dns import AuthorityLimits
from checks.evidence.tls import Trust
from checks.evidence.web import WebHost, WebHosts
from checks.records.caa import Limit, identifier_of

PRESENT = passed("present")
ABSENT = failed("absent")
NAMES_NOBODY = failed("names-nobody")
BLOCKS_RENEWAL = failed("blocks-renewal")
NOT_UNDERSTOOD = failed("not-understood")
MALFORMED = failed("malformed")
FORBIDS_ALL = info("forbids-all")


def judge(evidence: Evidence) -> Iterator[Verdict]:
    """One verdict about the records that count for the domain: its own, or those of a larger one."""
    found = evidence.part(AuthorityLimits).relevant
    if not found.answered:
        yield Verdict(found.reason, evidence.domain)
        return
    limits = [Limit.parse(text) for text in found.records]
    web = evidence.part(WebHosts)
    own = _authorities_of(host for host in web.hosts if host.host == evidence.domain)
    in_use = _authorities_of(web.hosts)
    outcome = _outcome(limits, has_certificate=bool(own))
    facts: dict[str, Json] = {
        "at": found.name if found.records else evidence.domain,
        "records": [*found.records],
        "authorities": [*sorted({limit.issuer for limit in limits if limit.tag == "issue" and limit.issuer})],
        "certificate_from": [*sorted(in_use)],
    }
    yield Verdict(outcome, evidence.domain, facts, _records(outcome, evidence.domain, in_use, found.records))


def _outcome(limits: list[Limit], *, has_certificate: bool) -> Outcome:
    """Only `issue` speaks of ordinary names; a set without it limits nothing but wildcards (section 4.2)."""
    issue = [limit for limit in limits if limit.tag == "issue"]
    if any(limit.stops_everyone for limit in limits):
        return NOT_UNDERSTOOD
    if not issue:
        return NAMES_NOBODY if limits else ABSENT
    if any(limit.issuer for limit in issue):
        return PRESENT
    if any(limit.malformed for limit in issue):
        return MALFORMED
    return BLOCKS_RENEWAL if has_certificate else FORBIDS_ALL


def _authorities_of(hosts: Iterable[WebHost]) -> set[str]:
    """Who issued the trusted certificates that these hosts serve.

    A www name at another company may have a limit of its own, so its certificate proves no fault of the domain's;
    where it has none, the domain's limit holds for it too (section 3), so that a record must not leave it out.
    """
    shaken = (door.https.handshake for host in hosts for door in host.doors if door.https.handshake)
    return {hand.leaf.authority for hand in shaken if hand.trust is Trust.TRUSTED and hand.leaf}


def _records(outcome: Outcome, domain: str, in_use: set[str], texts: Sequence[str]) -> tuple[Record, ...]:
    """Records that let today's authorities go on; none at all where one of them is not known by its CAA name.

    Where they replace others, what is right among those stays: the authorities of mail servers and other names.
    """
    names = {identifier_of(authority) for authority in in_use}
    if outcome in {PRESENT, FORBIDS_ALL} or not names or None in names:
        return ()
    replaces = outcome not in {ABSENT, NAMES_NOBODY}
    kept = [text for text in texts if _is_right(Limit.parse(text))] if replaces else []
    known = {Limit.parse(text).issuer for text in kept if Limit.parse(text).tag == "issue"}
    values = [*(f'0 issue "{name}"' for name in sorted(filter(None, names - known))), *kept]
    actions = ["replace" if replaces else "add", *("add" for _ in values[1:])]
    return tuple(Record(action, domain, "CAA", value) for action, value in zip(actions, values, strict=True))


def _is_right(limit: Limit) -> bool:
    return not limit.stops_everyone and (limit.tag != "issue" or limit.issuer is not None)


CHECK = Check(
    "dns.caa",
    needs=(AuthorityLimits, WebHosts),
    outcomes=(PRESENT, ABSENT, NAMES_NOBODY, BLOCKS_RENEWAL, NOT_UNDERSTOOD, MALFORMED, FORBIDS_ALL),
    judge=judge,
)
