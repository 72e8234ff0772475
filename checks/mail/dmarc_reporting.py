"""mail.dmarc_reporting: do reports about mail in the domain's name reach somebody? (RFC 9990; RFC 9991)."""

from collections.abc import Iterator, Mapping

from checks.contract import Check, Evidence, Json, Outcome, Record, Verdict, failed, info, not_applicable, passed
from checks.evidence.dmarc import DmarcReportHosts, DmarcWalk
from checks.evidence.lookups import Answer
from checks.evidence.mail import MailRouting
from checks.mail.usage import has_inbox
from checks.records.dmarc import REPORTS_AT, DmarcRecord, compose, is_dmarc
from checks.records.dmarc_discovery import Discovery, Step, discover
from checks.records.dmarc_reports import daily, destinations, organization, repaired, unusable, without

REPORTED = passed("reported")
ABSENT = failed("absent")
MALFORMED = failed("malformed")
NOT_ALLOWED = failed("not-allowed")
NOT_TAKEN = failed("not-taken")
NO_INBOX = info("no-inbox")
NO_DMARC = not_applicable("no-dmarc")

_ALL = 100
"""Per cent."""


def judge(evidence: Evidence) -> Iterator[Verdict]:
    """One verdict about the domain, from its own record or the one it inherits."""
    steps = evidence.part(DmarcWalk).steps
    found = discover(steps)
    record = found.step.record if found.step else None
    if found.unanswered and len(steps[0].texts) <= 1:
        yield Verdict(found.unanswered.reason, evidence.domain)
    elif found.step is None or record is None or not record.usable or len(steps[0].texts) > 1:
        yield Verdict(NO_DMARC, evidence.domain)
    else:
        yield _of(evidence, found, found.step, record)


def _of(evidence: Evidence, found: Discovery, step: Step, record: DmarcRecord) -> Verdict:
    facts: dict[str, Json] = {
        "record": record.text,
        "found_at": step.domain,
        "addresses": [each.uri for each in destinations(record)],
        "unusable": [*unusable(record)],
        "address": f"{REPORTS_AT}@{evidence.domain}",
    }
    if found.inherited and record.boundary == "y":  # a registry's: its reports are not the firm's
        return _absent(evidence, found, step, record, facts)
    if unusable(record):
        return Verdict(MALFORMED, evidence.domain, facts, _mended(evidence, step, record, repaired(record)))
    if not daily(record):
        return _absent(evidence, found, step, record, facts)
    return _destined(evidence, step, record, facts)


def _absent(
    evidence: Evidence, found: Discovery, step: Step, record: DmarcRecord, facts: Mapping[str, Json]
) -> Verdict:
    if not has_inbox(evidence.part(MailRouting)):
        return Verdict(NO_INBOX, evidence.domain, facts)
    if not found.inherited:
        return Verdict(ABSENT, evidence.domain, facts, _mended(evidence, step, record, {}))
    kept = {name: record.tags[name] for name in ("t", "adkim", "aspf") if name in record.tags}
    own = compose({"p": found.policy, "rua": _own_address(evidence), **kept})
    records = (Record("add", f"_dmarc.{evidence.domain}", "TXT", own),) if record.share == _ALL else ()
    return Verdict(ABSENT, evidence.domain, facts, records)


def _destined(evidence: Evidence, step: Step, record: DmarcRecord, facts: dict[str, Json]) -> Verdict:
    """Whether mail to each address arrives somewhere, within the organisation or where the reports are welcome."""
    walk = evidence.part(DmarcWalk).steps
    own = organization(walk[[each.domain for each in walk].index(step.domain) :])
    states = {host: _state(evidence, own, host) for host in dict.fromkeys(each.host for each in destinations(record))}
    lost = [host for host, state in states.items() if state in {NOT_ALLOWED, NOT_TAKEN}]
    for outcome in (NOT_ALLOWED, NOT_TAKEN):
        concerned = [host for host in lost if states[host] is outcome]
        if concerned:
            facts |= {
                "hosts": [*concerned],
                "concerned": [each.uri for each in destinations(record) if each.host in concerned],
                "places": [f"{step.domain}._report._dmarc.{host}" for host in concerned],
            }
            return Verdict(outcome, evidence.domain, facts, _mended(evidence, step, record, without(record, lost)))
    outcome = next((state for state in states.values() if state is not REPORTED), REPORTED)
    return Verdict(outcome, evidence.domain, facts)


def _state(evidence: Evidence, own: str, host: str) -> Outcome:
    seen = evidence.part(DmarcReportHosts).hosts.get(host)
    if seen is not None and seen.inbox.takes_no_mail:
        return NOT_TAKEN
    if seen is None or any(map(is_dmarc, seen.permission.records)):
        return REPORTED
    silent: list[Answer] = [step.answer for step in seen.steps if not step.answer.answered]
    if organization(seen.steps) == own:
        return REPORTED
    if not seen.permission.answered:
        return seen.permission.reason
    return silent[0].reason if silent else NOT_ALLOWED


def _mended(evidence: Evidence, step: Step, record: DmarcRecord, reports: Mapping[str, str]) -> tuple[Record, ...]:
    """The record with these report addresses, else with one of the domain's own; all else stays as it is.

    Nothing where it cannot be put in place: there is no address, the record stands in somebody else's zone, or it
    holds receivers of the old standard back (`pct`), which mail.dmarc_policy tells and mends.
    """
    place = step.answer.alias or f"_dmarc.{step.domain}"
    tags = {name: value for name, value in record.tags.items() if name not in {"rua", "ruf"}} | dict(reports)
    if "rua" not in tags and has_inbox(evidence.part(MailRouting)):
        tags["rua"] = _own_address(evidence)
    if "rua" not in tags or record.share != _ALL or not place.endswith(f".{step.domain}"):
        return ()
    return (Record("replace", place, "TXT", compose(tags)),)


def _own_address(evidence: Evidence) -> str:
    return f"mailto:{REPORTS_AT}@{evidence.domain}"


CHECK = Check(
    "mail.dmarc_reporting",
    needs=(DmarcWalk, DmarcReportHosts, MailRouting),
    outcomes=(REPORTED, ABSENT, MALFORMED, NOT_ALLOWED, NOT_TAKEN, NO_INBOX, NO_DMARC),
    judge=judge,
)
