"""Whether things hang together: only what is linked, directly or by others, can be compared."""

from collections.abc import Hashable, Iterable
from typing import TypeVar

Node = TypeVar("Node", bound=Hashable)


def parts(links: Iterable[tuple[Node, Node]]) -> list[frozenset[Node]]:
    """The connected parts of a graph, each as the set of its nodes, in the order of their first links.

    `links`: pairs of nodes. A node without a link is in no part.
    """
    whose: dict[Node, set[Node]] = {}
    for one, other in links:
        here, there = whose.setdefault(one, {one}), whose.setdefault(other, {other})
        if here is not there:
            small, large = sorted((here, there), key=len)
            large |= small
            whose.update(dict.fromkeys(small, large))
    return [frozenset(part) for part in {id(part): part for part in whose.values()}.values()]


def is_connected(links: Iterable[tuple[Node, Node]]) -> bool:
    """Whether all that is linked hangs together; nothing at all does not."""
    return len(parts(links)) == 1


def panel_links(pairs: Iterable[tuple[str, str]]) -> Iterable[tuple[tuple[str, str], tuple[str, str]]]:
    """Who reads what, as links between two kinds of nodes: an entry and a juror may have the same id.

    `pairs`: entry and juror.
    """
    return ((("entry", entry), ("juror", juror)) for entry, juror in pairs)
