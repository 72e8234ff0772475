"""The catalogue's TOML files made into values; whatever is incomplete is refused with its place."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import tomli

from checks.advice import DOERS
from portal.assessments.catalogue import (
    DONT_KNOW,
    FRAMEWORKS,
    LANGUAGES,
    NOT_APPLICABLE,
    Answer,
    Catalogue,
    Fix,
    Kind,
    Local,
    ProfileQuestion,
    Question,
    Satisfies,
    Seen,
    Topic,
    Words,
)
from portal.errors import CatalogueError

WEIGHTS = (1, 2, 5, 10)
Raw = Mapping[str, Any]


def read(folder: Path) -> Catalogue:
    """The catalogue in that folder. Raises CatalogueError where anything is missing, unknown or named twice."""
    with _place("version.toml"):
        head = _load(folder / "version.toml")
        version, names = head["version"], head["topics"]
        common = {kind: _words(head[kind], kind) for kind in (DONT_KNOW, NOT_APPLICABLE)}
    topics, fixes = [], []
    for name in names:
        with _place(f"{name}.toml"):
            raw = _load(folder / f"{name}.toml")
            questions = tuple(_question(name, entry, common) for entry in raw["questions"])
            topics.append(Topic(name, _words(raw["title"], name), questions))
            fixes += [_fix(entry) for entry in raw.get("fixes", ())]
    with _place("profile.toml"):
        profile = tuple(_profile_question(entry) for entry in _load(folder / "profile.toml")["questions"])
    made = Catalogue(version, profile, tuple(topics), {fix.id: fix for fix in fixes})
    _require_unique([fix.id for fix in fixes])
    _require_unique([*(entry.id for entry in profile), *(question.id for question in made.questions)])
    _require_known_references(made)
    _require_an_end_of(made.fixes)
    return made


@contextmanager
def _place(name: str) -> Iterator[None]:
    """Tells where a key is missing."""
    try:
        yield
    except KeyError as error:
        raise CatalogueError(f"{name}: {error} is missing") from error


def _load(path: Path) -> dict[str, Any]:
    try:
        return tomli.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise CatalogueError(f"{path.name}: {error}") from error


def _profile_question(raw: Raw) -> ProfileQuestion:
    name = raw["id"]
    with _place(name):
        answers = tuple(Answer(entry["id"], _words(entry["text"], name)) for entry in raw["answers"])
        made = ProfileQuestion(name, _words(raw["text"], name), _words(raw["help"], name), answers)
    _require_unique([answer.id for answer in answers])
    return made


def _question(topic: str, raw: Raw, common: Mapping[str, Words]) -> Question:
    name = raw["id"]
    with _place(name):
        made = Question(
            id=name,
            topic=topic,
            text=_words(raw["text"], name),
            help=_words(raw["help"], name),
            ask=_words(raw["ask"], name),
            weight=raw["weight"],
            critical=raw.get("critical", False),
            shown_if={key: tuple(values) for key, values in raw.get("shown_if", {}).items()},
            answers=_answers(raw, common),
            satisfies=tuple(_satisfies(entry, name) for entry in raw.get("satisfies", ())),
            seen=tuple(_seen(entry, name) for entry in raw.get("seen", ())),
            gap=_words(raw["gap"], name) if raw.get("critical", False) else None,
        )
    _require_graded_whole(made)
    return made


def _answers(raw: Raw, common: Mapping[str, Words]) -> tuple[Answer, ...]:
    """Worst first, then that the owner does not know, and where that can be, that it does not apply."""
    graded = [
        Answer(entry["id"], _words(entry["text"], raw["id"]), Kind.GRADED, float(entry["value"]))
        for entry in raw["answers"]
    ]
    graded.append(Answer(DONT_KNOW, common[DONT_KNOW], Kind.UNKNOWN))
    if raw.get("not_applicable", False):
        graded.append(Answer(NOT_APPLICABLE, common[NOT_APPLICABLE], Kind.NOT_APPLICABLE))
    return tuple(graded)


def _satisfies(raw: Raw, place: str) -> Satisfies:
    return Satisfies(raw["framework"], raw["id"], raw["answer"], _words(raw["why"], place))


def _seen(raw: Raw, place: str) -> Seen:
    return Seen(
        check=raw["check"],
        outcomes=tuple(raw["outcomes"]),
        answer=raw.get("answer"),
        doubts=tuple(raw.get("doubts", ())),
        text=_words(raw["text"], place),
    )


def _fix(raw: Raw) -> Fix:
    name = raw["id"]
    with _place(name):
        made = Fix(
            id=name,
            title=_words(raw["title"], name),
            steps={language: tuple(raw["steps"][language]) for language in LANGUAGES},
            stops=_words(raw["stops"], name),
            verify=_words(raw["verify"], name),
            cost_eur=(raw["cost_eur"][0], raw["cost_eur"][1]),
            minutes=raw["minutes"],
            who=raw["who"],
            lifts={key: float(value) for key, value in raw["lifts"].items()},
            requires=tuple(raw.get("requires", ())),
            same_as=tuple(raw.get("same_as", ())),
            local=tuple(_local(entry, name) for entry in raw.get("local", ())),
        )
    if made.who not in DOERS or len({len(steps) for steps in made.steps.values()}) != 1 or not made.lifts:
        raise CatalogueError(f"{name}: unknown doer, steps that differ between languages, or nothing that it lifts")
    return made


def _local(raw: Raw, place: str) -> Local:
    return Local(raw["country"], _words(raw["text"], place), raw["source"], raw["title"], raw["seen"])


def _words(raw: Any, place: str) -> Words:  # noqa: ANN401 - whatever the file has there
    if not isinstance(raw, dict) or set(raw) != set(LANGUAGES) or not all(str(text).strip() for text in raw.values()):
        raise CatalogueError(f"{place}: a text is not there in all of {', '.join(LANGUAGES)}: {raw}")
    return dict(raw)


def _require_graded_whole(question: Question) -> None:
    """Answers come worst first, from 0 to 1: an honest worst one, and one that leaves nothing to wish for."""
    values = [answer.value for answer in question.answers if answer.value is not None]
    if values != sorted(set(values)) or values[:1] != [0] or values[-1:] != [1] or question.weight not in WEIGHTS:
        raise CatalogueError(f"{question.id}: answers go from 0 to 1, worst first; weights are {WEIGHTS}")
    _require_unique([answer.id for answer in question.answers])


def _require_known_references(made: Catalogue) -> None:
    profile = {entry.id: {answer.id for answer in entry.answers} for entry in made.profile}
    for question in made.questions:
        for key, values in question.shown_if.items():
            _require(set(values) <= profile.get(key, set()), f"{question.id}: shown_if {key}")
        for entry in question.satisfies:
            _require(entry.framework in FRAMEWORKS, f"{question.id}: {entry.framework}")
            _require(question.answer(entry.answer) is not None, f"{question.id}: {entry.answer}")
        for seen in question.seen:
            named = [*seen.doubts, *([seen.answer] if seen.answer else [])]
            _require(all(question.answer(name) is not None for name in named), f"{question.id}: seen {named}")
    for fix in made.fixes.values():
        unknown = [name for name in fix.lifts if made.question(name) is None]
        _require(not unknown, f"{fix.id}: lifts {unknown}")
        _require(set(fix.requires) <= set(made.fixes), f"{fix.id}: requires {fix.requires}")
        _require({local.country for local in fix.local} <= profile.get("country", set()), f"{fix.id}: local")


def _require_an_end_of(fixes: Mapping[str, Fix]) -> None:
    """No fix waits for itself, by way of those that it requires: nobody could begin."""
    left = dict(fixes)
    while ready := [name for name, fix in left.items() if not set(fix.requires) & set(left)]:
        for name in ready:
            del left[name]
    if left:
        raise CatalogueError(f"{', '.join(left)}: each waits for another of them")


def _require(is_so: bool, place: str) -> None:  # noqa: FBT001 - reads as a sentence
    if not is_so:
        raise CatalogueError(f"{place}: names what is not there")


def _require_unique(names: Sequence[str] | Iterable[str]) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise CatalogueError(f"{name} stands there twice")
        seen.add(name)
