"""A ranking for whoever chairs the jury: raw and adjusted side by side, and where the jury decides."""

from collections.abc import Iterator
from math import sqrt

from challenge.ranking.ranking import UNSURE_BELOW
from challenge.ranking.result import Basis, RankedEntry, Ranking, Variances
from portal.commands.table_text import table

_BASES = {
    Basis.GIVEN: "as given",
    Basis.FIXED: "the published ones: too few jurors or scores to estimate them",
    Basis.ESTIMATED: "estimated from these scores",
}
_NOTHING = "-"


def lines(ranking: Ranking, top: int | None) -> Iterator[str]:
    """All of it."""
    scores = sum(entry.reads for entry in ranking.entries)
    counted = (_counted(len(ranking.entries), "entry", "entries"), _counted(len(ranking.jurors), "juror", "jurors"))
    yield f"{', '.join(counted)}, {_counted(scores, 'score', 'scores')}"
    yield ""
    if ranking.connected:
        yield from _ranked(ranking, top)
    else:
        yield "The panel is not connected: not all entries are linked by jurors who read several of them."
        yield "So nothing tells strict jurors from weak entries: there is no ranking. The entries stand by their ids."
        yield ""
        yield from table(
            ("Entry", "Raw", "Reads"),
            ((each.entry, f"{each.raw:.1f}", str(each.reads)) for each in ranking.entries),
            to_the_left=(0,),
        )


def _ranked(ranking: Ranking, top: int | None) -> Iterator[str]:
    best = () if top is None else (f"Best {top}",)
    yield from table(
        ("Rank", "Entry", "Adjusted", "±", "Raw", "Reads", "Above next", *best, ""),
        (_row(each) for each in ranking.entries),
        to_the_left=(1, 7 + len(best)),
    )
    yield ""
    yield from table(
        ("Juror", "Severity", "Reads"),
        ((each.juror, _points(each.severity, "+.1f"), str(each.reads)) for each in ranking.jurors),
        to_the_left=(0,),
    )
    yield ""
    yield "Adjusted: with the jurors' strictness taken out, in points; ±: its standard error."
    yield "Raw: the mean of the scores. Severity: by how many points a juror scores under the panel."
    yield f"Where an entry is above the next with less than {UNSURE_BELOW:.0%}, the jury decides."
    if ranking.variances is not None and ranking.basis is not None:
        yield f"Mean {_points(ranking.mean)}. {_spread(ranking.variances)} ({_BASES[ranking.basis]})."


def _row(each: RankedEntry) -> tuple[str, ...]:
    is_unsure = each.p_above_next is not None and each.p_above_next < UNSURE_BELOW
    best = () if each.p_top_k is None else (f"{each.p_top_k:.0%}",)
    return (
        str(each.rank),
        each.entry,
        _points(each.adjusted),
        _points(each.standard_error),
        f"{each.raw:.1f}",
        str(each.reads),
        _NOTHING if each.p_above_next is None else f"{each.p_above_next:.0%}",
        *best,
        "the jury decides" if is_unsure else "",
    )


def _spread(variances: Variances) -> str:
    words = (("noise", variances.error), ("entries", variances.entry), ("jurors", variances.juror))
    return f"Standard deviations: {', '.join(f'{name} {sqrt(value):.1f}' for name, value in words)}"


def _points(value: float | None, form: str = ".1f") -> str:
    return _NOTHING if value is None else format(value, form)


def _counted(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"
