"""Every answer that the domain's SPF record, and the records it leads to, depend on."""

from collections.abc import Mapping
from dataclasses import dataclass

from checks.evidence.lookups import Answer

Question = tuple[str, str]
"""A name, lower-case and without the last dot, and a record type."""


@dataclass(frozen=True, slots=True)
class SpfAnswers:
    """The answers to the questions that `checks.records.spf_tree.walk` asked, from the domain on.

    A question that it asks and that has no answer here was left out, because there were too many.
    """

    domain: str
    answers: Mapping[Question, Answer]
