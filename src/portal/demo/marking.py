"""What jurors think: the same marks each time, stricter or milder with who gives them, and a word to the startup."""

import json
import random

from challenge.terms import HIGHEST_MARK, Terms
from portal.demo import texts
from portal.demo.texts import SomeBody, Told
from portal.juries.scoring import Typed

_MOOD = 0.9
"""Standard deviation of one mark, in marks of ten."""


def scored(terms: Terms, told: Told, juror: SomeBody, round_kind: str) -> Typed:
    """All marks of one juror for one entry, and their feedback in the entry's language."""
    dice = random.Random(f"{round_kind} {told.title} {juror.address}")  # noqa: S311 - made-up jurors
    marks = {
        criterion.id: min(max(round(good - juror.severity + dice.gauss(0, _MOOD)), 0), HIGHEST_MARK)
        for criterion, good in zip(terms.criteria, told.marks, strict=True)
    }
    best, worst = (max(marks, key=lambda name: marks[name]), min(marks, key=lambda name: marks[name]))
    said = texts.feedback()
    liked, missed = (dice.choice(each[told.language]) for each in (said.liked[best], said.missed[worst]))
    return Typed(marks, feedback=f"{liked} {missed}")


def kept(typed: Typed) -> str:
    """The marks as the database keeps them."""
    return json.dumps(dict(typed.marks))
