"""dns.caa: does the domain say who may issue certificates for it? (RFC 8659)."""

from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from checks.contract import Check, Evidence, Json, Outcome, Record, Verdict, failed, info, passed
from checks.evidence.dns import AuthorityLimits
from checks.evidence.lookups import Answer
from checks.evidence.tls import Trust
from checks.evidence.web import WebHosts
from checks.records.caa import Limit, identifiers_of

PRESENT = passed("present")
ABSENT = failed("absent")
NAMES_NOBODY = failed("names-nobody")
NAMES_ANOTHER = failed("names-another")
BLOCKS_RENEWAL = failed("blocks-renewal")
NOT_UNDERSTOOD = failed("not-understood")
MALFORMED = failed("malformed")
FORBIDS_ALL = info("forbids-all")
ONLY_WILDCARDS = info("only-wildcards")

_ADDS = {ABSENT, NAMES_NOBODY, NAMES_ANOTHER}
_REPLACES = {BLOCKS_RENEWAL, NOT_UNDERSTOOD, MALFORMED}


class _Authorities(Struct, frozen=True):
    """Who issued the trusted certificates that are served: for the domain's own name, and for all its hosts."""

    own: frozenset[str]
    everywhere: frozenset[str]


def judge(evidence: Evidence) -> Iterator[Verdict]:
    """One verdict about the records that count for the domain: its own, or those of a larger one."""
    limits = evidence.part(AuthorityLimits)
    found = limits.relevant
    if not found.answered:
        yield Verdict(found.reason, evidence.domain)
        return
    parsed = [Limit.parse(text) for text in found.records]
    in_use = _in_use(evidence.part(WebHosts), evidence.domain)
    outcome = _outcome(parsed, in_use.own)
    facts: dict[str, Json] = {
        "at": found.name if found.records else evidence.domain,
        "records": [*found.records],
        "authorities": _named(parsed, "issue"),
        "wildcard_authorities": _named(parsed, "issuewild"),
        "certificate_from": [*sorted(in_use.everywhere)],
        "left_out": [*sorted(_left_out(parsed, in_use.own))],
    }
    is_alias = limits.answers[0].alias is not None  # nothing can stand beside a CNAME (RFC 1034, section 3.6.2)
    records = () if is_alias or found.alias else _records(outcome, evidence.domain, in_use, found)
    yield Verdict(outcome, evidence.domain, facts, records)


def _outcome(limits: list[Limit], own: frozenset[str]) -> Outcome:
    """Only `issue` speaks of ordinary names; a set without it limits nothing but wildcards (section 4.2)."""
    issue = [limit for limit in limits if limit.tag == "issue"]
    if any(limit.stops_everyone for limit in limits):
        return NOT_UNDERSTOOD
    if not issue:
        return NAMES_NOBODY if limits else ABSENT
    if any(limit.issuer for limit in issue):
        return NAMES_ANOTHER if _left_out(limits, own) else PRESENT
    if any(limit.malformed for limit in issue):
        return MALFORMED
    if own:
        return BLOCKS_RENEWAL
    return ONLY_WILDCARDS if _named(limits, "issuewild") else FORBIDS_ALL


def _named(limits: Iterable[Limit], tag: str) -> list[Json]:
    return [*sorted({limit.issuer for limit in limits if limit.tag == tag and limit.issuer})]


def _left_out(limits: Iterable[Limit], own: frozenset[str]) -> set[str]:
    """The authorities in use that go by none of the names allowed; one whose names we do not know may be allowed."""
    allowed = set(_named(limits, "issue"))
    known = ((authority, identifiers_of(authority)) for authority in own)
    return {authority for authority, names in known if names and allowed.isdisjoint(names)}


def _in_use(web: WebHosts, domain: str) -> _Authorities:
    """Who certifies the domain and its hosts today.

    A www name at another company may have a limit of its own, so its certificate proves no fault of the domain's;
    where it has none, the domain's limit holds for it too (section 3), so that a record must not leave it out. A
    wildcard certificate follows the limit of the name above (section 4.3), so only one with the very name counts.
    """
    shaken = [(host, door.https.handshake) for host in web.hosts for door in host.doors if door.https.handshake]
    seen = [(host, hand.leaf) for host, hand in shaken if hand.trust is Trust.TRUSTED and hand.leaf]
    own = {leaf.authority for host, leaf in seen if host.host == domain in leaf.names}
    return _Authorities(frozenset(own), frozenset(leaf.authority for _, leaf in seen))


def _records(outcome: Outcome, domain: str, in_use: _Authorities, found: Answer) -> tuple[Record, ...]:
    """Records that let today's authorities go on; none at all where one of them is not known by its CAA name.

    Where they replace others, what is right among those stays: the authorities of mail servers and other names.
    """
    names = {identifiers_of(authority)[:1] for authority in in_use.everywhere}
    if not names or () in names:
        return ()
    kept = [text for text in found.records if _is_right(Limit.parse(text))]
    wanted = {authority for authority in in_use.everywhere if not _allowed(authority, kept)}
    values = [f'0 issue "{name}"' for name in sorted({identifiers_of(authority)[0] for authority in wanted})]
    if outcome in _ADDS:
        at = found.name if outcome is NAMES_ANOTHER else domain
        return tuple(Record("add", at, "CAA", value) for value in values)
    return _replacing(domain, [*values, *kept]) if outcome in _REPLACES else ()


def _replacing(domain: str, values: Sequence[str]) -> tuple[Record, ...]:
    actions = ["replace", *("add" for _ in values[1:])]
    return tuple(Record(action, domain, "CAA", value) for action, value in zip(actions, values, strict=True))


def _allowed(authority: str, texts: Iterable[str]) -> bool:
    return not _left_out([Limit.parse(text) for text in texts], frozenset({authority}))


def _is_right(limit: Limit) -> bool:
    return not limit.stops_everyone and (limit.tag != "issue" or limit.issuer is not None)


CHECK = Check(
    "dns.caa",
    needs=(AuthorityLimits, WebHosts),
    outcomes=(
        PRESENT,
        ABSENT,
        NAMES_NOBODY,
        NAMES_ANOTHER,
        BLOCKS_RENEWAL,
        NOT_UNDERSTOOD,
        MALFORMED,
        FORBIDS_ALL,
        ONLY_WILDCARDS,
    ),
    judge=judge,
)
