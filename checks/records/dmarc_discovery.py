"""Which DMARC record applies to a domain: the DNS tree walk (RFC 9989, section 4.10)."""

from collections.abc import Sequence

from msgspec import Struct

from checks.evidence.lookups import Answer
from checks.records.dmarc import DmarcRecord, is_dmarc, parse

MAX_STEPS = 8
"""However long the name: its own record, then at most seven labels of what it belongs to."""


class Step(Struct, frozen=True):
    """One name of the walk, with what stands at `_dmarc.` before it."""

    domain: str
    answer: Answer

    @property
    def texts(self) -> tuple[str, ...]:
        """The records there that begin as DMARC does."""
        return tuple(text for text in self.answer.records if is_dmarc(text))

    @property
    def record(self) -> DmarcRecord | None:
        """The record, if it is the only one: of several none counts."""
        return parse(self.texts[0]) if len(self.texts) == 1 else None


class Discovery(Struct, frozen=True):
    """How the walk ended. At most one of `step` (whose record applies) and `unanswered` is there."""

    step: Step | None = None
    inherited: bool = False
    unanswered: Answer | None = None

    @property
    def policy(self) -> str:
        """What is asked for mail in the name of the domain, which exists; `none` where nothing applies."""
        record = self.step.record if self.step else None
        if record is None:
            return "none"
        return record.subdomain_policy if self.inherited else record.policy


def walk_names(domain: str) -> tuple[str, ...]:
    """The names of the walk, from the domain itself up to its top-level domain."""
    labels = domain.split(".")
    parents = labels[1:] if len(labels) <= MAX_STEPS else labels[-(MAX_STEPS - 1) :]
    return (domain, *(".".join(parents[start:]) for start in range(len(parents))))


def discover(steps: Sequence[Step]) -> Discovery:
    """The record that applies to the first step's domain: its own, its organisation's, or its registry's."""
    own, parents = steps[0], steps[1:]
    if not own.answer.answered:
        return Discovery(unanswered=own.answer)
    if own.record is not None:
        return Discovery(own)
    found: list[Step] = []
    for step in parents:
        if not step.answer.answered:
            return Discovery(unanswered=step.answer)
        if step.record is None:
            continue
        found.append(step)
        if step.record.boundary == "n":
            return Discovery(step, inherited=True)
        if step.record.boundary == "y":
            return Discovery(_below_registry(found, steps), inherited=True)
    return Discovery(found[-1], inherited=True) if found else Discovery()


def _below_registry(found: Sequence[Step], steps: Sequence[Step]) -> Step:
    """The organisation's own record, one label below the registry's, if it has one; else the registry's."""
    registry = found[-1]
    below = steps[[step.domain for step in steps].index(registry.domain) - 1]
    return below if below in found else registry
