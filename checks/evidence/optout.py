"""Whether the domain's holder has asked to be left alone."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OptOut:
    """`by`: the name whose TXT record says so, the domain's own or a larger one's. None where there is none."""

    by: str | None = None
