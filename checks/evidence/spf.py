"""The domain's SPF policy, with everything it leads to."""

from msgspec import Struct

from checks.records.spf_tree import Node


class SpfPolicy(Struct, frozen=True):
    """The policy as `checks.records.spf_tree.walk` sees it through all answers that could be had.

    A question that was left out, because there were too many, counts as one without an answer (`UNASKED`).
    """

    root: Node
