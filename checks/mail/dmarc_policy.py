"""mail.dmarc_policy: does the DMARC record ask receivers to stop forged mail? (RFC 9989, sections 4.7 and 4.10)."""

from collections.abc import Iterator, Sequence

from checks.contract import Check, Evidence, Json, Outcome, Record, Verdict, failed, not_applicable, passed
from checks.evidence.dmarc import DmarcWalk
from checks.evidence.mail import MailRouting
from checks.evidence.spf import SpfPolicy
from checks.mail.usage import has_inbox, is_unused, sends_nothing
from checks.records.dmarc import REPORTS_AT, DmarcRecord, compose, weaker
from checks.records.dmarc_discovery import Discovery, Step, discover

ENFORCED = passed("enforced")
NONE = failed("none")
NONE_UNUSED = failed("none-unused")
TEST_MODE = failed("test-mode")
PARTLY = failed("partly")
WEAKER_SUBDOMAINS = failed("weaker-subdomains")
NO_DMARC = not_applicable("no-dmarc")


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
        yield _policy(evidence, found, found.step, record)


def _policy(evidence: Evidence, found: Discovery, step: Step, record: DmarcRecord) -> Verdict:
    outcome = _outcome(evidence, found, record)
    facts: dict[str, Json] = {
        "record": record.text,
        "policy": found.policy,
        "subdomain_policy": record.subdomain_policy,
        "nowhere_policy": record.nowhere_policy,
        "testing": record.testing,
        "share": record.share,
        "found_at": step.domain,
    }
    if outcome is ENFORCED:
        return Verdict(outcome, evidence.domain, facts)
    policy = _next_policy(outcome, found.policy)
    facts["next_policy"] = policy
    fix = _own(evidence, record, policy) if found.inherited else _replaced(evidence, step, record, policy)
    return Verdict(outcome, evidence.domain, facts, (fix,))


def _outcome(evidence: Evidence, found: Discovery, record: DmarcRecord) -> Outcome:
    if found.policy == "none":
        spf = evidence.part(SpfPolicy).root
        silent = is_unused(evidence.part(MailRouting)) and sends_nothing(spf)
        return NONE_UNUSED if silent else NONE
    if record.testing:
        return TEST_MODE
    if record.share < 100:  # noqa: PLR2004 - per cent
        return PARTLY
    open_below = "none" in {record.subdomain_policy, record.nowhere_policy}
    if open_below and not found.inherited and _rules_below(evidence.part(DmarcWalk).steps, record):
        return WEAKER_SUBDOMAINS
    return ENFORCED


def _rules_below(steps: Sequence[Step], record: DmarcRecord) -> bool:
    """Whether the record's `sp` and `np` are looked at: not where an organisation above has a record (section 4.7)."""
    if record.boundary == "n":
        return True
    for step in steps[1:]:
        if not step.answer.answered:
            return False
        if step.record is not None:
            return step.record.boundary == "y"
    return True


def _next_policy(outcome: Outcome, policy: str) -> str:
    if outcome is NONE:
        return "quarantine"
    return "reject" if outcome is NONE_UNUSED else policy


def _replaced(evidence: Evidence, step: Step, record: DmarcRecord, policy: str) -> Record:
    """The record with the next policy, for subdomains too, and without test mode."""
    kept = {name: value for name, value in record.tags.items() if name not in {"p", "t"}}
    for name in ("sp", "np"):
        if name in kept and weaker(kept[name], policy):
            del kept[name]
    if not record.reports_to:
        kept.pop("rua", None)
        kept |= _reports(evidence)
    return Record("replace", step.answer.alias or f"_dmarc.{step.domain}", "TXT", compose({"p": policy, **kept}))


def _own(evidence: Evidence, record: DmarcRecord, policy: str) -> Record:
    """A record of the domain's own, so that nothing changes for the rest of the organisation."""
    inherited = record.boundary != "y" and record.reports_to
    reports = {"rua": ",".join(record.reports_to)} if inherited else _reports(evidence)
    return Record("add", f"_dmarc.{evidence.domain}", "TXT", compose({"p": policy, **reports}))


def _reports(evidence: Evidence) -> dict[str, str]:
    return {"rua": f"mailto:{REPORTS_AT}@{evidence.domain}"} if has_inbox(evidence.part(MailRouting)) else {}


CHECK = Check(
    "mail.dmarc_policy",
    needs=(DmarcWalk, SpfPolicy, MailRouting),
    outcomes=(ENFORCED, NONE, NONE_UNUSED, TEST_MODE, PARTLY, WEAKER_SUBDOMAINS, NO_DMARC),
    judge=judge,
)
