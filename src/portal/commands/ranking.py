"""`kyberkunto ranking SCORES.csv`: what the jury's scores come to, once it is known how strict each juror is."""

import argparse
import json
import sys
from typing import Any

import msgspec

from challenge.errors import VariancesError
from challenge.ranking.result import Ranking, Variances
from portal.commands.table_input import read_with, whole_from
from portal.commands.usage import report

_VARIANCES = "error=V,entry=V,juror=V"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The scores, and what is taken as known."""
    parser.add_argument("scores", metavar="SCORES.csv", help="entry,juror,score (0 to 100); - for standard input")
    help_of_variances = "in squared points; default: estimated, or fixed where there are few jurors or scores"
    parser.add_argument("--variances", metavar=_VARIANCES, type=_variances, help=help_of_variances)
    help_of_top = "tell how probably each entry is among the best K"
    parser.add_argument("--top", metavar="K", type=whole_from(1), help=help_of_top)
    parser.add_argument("--json", action="store_true", help="one JSON document on standard output, nothing else")


def run(args: argparse.Namespace) -> int:
    """Returns 0, also where the panel is not connected, and 1 where our own program failed.

    Raises:
        UsageError: `file-not-readable`, `unusable-table`, `unusable-row`, or `usage` where variances make no sense.
    """
    from challenge.ranking.ranking import rank  # noqa: PLC0415 - start-up: it brings numpy, which the help does not need
    from challenge.ranking.reading import read_scores  # noqa: PLC0415 - the same

    scores = read_with(read_scores, args.scores)
    try:
        ranking = rank(scores, args.variances, args.top)
    except Exception as error:  # noqa: BLE001 - nobody who ranks entries should ever meet a traceback
        report("our-error", f"our own program failed ({type(error).__name__}: {error})", as_json=args.json)
        return 1
    if args.json:
        sys.stdout.write(f"{json.dumps(document(ranking), indent=2)}\n")  # ASCII fits every terminal
        return 0
    from portal.commands.ranking_text import lines  # noqa: PLC0415 - start-up: only where words are wanted

    sys.stdout.write("".join(f"{line}\n" for line in lines(ranking, args.top)))
    return 0


def document(ranking: Ranking) -> dict[str, Any]:
    """The public JSON of a ranking; docs/ranking.md says what its values mean."""
    built: dict[str, Any] = msgspec.to_builtins(ranking)
    return {name: built[name] for name in ("mean", "variances", "connected", "entries", "jurors")}


def _variances(text: str) -> Variances:
    """What was typed, each variance once, in any order. Raises ArgumentTypeError."""
    from challenge.ranking.ranking import check_variances  # noqa: PLC0415 - start-up, as above
    from challenge.rows import number  # noqa: PLC0415 - the same

    parts = [part.partition("=") for part in text.split(",")]
    found = {name.strip(): number(value.strip()) for name, _, value in parts}
    if len(parts) != len(found) or found.keys() != {"error", "entry", "juror"} or None in found.values():
        raise argparse.ArgumentTypeError(f"{text[:100]!r} is not of the form {_VARIANCES}, with numbers")
    variances = msgspec.convert(found, Variances)
    try:
        check_variances(variances)
    except VariancesError as error:
        raise argparse.ArgumentTypeError(str(error)) from error
    return variances
