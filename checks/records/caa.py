"""CAA records: who may issue certificates for a name (RFC 8659, section 4)."""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import tomli
from msgspec import Struct

KNOWN_TAGS = {"issue", "issuewild", "iodef", "contactemail", "contactphone", "issuemail", "issuevmc"}
"""What certificate authorities understand, by IANA's registry of CAA properties."""

_RECORD = re.compile(r'(\d{1,3}) (\w+) "(.*)"', re.DOTALL)
_ESCAPE = re.compile(r"\\(\d{3}|.)", re.DOTALL)
_LABEL = r"[A-Za-z0-9](?:-*[A-Za-z0-9])*"
_ISSUER = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")
_PARAMETER = re.compile(rf"{_LABEL}[ \t]*=[ \t]*[\x21-\x3a\x3c-\x7e]*")
_CRITICAL = 128
_TABLE = Path(__file__).parent / "authorities.toml"


class Limit(Struct, frozen=True):
    """One CAA record; `tag` in lower case."""

    critical: bool
    tag: str
    value: str

    @classmethod
    def parse(cls, text: str) -> "Limit":
        """From presentation form: `0 issue "ca.example"`. Raises ValueError for anything else."""
        match = _RECORD.fullmatch(text)
        if match is None:
            raise ValueError(text)
        flags, tag, value = match.groups()
        return cls(bool(int(flags) & _CRITICAL), tag.lower(), _ESCAPE.sub(_unescape, value))

    @property
    def stops_everyone(self) -> bool:
        """Whether no authority may issue at all, because the record must be understood and cannot be."""
        return self.critical and self.tag not in KNOWN_TAGS

    @property
    def malformed(self) -> bool:
        """Whether an `issue` value does not follow the grammar, so that it names nobody (section 4.2)."""
        issuer, _, parameters = self.value.partition(";")
        well_formed = not issuer.strip() or _ISSUER.fullmatch(issuer.strip())
        given = [parameter.strip() for parameter in parameters.split(";") if parameter.strip()]
        return not well_formed or not all(_PARAMETER.fullmatch(parameter) for parameter in given)

    @property
    def issuer(self) -> str | None:
        """The authority's domain that an `issue` value names. None for `;` and for what is malformed."""
        name = self.value.partition(";")[0].strip().lower()
        return name if name and not self.malformed else None


def _unescape(match: re.Match[str]) -> str:
    code = match.group(1)
    return chr(int(code)) if len(code) == 3 else code  # noqa: PLR2004 - \DDD (RFC 1035, section 5.1)


def identifiers_of(authority: str) -> tuple[str, ...]:
    """The CAA names of a certificate authority, given as people know it (`Let's Encrypt`); the usual one first.

    Empty where the authority is not known.
    """
    known = authority.casefold()
    return next((names for start, names in _authorities().items() if known.startswith(start)), ())


@cache
def _authorities() -> Mapping[str, tuple[str, ...]]:
    raw = tomli.loads(_TABLE.read_text(encoding="utf-8"))
    return {start: tuple(names) for start, names in raw["authorities"].items()}
