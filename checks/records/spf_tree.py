"""The whole of an SPF policy: the domain's record and all it leads to, as a pure function of DNS answers.

Nobody's mail is evaluated here. The walk is that of a sender which matches nothing, the one that costs most
(RFC 7208, section 4.6.4), so its counts are what every receiver may have to do.
"""

from collections.abc import Iterator, Mapping, MutableMapping
from enum import StrEnum

from msgspec import Struct, field

from checks.evidence.lookups import Answer, Lookup
from checks.records.spf import SpfRecord, Term, is_spf, parse
from checks.records.spf_macros import SpfSyntaxError, query_name

Question = tuple[str, str]
"""A name, lower-case and without the last dot, and a record type."""

Parsed = MutableMapping[str, SpfRecord | SpfSyntaxError]
"""Records by their text, so that none is parsed twice."""

MAX_LOOKUPS = 10
MAX_VOID_LOOKUPS = 2
MAX_MAIL_HOSTS = 10
WALKED_TERMS = 25
"""How many of the domain's own costly terms are followed; whoever has more has to drop them anyway."""
WALKED_BELOW = MAX_LOOKUPS + 1
"""How many look-ups are followed below each of them: with more than ten it is over the limit all alone."""


class State(StrEnum):
    """What was found where an SPF record should be. All but VALID and UNANSWERED are a permanent error."""

    VALID = "valid"
    NONE = "none"
    SEVERAL = "several"
    SYNTAX = "syntax"
    UNANSWERED = "unanswered"


class Branch(Struct, frozen=True):
    """A term that costs a look-up, and what it leads to.

    `name` is the name it asks for, None where that depends on the sender or fits into no question. `node` is the
    policy behind an `include` or `redirect`. `voids` are the questions of this term alone that were answered with
    nothing, for IPv4 and IPv6 alike; `unanswered` those without an answer.
    """

    term: Term
    name: str | None
    node: "Node | None" = None
    loop: bool = False
    mail_hosts: int = 0
    voids: tuple[str, ...] = ()
    unanswered: tuple[Answer, ...] = ()

    @property
    def lookups(self) -> int:
        """This term's look-up and those of the policy behind it."""
        return 1 + (self.node.lookups if self.node else 0)

    @property
    def all_voids(self) -> tuple[str, ...]:
        """The void look-ups of this term and of the policy behind it."""
        return self.voids + (self.node.voids if self.node else ())

    @property
    def all_unanswered(self) -> tuple[Answer, ...]:
        """The questions without an answer, of this term and of the policy behind it."""
        return self.unanswered + (self.node.unanswered if self.node else ())


class Node(Struct, frozen=True):
    """One domain's policy. `texts` are all its SPF records, `record` the only one, if it follows the grammar."""

    domain: str
    state: State
    answer: Answer
    texts: tuple[str, ...] = ()
    record: SpfRecord | None = None
    error: SpfSyntaxError | None = None
    branches: tuple[Branch, ...] = ()

    @property
    def lookups(self) -> int:
        """How many terms that cost a look-up a receiver meets, this domain's own question left out.

        Where the policy is not `complete`, it is more than that, and more than allowed.
        """
        return sum(branch.lookups for branch in self.branches)

    @property
    def voids(self) -> tuple[str, ...]:
        """The names of all void look-ups."""
        return tuple(name for branch in self.branches for name in branch.all_voids)

    @property
    def unanswered(self) -> tuple[Answer, ...]:
        """The questions without an answer, the policy's own included."""
        own = (self.answer,) if self.state is State.UNANSWERED else ()
        return own + tuple(answer for branch in self.branches for answer in branch.all_unanswered)

    @property
    def complete(self) -> bool:
        """Whether every costly term was followed, so that the count is exact."""
        walked = self.record is None or len(self.branches) == len(self.record.costly)
        return walked and all(branch.node is None or branch.node.complete for branch in self.branches)

    def below(self) -> Iterator[Branch]:
        """Every branch of the whole tree, in the order of evaluation."""
        for branch in self.branches:
            yield branch
            if branch.node:
                yield from branch.node.below()


class Walk(Struct, frozen=True):
    """A policy as far as the answers go, and the questions whose answers would lead further."""

    root: Node
    wanted: frozenset[Question]


class _Walker(Struct, eq=False):
    sender: str
    answers: Mapping[Question, Answer]
    parsed: Parsed
    wanted: set[Question] = field(default_factory=set)
    left: int = 0

    def ask(self, name: str, rdtype: str) -> Answer:
        """The answer, or a stand-in that counts as none and puts the question on the list."""
        found = self.answers.get((name, rdtype))
        if found is None:
            self.wanted.add((name, rdtype))
            return _unasked(name, rdtype)
        return found

    def node(self, domain: str, above: tuple[str, ...]) -> Node:
        answer = self.ask(domain, "TXT")
        if not answer.answered:
            return Node(domain, State.UNANSWERED, answer)
        texts = tuple(text for text in answer.records if is_spf(text))
        if len(texts) != 1:
            return Node(domain, State.SEVERAL if texts else State.NONE, answer, texts)
        record = self.record(texts[0])
        if isinstance(record, SpfSyntaxError):
            return Node(domain, State.SYNTAX, answer, texts, error=record)
        branches = tuple(self.branches(record, domain, (*above, domain)))
        return Node(domain, State.VALID, answer, texts, record, branches=branches)

    def record(self, text: str) -> SpfRecord | SpfSyntaxError:
        if text not in self.parsed:
            try:
                self.parsed[text] = parse(text)
            except SpfSyntaxError as error:
                self.parsed[text] = error.with_traceback(None)
        return self.parsed[text]

    def branches(self, record: SpfRecord, domain: str, above: tuple[str, ...]) -> Iterator[Branch]:
        own = len(above) == 1
        for term in record.costly[:WALKED_TERMS]:
            if own:
                self.left = WALKED_BELOW
            elif self.left == 0:
                return
            else:
                self.left -= 1
            yield self.branch(term, domain, above)

    def branch(self, term: Term, domain: str, above: tuple[str, ...]) -> Branch:
        name, sure = self.target(term, domain)
        if term.name in {"include", "redirect"}:
            return self.policy(term, name, above, sure=sure)
        if name is None or term.name == "ptr":
            return Branch(term, name)
        if term.name == "mx":
            return self.mail_hosts(term, name)
        return self.addresses(term, name, [name], families=("A",) if term.name == "exists" else ("A", "AAAA"))

    def target(self, term: Term, domain: str) -> tuple[str | None, bool]:
        """The name that the term asks for, and whether that is known without a sender."""
        if term.target is None:
            return domain, True
        expanded = term.target.expand({"d": domain, "o": self.sender})
        return (None, False) if expanded is None else (query_name(expanded), True)

    def policy(self, term: Term, name: str | None, above: tuple[str, ...], *, sure: bool) -> Branch:
        if name is None:
            # A name that no question can carry has no record (section 4.3); one that hangs on the sender is open.
            nothing = Node(term.text, State.NONE, _unasked(term.text, "TXT"))
            return Branch(term, None, nothing if sure else None)
        if name in above:
            return Branch(term, name, loop=True)
        node = self.node(name, above)
        empty = node.state is State.NONE and not node.answer.records
        return Branch(term, name, node, voids=(name,) if empty else ())

    def mail_hosts(self, term: Term, name: str) -> Branch:
        answer = self.ask(name, "MX")
        if not answer.answered:
            return Branch(term, name, unanswered=(answer,))
        hosts = [host for host in map(_mail_host, answer.records) if host]
        if len(hosts) > MAX_MAIL_HOSTS:
            return Branch(term, name, mail_hosts=len(hosts))
        if not answer.records:
            return Branch(term, name, voids=(name,))
        return self.addresses(term, name, hosts)

    def addresses(self, term: Term, name: str, hosts: list[str], families: tuple[str, ...] = ("A", "AAAA")) -> Branch:
        """A host is void only where neither family has an address: then no sender at all gets an answer."""
        voids: list[str] = []
        unanswered: list[Answer] = []
        for host in hosts:
            for family in families:
                answer = self.ask(host, family)
                if not answer.answered:
                    unanswered.append(answer)
                    break
                if answer.records:
                    break
            else:
                voids.append(host)
        return Branch(term, name, mail_hosts=len(hosts), voids=tuple(voids), unanswered=tuple(unanswered))


def walk(
    domain: str,
    answers: Mapping[Question, Answer],
    parsed: Parsed | None = None,
) -> Walk:
    """The domain's policy from the answers at hand; call again with the answers to `wanted` until it is empty.

    Macros that only depend on the domain (`%{d}`, `%{o}`) are filled in; a name that depends on the sender costs
    its look-up and is not followed. `parsed` spares a second call the parsing.
    """
    walker = _Walker(domain, answers, {} if parsed is None else parsed)
    return Walk(walker.node(domain, ()), frozenset(walker.wanted))


def _mail_host(record: str) -> str | None:
    """The host of an MX record in presentation form; None for the root (RFC 7505) and what cannot be asked for."""
    return query_name(record.partition(" ")[2])


def _unasked(name: str, rdtype: str) -> Answer:
    return Answer(name, rdtype, Lookup.FAILED, rcode="UNASKED")
