"""The domain's SPF policy, with everything it leads to."""

from dataclasses import dataclass

from checks.records.spf_tree import Node


@dataclass(frozen=True, slots=True)
class SpfPolicy:
    """The policy as `checks.records.spf_tree.walk` sees it through all answers that could be had.

    A question that was left out, because there were too many, counts as one without an answer (`UNASKED`).
    """

    root: Node
