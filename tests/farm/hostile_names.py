"""Resolvers that mean harm, or that only pass on what does: mute, endless, slow, or telling far too much."""

import random
import struct
from collections.abc import Callable

import dns.message
import dns.rdatatype

from checks.gather.replies import MAX_RECORDS
from tests.checks.gather.responder import Behaviour, answer
from tests.checks.gather.zones import serving
from tests.farm import hostile
from tests.farm.hostile import conversing, dripping, endless, silence

_BLOCK = 64 * 1024
LONG_NAME = 200

ADDRESS = "198.18.66.99"
"""Where nobody listens."""
FIRM = (
    ". SOA a. b. 1 2 3 4 5",
    "test SOA a. b. 1 2 3 4 5",
    "firm.test SOA ns1.firm.test. b. 1 3600 600 1209600 3600",
    *(f"firm.test NS ns{number}.firm.test." for number in (1, 2)),
    *(f"{name}firm.test A {ADDRESS}" for name in ("", "www.", "mx.", "ns1.", "ns2.")),
    "firm.test MX 10 mx.firm.test.",
    'firm.test TXT "v=spf1 mx include:a.firm.test include:b.firm.test -all"',
    'a.firm.test TXT "v=spf1 a include:c.firm.test -all"',
    'c.firm.test TXT "v=spf1 a include:d.firm.test -all"',
    'd.firm.test TXT "v=spf1 a include:e.firm.test -all"',
    '_dmarc.firm.test TXT "v=DMARC1; p=reject; rua=mailto:r@else.test"',
    f"_25._tcp.mx.firm.test TLSA 3 1 1 {'ab' * 32}",
    'firm.test CAA 0 issue "letsencrypt.org"',
)


def mutating(chance: random.Random) -> Behaviour:
    """True answers with a few bytes changed, the id apart, lest they be taken for somebody else's."""
    good = serving(*FIRM, authentic=[".", "test", "firm.test"])

    def behave(query: dns.message.Message) -> bytes:
        made = good(query)
        assert isinstance(made, dns.message.Message)
        return hostile.mutation(chance, made.to_wire(max_size=65535), keep=2)

    return behave


def _noise(query: dns.message.Message) -> bytes:
    return query.id.to_bytes(2, "big") + b"\x81\x80" + bytes(range(200))


def _with_code(code: str) -> Behaviour:
    return lambda query: answer(query, rcode=code)


def _alias(query: dns.message.Message) -> dns.message.Message:
    """Every name is another name for the next."""
    name = query.question[0].name.to_text()
    longer = f"a.{name}" if len(name) < LONG_NAME else "firm.test."
    return answer(query, f"{name} 60 IN CNAME {longer}")


def _record(owner: bytes, rdtype: str, data: bytes) -> bytes:
    """On the wire (RFC 1035, section 4.1.3); the library would take longer to write these than we to read them."""
    return owner + struct.pack("!HHLH", dns.rdatatype.from_text(rdtype), 1, 60, len(data)) + data


def _host(label: str) -> bytes:
    return bytes((len(label),)) + label.encode() + b"\x04test\x00"


def telling(query: dns.message.Message, records: list[bytes]) -> bytes:
    asked = query.question[0]
    head = struct.pack("!HHHHHH", query.id, 0x8180, 1, len(records), 0, 0)
    return head + asked.name.to_wire() + struct.pack("!HH", asked.rdtype, 1) + b"".join(records)


_MANY = MAX_RECORDS - 20
_ASKED = b"\xc0\x0c"
"""The name in the question (RFC 1035, section 4.1.4)."""
_CHAIN = [_record(_host(f"a{at}") if at else _ASKED, "CNAME", _host(f"a{at + 1}")) for at in range(_MANY)]
_SPF = f"v=spf1 {' '.join(f'include:s{number}.test' for number in range(12))} mx a -all".encode()
_CROWDS = {
    "A": [_record(_ASKED, "A", bytes((198, 18, 200 + at // 250, at % 250 + 1))) for at in range(_MANY)],
    "MX": [_record(_ASKED, "MX", at.to_bytes(2, "big") + _host(f"m{at}")) for at in range(_MANY)],
    "NS": [_record(_ASKED, "NS", _host(f"n{at}")) for at in range(_MANY)],
    "TXT": [_record(_ASKED, "TXT", bytes((len(_SPF),)) + _SPF)],
    "CAA": [_record(_ASKED, "CAA", b"\x00\x05issue" + f"ca{at}.test".encode()) for at in range(_MANY)],
    "TLSA": [_record(_ASKED, "TLSA", b"\x03\x01\x01" + at.to_bytes(32, "big")) for at in range(_MANY)],
}
"""As many records as we read, of every kind that leads on to others."""
FAT = [_record(_ASKED, "TXT", (b"\xfa" + b"x" * 250) * 240)]
"""The largest answer that there is."""


def _crowd(query: dns.message.Message) -> bytes:
    return telling(query, _CROWDS.get(query.question[0].rdtype.name, []))


def _fat(query: dns.message.Message) -> bytes:
    return telling(query, FAT) if query.question[0].rdtype == dns.rdatatype.TXT else _crowd(query)


def _partly(spoken: Callable[[str], bool]) -> Behaviour:
    """Answers some of the questions, and is silent about the others."""
    good = serving(*FIRM, authentic=[".", "test"])
    return lambda query: good(query) if spoken(f"{query.question[0].name} {query.question[0].rdtype.name}") else None


MUTE_RESOLVERS: dict[str, Behaviour] = {
    "silent": lambda _query: None,
    "noise": _noise,
    "empty": lambda query: query.id.to_bytes(2, "big"),
    "echo": lambda query: query.to_wire(),
    "refusing": _with_code("REFUSED"),
    "failing": _with_code("SERVFAIL"),
    "not implementing": _with_code("NOTIMP"),
    "chain": lambda query: telling(query, _CHAIN),
    "thousands": lambda query: telling(query, _CHAIN * 2),
}
TCP_RESOLVERS: dict[str, hostile.Handler] = {
    "tcp silent": silence,
    "tcp dripping": dripping(b"\x00\xff" + bytes(255)),
    "tcp endless": endless(b"\xff\xff", bytes(_BLOCK)),
    "tcp ending early": conversing(b"\xff\xff" + bytes(100), then=hostile.hanging_up),
}
BUSY_RESOLVERS: dict[str, tuple[Behaviour, float]] = {
    "aliases": (_alias, 0.0),
    "crowd": (_crowd, 0.0),
    "fat": (_fat, 0.0),
    "slow": (serving(*FIRM), 1.9),
    "slower": (serving(*FIRM), 4.5),
    "no addresses": (_partly(lambda asked: not asked.endswith((" A", " AAAA"))), 0.0),
    "only addresses": (_partly(lambda asked: asked.endswith((" A", " AAAA"))), 0.0),
    "only MX, slowly": (_partly(lambda asked: asked.endswith((" MX", "firm.test. A"))), 1.5),
    "no servers, slowly": (_partly(lambda asked: not asked.endswith((" NS", " AAAA"))), 1.5),
}
