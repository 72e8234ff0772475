"""security.txt (RFC 9116): how to report a flaw."""

import re
from datetime import UTC, datetime

from msgspec import Struct

# Compiled when first wanted: few sites have such a file.
_FIELD = r"([A-Za-z][A-Za-z-]{0,40})[ \t]*:[ \t]*(.*?)[ \t]*"
_KNOWN = {
    "acknowledgments",
    "canonical",
    "contact",
    "csaf",
    "encryption",
    "expires",
    "hiring",
    "policy",
    "preferred-languages",
}
_URI = r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+"
_MAIL = r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"
_SIGNED = "-----BEGIN PGP SIGNED MESSAGE-----"
_PLAIN = r"[ !#%-Z\[\]^_a-z|~]*"
"""What can stand in any server's quoted text without a meaning of its own."""
MAX_REPAIRED = 4096


class SecurityTxt(Struct, frozen=True):
    """A file's lines, and of its fields the contacts and the dates by which it expires, as written."""

    lines: tuple[str, ...]
    contacts: tuple[str, ...]
    expiries: tuple[str, ...]
    signed: bool

    @property
    def expires(self) -> datetime | None:
        """When it expires, in UTC. None where it does not say it once and as RFC 3339 has it (section 2.5.5)."""
        if len(self.expiries) != 1:
            return None
        try:
            when = datetime.fromisoformat(self.expiries[0].upper())
            return when.astimezone(UTC) if when.tzinfo and "T" in self.expiries[0].upper() else None
        except (ValueError, OverflowError):
            return None

    @property
    def faults(self) -> tuple[str, ...]:
        """The required fields that are missing or not as the standard wants them (sections 2.5.3 and 2.5.5)."""
        contact = self.contacts and all(re.fullmatch(_URI, value) for value in self.contacts)
        return (*(() if contact else ("Contact",)), *(() if self.expires else ("Expires",)))

    def repaired(self, expires: str) -> tuple[str, ...] | None:
        """The lines with every fault mended and that new date.

        None where only the owner can do it: nothing is known whom to contact, the file is signed, or it holds what
        cannot be put into a server's configuration as it stands.
        """
        if self.signed or not self.contacts:
            return None
        mended: list[str] = []
        for line in self.lines:
            name, value = _split(line)
            if name == "contact" and not re.fullmatch(_URI, value):
                if not re.fullmatch(_MAIL, value):
                    return None
                mended.append(f"Contact: mailto:{value}")
            elif name != "expires":
                mended.append(line)
        mended.append(f"Expires: {expires}")
        whole = sum(len(line) + 1 for line in mended) <= MAX_REPAIRED
        return tuple(mended) if whole and all(re.fullmatch(_PLAIN, line) for line in mended) else None


def parse(content: bytes) -> SecurityTxt | None:
    """The file, or None for what is none: nothing in it is a field of the standard."""
    text = content.decode("utf-8-sig", "replace")
    lines = tuple(line.rstrip() for line in text.replace("\r\n", "\n").strip().split("\n"))
    fields = [_split(line) for line in lines]
    if text.lstrip().startswith("<") or not any(name in _KNOWN for name, _value in fields):
        return None
    return SecurityTxt(
        lines,
        tuple(value for name, value in fields if name == "contact"),
        tuple(value for name, value in fields if name == "expires"),
        _SIGNED in lines,
    )


def _split(line: str) -> tuple[str, str]:
    match = re.fullmatch(_FIELD, line)
    return (match[1].lower(), match[2]) if match else ("", "")
