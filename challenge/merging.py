"""Several people edit one entry: who saves after somebody faster keeps what both changed, and sees what differs."""

import hashlib
from collections.abc import Mapping

from msgspec import Struct


class Merged(Struct, frozen=True):
    """What comes of a form. `values`: by field, what is to be kept.

    `both`: by field that two changed differently, what stands there already; it stays. `theirs`: the fields that others
    changed and this form did not.
    """

    values: dict[str, str]
    both: dict[str, str]
    theirs: tuple[str, ...]


def mark(value: str) -> str:
    """What a form remembers of a value that it showed: enough to tell whether it is still the same."""
    return hashlib.sha256(value.encode()).hexdigest()[:12]


def marks(values: Mapping[str, str]) -> dict[str, str]:
    """The same of every field."""
    return {field: mark(value) for field, value in values.items()}


def merge(was: Mapping[str, str], saved: Mapping[str, str], typed: Mapping[str, str]) -> Merged:
    """What somebody typed, laid over what is saved. `was`: the marks of what their form showed them at first."""
    values, both, theirs = dict(saved), {}, []
    for field, text in typed.items():
        stands = saved.get(field, "")
        if text == stands:
            continue
        if was.get(field) == mark(text):
            theirs.append(field)
        elif was.get(field) in {mark(stands), None}:
            values[field] = text
        else:
            both[field] = stands
    return Merged(values, both, tuple(theirs))
