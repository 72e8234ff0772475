"""What an SPF policy says about mail from a server that it does not name (RFC 7208, sections 4.7 and 5.1)."""

from msgspec import Struct
from msgspec.structs import replace

from checks.evidence.lookups import Answer
from checks.records.spf import Directive, SpfRecord, Term
from checks.records.spf_tree import Branch, Node, State


class Default(Struct, frozen=True):
    """How a policy ends for a stranger.

    `qualifier` is that of the term that matches everybody; None where no term does, which means neutral.
    `term` is that term, in the `record` of `domain`. `via` is the term of the starting record that led there, an
    `include` or a `redirect`; None where it is in the starting record itself.
    `unanswered` is the question behind a `redirect` that had no answer; then nothing else is known.
    `open_end`: the `redirect` depends on the sender.
    """

    domain: str
    record: SpfRecord
    qualifier: str | None = None
    term: Term | None = None
    via: Term | None = None
    unanswered: Answer | None = None
    open_end: bool = False


def default(node: Node) -> Default:
    """The end of a policy. Raises ValueError where `node` is not VALID."""
    if node.record is None:
        raise ValueError(node.state)
    behind = {branch.term.position: branch for branch in node.branches}
    for term in node.record.evaluated:
        branch = behind.get(term.position)
        if isinstance(term, Directive):
            end = _end_at(term, branch, node.domain, node.record)
        else:
            end = _redirected(term, branch, node.domain, node.record)
        if end:
            return end
    return Default(node.domain, node.record)


def _redirected(term: Term, branch: Branch | None, domain: str, record: SpfRecord) -> Default | None:
    if branch is None or branch.node is None:
        return Default(domain, record, via=term, open_end=True)
    if branch.node.state is State.UNANSWERED:
        return Default(domain, record, via=term, unanswered=branch.node.answer)
    return replace(default(branch.node), via=term) if branch.node.state is State.VALID else None


def _end_at(term: Directive, branch: Branch | None, domain: str, record: SpfRecord) -> Default | None:
    """The end of the policy, if this mechanism matches every sender."""
    if term.name == "include":
        node = branch.node if branch else None
        inner = default(node) if node is not None and node.state is State.VALID else None
        return replace(inner, qualifier=term.qualifier, via=term) if inner and inner.qualifier == "+" else None
    if _matches_everybody(term, branch):
        return Default(domain, record, term.qualifier, term)
    return None


def _matches_everybody(term: Directive, branch: Branch | None) -> bool:
    if term.network is not None:
        return term.network.prefixlen == 0
    if term.name in {"a", "mx"} and branch is not None:
        return term.prefix4 == 0 and not branch.voids and not branch.unanswered
    return term.name == "all"
