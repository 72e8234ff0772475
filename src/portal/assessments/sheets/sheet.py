"""One firm's answers as a value, and the questions that its profile brings up."""

from collections.abc import Mapping

from msgspec import Struct

from portal.assessments.catalogue import Catalogue, Question
from portal.errors import SheetError


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


def require_known(catalogue: Catalogue, sheet: Sheet) -> None:
    """Raises SheetError (`unknown-version`, `unknown-question`, `unknown-answer`) for what the catalogue has not."""
    if sheet.version != catalogue.version:
        raise SheetError("unknown-version", f"there is no version {sheet.version}", sheet.version)
    profile = {question.id: {answer.id for answer in question.answers} for question in catalogue.profile}
    questions = {question.id: {answer.id for answer in question.answers} for question in catalogue.questions}
    for part, known in ((sheet.profile, profile), (sheet.answers, questions)):
        for question, answer in part.items():
            if question not in known:
                raise SheetError("unknown-question", f"{question} is no question", question)
            if answer not in known[question]:
                raise SheetError("unknown-answer", f"{question} has no answer {answer}", question, answer)
