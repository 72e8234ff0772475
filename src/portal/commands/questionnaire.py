"""`kyberkunto questionnaire`: the questions, their answers and the fixes, as people read them or as one document."""

import argparse
import json
import os
import sys
from collections.abc import Iterator

from checks.contract import Json
from checks.languages import LANGUAGES
from portal.assessments.catalogue import FRAMEWORKS, Catalogue, Question, current
from portal.commands.check_input import language_of


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """In which form and language."""
    parser.add_argument("--json", action="store_true", help="one JSON document on standard output, nothing else")
    parser.add_argument("--lang", choices=LANGUAGES, help="language (default: as the environment has it, else en)")


def run(args: argparse.Namespace) -> int:
    """Returns 0."""
    language = args.lang or language_of(os.environ)
    if args.json:
        print(json.dumps(_document(current(), language), indent=2))  # noqa: T201 - ASCII fits every terminal
    else:
        sys.stdout.write("".join(f"{line}\n" for line in _lines(current(), language)))
    return 0


def _document(catalogue: Catalogue, language: str) -> dict[str, Json]:
    """The public JSON of the questionnaire; `docs/scoring.md` says what its values mean."""
    return {
        "version": catalogue.version,
        "profile": [
            {
                "id": question.id,
                "text": question.text[language],
                "answers": [{"id": answer.id, "text": answer.text[language]} for answer in question.answers],
            }
            for question in catalogue.profile
        ],
        "topics": [{"id": topic.id, "title": topic.title[language]} for topic in catalogue.topics],
        "questions": [_question(catalogue, question, language) for question in catalogue.questions],
        "fixes": [
            {
                "id": fix.id,
                "title": fix.title[language],
                "steps": [*fix.steps[language]],
                "cost_eur": [*fix.cost_eur],
                "minutes": fix.minutes,
                "who": fix.who,
            }
            for fix in catalogue.fixes.values()
        ],
    }


def _question(catalogue: Catalogue, question: Question, language: str) -> dict[str, Json]:
    frameworks: dict[str, Json] = {
        name: [*dict.fromkeys(entry.id for entry in question.satisfies if entry.framework == name)]
        for name in FRAMEWORKS
    }
    return {
        "id": question.id,
        "topic": question.topic,
        "text": question.text[language],
        "help": question.help[language],
        "shown_if": {key: [*values] for key, values in question.shown_if.items()},
        "critical": question.critical,
        "answers": [
            {"id": answer.id, "text": answer.text[language], "kind": answer.kind.value, "value": answer.value}
            for answer in question.answers
        ],
        "fixes": [fix.id for fix in catalogue.fixes_for(question.id)],
        "frameworks": frameworks,
    }


def _lines(catalogue: Catalogue, language: str) -> Iterator[str]:
    for topic in catalogue.topics:
        yield topic.title[language]
        for question in topic.questions:
            yield ""
            yield f"  {question.text[language]}"
            yield f"  {question.help[language]}"
            yield from (f"   - {answer.text[language]}" for answer in question.answers)
        yield ""
