"""A reply from a name server: read from the wire, and, where it is the resolver's, as the answer to one question."""

import struct
from datetime import UTC, datetime

import dns.edns
import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.opcode
import dns.rcode
import dns.rdataclass
import dns.rdatatype
import dns.rrset
from dns.rdtypes.ANY.RRSIG import RRSIG
from msgspec import Struct

from checks.evidence.lookups import Answer, Lookup, Signature
from checks.gather.resolving import Resolver
from checks.gather.transport import is_truncated

MAX_RECORDS = 500
"""In one reply; no real one has a tenth of that, and reading thousands of them takes longer than answering does."""

_MALFORMED = (dns.exception.DNSException, ValueError, UnicodeError, EOFError)
_HEAD = 12
"""Bytes of a message before its question."""
_WITHOUT_QUESTION = {dns.rcode.FORMERR, dns.rcode.SERVFAIL, dns.rcode.NOTIMP, dns.rcode.REFUSED}
"""Whoever says this may leave out what was asked."""
_ANSWERS = {dns.rcode.NOERROR, dns.rcode.NXDOMAIN}
_HOST_TYPES = {"NS", "CNAME", "PTR"}
_MAX_ALIASES = 16
_LONGEST_KEPT_S = 604_800
"""A week: no resolver should keep anything longer (RFC 8767, section 4)."""
_OF_VALIDATION = frozenset({1, 2, 5, 6, 7, 8, 9, 10, 11, 12})
"""Extended DNS errors that mean: the signatures do not hold (RFC 8914, section 4)."""


class Reply(Struct, frozen=True):
    """What one resolver replied. `bogus`: it refused, and gave this only with checking disabled."""

    message: dns.message.Message
    resolver: Resolver
    bogus: bool = False

    @property
    def is_answer(self) -> bool:
        """Whether the resolver told us something, be it that there is nothing."""
        return _is_answer(self.message)

    @property
    def is_failure(self) -> bool:
        """Whether it is a SERVFAIL (RFC 1035, section 4.1.1)."""
        return self.message.rcode() == dns.rcode.SERVFAIL

    @property
    def blames_validation(self) -> bool | None:
        """Whether a SERVFAIL says that signatures do not hold; None where it gives no reason (RFC 8914)."""
        codes = {int(option.code) for option in self.message.options if isinstance(option, dns.edns.EDEOption)}
        return bool(codes & _OF_VALIDATION) if codes else None


def parse_reply(query: bytes, received: bytes) -> dns.message.Message:
    """The reply; an empty FORMERR where it cannot be read in full, or does not answer this question.

    Half a reply would make a record look absent.
    """
    try:
        if _records(received) <= MAX_RECORDS:
            reply = dns.message.from_wire(received, ignore_trailing=True)
            if _is_reply(query, reply) and not is_truncated(received):
                return reply
    except _MALFORMED:
        pass
    malformed = dns.message.make_response(dns.message.from_wire(query))
    malformed.set_rcode(dns.rcode.FORMERR)
    return malformed


def read_answer(name: str, rdtype: str, told: Reply) -> Answer:
    """The reply as an answer; one that is none (SERVFAIL, REFUSED, a referral, endless aliases) is FAILED."""
    reply = told.message
    start = dns.name.from_text(name)
    wanted = dns.rdatatype.from_text(rdtype)
    owner = start if wanted == dns.rdatatype.CNAME else _follow(start, reply)
    rrset = reply.get_rrset(reply.answer, owner, dns.rdataclass.IN, wanted) if owner else None
    lookup = _lookup(reply, rrset) if owner else Lookup.FAILED
    return Answer(
        name=name,
        rdtype=rdtype,
        lookup=lookup,
        records=tuple(_text(rdata, rdtype) for rdata in rrset) if rrset else (),
        authenticated=lookup is not Lookup.FAILED and not told.bogus and bool(reply.flags & dns.flags.AD),
        bogus=told.bogus,
        alias=_host(owner) if owner and owner != start else None,
        rcode=dns.rcode.to_text(reply.rcode()),
        signatures=_signatures(reply),
        resolver=str(told.resolver),
    )


def kept_for_s(name: str, rdtype: str, reply: dns.message.Message) -> int | None:
    """For how many seconds the resolver still gives this very answer without asking again; None where it says not.

    For "there is none" that is what the zone's SOA says (RFC 2308, section 5), aliases on the way included.
    """
    if not _is_answer(reply):
        return None
    owner = _follow(dns.name.from_text(name), reply)
    wanted = dns.rdatatype.from_text(rdtype)
    times = [int(group.ttl) for group in reply.answer if group.rdtype in {wanted, dns.rdatatype.CNAME}]
    if owner is None or reply.get_rrset(reply.answer, owner, dns.rdataclass.IN, wanted) is None:
        denials = [group for group in reply.authority if group.rdtype == dns.rdatatype.SOA]
        if not denials:
            return None
        times += [min(int(group.ttl), int(group[0].minimum)) for group in denials]
    return min(*times, _LONGEST_KEPT_S)


def _records(received: bytes) -> int:
    """How many records the reply says that it has, in all three sections (RFC 1035, section 4.1.1)."""
    return sum(int.from_bytes(received[at : at + 2], "big") for at in (6, 8, 10))


def _is_reply(query: bytes, reply: dns.message.Message) -> bool:
    """Whether it is one to this very question; the letters of the name may come back in another case (RFC 4343)."""
    if reply.id != int.from_bytes(query[:2]) or not reply.flags & dns.flags.QR or reply.opcode() != dns.opcode.QUERY:
        return False
    if not reply.question:
        return reply.rcode() in _WITHOUT_QUESTION
    if len(reply.question) != 1:
        return False
    told = reply.question[0]
    name = told.name.to_digestable()
    end = _HEAD + len(name)
    kind = struct.pack("!2H", told.rdtype, told.rdclass)
    return query[_HEAD:end].lower() == name and query[end : end + len(kind)] == kind


def _is_answer(reply: dns.message.Message) -> bool:
    """A referral is no answer: it comes from a server that does not resolve for us (RFC 1034, section 4.3.1)."""
    told = reply.flags & (dns.flags.RA | dns.flags.AA) or reply.answer
    return reply.rcode() in _ANSWERS and bool(told)


def _lookup(reply: dns.message.Message, rrset: dns.rrset.RRset | None) -> Lookup:
    if not _is_answer(reply):
        return Lookup.FAILED
    if reply.rcode() == dns.rcode.NXDOMAIN:
        return Lookup.NO_NAME
    return Lookup.FOUND if rrset else Lookup.NO_DATA


def _follow(start: dns.name.Name, reply: dns.message.Message) -> dns.name.Name | None:
    """Where the CNAMEs in the reply lead from the name; None where they go in circles or on and on."""
    targets = {group.name: group[0].target for group in reply.answer if group.rdtype == dns.rdatatype.CNAME}
    at = start
    for _ in range(_MAX_ALIASES):
        if at not in targets:
            return at
        at = targets[at]
    return None


def _text(rdata: object, rdtype: str) -> str:
    if rdtype == "TXT":
        return b"".join(rdata.strings).decode("utf-8", "replace")  # type: ignore[attr-defined]
    text = str(rdata)
    return text.lower().removesuffix(".") if rdtype in _HOST_TYPES else text


def _host(name: dns.name.Name) -> str:
    return name.to_text(omit_final_dot=True).lower()


def _signatures(reply: dns.message.Message) -> tuple[Signature, ...]:
    groups = (group for group in reply.answer if group.rdtype == dns.rdatatype.RRSIG)
    return tuple(_signature(rdata) for group in groups for rdata in group)


def _signature(rdata: RRSIG) -> Signature:
    return Signature(
        covers=dns.rdatatype.to_text(rdata.type_covered),
        algorithm=int(rdata.algorithm),
        key_tag=rdata.key_tag,
        signer=_host(rdata.signer),
        inception=datetime.fromtimestamp(rdata.inception, UTC),
        expiration=datetime.fromtimestamp(rdata.expiration, UTC),
        text=str(rdata),
    )
