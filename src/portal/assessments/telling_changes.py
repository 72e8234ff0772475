"""What changed since the last time, in words."""

from collections.abc import Iterable
from datetime import datetime

from msgspec import Struct

from checks.contract import Finding
from checks.names import display_name
from portal.assessments.changes import Change, Changes
from portal.assessments.inspected import Inspected
from portal.assessments.outline import Item, Outline, item
from portal.i18n import translator


class ToldChange(Struct, frozen=True):
    """One change in words: `before` and `now` as they were and are told; `slug`: its card on the page, if it has one.

    `name` is that of the check, with the subject where that is not the domain itself.
    """

    name: str
    before: Item | None
    now: Item | None
    slug: str


class ToldChanges(Struct, frozen=True):
    """`summary`: how many of which kind, such as `2 mended, 1 new`; empty where nothing changed."""

    since: datetime
    seen_at: datetime
    summary: str
    fixed: tuple[ToldChange, ...]
    new: tuple[ToldChange, ...]
    worse: tuple[ToldChange, ...]
    better: tuple[ToldChange, ...]
    untold: tuple[ToldChange, ...]
    first_told: tuple[ToldChange, ...]


def tell_changes(
    changes: Changes, earlier: Inspected, later: Inspected, outline: Outline, language: str
) -> ToldChanges:
    """The changes between two checks of a domain, of which the later one's result is `outline`."""
    slugs = {_key(each.finding): step.slug for step in outline.steps for each in step.items}

    def told(group: Iterable[Change]) -> tuple[ToldChange, ...]:
        return tuple(_told(change, later.domain, language, slugs) for change in group)

    return ToldChanges(
        since=earlier.started_at,
        seen_at=later.started_at,
        summary=_summary(changes, language),
        fixed=told(changes.fixed),
        new=told(changes.new),
        worse=told(changes.worse),
        better=told(changes.better),
        untold=told(changes.untold),
        first_told=told(changes.first_told),
    )


def _told(change: Change, domain: str, language: str, slugs: dict[tuple[str, str], str]) -> ToldChange:
    before = item(change.before, domain, language) if change.before else None
    now = item(change.now, domain, language) if change.now else None
    known = now or before
    assert known is not None  # noqa: S101 - a change has at least one side
    subject = known.finding.subject
    name = known.told.name if subject == domain else f"{known.told.name}, {display_name(subject)}"
    return ToldChange(name, before, now, slugs.get(_key(known.finding), "") if now else "")


def _summary(changes: Changes, language: str) -> str:
    tell_many = translator(language).ngettext
    told = (
        (changes.fixed, tell_many("%(num)s mended", "%(num)s mended", len(changes.fixed))),
        (changes.better, tell_many("%(num)s better", "%(num)s better", len(changes.better))),
        (changes.new, tell_many("%(num)s new", "%(num)s new", len(changes.new))),
        (changes.worse, tell_many("%(num)s worse", "%(num)s worse", len(changes.worse))),
    )
    return ", ".join(words % {"num": len(group)} for group, words in told if group)


def _key(finding: Finding) -> tuple[str, str]:
    return finding.id, finding.subject
