"""A call's files for its organisers. The JSON keeps to `call.schema.json` beside this module (JSON Schema 2020-12)."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import msgspec
from msgspec.structs import asdict

from checks.contract import Json
from checks.document import moment
from portal.exports import call_grids, comma_separated, workbook
from portal.exports.call_gathering import Assignment, TakenCall, TakenRound, TakenSubmission
from portal.exports.files import Export
from portal.exports.grid import Grid

SCHEMA = Path(__file__).parent / "call.schema.json"


def export(taken: TakenCall, form: str) -> Export:
    """One of `FORMS`. A pure function, for a thread of its own. Raises KeyError for another form."""
    media_type, make = FORMS[form]
    name = f"kyberkunto-{taken.call.slug}-{form}"
    return Export(name, name, media_type, make(taken))


def document(taken: TakenCall) -> dict[str, Json]:
    """Everything as data. `scores` of a round are null where they may not stand in one file with names (yet)."""
    return {
        "call": taken.call.slug,
        "version": taken.call.version,
        "as_of": moment(taken.made_at),
        "entries": [_entry(each) for each in taken.entries],
        "submissions": [_submission(each) for each in taken.submissions],
        "assignments": [_assignment(each) for each in taken.assignments],
        "rounds": [_round(each) for each in taken.rounds],
    }


def _entry(each: Any) -> Json:  # noqa: ANN401 - JSON of any depth comes of it
    return {
        "number": each.number,
        "track": each.track,
        "startup": each.organisation_name,
        "home": each.home,
        "submission": each.submission,
        "call_version": each.call_version,
        "submitted_at": moment(each.submitted_at),
        "is_late": each.is_late,
        "digest": each.digest,
        "content": msgspec.to_builtins(each.content),
    }


def _submission(each: TakenSubmission) -> Json:
    return {**asdict(each), "submitted_at": moment(each.submitted_at)}


def _assignment(each: Assignment) -> Json:
    ended = moment(each.ended_at) if each.ended_at else None
    return {**asdict(each), "given_at": moment(each.given_at), "ended_at": ended}


def _round(each: TakenRound) -> Json:
    locked = each.known.locked_at
    hidden = "open" if locked is None else None if each.is_named else "blind"
    scores: list[Json] = [
        {"entry": one.entry, "juror": one.juror, "total": one.total, "marks": dict(one.marks)} for one in each.scores
    ]
    return {
        "kind": each.known.kind.value,
        "opened_at": moment(each.known.opened_at),
        "locked_at": moment(locked) if locked else None,
        "hidden": hidden,
        "scores": None if hidden else scores,
    }


def _data(taken: TakenCall) -> bytes:
    return json.dumps(document(taken), indent=2).encode("ascii")


def _table(grid: Callable[[TakenCall], Grid]) -> Callable[[TakenCall], bytes]:
    return lambda taken: comma_separated.comma_separated(grid(taken))


def _workbook(taken: TakenCall) -> bytes:
    title = taken.call.title_in(taken.language).text
    return workbook.workbook(call_grids.grids(taken), f"Kyberkunto, {title}", taken.language)


FORMS: Mapping[str, tuple[str, Callable[[TakenCall], bytes]]] = MappingProxyType(
    {
        "tables.xlsx": (workbook.MEDIA_TYPE, _workbook),
        "entries.csv": (comma_separated.MEDIA_TYPE, _table(call_grids.entries)),
        "submissions.csv": (comma_separated.MEDIA_TYPE, _table(call_grids.submissions)),
        "assignments.csv": (comma_separated.MEDIA_TYPE, _table(call_grids.assignments)),
        "scores.csv": (comma_separated.MEDIA_TYPE, _table(call_grids.scores)),
        "data.json": ("application/json", _data),
    }
)
"""By the last part of their address: the media type, and what makes it."""
