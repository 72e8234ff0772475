"""Who reads what, so that scores can be compared and nobody judges a friend. The one place where panels come from."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence

from challenge.assignment.loads import levels
from challenge.assignment.panels import Cut, cheapest, missing, most_even
from challenge.assignment.people import Assignment, Entry, Juror, Pair
from challenge.assignment.problem import Place, Problem, problem_of
from challenge.connectedness import parts
from challenge.errors import AssignmentError, TooFewReadsError, UnconnectedPanelError, UnreadableEntriesError

READS, HOME_CITY_LIMIT = 3, 1
"""Unless told otherwise."""


def assign(  # noqa: PLR0913, PLR0917 - all that an assignment depends on
    entries: Iterable[Entry],
    jurors: Iterable[Juror],
    reads: int = READS,
    conflicts: Collection[Pair] = (),
    home_city_limit: int = HOME_CITY_LIMIT,
    kept: Collection[Pair] = (),
) -> Assignment:
    """The best assignment, the same for the same ids in any order of the rows.

    Each entry gets exactly `reads` jurors. None has a conflict with it (`conflicts`, or the same organisation), and at
    most `home_city_limit` come from its city. Jurors' loads differ by at most one, unless a maximum, a conflict or what
    is kept rules that out; then they are as even as can be. All entries are linked by jurors who read several. Among
    such assignments the one with the fewest pairs of readers from one city is taken. `kept` pairs stand already (set by
    hand, or begun) and remain, also where they are more than `reads`, a maximum, or the home city's limit.

    Raises:
        PersonError: an id stands twice, a pair names nobody, what is kept has a conflict, or it is too much.
        UnreadableEntriesError: some entries have fewer jurors who may read them.
        TooFewReadsError: the jury cannot give as many reads as are needed.
        UnconnectedPanelError: not all entries can be linked.
        AssignmentError: there are no entries, `reads` is below 1, the limit below 0, or the solver gave up.
    """
    if reads < 1 or home_city_limit < 0:
        raise AssignmentError("an entry needs at least one reader, and a limit is not below 0")
    problem = problem_of(entries, jurors, reads=reads, conflicts=conflicts, home_city_limit=home_city_limit, kept=kept)
    if not problem.entries:
        raise AssignmentError("there are no entries")
    _refuse_impossible(problem)
    chosen = _connected(problem)
    loads = Counter(juror for _, juror in chosen)
    return Assignment(
        tuple(sorted(problem.pair(place) for place in chosen)),
        {name: loads[juror] for juror, name in enumerate(problem.jurors)},
    )


def _refuse_impossible(problem: Problem) -> None:
    """Raises the error that says what is missing, where counting shows it."""
    may_read = [(entry, juror) for entry, juror in problem.allowed if problem.most[juror] > 0]
    found = Counter(entry for entry, _ in may_read)
    for group in problem.groups:
        able = sum(problem.most[juror] > 0 for juror in group.jurors)
        found[group.entry] -= max(0, able - group.most)
    short = {problem.entries[i]: found[i] for i, needed in enumerate(problem.needs) if found[i] < needed}
    if short:
        raise UnreadableEntriesError(short, min(problem.needs))
    if sum(problem.most) < problem.reads:
        raise TooFewReadsError(problem.reads, sum(problem.most))
    needed = levels(problem).links_needed(len(problem.entries), problem.reads)
    if needed is not None:
        raise UnconnectedPanelError(needed, problem.reads)
    if len(_parts(may_read)) > 1:
        raise UnconnectedPanelError


def _connected(problem: Problem) -> frozenset[Place]:
    """The best panels that hang together: what fell apart has to be linked, and all is solved again, until it does."""
    cuts: list[Cut] = []
    while True:
        chosen = _best(problem, cuts)
        if chosen is None:
            raise UnconnectedPanelError if cuts else _too_few(problem)
        found = _parts(chosen)
        if len(found) == 1:
            return chosen
        cuts += _cuts(problem, found)


def _best(problem: Problem, cuts: Sequence[Cut]) -> frozenset[Place] | None:
    """The best panels with even loads, or else with the most even ones; None where there are none at all."""
    chosen = cheapest(problem, cuts, levels(problem))
    if chosen is not None:
        return chosen
    loads = most_even(problem, cuts)
    return None if loads is None else cheapest(problem, cuts, loads)


def _cuts(problem: Problem, found: Iterable[frozenset[tuple[str, int]]]) -> Iterator[Cut]:
    """For each part, the pairs that would link it to the others."""
    for part in found:
        yield frozenset(
            (entry, juror)
            for entry, juror in problem.allowed
            if (("entry", entry) in part) != (("juror", juror) in part)
        )


def _parts(places: Iterable[Place]) -> list[frozenset[tuple[str, int]]]:
    """What hangs together."""
    return parts(((("entry", entry), ("juror", juror)) for entry, juror in places))


def _too_few(problem: Problem) -> TooFewReadsError:
    """Each entry has enough jurors, but together they want the same ones."""
    short = missing(problem)
    names = tuple(problem.entries[entry] for entry in sorted(short))
    return TooFewReadsError(problem.reads, problem.reads - short.total(), names)
