"""One firm's answers as a value, and the questions that its profile brings up."""

from collections.abc import Mapping

from msgspec import Struct

from portal.assessments.catalogue import Catalogue, Question


class Sheet(Struct, frozen=True):
    """`profile` and `answers` hold answer ids by question id; `done` the ids of fixes that the owner ticked done."""

    version: str
    profile: Mapping[str, str] = {}
    answers: Mapping[str, str] = {}
    done: frozenset[str] = frozenset()


def shown(catalogue: Catalogue, profile: Mapping[str, str]) -> tuple[Question, ...]:
    """The questions that a firm of this profile is asked. A part of the profile that is absent hides its branch."""
    return tuple(
        question
        for question in catalogue.questions
        if all(profile.get(key) in allowed for key, allowed in question.shown_if.items())
    )
