"""mail.spf_all: does the SPF record turn strangers away at its end? (RFC 7208, sections 4.7, 5.1 and 6.1)."""

from collections.abc import Iterator

from checks.contract import Check, Evidence, Json, Record, Verdict, failed, not_applicable, passed, unknown
from checks.evidence.mail import MailRouting
from checks.evidence.spf import SpfPolicy
from checks.mail.usage import is_unused
from checks.records.spf_default import Default, default
from checks.records.spf_repair import broken_branches, closed
from checks.records.spf_tree import Node, State

STRICT = passed("strict")
SOFT = passed("soft")
ANYONE = failed("anyone")
NEUTRAL = failed("neutral")
MISSING = failed("missing")
DEPENDS_ON_SENDER = unknown("depends-on-sender")
NO_SPF = not_applicable("no-spf")

_BY_QUALIFIER = {"-": STRICT, "~": SOFT, "+": ANYONE, "?": NEUTRAL, None: MISSING}


def judge(evidence: Evidence) -> Iterator[Verdict]:
    """One verdict about the domain, its `redirect` followed and its `include`s looked into."""
    root = evidence.part(SpfPolicy).root
    if root.state is State.UNANSWERED:
        yield Verdict(root.answer.reason, evidence.domain)
    elif root.state is not State.VALID or broken_branches(root) or any(branch.loop for branch in root.below()):
        yield Verdict(NO_SPF, evidence.domain)
    else:
        yield _ended(root, default(root), evidence.part(MailRouting))


def _ended(root: Node, end: Default, routing: MailRouting) -> Verdict:
    facts: dict[str, Json] = {"record": root.texts[0], "found_at": end.domain}
    if end.unanswered:
        return Verdict(end.unanswered.reason, root.domain, facts)
    if end.open_end:
        return Verdict(DEPENDS_ON_SENDER, root.domain, facts)
    outcome = _BY_QUALIFIER[end.qualifier]
    if outcome in {STRICT, SOFT}:
        return Verdict(outcome, root.domain, facts)
    culprit = end.via or end.term
    facts["term"] = culprit.text if culprit else None
    return Verdict(outcome, root.domain, facts, (_repair(root, end, routing),))


def _repair(root: Node, end: Default, routing: MailRouting) -> Record:
    """The record at fault, corrected; where it is somebody else's, our own without what leads there."""
    assert root.record is not None  # noqa: S101 - what State.VALID means
    if end.domain == root.domain or end.domain.endswith(f".{root.domain}"):
        dropped = [end.term] if end.term else []
        last = "-all" if is_unused(routing) and _is_bare(end) else "~all"
        return Record("replace", end.domain, "TXT", closed(end.record, dropped, end=last))
    dropped = [end.via] if end.via and (end.via.name == "include" or end.qualifier == "+") else []
    return Record("replace", root.domain, "TXT", closed(root.record, dropped, keep_redirect=True))


def _is_bare(end: Default) -> bool:
    return all(term.name in {"all", "exp"} for term in end.record.terms)


CHECK = Check(
    "mail.spf_all",
    needs=(SpfPolicy, MailRouting),
    outcomes=(STRICT, SOFT, ANYONE, NEUTRAL, MISSING, DEPENDS_ON_SENDER, NO_SPF),
    judge=judge,
)
