"""Repaired SPF records: the shortest change that makes a policy work again, as a complete record."""

import ipaddress
import re
from collections.abc import Iterable, Sequence

from msgspec import Struct

from checks.records.spf import VERSION, Directive, Modifier, SpfRecord, Term, parse_terms
from checks.records.spf_macros import SpfSyntaxError
from checks.records.spf_tree import MAX_LOOKUPS, MAX_MAIL_HOSTS, MAX_VOID_LOOKUPS, Branch, Node, State

MENDABLE = 4096
"""Nobody's honest record is longer, and mending takes time that grows faster than the text."""
BROKEN = frozenset({State.NONE, State.SEVERAL, State.SYNTAX})

_DASHES = str.maketrans({"‐": "-", "‑": "-", "–": "-", "—": "-", "−": "-"})
_NEAR_MISS = r"(?i)[\s\"'“”]*(?:v\s*=\s*spf(?!2)[1l]?|spf1(?=[\s,;]))[\s,;:]*"  # compiled where a fault needs it
_RENAMED = (
    (r"ipv4[:=]", "ip4:"),
    (r"ipv6[:=]", "ip6:"),
    (r"ip[46]?:(?=.*:.*:)", "ip6:"),
    (r"ip6?:(?=[0-9.]+(?:/|$))", "ip4:"),
    (r"redirect:", "redirect="),
    (r"(?:a|mx|include)[:=](?=\d+\.\d+\.\d+\.\d+(?:/|$))", "ip4:"),
)


def broken_branches(root: Node) -> tuple[Branch, ...]:
    """The root's own terms that lead, at once or further on, to a name without a usable SPF record."""
    return tuple(branch for branch in root.branches if broken_end(branch))


def broken_end(branch: Branch) -> Node | None:
    """The first unusable policy that the term leads to: a permanent error (RFC 7208, section 5.2)."""
    if branch.node is None:
        return None
    if branch.node.state in BROKEN:
        return branch.node
    return next((end for below in branch.node.branches if (end := broken_end(below))), None)


def without(record: SpfRecord, dropped: Iterable[Term], *, softly: bool = True) -> str | None:
    """The record without these terms; None where it would then allow nobody.

    Where a `redirect` goes, `~all` takes its place. `softly`: a `-all` gives way to `~all` too, so that mail from a
    server that was dropped is not refused outright.
    """
    gone = {term.position for term in dropped}
    kept = _alive([term for term in record.terms if term.position not in gone])
    own = _all_of(kept)
    if all(term is own or (isinstance(term, Modifier) and term.name != "redirect") for term in kept):
        return None
    end = [own.text] if own else []
    if (softly and own and own.qualifier == "-") or (record.redirect and record.redirect.position in gone):
        end = ["~all"]
    return _compose([*(term.text for term in kept if term is not own), *end])


def closed(record: SpfRecord, dropped: Iterable[Term] = (), *, end: str = "~all", keep_redirect: bool = False) -> str:
    """The record without these terms and with an `all` that turns strangers away, its own where that is one.

    With `keep_redirect` a `redirect` becomes an `include`, which leaves the last word to this record.
    """
    gone = {term.position for term in dropped}
    kept = _alive([term for term in record.terms if term.position not in gone])
    own = _all_of(kept)
    texts = [term.text for term in kept if term.name not in {"all", "redirect"}]
    if keep_redirect and record.redirect and record.redirect in kept:
        texts.append(f"include:{record.redirect.target.text}")
    return _compose([*texts, own.text if own and own.qualifier in "-~" else end])


class Relief(Struct, frozen=True):
    """A record that stays within the limits, and the terms that were given up for it, in the record's order.

    `text` is None where nobody would be left in it.
    """

    text: str | None
    dropped: tuple[Term, ...]


def relieve(root: Node) -> Relief:
    """Drops terms of a VALID root until its policy keeps the limits of RFC 7208, section 4.6.4.

    First what does no good anyway: loops, terms named twice, names that lead nowhere. Then the one `include` that
    is enough and weighs least; where none is enough, the heaviest, again and again.
    """
    if root.record is None:
        raise ValueError(root.state)
    missed = [branch for branch in root.branches if _is_endless(branch)]
    kept = [branch for branch in root.branches if branch not in missed]
    useless: list[Branch] = []
    if not _within(kept):
        seen: set[str] = set()
        useless = [branch for branch in kept if _is_repeated(branch, seen) or _is_dead(branch)]
        kept = [branch for branch in kept if branch not in useless]
    while kept and not _within(kept):
        missed.append(_victim(kept))
        kept.remove(missed[-1])
    unread = root.record.costly[len(root.branches) :]
    dropped = sorted([*(branch.term for branch in missed + useless), *unread], key=lambda term: term.position)
    return Relief(without(root.record, dropped, softly=bool(missed or unread)), tuple(dropped))


def merge(texts: Sequence[str]) -> str:
    """One record that allows what any of several allow; as strict at its end as they all are."""
    terms: list[str] = []
    ends: set[str] = set()
    for text in texts:
        for term in _alive(_mended(text)[0]):
            if isinstance(term, Directive) and term.name == "all":
                ends.add(term.qualifier)
            elif isinstance(term, Modifier):
                terms += [f"include:{term.target.text}"] if term.name == "redirect" else []
            elif term.text.lower() not in {other.lower() for other in terms}:
                terms.append(term.text)
    return _compose([*terms, "-all" if ends == {"-"} else "~all"])


def mend(text: str) -> str | None:
    """A record with its usual slips corrected and the hopeless terms left out; None where nothing useful remains.

    A record that loses a term ends in `~all`, so that mail from a server left out is not refused outright.
    """
    if len(text) > MENDABLE:
        return None
    mended, lost = _mended(text)
    terms = _alive(mended)
    kept = [term for term in terms if isinstance(term, Modifier) or term.name != "all"]
    alls = [term for term in terms if isinstance(term, Directive) and term.name == "all"]
    if not kept and (lost or not alls):
        return None
    if any(isinstance(term, Modifier) and term.name == "redirect" for term in kept) and not alls:
        return _compose([term.text for term in kept])
    end = alls[0].text if alls and not lost else "~all"
    return _compose([*(term.text for term in kept), end])


def respelt(text: str) -> str | None:
    """What a TXT record says that was meant as SPF but does not begin as one (section 4.5); None where it was not."""
    match = re.match(_NEAR_MISS, text) if len(text) <= MENDABLE else None
    return f"{VERSION} {text[match.end() :].strip(chr(34) + chr(39) + '“” ')}" if match else None


def _compose(texts: Iterable[str]) -> str:
    return " ".join([VERSION, *texts])


def _all_of(terms: Iterable[Term]) -> Directive | None:
    return next((term for term in terms if isinstance(term, Directive) and term.name == "all"), None)


def _alive(terms: Sequence[Term]) -> list[Term]:
    """The terms without those that an `all` before them makes void, so that moving it wakes none of them."""
    end = next((place for place, term in enumerate(terms) if term.name == "all"), None)
    if end is None:
        return list(terms)
    after = [term for term in terms[end + 1 :] if isinstance(term, Modifier)]
    return [term for term in (*terms[: end + 1], *after) if term.name != "redirect"]


def _within(branches: Sequence[Branch]) -> bool:
    lookups = sum(branch.lookups for branch in branches)
    voids = sum(len(branch.all_voids) for branch in branches)
    return lookups <= MAX_LOOKUPS and voids <= MAX_VOID_LOOKUPS


def _is_endless(branch: Branch) -> bool:
    here = branch.loop or (branch.term.name == "mx" and branch.mail_hosts > MAX_MAIL_HOSTS)
    return here or (branch.node is not None and any(map(_is_endless, branch.node.branches)))


def _is_repeated(branch: Branch, seen: set[str]) -> bool:
    key = branch.term.text.lower()
    if key in seen:
        return True
    seen.add(key)
    return False


def _is_dead(branch: Branch) -> bool:
    return bool(branch.voids) and len(branch.voids) >= max(branch.mail_hosts, 1)


def _victim(branches: Sequence[Branch]) -> Branch:
    policies = [branch for branch in branches if branch.node] or branches
    enough = [branch for branch in policies if _within([other for other in branches if other is not branch])]
    if enough:
        return min(enough, key=lambda branch: (not branch.all_unanswered, branch.lookups))
    return max(policies, key=lambda branch: (len(branch.all_voids) > MAX_VOID_LOOKUPS, branch.lookups))


def _mended(text: str) -> tuple[list[Term], bool]:
    """The terms that are right or could be put right, and whether any was lost."""
    terms: list[Term] = []
    lost = False
    parsed = list(parse_terms(text))
    while parsed:
        term = parsed.pop(0)
        if isinstance(term, SpfSyntaxError):
            follower = parsed[0] if parsed else None
            joined = term.term + follower.term if isinstance(follower, SpfSyntaxError) else ""
            if term.term.endswith((":", "=")) and (mended := _mend_term(joined)):
                parsed.pop(0)  # a space too many: `include: example.com`
            else:
                mended = _mend_term(term.term)
            lost = lost or mended is None
        else:
            mended = term
        if mended is not None and not _is_second(mended, terms):
            terms.append(mended)
    return terms, lost


def _is_second(term: Term, before: Iterable[Term]) -> bool:
    """Whether the term is a modifier that may stand only once, and does already."""
    return term.name in {"redirect", "exp"} and any(other.name == term.name for other in before)


def _mend_term(text: str) -> Term | None:
    """The term with the usual slips put right, or None."""
    text = text.translate(_DASHES).strip("\"'“”.,;")
    for pattern, right in _RENAMED:
        text = re.sub(f"^([-+?~]?){pattern}", rf"\g<1>{right}", text, flags=re.IGNORECASE)
    if re.fullmatch(r"[0-9.]+(?:/\d+)?|[0-9A-Fa-f]*:[0-9A-Fa-f:]+(?:/\d+)?", text):
        text = f"ip6:{text}" if ":" in text else f"ip4:{text}"
    text = re.sub(r"(?<=/)[0-9.]+$", _prefix_length, text)
    found = parse_terms(f"{VERSION} {text}")
    return found[0] if len(found) == 1 and not isinstance(found[0], SpfSyntaxError) else None


def _prefix_length(match: re.Match[str]) -> str:
    """A netmask as a prefix length, and a length without leading zeros."""
    try:
        return str(ipaddress.IPv4Network(f"0.0.0.0/{match.group().lstrip('0') or '0'}").prefixlen)
    except ValueError:
        return match.group()
