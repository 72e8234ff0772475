"""A part of a result: one topic, one kind of findings, or both; and how much there is of each."""

from collections.abc import Iterable
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from portal.assessments.outline import TOPICS, Item, Outline, Step


class Kind(StrEnum):
    """What a reader may want to see alone."""

    TO_DO = "to-do"
    UNKNOWN = "unknown"
    FINE = "fine"
    GOOD_TO_KNOW = "good-to-know"


class Wish(Struct, frozen=True):
    """What somebody wants to see; empty for all of it. `topic`: one of `TOPICS`."""

    topic: str = ""
    kind: str = ""

    def __bool__(self) -> bool:
        """Whether anything is left out."""
        return bool(self.topic or self.kind)


class Sieve(Struct, frozen=True):
    """What there is to choose from. `topics`, `kinds`: how many entries each choice would show beside the other one.

    `shown` of `whole` entries are there now; `untold`: of the chosen topic, how many could not be told.
    """

    wish: Wish
    topics: dict[str, int]
    kinds: dict[str, int]
    shown: int
    whole: int
    untold: int


def sift(outline: Outline, wish: Wish) -> Outline:
    """The part that is wanted, still grouped by what to do. What was left out of the check is of no kind."""

    def steps(group: Iterable[Step]) -> tuple[Step, ...]:
        wanted = wish.kind in {"", Kind.TO_DO}
        return tuple(step for step in group if wanted and any(_is_of(item, wish.topic) for item in step.items))

    def items(group: Iterable[Item], kind: str) -> tuple[Item, ...]:
        return tuple(item for item in group if wish.kind in {"", kind} and _is_of(item, wish.topic))

    later = {topic: steps(group) for topic, group in outline.later.items()}
    return replace(
        outline,
        first=steps(outline.first),
        soon=steps(outline.soon),
        later={topic: group for topic, group in later.items() if group},
        fine=items(outline.fine, Kind.FINE),
        info=items(outline.info, Kind.GOOD_TO_KNOW),
        unknown=items(outline.unknown, Kind.UNKNOWN),
        aside=items(outline.aside, Kind.GOOD_TO_KNOW),
        not_asked=items(outline.not_asked, ""),
        not_stated=items(outline.not_stated, ""),
    )


def sieve(outline: Outline, wish: Wish) -> Sieve:
    """The choices beside the whole result, each with what it would show."""
    return Sieve(
        wish=wish,
        topics={topic: _count(sift(outline, replace(wish, topic=topic))) for topic in ("", *TOPICS)},
        kinds={kind: _count(sift(outline, replace(wish, kind=kind))) for kind in ("", *Kind)},
        shown=_count(sift(outline, wish)),
        whole=_count(outline),
        untold=_count(sift(outline, Wish(wish.topic, Kind.UNKNOWN))),
    )


def _is_of(item: Item, topic: str) -> bool:
    return topic in {"", item.finding.topic}


def _count(outline: Outline) -> int:
    """Entries as the page shows them: several findings that one step mends are one."""
    return len(outline.steps) + sum(map(len, (outline.fine, outline.info, outline.unknown, outline.aside)))
