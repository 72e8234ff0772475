"""mail.dmarc: is there a DMARC record that receivers apply to mail in the domain's name? (RFC 9989)."""

from collections.abc import Iterator

from checks.contract import Check, Evidence, Json, Outcome, Record, Verdict, failed, passed
from checks.evidence.dmarc import DmarcWalk
from checks.evidence.mail import MailRouting
from checks.evidence.spf import SpfPolicy
from checks.mail.usage import has_inbox, is_unused, sends_nothing
from checks.records.dmarc import REPORTS_AT, compose, looks_like_dmarc, parse, respelt
from checks.records.dmarc_discovery import Step, discover

PRESENT = passed("present")
INHERITED = passed("inherited")
ABSENT = failed("absent")
ABSENT_NO_INBOX = failed("absent-no-inbox")
ABSENT_UNUSED = failed("absent-unused")
SEVERAL = failed("several")
INVALID = failed("invalid")
MISPLACED = failed("misplaced")


def judge(evidence: Evidence) -> Iterator[Verdict]:
    """One verdict about the domain. What the record asks for is judged by mail.dmarc_policy."""
    own = evidence.part(DmarcWalk).steps[0]
    found = discover(evidence.part(DmarcWalk).steps)
    if found.unanswered and len(own.texts) <= 1:
        yield Verdict(found.unanswered.reason, evidence.domain)
    elif len(own.texts) > 1:
        facts: dict[str, Json] = {"records": [*own.texts], "count": len(own.texts)}
        yield Verdict(SEVERAL, evidence.domain, facts, (_change(evidence, "replace", own.texts[0]),))
    elif found.step and found.step.record and found.step.record.usable:
        facts = {"record": found.step.record.text, "policy": found.policy, "found_at": found.step.domain}
        yield Verdict(INHERITED if found.inherited else PRESENT, evidence.domain, facts)
    elif own.record:
        facts = {"record": own.record.text, "invalid": [*own.record.invalid], "repeated": [*own.record.repeated]}
        yield Verdict(INVALID, evidence.domain, facts, (_change(evidence, "replace", own.record.text),))
    else:
        yield _missing(evidence, own)


def _missing(evidence: Evidence, own: Step) -> Verdict:
    """No record that counts: perhaps it is misspelt, or stands at the domain itself; else there is none."""
    place = f"_dmarc.{evidence.domain}"
    for outcome, name, texts in (
        (INVALID, place, own.answer.records),
        (MISPLACED, evidence.domain, evidence.part(SpfPolicy).root.answer.records),
    ):
        for text in filter(looks_like_dmarc, texts):
            records = (Record("remove", name, "TXT", text), _change(evidence, "add", text))
            return Verdict(outcome, evidence.domain, {"record": text, "place": place}, records)
    return Verdict(_absence(evidence), evidence.domain, {"record": None}, (_change(evidence, "add", ""),))


def _absence(evidence: Evidence) -> Outcome:
    if _is_silent(evidence):
        return ABSENT_UNUSED
    return ABSENT if has_inbox(evidence.part(MailRouting)) else ABSENT_NO_INBOX


def _is_silent(evidence: Evidence) -> bool:
    """Whether nothing speaks for any mail in the domain's name, in or out."""
    spf = evidence.part(SpfPolicy).root
    return is_unused(evidence.part(MailRouting)) and sends_nothing(spf)


def _change(evidence: Evidence, action: str, meant: str) -> Record:
    """The first step: it stops no mail, since nothing did so far. A domain without mail can refuse all at once.

    Report addresses that somebody had in mind are kept.
    """
    domain = evidence.domain
    reports = respelt(meant).reports_to or parse(meant).reports_to
    if not reports and has_inbox(evidence.part(MailRouting)):
        reports = (f"mailto:{REPORTS_AT}@{domain}",)
    tags = {"p": "reject" if _is_silent(evidence) else "none"}
    if reports:
        tags["rua"] = ",".join(reports)
    return Record(action, f"_dmarc.{domain}", "TXT", compose(tags))


CHECK = Check(
    "mail.dmarc",
    needs=(DmarcWalk, SpfPolicy, MailRouting),
    outcomes=(PRESENT, INHERITED, ABSENT, ABSENT_NO_INBOX, ABSENT_UNUSED, SEVERAL, INVALID, MISPLACED),
    judge=judge,
)
