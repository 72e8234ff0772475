"""What a snapshot publishes, made of sums that nobody sees: every figure in it is safe beside all others, for good."""

from collections.abc import Callable, Iterable, Mapping

from msgspec import Struct

from checks.contract import Json
from checks.registry import ALL_CHECKS
from portal.assessments.catalogue import Catalogue
from portal.programme.admitting import LEAST, TOGETHER
from portal.programme.contributing import DIMENSIONS, MONTH, known_fixes
from portal.programme.disclosing import Table, Week, tabled
from portal.programme.sums import ALL, Sums, firms, group


class State(Struct, frozen=True):
    """What the next snapshot is made from: `sums` and `ages` of all groups, and each question's figures as last shown.

    `sums` is of `portal.programme.sums.as_json`.
    """

    sums: dict[str, dict[str, int]] = {}
    ages: dict[str, int] = {}
    tables: dict[str, Table] = {}


def tables(catalogue: Catalogue, week: Week, before: Mapping[str, Table]) -> dict[str, Table]:
    """This week's figures of every question and check that has any, in the order of questionnaire and checks."""
    made = {}
    for item in _items(catalogue):
        one = tabled(item, week, before.get(item), concerning(catalogue, item))
        if one is not None:
            made[item] = one
    return made


def cells(catalogue: Catalogue, sums: Sums, told: Mapping[str, Table]) -> dict[str, Json]:
    """What is published: numbers from `LEAST` up, and null or nothing for what is hidden."""
    counts = firms(sums)
    gaps = [_gap(catalogue, item, table) for item, table in told.items() if table.is_shown]
    return {
        "assessments": counts.get(ALL),
        "groups": {
            dimension: [{"id": value, "assessments": counts.get(group(dimension, value))} for value in values]
            for dimension, values in _values(catalogue, counts).items()
        },
        "gaps": [*sorted(gaps, key=lambda gap: -gap["short"])],  # type: ignore[operator]
        "fixed": [*_fixed(catalogue, sums)],
    }


def _items(catalogue: Catalogue) -> list[str]:
    return [*(question.id for question in catalogue.questions), *(check.id for check in ALL_CHECKS)]


def concerning(catalogue: Catalogue, item: str) -> Callable[[str], bool]:
    """Whether a group can be asked it at all, as everybody can read in the catalogue."""
    question = catalogue.question(item)
    if question is None:
        return lambda _group: True

    def concerns(name: str) -> bool:
        dimension, _, value = name.partition(":")
        allowed = question.shown_if.get(dimension)
        return allowed is None or value in allowed or value == TOGETHER

    return concerns


def _values(catalogue: Catalogue, counts: Mapping[str, int]) -> dict[str, list[str]]:
    """The groups of each dimension by their values: those of the catalogue, and months that have figures."""
    found = {}
    for dimension in DIMENSIONS:
        standing = [name.partition(":")[2] for name in counts if name.startswith(f"{dimension}:")]
        question = catalogue.profile_question(dimension)
        known = [answer.id for answer in question.answers] if question and dimension != MONTH else []
        later = sorted(value for value in standing if value not in {*known, TOGETHER})
        found[dimension] = [*known, *later, *([TOGETHER] if TOGETHER in standing else [])]
    return found


def _gap(catalogue: Catalogue, item: str, table: Table) -> dict[str, Json]:
    question = catalogue.question(item)
    return {
        "id": item,
        "kind": "question" if question else "check",
        "critical": bool(question and question.critical),
        "week": table.week,
        "assessments": table.whole.firms,
        "short": table.whole.short,
        "groups": {dimension: [*_shown(dimension, table)] for dimension in DIMENSIONS},
    }


def _shown(dimension: str, table: Table) -> Iterable[Json]:
    for name, cell in table.cells.items():
        own, _, value = name.partition(":")
        if own == dimension:
            yield {"id": value, "assessments": cell.firms, "short": cell.short}


def _fixed(catalogue: Catalogue, sums: Sums) -> list[dict[str, Json]]:
    """Fixes that enough firms ticked done and enough did not; how many were seen to work, where the same holds."""
    everybody = firms(sums).get(ALL, 0)
    found: list[tuple[int, dict[str, Json]]] = []
    for fix in known_fixes(catalogue):
        done, proven = sums[ALL, f"fixed:{fix}"], sums[ALL, f"proven:{fix}"]
        if min(done, everybody - done) >= LEAST:
            is_told = min(proven, done - proven) >= LEAST
            found.append((done, {"id": fix, "done": done, "proven": proven if is_told else None}))
    return [one for _, one in sorted(found, key=lambda each: -each[0])]
