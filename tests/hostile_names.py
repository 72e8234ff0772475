"""A thousand things that somebody might type in a domain's place: none of them is one that exists."""

import ipaddress
from collections.abc import Iterator
from itertools import product

_ADDRESSES = (
    "127.0.0.1", "10.0.0.1", "10.255.3.4", "169.254.169.254", "192.168.1.1", "172.16.0.9", "0.0.0.0", "255.255.255.255",  # noqa: S104 - typed, never bound to
    "100.64.0.1", "192.0.2.1", "198.18.0.53", "224.0.0.1", "168.63.129.16", "8.8.8.8", "1.1.1.1",
)  # fmt: skip
_ADDRESSES_6 = (
    "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "ff02::1", "2001:db8::1", "64:ff9b::7f00:1", "2002:7f00:1::",
    "::ffff:127.0.0.1", "::127.0.0.1", "fec0::1", "2001:4860:4860::8888",
)  # fmt: skip
_DRESSES = (
    "{}", "{}.", " {} ", "{}:22", "{}/8", "{}/", "http://{}", "https://{}/x?y=z#w", "http://{}:8080/", "//{}",
    "user@{}", "http://user:secret@{}/", "http://kahvila.fi@{}/", "ftp://{}", "HTTP://{}\\@kahvila.fi",
)  # fmt: skip
_OPTIONS = (
    "-oN x.fi", "--script=all", "-iL /etc/passwd", "--resolver=1.2.3.4", "-Pn", "--json --pdf=/etc/x", "-e dns.fi",
    "kahvila.fi -oN x", "kahvila.fi --script x", "kahvila.fi;id", "kahvila.fi|nc x 1", "kahvila.fi&&id", "$(id).fi",
    "`id`.fi", "${IFS}.fi", "kahvila.fi\n-oN x", "kahvila.fi\t--json", "%0d%0a.fi", "kahvila.fi%00", "../../etc/passwd",
    "kahvila.fi'--", 'kahvila.fi" OR 1=1', "<script>.fi", "{{7*7}}.fi", "{domain}.fi", "%(domain)s.fi", "%s%n.fi",
    "\\\\host\\share", "C:\\x.fi", "kahvila.fi#@10.0.0.1", "a,b.fi", "*.fi", "!.fi", "kahvila..fi", ".kahvila.fi",
)  # fmt: skip
_LETTERS = (
    "\u202e", "\u202d", "\u2066", "\u2069", "\u200b", "\u200e", "\u2060", "\ufeff", "\u00a0", "\u3000", "\ufffd",
    "\u0338", "\U0001f600", "\u2044", "\u2215", "\uff0f", "\u2024", "\u2488", "\ud800", "\U000e0041", "\u180e",
)  # fmt: skip
_PUNYCODE = (
    "xn--", "xn--.fi", "xn--a", "xn--a-.fi", "xn--99999999.fi", "xn--ls8h.fi", "xn--kahvila-.fi", "xn--\u00f6.fi",
    "XN--0.fi", "xn--xn--a.fi", "\u0430\u0440\u0440\u04cf\u0435.example", "\u05d0b.example", "a\u0301\u0301.example",
    "\u0378.example", "\u00b7.example", "-\u00f6.example", "\u00f6-.example", "\u1e9e.example", "\u0149.example",
)  # fmt: skip
_CONTROLS = (*map(chr, range(32)), *map(chr, range(127, 160)))
_WORDS = ("localhost", "intranet", "fi", "metadata", "broadcasthost", "ip6-loopback", "\u00f6", "0", "x" * 63)


def hostile_names() -> list[str]:
    """All of them, each once, in the same order every time."""
    return list(dict.fromkeys(_all()))


def _all() -> Iterator[str]:
    for text, dress in product(_ADDRESSES, _DRESSES):
        yield dress.format(text)
    for text in _ADDRESSES:
        yield from _spellings(int(ipaddress.IPv4Address(text)))
    for text, dress in product(_ADDRESSES_6, _DRESSES):
        yield dress.format(text)
        yield dress.format(f"[{text}]")
    yield from _OPTIONS
    for letter in (*_CONTROLS, *_LETTERS):
        yield f"kah{letter}vila.fi"
        yield f"kahvila{letter}.fi/{letter}"
    yield from (f"{head}{letter}.fi" for head, letter in product(("http://a", "a@b"), _LETTERS))
    yield from _PUNYCODE
    yield from _WORDS
    yield from (f"{word}." for word in _WORDS)
    for length in (64, 100, 254, 300, 1000, 5000, 100_000):
        yield f"{'a' * length}.fi"
        yield "a." * length + "fi"
        yield "\u00f6" * length + ".fi"
        yield f"kahvila.fi{' ' * length}x"


def _spellings(number: int) -> Iterator[str]:
    """The ways in which C libraries take an IPv4 address, and what Unicode makes of it."""
    octets = number.to_bytes(4, "big")
    yield str(number)
    yield f"0x{number:08x}"
    yield f"0{number:o}"
    yield ".".join(f"0x{octet:x}" for octet in octets)
    yield ".".join(f"0{octet:o}" for octet in octets)
    yield ".".join(f"{octet:03d}" for octet in octets)
    yield f"{octets[0]}.{int.from_bytes(octets[1:], 'big')}"
    yield f"{octets[0]}.{octets[1]}.{int.from_bytes(octets[2:], 'big')}"
    yield f"0x{octets[0]:x}.{int.from_bytes(octets[1:], 'big')}"
    dotted = ".".join(map(str, octets))
    yield dotted.translate({ord("0") + digit: 0xFF10 + digit for digit in range(10)})
    yield dotted.replace(".", "\u3002")
    yield dotted.replace(".", "\uff0e")
    yield f"{dotted}.0x0"
    yield f"{dotted} "
    yield f"::ffff:{dotted}"
