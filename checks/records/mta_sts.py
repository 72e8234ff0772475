"""MTA-STS: the record that announces a policy, and the policy file (RFC 8461, sections 3.1 and 3.2)."""

import re
from collections.abc import Iterable
from hashlib import sha256

from msgspec import Struct

from checks.records.host_names import covers

PATH = "/.well-known/mta-sts.txt"
LONGEST_AGE = 31557600
"""Seconds; a longer life of a policy is none (section 3.2)."""
MODES = ("enforce", "testing", "none")

_VERSION = re.compile(r"v=STSv1[ \t]*;")
_MEANT = re.compile(r"[\s\"'“”]*v\s*=\s*sts", re.IGNORECASE)
_FIELD = re.compile(r"(?P<name>[A-Za-z0-9][A-Za-z0-9_.-]{0,31})=(?P<value>[!-:<-~]+)")
_LINE = re.compile(r"(?P<name>[A-Za-z0-9][A-Za-z0-9_.-]{0,31}):[ \t]*(?P<value>[^\x00-\x1f]*?)[ \t]*")
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_PATTERN = re.compile(rf"(?:\*\.)?{_LABEL}(?:\.{_LABEL})+")


class Policy(Struct, frozen=True):
    """What senders are asked: `mode`, for how many seconds they remember it, and patterns of the mail servers."""

    mode: str
    max_age: int
    mx: tuple[str, ...]

    def covers(self, host: str) -> bool:
        """Whether that mail server is among them: `*.` stands for one label (section 4.1)."""
        return covers((pattern.lower() for pattern in self.mx), host)

    @property
    def lines(self) -> tuple[str, ...]:
        """The policy as its file."""
        return (
            "version: STSv1",
            f"mode: {self.mode}",
            *(f"mx: {host}" for host in self.mx),
            f"max_age: {self.max_age}",
        )

    @property
    def id(self) -> str:
        """What to announce it by: made from its text, so that it changes whenever that does (section 3.1)."""
        return sha256("\n".join(self.lines).encode()).hexdigest()[:20]


class Fault(Struct, frozen=True):
    """Why a policy is none: the line that cannot be read, or the name of a field that is missing."""

    where: str


def is_sts(text: str) -> bool:
    """Whether a TXT record at `_mta-sts` counts; senders discard the others."""
    return _VERSION.match(text) is not None


def looks_like_sts(text: str) -> bool:
    """Whether somebody meant it as MTA-STS, be it misspelt."""
    return _MEANT.match(text) is not None


def is_valid(text: str) -> bool:
    """Whether the record has an id of at most 32 letters and digits, and nothing that is no field."""
    fields = [_FIELD.fullmatch(piece.strip(" \t")) for piece in re.sub(r";[ \t]*$", "", text).split(";")[1:]]
    if not fields or not all(fields):
        return False
    ids = [match["value"] for match in fields if match and match["name"] == "id"]
    return bool(ids) and re.fullmatch(r"[A-Za-z0-9]{1,32}", ids[0]) is not None


def record(policy: Policy) -> str:
    """The record that announces it."""
    return f"v=STSv1; id={policy.id}"


def parse(text: str) -> Policy | Fault:
    """The policy in a file. Of a field that stands several times the first counts, but for `mx` (section 3.2).

    Lines end in LF or CRLF; empty ones are passed over.
    """
    found: dict[str, str] = {}
    patterns: list[str] = []
    for line in filter(str.strip, text.replace("\r\n", "\n").split("\n")):
        match = _LINE.fullmatch(line)
        if match is None:
            return Fault(line)
        if match["name"] == "mx":
            if not _PATTERN.fullmatch(match["value"]):
                return Fault(line)
            patterns.append(match["value"])
        else:
            found.setdefault(match["name"], match["value"])
    faulty = next((name for name, grammar in _GRAMMARS if not grammar.fullmatch(found.get(name, ""))), None)
    if faulty is not None:
        return Fault(f"{faulty}: {found[faulty]}" if faulty in found else faulty)
    policy = Policy(found["mode"], int(found["max_age"]), tuple(patterns))
    if policy.max_age > LONGEST_AGE:
        return Fault(f"max_age: {found['max_age']}")
    return policy if patterns or policy.mode == "none" else Fault("mx")


_GRAMMARS = (
    ("version", re.compile("STSv1")),
    ("mode", re.compile("|".join(MODES))),
    ("max_age", re.compile("[0-9]{1,10}")),
)


def meant(text: str, hosts: Iterable[str]) -> Policy | None:
    """What a malformed policy was meant to be: its own mode and life where they can be told, for these mail servers.

    None where even the mode is not to be told.
    """
    mode = re.search(r"^[ \t]*mode[ \t]*:[ \t]*(enforce|testing|none)\b", text, re.IGNORECASE | re.MULTILINE)
    age = re.search(r"^[ \t]*max_age[ \t]*:[ \t]*([0-9]{1,10})[ \t]*\r?$", text, re.IGNORECASE | re.MULTILINE)
    if mode is None:
        return None
    seconds = int(age[1]) if age else 0
    return Policy(mode[1].lower(), seconds if DAY_S <= seconds <= LONGEST_AGE else DAY_S, tuple(hosts))


DAY_S = 86400
"""The shortest life of a policy that is of use, and a good one to begin with: a mistake is forgotten within a day."""
