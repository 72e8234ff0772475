"""The chain: each entry's hash covers its fields and the hash before it. Pure values, no database.

A hash is SHA-256, in hexadecimal, over the entry's other fields as JSON in its canonical form (RFC 8785: keys sorted,
no spaces, UTF-8). Whoever changes an entry has to make all later ones anew, and then the head is another than the one
that was written down.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

Plain = str | int | bool
"""What an entry may tell about its act; no fractions, which JSON has many ways to write."""

_HEAD = re.compile(r"(0|[1-9][0-9]{0,18}):([0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class Head:
    """Where a chain ends, or ended: the number and the hash of its last entry. As text `SEQ:HASH`."""

    seq: int
    hash: str

    def __str__(self) -> str:
        return f"{self.seq}:{self.hash}"


START = Head(0, "0" * 64)
"""The head of an empty chain."""


def parse_head(text: str) -> Head:
    """The head that `SEQ:HASH` says. Raises ValueError."""
    found = _HEAD.fullmatch(text)
    if found is None:
        raise ValueError("must be like 480:9f86d0…, a number and 64 hexadecimal digits")
    return Head(int(found[1]), found[2])


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry, as it is kept.

    `at`: when, in UTC, as `2026-11-23T09:30:00.000000Z`. `actor`: a person's pseudonym, or `system` or `operator`.
    `subject`: what it is about, as `KIND:ID`, or empty. `about`: a JSON object in its canonical form.
    """

    seq: int
    at: str
    action: str
    actor: str
    subject: str
    about: str
    previous: str
    hash: str

    @property
    def head(self) -> Head:
        """The chain's head for as long as this entry is its last."""
        return Head(self.seq, self.hash)


class Flaw(StrEnum):
    """What can be wrong with a chain, at one entry."""

    CHANGED = "changed"
    MISSING = "missing"
    OUT_OF_PLACE = "out-of-place"
    REWRITTEN = "rewritten"
    """It is not the one whose hash was written down: it or one before it was made anew."""
    CUT = "cut"
    """It is missing, and so are all after it."""


def canonical(value: object) -> str:
    """JSON of texts, whole numbers, booleans and objects of these by RFC 8785; anything else is told as Python does."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=repr)


def as_text(moment: datetime) -> str:
    """The moment as `at` has it: always as long, so that texts sort as moments do."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def sealed(  # noqa: PLR0913 - an entry's fields
    head: Head, *, at: datetime, action: str, actor: str, subject: str, about: Mapping[str, Plain]
) -> Entry:
    """The entry that follows on this head."""
    seq, moment, told = head.seq + 1, as_text(at), canonical(dict(about))
    draft = Entry(seq, moment, action, actor, subject, told, head.hash, "")
    return Entry(seq, moment, action, actor, subject, told, head.hash, _digest(draft))


def flaw(entry: Entry, head: Head) -> Flaw | None:
    """What is wrong with the entry that was found behind this head; None where it is whole and in its place.

    Its fields may have been tampered with, and then hold anything that a database can.
    """
    if entry.seq != head.seq + 1:
        gap = isinstance(entry.seq, int) and entry.seq > head.seq + 1
        return Flaw.MISSING if gap else Flaw.OUT_OF_PLACE
    if entry.previous != head.hash:
        return Flaw.OUT_OF_PLACE
    return None if entry.hash == _digest(entry) else Flaw.CHANGED


def _digest(entry: Entry) -> str:
    """Empty, and so the hash of no entry, where `about` is no canonical JSON."""
    try:
        about = json.loads(entry.about)
    except (ValueError, TypeError, RecursionError):
        return ""
    if canonical(about) != entry.about:
        return ""
    fields = {
        "about": about,
        "action": entry.action,
        "actor": entry.actor,
        "at": entry.at,
        "previous": entry.previous,
        "seq": entry.seq,
        "subject": entry.subject,
    }
    return hashlib.sha256(canonical(fields).encode("utf-8", "backslashreplace")).hexdigest()
