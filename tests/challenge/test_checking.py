"""What keeps a call from being published, and what a new version may not take from those who relied on the former."""

from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from challenge.checking import Fault, too_late, unfair, wrong
from challenge.defaults import begun, defaults
from challenge.terms import Choice, Field, FieldKind, PhaseKind, Prize, Terms, TieRule

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
DAY = timedelta(days=1)
LANGUAGES = ("fi", "sv", "en")
SAID = dict.fromkeys(LANGUAGES, "Said.")


def terms() -> Terms:
    made = begun(SAID, LANGUAGES, {"pilot"}, NOW - DAY, NOW + 30 * DAY)
    return replace(made, summary=SAID, text=SAID)


def moved(made: Terms, kind: PhaseKind, **to: datetime) -> Terms:
    return replace(made, phases=tuple(replace(each, **to) if each.kind is kind else each for each in made.phases))


def codes(faults: tuple[Fault, ...]) -> list[tuple[str, str, str]]:
    return [(fault.part, fault.field, fault.code) for fault in faults]


def test_what_a_call_begins_with_can_be_published() -> None:
    assert wrong(terms()) == ()
    assert too_late(terms(), NOW) == ()
    for each in defaults().criteria:
        assert set(each.anchors) == {0, 3, 5, 8, 10}
        assert all(set(text) == set(LANGUAGES) for text in each.anchors.values())
    assert sum(each.weight for each in defaults().criteria) == 100


def test_texts_missing_in_one_language() -> None:
    made = replace(terms(), title={"fi": "Haku", "en": "Call"}, rules={**SAID, "sv": "  "})
    assert wrong(made) == (
        Fault("texts", "missing", field="title", language="sv"),
        Fault("rules", "missing", field="rules", language="sv"),
    )
    assert codes(wrong(replace(made, languages=("fi", "en")))) == []


def test_texts_too_long() -> None:
    assert codes(wrong(replace(terms(), summary={**SAID, "fi": "a" * 401}))) == [("texts", "summary", "too-long")]


@pytest.mark.parametrize(
    ("kind", "to", "found"),
    [
        (PhaseKind.ENTRIES, {"ends": NOW - 2 * DAY}, ["no-length"]),
        (PhaseKind.SCREENING, {"begins": NOW + 29 * DAY}, ["overlaps"]),
        (PhaseKind.SCREENING, {"begins": NOW + 30 * DAY}, ["during-grace"]),
        (PhaseKind.SCREENING, {"begins": NOW + 30 * DAY + timedelta(minutes=15)}, []),
        (PhaseKind.FINAL, {"begins": NOW + 40 * DAY}, ["overlaps"]),
    ],
)
def test_phases_out_of_order(kind: PhaseKind, to: dict[str, datetime], found: list[str]) -> None:
    assert [fault.code for fault in wrong(moved(terms(), kind, **to))] == found


def test_phases_missing() -> None:
    made = terms()
    assert codes(wrong(replace(made, phases=made.phases[:1]))) == [("phases", "", "missing")]
    assert wrong(replace(made, phases=made.phases[:2])) == ()


@pytest.mark.parametrize(
    ("field", "found"),
    [
        (Field("a", FieldKind.CHOICE, SAID, choices=(Choice("x", SAID),)), ["few-choices"]),
        (Field("a", FieldKind.CHOICE, SAID, choices=(Choice("x", SAID), Choice("x", SAID))), ["twice"]),
        (Field("a", FieldKind.NUMBER, SAID, least=5, most=1), ["out-of-range"]),
        (Field("a", FieldKind.TEXT, SAID, longest=0), ["out-of-range"]),
        (Field("deck", FieldKind.FILE, SAID), ["reserved"]),
        (Field("team", FieldKind.LINK, SAID), ["twice"]),
        (Field("a", FieldKind.LINK, SAID), []),
    ],
)
def test_fields(field: Field, found: list[str]) -> None:
    assert [fault.code for fault in wrong(replace(terms(), fields=(*terms().fields, field)))] == found


def test_criteria_without_ends_of_their_scale() -> None:
    [first, *rest] = terms().criteria
    bare = replace(first, weight=0, anchors={5: SAID, 10: SAID})
    made = replace(terms(), criteria=(bare, *rest))
    assert codes(wrong(made)) == [("criteria", "weight", "out-of-range"), *[("criteria", "anchor-0", "missing")] * 3]
    assert codes(wrong(replace(made, criteria=()))) == [("criteria", "", "none")]


def test_jury_prizes_and_tracks() -> None:
    made = replace(terms(), reads=0, ties=(TieRule.READS, TieRule.READS), prizes=(Prize("gone", SAID),), tracks=())
    assert codes(wrong(made)) == [
        ("tracks", "", "none"),
        ("prizes", "", "no-such-track"),
        ("jury", "reads", "out-of-range"),
        ("jury", "ties", "twice"),
        ("jury", "ties", "no-jury"),
    ]


def test_deadline_that_has_passed() -> None:
    assert codes(too_late(moved(terms(), PhaseKind.ENTRIES, ends=NOW), NOW)) == [("phases", "ends", "past")]


def test_before_entries_open_everything_may_change() -> None:
    before = moved(terms(), PhaseKind.ENTRIES, begins=NOW + DAY)
    after = replace(moved(before, PhaseKind.ENTRIES, ends=NOW + 2 * DAY), tracks=(), criteria=())
    assert unfair(before, after, NOW, is_scored=False) == ()


def test_deadline_only_moves_on_once_entries_are_open() -> None:
    def found(after: Terms) -> list[tuple[str, str, str]]:
        return codes(unfair(terms(), after, NOW, is_scored=False))

    assert found(moved(terms(), PhaseKind.ENTRIES, ends=NOW + 31 * DAY)) == []
    assert found(moved(terms(), PhaseKind.ENTRIES, ends=NOW + 29 * DAY)) == [("phases", "ends", "earlier")]
    assert found(replace(terms(), grace_minutes=14)) == [("jury", "grace_minutes", "earlier")]
    later = moved(terms(), PhaseKind.ENTRIES, ends=NOW + 30 * DAY + timedelta(minutes=15))
    assert found(replace(later, grace_minutes=0)) == []
    assert found(moved(terms(), PhaseKind.ENTRIES, begins=NOW + DAY)) == [("phases", "begins", "opened")]


def test_what_is_asked_stays_fair_once_entries_are_open() -> None:
    [first, *rest] = terms().fields
    after = replace(
        terms(),
        tracks=(replace(terms().tracks[0], id="other"),),
        fields=(replace(first, kind=FieldKind.LINK), *rest, Field("new", FieldKind.TEXT, SAID)),
    )
    found = unfair(terms(), after, NOW, is_scored=False)
    assert [(fault.item, fault.code) for fault in found] == [("pilot", "gone"), ("how", "other-kind"), ("new", "late")]
    relaxed = replace(terms(), fields=(*terms().fields, Field("new", FieldKind.TEXT, SAID, is_required=False)))
    assert unfair(terms(), relaxed, NOW, is_scored=False) == ()


def test_nothing_that_decides_changes_once_scoring_has_opened() -> None:
    changed = replace(
        moved(terms(), PhaseKind.ENTRIES, ends=NOW + 31 * DAY),
        criteria=terms().criteria[:-1],
        ties=(TieRule.JURY,),
        is_blind=True,
    )
    assert codes(unfair(terms(), changed, NOW, is_scored=True)) == [
        ("criteria", "", "scored"),
        ("jury", "ties", "scored"),
        ("jury", "is_blind", "scored"),
        ("phases", "", "scored"),
    ]
    assert unfair(terms(), moved(terms(), PhaseKind.FINAL, ends=NOW + 99 * DAY), NOW, is_scored=True) == ()
    assert unfair(terms(), replace(terms(), text={**SAID, "en": "More."}), NOW, is_scored=True) == ()
