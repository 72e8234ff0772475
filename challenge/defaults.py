"""What a new call begins with: criteria with anchors, questions, tracks and rules that can be published as they are."""

from collections.abc import Collection
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from challenge.terms import Criterion, Eligibility, Field, Phase, PhaseKind, Terms, Track, Words

SCREENING_LASTS = timedelta(days=21)
FINAL_LASTS = timedelta(days=14)
PAUSE = timedelta(days=1)
"""From the deadline to the screening, and from there to the final: an organiser looks at what came."""
GRACE_MINUTES = 15

_FILE = Path(__file__).with_suffix(".toml")


class Defaults(Struct, frozen=True, forbid_unknown_fields=True):
    """The file beside this module. All of its texts are in each of our languages."""

    rules: Words
    tracks: tuple[Track, ...]
    eligibility: tuple[Eligibility, ...]
    fields: tuple[Field, ...]
    criteria: tuple[Criterion, ...]


@cache
def defaults() -> Defaults:
    """What the file says."""
    said = msgspec.toml.decode(_FILE.read_bytes(), type=Defaults)
    return replace(said, rules={language: text.strip() for language, text in said.rules.items()})


def begun(
    title: Words, languages: tuple[str, ...], tracks: Collection[str], opens: datetime, deadline: datetime
) -> Terms:
    """A new call's terms. `tracks`: ids of the default ones to keep. `opens`, `deadline`: aware, in UTC.

    Title, summary and text are still to be written; the later phases follow the deadline.
    """
    said = defaults()
    screening = deadline + PAUSE
    final = screening + SCREENING_LASTS + PAUSE
    return Terms(
        title=title,
        summary={},
        text={},
        languages=languages,
        phases=(
            Phase(PhaseKind.ENTRIES, opens, deadline),
            Phase(PhaseKind.SCREENING, screening, screening + SCREENING_LASTS),
            Phase(PhaseKind.FINAL, final, final + FINAL_LASTS),
        ),
        tracks=tuple(track for track in said.tracks if track.id in tracks),
        eligibility=said.eligibility,
        fields=said.fields,
        criteria=said.criteria,
        prizes=(),
        rules=said.rules,
        grace_minutes=GRACE_MINUTES,
    )
