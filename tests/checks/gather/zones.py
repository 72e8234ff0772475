"""A resolver's answers from a few zone-file lines, for gatherers' tests."""

from collections.abc import Iterable

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset

from tests.checks.gather.responder import Behaviour


def serving(*lines: str, authentic: Iterable[str] = (), failing: Iterable[str] = ()) -> Behaviour:
    """Answers from lines `name type data`; `authentic` names get the AD bit, `failing` ones SERVFAIL.

    Names that neither stand in a line nor above one do not exist; aliases are followed to their end.
    """
    failing = frozenset(failing)
    rrsets: dict[tuple[str, str], dns.rrset.RRset] = {}
    for line in lines:
        name, rdtype, data = line.split(" ", 2)
        group = rrsets.setdefault(
            (name, rdtype), dns.rrset.RRset(dns.name.from_text(name), 1, dns.rdatatype.from_text(rdtype))
        )
        group.update(dns.rrset.from_text(name, 60, "IN", rdtype, data))

    def behave(query: dns.message.Message) -> dns.message.Message:
        asked, rdtype = query.question[0].name.to_text(omit_final_dot=True), query.question[0].rdtype.name
        reply = dns.message.make_response(query, recursion_available=True)
        at = asked
        while (at, rdtype) not in rrsets and (at, "CNAME") in rrsets:
            reply.answer.append(rrsets[at, "CNAME"])
            at = str(rrsets[at, "CNAME"][0]).removesuffix(".")
        if not failing.isdisjoint((asked, at)):
            reply = dns.message.make_response(query, recursion_available=True)
            reply.set_rcode(dns.rcode.SERVFAIL)
        elif (at, rdtype) in rrsets:
            reply.answer.append(rrsets[at, rdtype])
        elif not any(name == at or name.endswith("." + at) for name, _ in rrsets):
            reply.set_rcode(dns.rcode.NXDOMAIN)
        if asked in authentic:
            reply.flags |= dns.flags.AD
        return reply

    return behave
