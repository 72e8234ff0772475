"""A snapshot as open data: one JSON document, or one line for each figure. Its form is published beside this module."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from checks.contract import Json
from checks.document import moment
from portal.programme.admitting import LEAST
from portal.programme.contributing import DIMENSIONS
from portal.programme.snapshots import Kept
from portal.programme.telling import fix_name, group_name, item_name

SCHEMA = Path(__file__).parent / "programme.schema.json"
LICENCE = "CC-BY-4.0"
"""As SPDX names it."""
LICENCE_URL = "https://creativecommons.org/licenses/by/4.0/"
COLUMNS = ("week", "figure", "id", "text", "dimension", "group", "group_text", "assessments", "count", "licence")

Line = dict[str, str | int | None]


def as_document(kept: Kept, language: str) -> dict[str, Json]:
    """The whole snapshot, as it was made, with texts in that language. A figure that is hidden is null or not there."""
    cells: Any = kept.cells
    return {
        "city": {"id": kept.city.slug, "text": kept.city.name_in(language).text},
        "week": kept.week,
        "made_at": moment(kept.made_at),
        "language": language,
        "catalogue_version": kept.catalogue_version,
        "licence": {"id": LICENCE, "url": LICENCE_URL},
        "least": LEAST,
        "assessments": cells["assessments"],
        "groups": {
            dimension: [{**each, "text": group_name(dimension, each["id"], language)} for each in groups]
            for dimension, groups in cells["groups"].items()
        },
        "gaps": [{**gap, "text": item_name(gap["id"], language)} for gap in cells["gaps"]],
        "fixed": [{**fix, "text": fix_name(fix["id"], language)} for fix in cells["fixed"]],
    }


def lines(kept: Kept, language: str) -> Iterator[Line]:
    """A line for each figure that may be shown, by `COLUMNS`. `assessments`: of how many firms it is a part."""
    cells: Any = kept.cells
    shared: Line = {"week": kept.week, "licence": f"CC BY 4.0, {kept.city.name_in(language).text}"}
    if cells["assessments"] is not None:
        yield {**shared, "figure": "assessments", "count": cells["assessments"]}
    for dimension in DIMENSIONS:
        for group in cells["groups"][dimension]:
            if group["assessments"] is not None:
                count = group["assessments"]
                yield {**shared, "figure": "assessments", "count": count, **_group(dimension, group, language)}
    for gap in cells["gaps"]:
        named: Line = {**shared, "week": gap["week"], "figure": "gap", "id": gap["id"]}
        named["text"] = item_name(gap["id"], language)
        yield {**named, "assessments": gap["assessments"], "count": gap["short"]}
        for dimension in DIMENSIONS:
            for cell in gap["groups"][dimension]:
                counts: Line = {"assessments": cell["assessments"], "count": cell["short"]}
                yield {**named, **counts, **_group(dimension, cell, language)}
    for fix in cells["fixed"]:
        own: Line = {**shared, "id": fix["id"], "text": fix_name(fix["id"], language)}
        yield {**own, "figure": "fixed", "assessments": cells["assessments"], "count": fix["done"]}
        if fix["proven"] is not None:
            yield {**own, "figure": "proven", "assessments": cells["assessments"], "count": fix["proven"]}


def _group(dimension: str, group: dict[str, Any], language: str) -> Line:
    text = group_name(dimension, group["id"], language)
    return {"dimension": dimension, "group": group["id"], "group_text": text}
