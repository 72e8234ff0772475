"""DMARC policy records as text (RFC 9989, sections 4.7 and 4.8)."""

import re
from collections.abc import Mapping

from msgspec import Struct

VERSION = "v=DMARC1"
POLICIES = ("none", "quarantine", "reject")
"""What to do with forged mail, from the weakest to the strictest."""
REMOVED = frozenset({"pct", "rf", "ri"})
"""Tags of the old standard that the new one no longer knows."""
REPORTS_AT = "dmarc"
"""The mailbox for reports that we propose where there is none."""

_VERSION = re.compile(r"[vV][ \t]*=[ \t]*DMARC1[ \t]*(?:;|$)")
_VALUE = re.compile(r"[ -:<-~]+")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*")
_LONGEST = 4096
_VALUES: Mapping[str, tuple[str, ...]] = {
    "p": POLICIES,
    "sp": POLICIES,
    "np": POLICIES,
    "t": ("y", "n"),
    "psd": ("y", "n", "u"),
    "adkim": ("r", "s"),
    "aspf": ("r", "s"),
}


class DmarcRecord(Struct, frozen=True):
    """A record that receivers take for DMARC.

    `tags` are those with a meaning and a valid value, names and policy values in lower case. `invalid` names the
    tags whose value is none of theirs, `repeated` those that stand more than once, which makes the whole list
    invalid (RFC 6376, section 3.2); `malformed` are the pieces that are no tag at all, which receivers pass over.
    """

    text: str
    tags: Mapping[str, str]
    invalid: tuple[str, ...] = ()
    repeated: tuple[str, ...] = ()
    malformed: tuple[str, ...] = ()

    @property
    def reports_to(self) -> tuple[str, ...]:
        """The well-formed addresses for daily reports (`rua`)."""
        uris = (uri.strip() for uri in self.tags.get("rua", "").split(","))
        return tuple(uri for uri in uris if is_uri(uri))

    @property
    def usable(self) -> bool:
        """Whether receivers apply it: with a faulty policy only for the sake of its reports (section 4.10.1)."""
        return not self.repeated and (self._policies_valid or bool(self.reports_to))

    @property
    def policy(self) -> str:
        """What is asked for the domain itself (`p`); `none` where that is missing or faulty."""
        return self.tags.get("p", "none") if self._policies_valid else "none"

    @property
    def subdomain_policy(self) -> str:
        """What is asked for subdomains that exist (`sp`, else `p`)."""
        return self.tags.get("sp", self.policy) if self._policies_valid else "none"

    @property
    def nowhere_policy(self) -> str:
        """What is asked for subdomains that do not exist (`np`, else `sp`, else `p`)."""
        return self.tags.get("np", self.subdomain_policy) if self._policies_valid else "none"

    @property
    def testing(self) -> bool:
        """Whether receivers are asked to act one step milder than the policy (`t=y`)."""
        return self.tags.get("t") == "y"

    @property
    def share(self) -> int:
        """For how many in a hundred messages receivers by the old standard act (`pct`, RFC 7489, section 6.3)."""
        written = self.tags.get("pct", "")
        return int(written) if re.fullmatch(r"[0-9]{1,2}", written) else 100

    @property
    def boundary(self) -> str:
        """`y`: of a registry, `n`: of an organisation, `u`: not said (`psd`)."""
        return self.tags.get("psd", "u")

    @property
    def _policies_valid(self) -> bool:
        return "p" in self.tags and not {"p", "sp", "np"} & set(self.invalid)


def is_dmarc(text: str) -> bool:
    """Whether a TXT record at `_dmarc` counts: the version first, in capitals, alone or before a semicolon."""
    return _VERSION.match(text) is not None


def looks_like_dmarc(text: str) -> bool:
    """Whether somebody meant it as DMARC, be it misspelt."""
    return re.match(r"[\s\"'“”]*v\s*=\s*dmarc", text, re.IGNORECASE) is not None


def parse(text: str) -> DmarcRecord:
    """The tags of a record; never raises, since receivers pass over what they cannot read (section 4.7)."""
    tags: dict[str, str] = {}
    invalid: list[str] = []
    repeated: list[str] = []
    malformed: list[str] = []
    for piece in filter(None, (piece.strip(" \t") for piece in text.split(";")[1:])):
        name, _, value = (part.strip(" \t") for part in piece.partition("="))
        if not (name.isascii() and name.isalpha() and _VALUE.fullmatch(value)):
            malformed.append(piece)
            continue
        name = name.lower()
        allowed = _VALUES.get(name)
        if name in tags or name in invalid:
            repeated.append(name)
        elif allowed is None:
            tags[name] = value
        elif value.lower() in allowed:
            tags[name] = value.lower()
        else:
            invalid.append(name)
    return DmarcRecord(text, tags, tuple(invalid), tuple(repeated), tuple(malformed))


def compose(tags: Mapping[str, str]) -> str:
    """A record with these tags, without those that the standard dropped."""
    return "; ".join([VERSION, *(f"{name}={value}" for name, value in tags.items() if name not in REMOVED)])


def is_uri(text: str) -> bool:
    """Whether reports can be sent there: a scheme, and for mail an address with a domain. `!10m` is of old times."""
    scheme, colon, rest = text.rpartition("!")[0].partition(":") if "!" in text else text.partition(":")
    if not colon or not rest or not _SCHEME.fullmatch(scheme) or any(character in rest for character in " \t!"):
        return False
    mailbox, at, host = rest.partition("?")[0].partition("@")
    return scheme.lower() != "mailto" or bool(mailbox and at and "." in host.strip(".") and "@" not in host)


def respelt(text: str) -> DmarcRecord:
    """What a misspelt record was meant to say: quotes, the version's spelling and comma separators put right."""
    bare = text[:_LONGEST].strip("\"'“” \t")
    rest = re.sub(r"^v\s*=\s*dmarc\s*1?[\s,:;]*", "", bare, flags=re.IGNORECASE)
    if ";" not in rest:
        rest = re.sub(r",?\s+(?=[a-z]+\s*=)|,(?=[a-z]+=)", ";", rest, flags=re.IGNORECASE)
    return parse(f"{VERSION}; {rest}")


def weaker(policy: str, than: str) -> bool:
    """Whether one policy stops less than another."""
    return POLICIES.index(policy) < POLICIES.index(than)
