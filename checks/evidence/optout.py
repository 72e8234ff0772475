"""Whether the domain's holder has asked to be left alone."""

from msgspec import Struct


class OptOut(Struct, frozen=True):
    """`by`: the name whose TXT record says so, the domain's own or a larger one's. None where there is none."""

    by: str | None = None
