"""mail.spf: does the domain say which servers may send its mail, in a form that receivers can use? (RFC 7208)."""

from collections.abc import Iterator

from checks.contract import Check, Evidence, Json, Record, Verdict, failed, info, passed
from checks.evidence.mail import MailRouting
from checks.evidence.spf import SpfPolicy
from checks.mail.usage import fallback_record, first_record, is_unused, names_nobody
from checks.records.spf import Directive, SpfRecord
from checks.records.spf_repair import broken_branches, broken_end, mend, merge, respelt, without
from checks.records.spf_tree import Branch, Node, State

VALID = passed("valid")
NOTHING_SENT = passed("nothing-sent")
USES_PTR = info("uses-ptr")
IS_ALIAS = info("is-alias")
ABSENT = failed("absent")
ABSENT_UNUSED = failed("absent-unused")
MISSPELT = failed("misspelt")
SEVERAL = failed("several")
SYNTAX_ERROR = failed("syntax-error")
INCLUDE_BROKEN = failed("include-broken")


def judge(evidence: Evidence) -> Iterator[Verdict]:
    """One verdict about the domain. An `include` that did not answer is left to mail.spf_lookups."""
    root = evidence.part(SpfPolicy).root
    routing = evidence.part(MailRouting)
    match root.state:
        case State.UNANSWERED:
            yield Verdict(root.answer.reason, evidence.domain)
        case State.NONE:
            yield _absent(root, routing)
        case State.SEVERAL:
            yield _several(root)
        case State.SYNTAX:
            yield _syntax_error(root, routing)
        case State.VALID:
            yield _valid(root, routing)


def _absent(root: Node, routing: MailRouting) -> Verdict:
    if root.answer.alias is not None:  # no other record can stand beside a CNAME (RFC 1034, section 3.6.2)
        return Verdict(IS_ALIAS, root.domain, {"alias": root.answer.alias})
    for text in root.answer.records:
        right = respelt(text)
        if right is not None:
            new = mend(right) or fallback_record(routing)
            records = (Record("remove", root.domain, "TXT", text), Record("add", root.domain, "TXT", new))
            return Verdict(MISSPELT, root.domain, {"record": text}, records)
    outcome = ABSENT_UNUSED if is_unused(routing) else ABSENT
    return Verdict(outcome, root.domain, {"record": None}, (Record("add", root.domain, "TXT", first_record(routing)),))


def _several(root: Node) -> Verdict:
    facts: dict[str, Json] = {"records": [*root.texts], "count": len(root.texts)}
    return Verdict(SEVERAL, root.domain, facts, (Record("replace", root.domain, "TXT", merge(root.texts)),))


def _syntax_error(root: Node, routing: MailRouting) -> Verdict:
    error = root.error
    assert error is not None  # noqa: S101 - what State.SYNTAX means
    new = mend(root.texts[0]) or fallback_record(routing)
    facts: dict[str, Json] = {
        "record": root.texts[0],
        "term": error.term,
        "reason": error.reason,
        "position": error.position,
    }
    return Verdict(SYNTAX_ERROR, root.domain, facts, (Record("replace", root.domain, "TXT", new),))


def _valid(root: Node, routing: MailRouting) -> Verdict:
    record = root.record
    assert record is not None  # noqa: S101 - what State.VALID means
    facts: dict[str, Json] = {"record": record.text}
    broken = broken_branches(root)
    if broken:
        return _broken(root, record, broken, routing)
    if any(isinstance(term, Directive) and term.name == "ptr" for term in record.evaluated):
        return Verdict(USES_PTR, root.domain, facts)
    return Verdict(NOTHING_SENT if names_nobody(record) else VALID, root.domain, facts)


def _broken(root: Node, record: SpfRecord, broken: tuple[Branch, ...], routing: MailRouting) -> Verdict:
    """An own zone's broken record is mended where it stands; a stranger's `include` can only be dropped."""
    end = broken_end(broken[0])
    assert end is not None  # noqa: S101 - what makes a branch broken
    facts: dict[str, Json] = {
        "record": record.text,
        "terms": [branch.term.text for branch in broken],
        "target": end.domain,
        "problem": end.state.value,
    }
    own = end.domain.endswith(f".{root.domain}") and len(broken) == 1 and end.state is not State.NONE
    mended = (mend(end.texts[0]) if len(end.texts) == 1 else merge(end.texts)) if own else None
    if mended is not None:
        fix = Record("replace", end.domain, "TXT", mended)
    else:
        left = without(record, (branch.term for branch in broken)) or fallback_record(routing)
        fix = Record("replace", root.domain, "TXT", left)
    return Verdict(INCLUDE_BROKEN, root.domain, facts, (fix,))


CHECK = Check(
    "mail.spf",
    needs=(SpfPolicy, MailRouting),
    outcomes=(
        VALID,
        NOTHING_SENT,
        USES_PTR,
        IS_ALIAS,
        ABSENT,
        ABSENT_UNUSED,
        MISSPELT,
        SEVERAL,
        SYNTAX_ERROR,
        INCLUDE_BROKEN,
    ),
    judge=judge,
)
