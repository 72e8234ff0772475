"""SPF records as text (RFC 7208, sections 4.5, 4.6 and 12): which is one, and what each term says."""

import ipaddress
import re
from collections.abc import Iterable, Iterator

from msgspec import Struct

from checks.records.spf_macros import MacroString, SpfSyntaxError, parse_domain_spec, parse_macro_string

VERSION = "v=spf1"

_MODIFIER = re.compile(r"([A-Za-z][A-Za-z0-9._-]*)=")
_DIRECTIVE = re.compile(r"([-+?~]?)([A-Za-z][A-Za-z0-9._-]*)")
_PREFIX_LENGTHS = re.compile(r"(?:/([0-9]+))?(?://([0-9]+))?$")
_NUMBER = re.compile(r"0|[1-9][0-9]{0,2}")
_V4_BITS = 32
_V6_BITS = 128

DOMAIN_REQUIRED = frozenset({"include", "exists"})
DOMAIN_OPTIONAL = frozenset({"a", "mx", "ptr"})
COSTS_A_LOOKUP = frozenset({"include", "exists", "a", "mx", "ptr", "redirect"})
"""The terms of section 4.6.4: at most ten of them in one evaluation."""


class Directive(Struct, frozen=True):
    """A mechanism with its qualifier: `+` (pass), `-` (fail), `~` (softfail) or `?` (neutral).

    `name` is lower-case. `target` is the domain it names, if any; `network` the address of `ip4` and `ip6`.
    `prefix4` and `prefix6` are the prefix lengths, the address's full length where none is given.
    """

    text: str
    position: int
    qualifier: str
    name: str
    target: MacroString | None = None
    network: ipaddress.IPv4Network | ipaddress.IPv6Network | None = None
    prefix4: int = _V4_BITS
    prefix6: int = _V6_BITS


class Modifier(Struct, frozen=True):
    """`redirect`, `exp`, or one that the standard does not know and that changes nothing. `name` is lower-case."""

    text: str
    position: int
    name: str
    target: MacroString


Term = Directive | Modifier


class SpfRecord(Struct, frozen=True):
    """A record that follows the grammar.

    `terms` are all of them in order. `evaluated` are those that a receiver can get to, in the order of evaluation:
    up to the first `all` (section 5.1), else with the `redirect` last (section 6.1). `costly` are those among them
    that cost a look-up.
    """

    text: str
    terms: tuple[Term, ...]
    evaluated: tuple[Term, ...]
    costly: tuple[Term, ...]

    @property
    def all(self) -> Directive | None:
        """The `all` that ends the evaluation."""
        last = self.evaluated[-1] if self.evaluated else None
        return last if isinstance(last, Directive) and last.name == "all" else None

    @property
    def redirect(self) -> Modifier | None:
        """The `redirect`, unless an `all` makes it void."""
        last = self.evaluated[-1] if self.evaluated else None
        return last if isinstance(last, Modifier) else None


def is_spf(text: str) -> bool:
    """Whether a TXT record is an SPF record at all: the version, then a space or the end (section 4.5)."""
    return text[: len(VERSION)].lower() == VERSION and text[len(VERSION) : len(VERSION) + 1] in {"", " "}


def parse(text: str) -> SpfRecord:
    """The record's terms. `text` is one that `is_spf` holds for.

    Raises:
        SpfSyntaxError: the first thing that breaks the grammar, wherever it stands (section 4.6).
    """
    terms: list[Term] = []
    for term in parse_terms(text):
        if isinstance(term, SpfSyntaxError):
            raise term
        terms.append(term)
    evaluated = tuple(_evaluated(terms))
    return SpfRecord(text, tuple(terms), evaluated, tuple(term for term in evaluated if term.name in COSTS_A_LOOKUP))


def _evaluated(terms: Iterable[Term]) -> Iterator[Term]:
    redirect: Term | None = None
    for term in terms:
        if isinstance(term, Directive):
            yield term
            if term.name == "all":
                return
        elif term.name == "redirect":
            redirect = term
    if redirect is not None:
        yield redirect


def parse_terms(text: str) -> tuple[Term | SpfSyntaxError, ...]:
    """Each term, or what is wrong with it: for advice on a record that does not parse as a whole."""
    found: list[Term | SpfSyntaxError] = []
    once: set[str] = set()
    for match in re.finditer("[^ ]+", text[len(VERSION) :]):
        position = len(VERSION) + match.start()
        try:
            term = _parse_term(match.group(), position)
            if isinstance(term, Modifier) and term.name in {"redirect", "exp"}:
                if term.name in once:
                    raise SpfSyntaxError("repeated-modifier", term.text, position)  # noqa: TRY301 - one way out
                once.add(term.name)
            found.append(term)
        except SpfSyntaxError as error:
            found.append(error)
    return tuple(found)


def _parse_term(text: str, position: int) -> Term:
    for offset, character in enumerate(text):
        if not "!" <= character <= "~":
            raise SpfSyntaxError("bad-character", text, position + offset)
    if match := _MODIFIER.match(text):
        return _parse_modifier(text, match.group(1).lower(), match.end(), position)
    match = _DIRECTIVE.match(text)
    if match is None:
        raise SpfSyntaxError("unknown-term", text, position)
    qualifier, name = match.group(1) or "+", match.group(2).lower()
    argument, at = text[match.end() :], position + match.end()
    if name == "all":
        if argument:
            raise SpfSyntaxError("unexpected-argument", text, at)
        return Directive(text, position, qualifier, name)
    if name in {"ip4", "ip6"}:
        return _parse_address(Directive(text, position, qualifier, name), argument, at)
    if name in DOMAIN_REQUIRED | DOMAIN_OPTIONAL:
        return _parse_domain(Directive(text, position, qualifier, name), argument, at)
    raise SpfSyntaxError("unknown-term", text, position)


def _parse_modifier(text: str, name: str, start: int, position: int) -> Modifier:
    value, at = text[start:], position + start
    if name in {"redirect", "exp"}:
        return Modifier(text, position, name, parse_domain_spec(value, text, at))
    return Modifier(text, position, name, parse_macro_string(value, text, at))


def _parse_address(bare: Directive, argument: str, at: int) -> Directive:
    """`ip4:` and `ip6:` with an address and at most one prefix length (section 5.6)."""
    if not argument.startswith(":"):
        raise SpfSyntaxError("bad-address", bare.text, at)
    address, slash, length = argument[1:].partition("/")
    bits = _V4_BITS if bare.name == "ip4" else _V6_BITS
    prefix = _prefix_length(length, bits, bare.text, at + 1 + len(address)) if slash else bits
    try:
        if "%" in address:  # Python would take a zone id
            raise ValueError(address)  # noqa: TRY301 - one way out
        family = ipaddress.IPv4Network if bare.name == "ip4" else ipaddress.IPv6Network
        network = family(f"{address}/{prefix}", strict=False)
    except ValueError as error:
        raise SpfSyntaxError("bad-address", bare.text, at + 1) from error
    return Directive(bare.text, bare.position, bare.qualifier, bare.name, network=network)


def _parse_domain(bare: Directive, argument: str, at: int) -> Directive:
    """A mechanism with a domain, and for `a` and `mx` with prefix lengths (sections 5.2 to 5.5 and 5.7)."""
    prefix4, prefix6 = _V4_BITS, _V6_BITS
    if bare.name in {"a", "mx"}:
        match = _PREFIX_LENGTHS.search(argument)
        if match and match.group():
            start = at + match.start()
            if match.group(1) is not None:
                prefix4 = _prefix_length(match.group(1), _V4_BITS, bare.text, start)
            if match.group(2) is not None:
                prefix6 = _prefix_length(match.group(2), _V6_BITS, bare.text, start)
            argument = argument[: match.start()]
    if not argument and bare.name in DOMAIN_OPTIONAL:
        return Directive(bare.text, bare.position, bare.qualifier, bare.name, prefix4=prefix4, prefix6=prefix6)
    if not argument:
        raise SpfSyntaxError("missing-domain", bare.text, at)
    if not argument.startswith(":"):
        raise SpfSyntaxError("unexpected-argument", bare.text, at)
    target = parse_domain_spec(argument[1:], bare.text, at + 1)
    return Directive(bare.text, bare.position, bare.qualifier, bare.name, target, None, prefix4, prefix6)


def _prefix_length(digits: str, most: int, term: str, position: int) -> int:
    if not _NUMBER.fullmatch(digits) or int(digits) > most:
        raise SpfSyntaxError("bad-prefix-length", term, position)
    return int(digits)
