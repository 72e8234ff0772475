"""mail.spf_lookups: can receivers follow the SPF record within their limits? (RFC 7208, section 4.6.4)."""

from collections.abc import Iterator

from checks.contract import Check, Evidence, Json, Outcome, Record, Verdict, failed, not_applicable, passed, unknown
from checks.evidence.mail import MailRouting
from checks.evidence.spf import SpfPolicy
from checks.mail.usage import fallback_record
from checks.records.spf_repair import broken_branches, relieve
from checks.records.spf_tree import MAX_LOOKUPS, MAX_MAIL_HOSTS, MAX_VOID_LOOKUPS, Node, State

WITHIN_LIMIT = passed("within-limit")
TOO_MANY = failed("too-many")
LOOP = failed("loop")
TOO_MANY_MAIL_SERVERS = failed("too-many-mail-servers")
TOO_MANY_VOID = failed("too-many-void")
INCLUDE_SILENT = unknown("include-silent")
NO_SPF = not_applicable("no-spf")


def judge(evidence: Evidence) -> Iterator[Verdict]:
    """One verdict about the domain, counted for a sender that the record does not name: the worst case."""
    root = evidence.part(SpfPolicy).root
    if root.state is State.UNANSWERED:
        yield Verdict(root.answer.reason, evidence.domain)
    elif root.state is not State.VALID or broken_branches(root):
        yield Verdict(NO_SPF, evidence.domain)
    elif any(branch.loop for branch in root.below()):
        yield _over(evidence, root, LOOP)
    elif any(branch.term.name == "mx" and branch.mail_hosts > MAX_MAIL_HOSTS for branch in root.below()):
        yield _over(evidence, root, TOO_MANY_MAIL_SERVERS)
    elif root.lookups > MAX_LOOKUPS:
        yield _over(evidence, root, TOO_MANY)
    elif _silent(root):
        yield Verdict(INCLUDE_SILENT, evidence.domain, {**_facts(root), "silent": [*_silent(root)]})
    elif len(root.voids) > MAX_VOID_LOOKUPS:
        yield _over(evidence, root, TOO_MANY_VOID)
    else:
        yield Verdict(WITHIN_LIMIT, evidence.domain, _facts(root))


def _silent(root: Node) -> tuple[str, ...]:
    """The names without an answer that could tip the balance: policies always, addresses where enough are open."""
    policies = tuple(answer.name for answer in root.unanswered if answer.rdtype == "TXT")
    if policies or len(root.voids) > MAX_VOID_LOOKUPS:
        return policies
    others = tuple(answer.name for answer in root.unanswered)
    return others if len(root.voids) + len(others) > MAX_VOID_LOOKUPS else ()


def _facts(root: Node) -> dict[str, Json]:
    return {
        "record": root.texts[0],
        "lookups": root.lookups,
        "lookups_shown": f"{root.lookups}{'' if root.complete else '+'}",
        "limit": MAX_LOOKUPS,
        "void_names": [*root.voids],
        "void_count": len(root.voids),
        "costs": [f"{branch.term.text} ({branch.lookups})" for branch in root.branches],
    }


def _over(evidence: Evidence, root: Node, outcome: Outcome) -> Verdict:
    relief = relieve(root)
    facts: dict[str, Json] = {**_facts(root), "dropped": [term.text for term in relief.dropped]}
    text = relief.text or fallback_record(evidence.part(MailRouting))
    return Verdict(outcome, root.domain, facts, (Record("replace", root.domain, "TXT", text),))


CHECK = Check(
    "mail.spf_lookups",
    needs=(SpfPolicy, MailRouting),
    outcomes=(WITHIN_LIMIT, TOO_MANY, LOOP, TOO_MANY_MAIL_SERVERS, TOO_MANY_VOID, INCLUDE_SILENT, NO_SPF),
    judge=judge,
)
