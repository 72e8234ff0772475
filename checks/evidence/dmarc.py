"""What stands at `_dmarc.` before the domain and before every name it belongs to."""

from dataclasses import dataclass

from checks.records.dmarc_discovery import Step


@dataclass(frozen=True, slots=True)
class DmarcWalk:
    """The answers of the DNS tree walk, from the domain up (RFC 9989, section 4.10)."""

    steps: tuple[Step, ...]
