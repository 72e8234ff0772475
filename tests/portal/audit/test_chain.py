import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.audit import chain
from portal.audit.chain import START, Entry, Flaw, Head

MOMENT = datetime(2026, 11, 23, 9, 30, 0, 5, tzinfo=UTC)


def entry(head: Head = START, **about: chain.Plain) -> Entry:
    return chain.sealed(head, at=MOMENT, action="sign-in", actor="p1", subject="city:helsinki", about=about)


def test_hash_is_that_of_the_canonical_json_of_all_other_fields() -> None:
    made = entry(way="link", count=3, fresh=True)
    text = (
        '{"about":{"count":3,"fresh":true,"way":"link"},"action":"sign-in","actor":"p1",'
        '"at":"2026-11-23T09:30:00.000005Z",'
        f'"previous":"{"0" * 64}","seq":1,"subject":"city:helsinki"}}'
    )
    assert made.hash == hashlib.sha256(text.encode()).hexdigest()


def test_canonical_json_is_that_of_rfc_8785() -> None:
    # Section 3.2.2.2 and its example, as far as texts go.
    assert chain.canonical({"string": '€$\u000f\nA\'B"\\\\"/'}) == '{"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'
    assert chain.canonical({"b": 1, "a": {"d": True, "c": "ö"}}) == '{"a":{"c":"ö","d":true},"b":1}'


def test_moments_of_every_time_zone_are_kept_in_utc() -> None:
    helsinki = MOMENT.astimezone(timezone(timedelta(hours=2)))
    assert chain.as_text(helsinki) == "2026-11-23T09:30:00.000005Z"
    assert chain.as_text(MOMENT.replace(microsecond=0)) == "2026-11-23T09:30:00.000000Z"


@given(st.dictionaries(st.text("abcdefgh_", min_size=1), st.text() | st.integers() | st.booleans()), st.data())
def test_every_changed_field_is_found(about: dict[str, chain.Plain], data: st.DataObject) -> None:
    whole = chain.sealed(START, at=MOMENT, action="sign-in", actor="p1", subject="city:a", about=about)
    assert chain.flaw(whole, START) is None
    name = data.draw(st.sampled_from(["at", "action", "actor", "subject", "about", "previous", "hash"]))
    other = data.draw(st.text().filter(lambda text: text != getattr(whole, name)))
    assert chain.flaw(replace(whole, **{name: other}), START) is not None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("about", '{"a": 1}'),
        ("about", "{"),
        ("about", "[" * 100_000),
        ("about", None),
        ("about", 1),
        ("about", b'{"a":1}'),
        ("actor", None),
        ("actor", b"p1"),
        ("actor", "\ud800"),
        ("at", 1.5),
        ("action", ""),
    ],
)
def test_what_no_entry_could_hold_is_a_change(name: str, value: object) -> None:
    assert chain.flaw(replace(entry(a=1), **{name: value}), START) is Flaw.CHANGED  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("seq", "flaw"), [(3, Flaw.MISSING), (0, Flaw.OUT_OF_PLACE), (-7, Flaw.OUT_OF_PLACE), ("x", Flaw.OUT_OF_PLACE)]
)
def test_number_that_is_not_the_next_is_found(seq: object, flaw: Flaw) -> None:
    second = entry(entry().head)
    assert chain.flaw(replace(second, seq=seq), entry().head) is flaw  # type: ignore[arg-type]


def test_entry_behind_another_one_than_its_own_is_out_of_place() -> None:
    first, other = entry(a=1), entry(a=2)
    assert chain.flaw(entry(first.head), first.head) is None
    assert chain.flaw(entry(first.head), other.head) is Flaw.OUT_OF_PLACE


def test_about_is_kept_as_it_was_hashed() -> None:
    assert json.loads(entry(b=1, a="x").about) == {"a": "x", "b": 1}
    assert entry().about == "{}"


@pytest.mark.parametrize(
    "text", ["", "1", "1:abc", f"x:{'0' * 64}", f"01:{'0' * 64}", f"1:{'0' * 64}\n", f"-1:{'0' * 64}"]
)
def test_what_is_no_head_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="must be like"):
        chain.parse_head(text)


def test_head_is_read_as_it_is_written() -> None:
    assert chain.parse_head(str(entry().head)) == entry().head
