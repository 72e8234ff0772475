"""The results as anybody can make them again: scores by numbers, variances, the version of our code, the command."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec

from challenge.pairwise import rank_pairs
from portal.awards import comparing, decisions, reading, standings
from portal.awards.decisions import Choice
from portal.awards.standings import KnownStanding
from portal.calls.service import KnownCall
from portal.juries.service import KnownRound

FIELDS = ("mean", "variances", "connected", "entries", "jurors")
"""What `kyberkunto ranking --json` says."""


async def made(call: KnownCall, rounds: Sequence[KnownRound]) -> str:
    """The bundle of these locked rounds, as the JSON whose bytes are signed by their SHA-256 and served as they are."""
    document = {
        "call": call.slug,
        "version": call.version,
        "rankings": [told for round_ in rounds for told in await _rankings(round_)],
        "pairs": [told for round_ in rounds for told in await _pairs(round_)],
    }
    return msgspec.json.format(msgspec.json.encode(document, order="deterministic"), indent=1).decode()


def file_name(call: str, round_kind: str, track: str) -> str:
    """How a table of scores is called where it is saved."""
    return f"{call}-{round_kind}-{track}.csv"


def document(standing: KnownStanding) -> dict[str, Any]:
    """The ranking as `kyberkunto ranking --json` says it of the same scores."""
    built: dict[str, Any] = msgspec.to_builtins(standing.ranking)
    return {name: built[name] for name in FIELDS}


async def _rankings(round_: KnownRound) -> list[dict[str, Any]]:
    decided = await decisions.of_round(round_.id)
    found = []
    for track, standing in sorted((await standings.of_round(round_.id)).items()):
        numbers = {each.id: each.number for each in await reading.entered(round_, track)}
        found.append(
            {
                "round": round_.kind.value,
                "track": track,
                "scores": standing.scores,
                "top": standing.top,
                "command": ["kyberkunto", *standing.arguments("scores.csv")],
                "code_version": standing.code_version,
                "made_at": standing.made_at,
                "ranking": document(standing),
                "decisions": _decisions(standing, numbers, decided),
            }
        )
    return found


def _decisions(
    standing: KnownStanding, numbers: Mapping[UUID, int], decided: Mapping[UUID, Choice]
) -> list[dict[str, Any]]:
    """By the entry's number: the verdict, and whether the jury decided it rather than the ranking."""
    own = {entry: choice for entry, choice in decided.items() if entry in numbers}
    by_jury = decisions.reasons_needed(standing.ranking, numbers, own)
    told = [
        {
            "entry": str(numbers[entry]),
            "verdict": choice.verdict,
            "decided_by": "jury" if entry in by_jury else "ranking",
        }
        for entry, choice in own.items()
    ]
    return sorted(told, key=lambda each: int(str(each["entry"])))


async def _pairs(round_: KnownRound) -> list[dict[str, Any]]:
    found = await comparing.of_round(round_)
    if not found:
        return []
    pairs = [{"juror": str(each.juror), "better": str(each.better), "worse": str(each.worse)} for each in found]
    return [{"round": round_.kind.value, "comparisons": pairs, "ranking": rank_pairs(comparing.as_values(found))}]
