"""dns.dnssec: can a forged answer about the domain be told from a true one? (RFC 4033 to 4035)."""

from collections.abc import Iterator
from datetime import datetime

from checks.contract import Check, Evidence, Json, Outcome, Record, Verdict, failed, passed, unknown
from checks.evidence.dns import Delegation, ZoneSigning
from checks.evidence.lookups import Answer, Vantage
from checks.records.signed_answers import holds
from checks.records.zone_keys import Voucher, ZoneKey, entry_keys

SIGNED = passed("signed")
UNSIGNED = failed("unsigned")
NO_DS = failed("no-ds")
OUTDATED = failed("outdated")
BOGUS = failed("bogus")
NO_ZONE = unknown("no-zone")
NOT_VALIDATING = unknown("resolver-does-not-validate")
CHAIN_UNCLEAR = unknown("chain-unclear")


def judge(evidence: Evidence) -> Iterator[Verdict]:
    """One verdict about the zone that holds the domain."""
    signing, vantage = evidence.part(ZoneSigning), evidence.part(Vantage)
    if signing.zone is None or signing.keys is None or signing.vouchers is None:
        servers = evidence.part(Delegation).zone_servers
        yield Verdict(NO_ZONE if servers.answered else servers.reason, evidence.domain)
        return
    outcome = _outcome(signing, signing.keys, signing.vouchers, set(vantage.validating))
    facts = _facts(signing.zone, signing.samples, signing.keys, signing.vouchers)
    records = _vouchers_to_add(signing.zone, signing.keys) if outcome is NO_DS else ()
    yield Verdict(outcome, evidence.domain, facts, records)


def _outcome(signing: ZoneSigning, keys: Answer, vouchers: Answer, validating: set[str]) -> Outcome:
    soa = signing.samples[0]
    unanswered = [answer for answer in (soa, keys, vouchers) if not answer.answered]
    if unanswered:
        return unanswered[0].reason
    refused = [answer for answer in (*signing.samples, keys) if answer.bogus and answer.alias is None]
    if refused:
        proven = vouchers.records and not vouchers.bogus and _is_forged(refused, keys, vouchers, signing.seen_at)
        return BOGUS if proven else CHAIN_UNCLEAR
    if soa.authenticated:
        return SIGNED
    if not {answer.resolver for answer in (soa, keys, vouchers)} <= validating:
        return NOT_VALIDATING
    if not vouchers.records:
        return NO_DS if keys.records else UNSIGNED
    outdated = not any(Voucher.parse(text).current for text in vouchers.records)
    return OUTDATED if outdated and vouchers.authenticated else CHAIN_UNCLEAR


def _is_forged(refused: list[Answer], keys: Answer, vouchers: Answer, when: datetime) -> bool:
    """Whether our own look at the signatures agrees with the resolver that refused the answers."""
    if not keys.records:
        return True  # the parent vouches for a key, and the zone has none
    return any(answer.records and not holds(answer, keys, vouchers, when) for answer in refused)


def _facts(zone: str, samples: tuple[Answer, ...], keys: Answer, vouchers: Answer) -> dict[str, Json]:
    """`signed_until` is when the first of the signatures seen runs out; tags let an expert compare key and DS."""
    ends = [signature.expiration for answer in (*samples, keys) for signature in answer.signatures]
    return {
        "zone": zone,
        "signed_until": min(ends).isoformat() if ends else None,
        "key_tags": [*sorted({ZoneKey.parse(text).tag for text in keys.records})],
        "ds_key_tags": [*sorted({Voucher.parse(text).tag for text in vouchers.records})],
        "algorithms": [*sorted({ZoneKey.parse(text).algorithm for text in keys.records})],
    }


def _vouchers_to_add(zone: str, keys: Answer) -> tuple[Record, ...]:
    found = entry_keys(ZoneKey.parse(text) for text in keys.records)
    return tuple(Record("add", zone, "DS", key.voucher(zone)) for key in found)


CHECK = Check(
    "dns.dnssec",
    needs=(Delegation, ZoneSigning, Vantage),
    outcomes=(SIGNED, UNSIGNED, NO_DS, OUTDATED, BOGUS, NO_ZONE, NOT_VALIDATING, CHAIN_UNCLEAR),
    judge=judge,
)
