"""An entry's form: what is kept, what is missing, and what becomes of it when two change it."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from challenge import filling, merging
from challenge.entry import DECK, Content, Deck
from challenge.filling import Choices, Lack
from tests.portal.entries.entered import terms, whole

TERMS = terms(datetime(2026, 12, 1, 14, tzinfo=UTC))
CHOICES = Choices(whole().closes, ("owner",), ("fi", "en"), ("FI",), ("fi", "sv", "en"))
COMPLETE = replace(whole(), files={DECK: Deck("deck.pdf", "d" * 64, 9, 1)})


def test_a_whole_entry_lacks_nothing() -> None:
    assert filling.lacks(COMPLETE, TERMS) == []


@pytest.mark.parametrize(
    ("changed", "lack"),
    [
        ({"title": ""}, Lack("title", "empty")),
        ({"title": "x" * 123}, Lack("title", "too-long", 3)),
        ({"closes": ()}, Lack("closes", "empty")),
        ({"price_eur": None}, Lack("price", "empty")),
        ({"video": "http://video.example/x"}, Lack("video", "no-link")),
        ({"video": "https://anna:secret@video.example/x"}, Lack("video", "no-link")),
        ({"website": "javascript:alert(1)"}, Lack("website", "no-link")),
        ({"files": {}}, Lack("file-deck", "no-file")),
        ({"eligible": {}}, Lack("eligible-small", "unanswered")),
        ({"eligible": {"small": False}}, Lack("eligible-small", "not-eligible")),
        ({"fields": {"why": "x" * 42, "stage": "pilot"}}, Lack("own-why", "too-long", 2)),
        ({"fields": {"why": "x", "stage": "other"}}, Lack("own-stage", "no-choice")),
        ({"fields": {"why": "x"}}, Lack("own-stage", "empty")),
        ({"fields": {"why": "x", "stage": "pilot", "users": "many"}}, Lack("own-users", "no-number")),
        ({"fields": {"why": "x", "stage": "pilot", "users": "0"}}, Lack("own-users", "too-small")),
        ({"fields": {"why": "x", "stage": "pilot", "users": "1001"}}, Lack("own-users", "too-large")),
        ({"fields": {"why": "x", "stage": "pilot", "proof": "lukko"}}, Lack("own-proof", "no-link")),
    ],
)
def test_what_is_missing_or_wrong_is_named(changed: dict[str, object], lack: Lack) -> None:
    assert filling.lacks(replace(COMPLETE, **changed), TERMS) == [lack]


def test_a_form_gives_back_what_it_was_filled_with() -> None:
    typed = filling.flat(COMPLETE, TERMS)
    assert filling.content_of(typed, Content(files=COMPLETE.files), TERMS, CHOICES) == COMPLETE


def test_what_cannot_be_chosen_is_not_kept() -> None:
    typed = {"closes": "none-such", "skills": "wizard", "speaks": "fi xx", "countries": "ATLANTIS", "language": "la"}
    kept = filling.content_of(typed, Content(), TERMS, CHOICES)
    assert (kept.closes, kept.skills, kept.speaks, kept.countries, kept.language) == ((), "", ("fi",), (), "en")


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("120,50", 120.5),
        ("1 200", 1200),
        ("€ 9.90", 9.9),
        ("0", 0),
        ("-1", None),
        ("nan", None),
        ("inf", None),
        ("", None),
    ],
)
def test_numbers_are_read_as_people_write_them(typed: str, number: float | None) -> None:
    assert filling.number(typed) == number


def test_answers_to_what_is_not_asked_any_more_are_left_out() -> None:
    more = replace(
        COMPLETE, fields={**COMPLETE.fields, "gone": "x"}, files={**COMPLETE.files, "gone": COMPLETE.files[DECK]}
    )
    assert filling.only_asked(more, TERMS) == COMPLETE


texts = st.sampled_from(["", "a", "b", "c"])


@given(texts, texts, texts)
def test_nothing_typed_or_saved_is_lost_when_two_change_a_field(was: str, saved: str, typed: str) -> None:
    merged = merging.merge(merging.marks({"title": was}), {"title": saved}, {"title": typed})
    if typed in {saved, was}:
        assert (merged.values["title"], merged.both) == (saved, {})
    elif saved == was:
        assert (merged.values["title"], merged.both) == (typed, {})
    else:
        assert (merged.values["title"], merged.both) == (saved, {"title": saved})
    assert merged.theirs == (("title",) if typed == was != saved else ())
