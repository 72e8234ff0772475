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

    Names that neither stand in a line nor above one do not exist.
    """
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
        if asked in failing:
            reply.set_rcode(dns.rcode.SERVFAIL)
        elif found := rrsets.get((asked, rdtype)) or rrsets.get((asked, "CNAME")):
            reply.answer.append(found)
            target = str(found[0]).removesuffix(".") if found.rdtype == dns.rdatatype.CNAME else asked
            if target != asked and (target, rdtype) in rrsets:
                reply.answer.append(rrsets[target, rdtype])
        elif not any(name == asked or name.endswith("." + asked) for name, _ in rrsets):
            reply.set_rcode(dns.rcode.NXDOMAIN)
        if asked in authentic:
            reply.flags |= dns.flags.AD
        return reply

    return behave
